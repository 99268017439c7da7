// Caseload table: a plain HTML table that is found in, sorted and switched here in the browser. Only opening a client
// is told to the server. Every word is set as text, never as markup; pictures are strokes (strokes.js stands below).

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const tables = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  if (!tables.has(root)) tables.set(root, new Caseload(root));
  tables.get(root).receive(component);
  return () => {
    tables.get(root).whole.remove();
    tables.delete(root);
  };
}

function node(name, { text = "", className = "", ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

class Caseload {
  constructor(root) {
    this.pictures = true;
    this.sorted = { column: -1, down: false }; // -1: the order the server gave
    const asks = { "aria-label": "Find a client", placeholder: "Find by name or code", autocomplete: "off" };
    this.find = node("input", { type: "search", ...asks });
    this.find.addEventListener("input", () => this.fill());
    this.find.addEventListener("keydown", (event) => this.openTheOneFound(event));
    this.only = node("select", { "aria-label": "Show only" });
    this.only.addEventListener("change", () => this.fill());
    this.told = node("span", { className: "told", role: "status" });
    this.legend = node("span", { className: "legend" });
    this.buttons = ["Pictures", "Numbers"].map((name) => {
      const button = node("button", { type: "button", text: name });
      button.addEventListener("click", () => this.show(name === "Pictures"));
      return button;
    });
    const choice = node("span", { className: "switch", role: "group", "aria-label": "Show as" }, ...this.buttons);
    const heading = node("h2", { text: "My caseload" });
    const tools = node("div", { className: "tools" }, heading, this.told, this.legend, this.only, this.find, choice);
    this.head = node("thead");
    this.body = node("tbody");
    this.table = node("table", {}, this.head, this.body);
    const frame = node("div", { className: "frame" }, this.table);
    this.whole = node("div", { className: "secure-base-caseload" }, tools, frame);
    root.append(this.whole); // beside the style sheet, which stands in the same place
  }

  receive({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    this.data = data;
    this.legend.textContent = data.legend;
    this.legend.hidden = !data.legend;
    this.find.hidden = !data.find;
    this.fillFilters(data.filters);
    this.table.setAttribute("aria-label", data.label);
    this.whole.classList.remove("opening");
    if (this.sorted.column >= data.columns.length) this.sorted = { column: -1, down: false };
    this.show(this.pictures);
  }

  fillFilters(filters) {
    const held = this.only.value;
    const everybody = node("option", { value: "", text: "Everybody" });
    this.only.replaceChildren(everybody, ...filters.map((name) => node("option", { value: name, text: name })));
    this.only.value = filters.includes(held) ? held : "";
    this.only.hidden = !filters.length;
  }

  show(pictures) {
    this.pictures = pictures;
    this.buttons.forEach((button, place) => button.setAttribute("aria-pressed", String(pictures === (place === 0))));
    this.columns = this.data.columns
      .map((column, place) => ({ ...column, place }))
      .filter((column) => pictures || column.kind !== "drawing");
    this.fillHead();
    this.fill();
  }

  fillHead() {
    const cells = this.columns.map((column) => {
      const cell = node("th", { scope: "col", className: column.kind === "figure" ? "figure" : "" });
      if (!column.sorts) {
        cell.textContent = column.label;
        return cell;
      }
      const button = node("button", { type: "button", text: column.label });
      button.addEventListener("click", () => this.sortBy(column.place));
      cell.append(button);
      if (this.sorted.column === column.place) {
        cell.setAttribute("aria-sort", this.sorted.down ? "descending" : "ascending");
      }
      return cell;
    });
    this.head.replaceChildren(node("tr", {}, ...cells));
  }

  sortBy(column) {
    const same = this.sorted.column === column;
    if (same && this.sorted.down) this.sorted = { column: -1, down: false };
    else this.sorted = { column, down: same };
    this.fillHead();
    this.fill();
    const shown = this.columns.findIndex(({ place }) => place === column);
    this.head.querySelectorAll("th")[shown].querySelector("button").focus();
  }

  fill() {
    const rows = this.inOrder(this.found());
    this.body.replaceChildren(...rows.map((row) => this.row(row)));
    const some = rows.length < this.data.rows.length;
    this.told.textContent = some ? `${rows.length} of ${this.data.rows.length} shown` : "";
  }

  found() {
    const asked = this.data.find ? this.find.value.trim().toLocaleLowerCase() : "";
    const only = this.only.value;
    return this.data.rows.filter(
      (row) => row.find.toLocaleLowerCase().includes(asked) && (!only || row.belongs.includes(only)),
    );
  }

  inOrder(rows) {
    const { column, down } = this.sorted;
    if (column < 0) return rows;
    return [...rows].sort((one, other) => {
      const [a, b] = [one.cells[column].sort, other.cells[column].sort];
      if (a === null || b === null) return (a === null) - (b === null); // absence stands last in either direction
      const step = typeof a === "number" ? a - b : words.compare(a, b);
      return down ? -step : step;
    });
  }

  row(row) {
    const made = node("tr", {}, ...this.columns.map((column) => this.cell(column, row.cells[column.place])));
    made.addEventListener("click", () => this.open(row.id));
    return made;
  }

  cell(column, { text, tone = "", picture = -1 }) {
    if (column.kind === "name") {
      // a click on the button, by mouse or by Enter, reaches the row
      return node("th", { scope: "row" }, node("button", { type: "button", className: "name", text, title: text }));
    }
    const cell = node("td", { className: `${column.kind} ${tone}` });
    if (this.pictures && picture >= 0) cell.append(drawn(this.data.pictures[picture], text));
    else cell.textContent = text;
    return cell;
  }

  openTheOneFound(event) {
    const rows = event.key === "Enter" && this.find.value.trim() ? this.found() : [];
    // a code typed in full is that client, also where other codes begin with it
    const asked = this.find.value.trim().toLocaleLowerCase();
    const exact = rows.filter((row) => row.code.toLocaleLowerCase() === asked);
    const meant = rows.length === 1 ? rows : exact;
    if (meant.length === 1) this.open(meant[0].id);
  }

  open(clientId) {
    this.whole.classList.add("opening");
    this.trigger("opened", clientId);
  }
}
