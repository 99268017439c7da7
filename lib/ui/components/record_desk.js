// Record desk: lists of entries and the one-line forms that add to them, change them and strike them out.
//
// Every text is set by textContent. What is typed stays until the server has said that it was kept. Each message
// carries the client's id and a ticket; the same ticket is never carried out twice.

const NO_ANSWER_MS = 8000;
const SPACE = "http://www.w3.org/2000/svg";
const desks = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!desks.has(parentElement)) desks.set(parentElement, new Desk(parentElement));
  desks.get(parentElement).receive(data, setTriggerValue);
  return () => {
    desks.get(parentElement)?.leave();
    desks.delete(parentElement);
  };
}

class Desk {
  constructor(parent) {
    this.root = parent.appendChild(made("div", "root"));
    this.open = null; // {place, kind, id, version, values, striking}
    this.quick = ""; // the kind chosen in the quick line
    this.typed = {}; // place -> {field: value}
    this.pending = null; // {ticket, place}
    this.answered = "";
    this.words = null; // {place, text, bad, undo}
    this.more = new Set();
  }

  leave() {
    clearTimeout(this.timer);
  }

  receive(data, send) {
    if (this.data && this.data.client_id !== data.client_id) {
      this.open = this.pending = this.words = null;
      this.typed = {};
    }
    this.data = data;
    this.send = send;
    this.takeAnswer(data.answer);
    if (!data.quick.some((one) => one === this.quick) && !this.specOf(this.quick)) this.quick = data.quick[0] || "";
    this.draw();
  }

  takeAnswer(answer) {
    if (!answer || answer.ticket === this.answered) return;
    if (!this.pending) {
      this.greet(answer);
      return;
    }
    if (answer.ticket !== this.pending.ticket) return;
    this.answered = answer.ticket;
    this.unanswered = null;
    clearTimeout(this.timer);
    const { place } = this.pending;
    this.pending = null;
    if (answer.status === "kept") {
      delete this.typed[place];
      if (this.open && this.open.place === place) this.open = null;
      this.words = { place: "quick", text: answer.words, undo: answer.undo };
      if (place === "quick") this.focusNext = { place, first: true };
    } else {
      this.words = { place, text: answer.words, bad: true };
    }
  }

  // The page around the desk changed with the act, so this desk is a new one: it takes over what the old one asked.
  greet(answer) {
    if (!this.data.is_answer_new) return;
    this.answered = answer.ticket;
    if (answer.from === "quick" && this.specOf(answer.kind)) this.quick = answer.kind;
    this.words = { place: "quick", text: answer.words, undo: answer.undo, bad: answer.status !== "kept" };
    if (answer.from === "quick") this.focusNext = { place: "quick", first: true };
  }

  specOf(kind) {
    return this.data.forms.find((form) => form.kind === kind);
  }

  // --- drawing ------------------------------------------------------------------------------------------------------

  draw() {
    const active = this.focusNext || focusIn(this.root);
    this.focusNext = null;
    const fresh = made("div", "root");
    if (this.data.may_write) fresh.appendChild(this.quickBar());
    // Two columns of their own: opening a form moves nothing from one side to the other.
    const isOne = !this.data.sections.some((one) => one.side === "right");
    const grid = fresh.appendChild(made("div", isOne ? "grid one" : "grid"));
    const sides = ["left", "right"].map((side) => [side, grid.appendChild(made("div", "side"))]);
    for (const [side, column] of sides) {
      for (const one of this.data.sections) if (one.side === side) column.appendChild(this.section(one));
    }
    this.root.replaceWith(fresh);
    this.root = fresh;
    restore(fresh, active);
  }

  quickBar() {
    const bar = made("div", "quick");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", `Quick entry for ${this.data.whose}`);
    const line = bar.appendChild(made("div", "kinds"));
    const kinds = line.appendChild(made("div", "kinds"));
    kinds.setAttribute("role", "radiogroup");
    kinds.setAttribute("aria-label", "Kind of entry");
    this.data.quick.forEach((kind, place) => kinds.appendChild(this.kindButton(kind, place)));
    const rest = this.data.forms.filter((form) => !this.data.quick.includes(form.kind));
    if (rest.length) line.appendChild(this.otherKinds(rest));
    kinds.addEventListener("keydown", (event) => this.chooseByKey(event));
    const spec = this.specOf(this.quick);
    if (spec) bar.appendChild(this.form("quick", spec, spec.values, null));
    return bar;
  }

  kindButton(kind, place) {
    const spec = this.specOf(kind);
    const button = made("button", "kind", spec.label);
    const chosen = kind === this.quick;
    button.type = "button";
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(chosen));
    button.tabIndex = chosen || (place === 0 && !this.data.quick.includes(this.quick)) ? 0 : -1;
    button.dataset.at = `kind-${kind}`;
    button.title = place < 9 ? `Key ${place + 1}` : "";
    button.addEventListener("click", () => this.choose(kind, true));
    return button;
  }

  otherKinds(rest) {
    const select = made("select", "others");
    select.setAttribute("aria-label", "Another kind of entry");
    select.dataset.at = "others";
    select.appendChild(option("", "Something else …", !rest.some((form) => form.kind === this.quick)));
    for (const form of rest) select.appendChild(option(form.kind, form.label, form.kind === this.quick));
    select.addEventListener("change", () => select.value && this.choose(select.value, true));
    return select;
  }

  choose(kind, toField) {
    // Words typed under the wrong kind go along into the new kind's line.
    const before = this.specOf(this.quick)?.fields.find((field) => field.main && field.type === "line");
    const line = before ? (this.typed.quick || {})[before.name] : "";
    const after = this.specOf(kind).fields.find((field) => field.main && field.type === "line");
    this.quick = kind;
    this.typed.quick = line && after ? { [after.name]: line } : {};
    if (this.words && this.words.place === "quick" && this.words.bad) this.words = null;
    const at = this.data.quick.includes(kind) ? `kind-${kind}` : "others"; // where a kind asks nothing yet
    this.focusNext = toField ? { place: "quick", first: true, at } : { at };
    this.draw();
  }

  chooseByKey(event) {
    const kinds = this.data.quick;
    const here = kinds.indexOf(this.quick);
    const digit = Number(event.key);
    if (Number.isInteger(digit) && digit >= 1 && digit <= kinds.length) {
      event.preventDefault();
      this.choose(kinds[digit - 1], true);
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      const step = event.key === "ArrowRight" ? 1 : -1;
      this.choose(kinds[(here + step + kinds.length) % kinds.length], false);
    }
  }

  section(section) {
    const box = made("section");
    const head = box.appendChild(made("div", "head"));
    const title = head.appendChild(made("h2", "", section.title));
    title.id = `t-${section.key}`;
    box.setAttribute("aria-labelledby", title.id);
    head.appendChild(made("span", "note", section.note));
    if (this.data.may_write && section.adds) {
      head.appendChild(this.button("Add", `add-${section.key}`, `Add: ${section.title}`, () => {
        this.opens({ place: `add-${section.key}`, kind: section.adds, values: this.specOf(section.adds).values });
      }));
    }
    if (this.isOpen(`add-${section.key}`)) box.appendChild(this.openForm());
    if (!section.rows.length) box.appendChild(made("p", "empty", section.empty));
    const list = made("ul");
    const seen = this.more.has(section.key) ? section.rows : section.rows.slice(0, section.seen);
    for (const row of seen) list.appendChild(this.row(row));
    if (seen.length) box.appendChild(list);
    if (section.rows.length > section.seen) box.appendChild(this.moreButton(section, seen.length));
    return box;
  }

  moreButton(section, seen) {
    const isAll = seen === section.rows.length;
    const said = isAll ? "Fewer" : `${section.rows.length - seen} more`;
    return this.button(said, `more-${section.key}`, `${said}: ${section.title}`, () => {
      if (isAll) this.more.delete(section.key);
      else this.more.add(section.key);
      this.draw();
    });
  }

  row(row) {
    const item = made("li", row.tone === "watch" ? "watch" : "");
    const line = item.appendChild(made("div", "row"));
    const said = line.appendChild(made("div", "said"));
    said.appendChild(made("span", "main", row.main));
    if (row.quiet) said.appendChild(made("span", "quiet", row.quiet));
    if (row.drawing) line.appendChild(drawing(row.drawing));
    if (this.data.may_write && (row.acts.length || row.can.length)) line.appendChild(this.acts(row));
    const place = `row-${row.kind}-${row.id}`;
    if (this.isOpen(place)) item.appendChild(this.open.striking ? this.strikeForm(row, place) : this.openForm());
    if (row.under.length) {
      const under = item.appendChild(made("ul", "under"));
      for (const one of row.under) under.appendChild(this.row(one));
    }
    return item;
  }

  acts(row) {
    const box = made("div", "acts");
    const place = `row-${row.kind}-${row.id}`;
    for (const act of row.acts) {
      box.appendChild(this.button(act.label, `${place}-${act.kind}`, `${act.label}: ${row.main}`, () => {
        this.opens({ place, kind: act.kind, values: { ...this.specOf(act.kind).values, ...act.values } });
      }));
    }
    if (row.can.includes("change")) {
      box.appendChild(this.button("Change", `${place}-change`, `Change: ${row.main}`, () => {
        this.opens({ place, kind: row.kind, id: row.id, version: row.version, values: row.values });
      })).classList.add("lesser");
    }
    if (row.can.includes("strike")) {
      box.appendChild(this.button("Strike out", `${place}-strike`, `Strike out: ${row.main}`, () => {
        this.opens({ place, kind: row.kind, id: row.id, striking: true });
      })).classList.add("lesser");
    }
    return box;
  }

  button(label, at, told, act) {
    const button = made("button", "act", label);
    button.type = "button";
    button.dataset.at = at;
    button.setAttribute("aria-label", told);
    button.addEventListener("click", act);
    return button;
  }

  // --- forms --------------------------------------------------------------------------------------------------------

  isOpen(place) {
    return this.open !== null && this.open.place === place;
  }

  opens(what) {
    this.open = what;
    this.typed[what.place] = {};
    this.words = null;
    this.focusNext = { place: what.place, first: true };
    this.draw();
  }

  openForm() {
    const { place, kind, values, id } = this.open;
    return this.form(place, this.specOf(kind), values, id ? this.open : null);
  }

  strikeForm(row, place) {
    const spec = {
      kind: row.kind, label: "Strike out", missing: "",
      fields: [{ name: "why", label: "Why it is struck out", type: "line", required: true, options: [] }],
    };
    return this.form(place, spec, { why: this.data.why }, { id: row.id, striking: true });
  }

  form(place, spec, values, target) {
    const form = made("form", "entry");
    form.noValidate = true;
    form.dataset.place = place;
    if (spec.missing) {
      form.appendChild(made("p", "empty", spec.missing));
      return form;
    }
    const typed = (this.typed[place] ||= {});
    for (const field of spec.fields) {
      if (field.only_on_change && !(target && target.id)) continue;
      form.appendChild(this.field(place, field, typed[field.name] ?? values[field.name], form));
    }
    const save = form.appendChild(made("button", "save", target ? (target.striking ? "Strike out" : "Save") : "Keep"));
    save.type = "submit";
    save.dataset.at = `${place}-save`;
    save.disabled = this.pending !== null;
    if (place !== "quick") {
      form.appendChild(this.button("Cancel", `${place}-cancel`, "Cancel", () => {
        this.open = null;
        delete this.typed[place];
        this.draw();
      }));
    }
    form.appendChild(this.outcome(place));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep(place, spec, form, target);
    });
    form.addEventListener("keydown", (event) => {
      // Enter keeps the line from a list too, once something is chosen in it; a list that is empty still opens.
      if (event.key === "Enter" && event.target.localName === "select" && event.target.value) {
        event.preventDefault();
        form.requestSubmit(save);
      }
      if (event.key === "Escape" && place !== "quick") form.querySelector(`[data-at="${place}-cancel"]`).click();
    });
    return form;
  }

  field(place, field, value, form) {
    const label = made("label", `field ${field.type}${field.main ? " main-field" : ""}`);
    label.appendChild(made("span", "", field.label));
    const input = field.type === "choice" || field.type === "starter" ? choiceOf(field, value) : inputOf(field, value);
    input.name = field.name;
    input.dataset.at = `${place}-${field.name}`;
    if (field.required) input.setAttribute("aria-required", "true");
    const remember = () => {
      this.typed[place][field.name] = field.type === "check" ? input.checked : input.value;
    };
    input.addEventListener("input", remember);
    input.addEventListener("change", () => {
      remember();
      if (field.type === "starter" && input.value) this.fill(place, field.options[Number(input.value)].fills);
    });
    label.appendChild(input);
    return label;
  }

  fill(place, values) {
    this.typed[place] = { ...this.typed[place], ...values };
    this.draw();
  }

  outcome(place) {
    const box = made("div", "outcome");
    box.setAttribute("role", "status");
    if (this.pending && this.pending.place === place) box.textContent = "Keeping …";
    else if (this.words && this.words.place === place) {
      box.appendChild(made("span", this.words.bad ? "bad" : "", this.words.text));
      const { undo } = this.words;
      if (undo) box.appendChild(this.button("Undo", "undo", "Undo: strike this entry out", () => this.undo(undo)));
    }
    return box;
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  keep(place, spec, form, target) {
    if (this.pending) return;
    const values = {};
    for (const field of spec.fields) {
      const input = form.elements.namedItem(field.name);
      if (!input || field.type === "starter") continue;
      values[field.name] = field.type === "check" ? input.checked : input.value.trim();
      if (field.required && values[field.name] === "") {
        this.words = { place, text: `${field.label}: still empty.`, bad: true };
        this.focusNext = { at: `${place}-${field.name}` };
        this.draw();
        return;
      }
    }
    const act = target ? (target.striking ? "strike" : "change") : "add";
    this.tell(place, { act, kind: spec.kind, id: target?.id ?? 0, version: target?.version ?? 0, values });
  }

  undo(undo) {
    this.tell("quick", { act: "strike", kind: undo.kind, id: undo.id, version: 0, values: { why: this.data.why } });
  }

  tell(place, message) {
    const said = JSON.stringify([place, message]);
    // The same words again, because no answer came, keep their ticket: they cannot be kept twice.
    const ticket = this.unanswered && this.unanswered.said === said ? this.unanswered.ticket : newTicket();
    this.pending = { ticket, place };
    this.unanswered = { said, ticket };
    this.words = null;
    this.send("act", { ...message, client_id: this.data.client_id, ticket, from: place });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.pending = null;
      this.words = { place, text: "No answer yet, so this may not be kept. Press the button again.", bad: true };
      this.draw();
    }, NO_ANSWER_MS);
    this.draw();
  }
}

function newTicket() {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}

// --- pieces ---------------------------------------------------------------------------------------------------------

function inputOf(field, value) {
  const input = made("input");
  const types = { number: "number", date: "date", check: "checkbox" };
  input.type = types[field.type] || "text";
  if (field.type === "check") input.checked = value === true;
  else input.value = value ?? "";
  if (field.type === "number") {
    input.min = String(field.low);
    input.max = String(field.high);
    input.inputMode = "numeric";
    input.placeholder = `${field.low}–${field.high}`;
  }
  if (field.type === "line") {
    input.maxLength = field.high || 10000;
    input.autocomplete = "off";
    input.placeholder = field.hint || "";
  }
  return input;
}

function choiceOf(field, value) {
  const select = made("select");
  if (field.type === "starter" || !field.required || !value) {
    select.appendChild(option("", field.required ? "Choose …" : "–", !value));
  }
  field.options.forEach((one, place) => {
    const key = field.type === "starter" ? String(place) : one.value;
    select.appendChild(option(key, one.label, field.type !== "starter" && key === String(value ?? "")));
  });
  return select;
}

function option(value, label, chosen) {
  const one = made("option", "", label);
  one.value = value;
  one.selected = chosen;
  return one;
}

function drawing(told) {
  const svg = document.createElementNS(SPACE, "svg");
  const [width, height, edge] = [told.width, 30, 4];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", told.label);
  for (const y of [edge, height - edge]) {
    svg.appendChild(node("line", { x1: 0, x2: width, y1: y, y2: y, class: "rule" }));
  }
  for (const line of told.lines) {
    const places = line.points.map(([x, y]) => [edge + x * (width - 2 * edge), height - edge - y * (height - 2 * edge)]);
    const written = places.map((place) => place.map((one) => one.toFixed(1)).join(",")).join(" ");
    if (places.length > 1) svg.appendChild(node("polyline", { points: written, class: line.kind }));
    places.forEach(([x, y], at) => {
      const last = at === places.length - 1;
      svg.appendChild(node("circle", { cx: x, cy: y, r: last ? 3.2 : 2, class: `${line.kind} ${last ? "last" : ""}` }));
    });
  }
  return svg;
}

function node(name, attributes) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function focusIn(root) {
  const active = root.getRootNode().activeElement;
  if (!active || !root.contains(active) || !active.dataset.at) return null;
  const marked = active.tagName === "INPUT" && active.type === "text";
  return { at: active.dataset.at, from: marked ? active.selectionStart : null, to: marked ? active.selectionEnd : null };
}

function restore(root, wanted) {
  if (!wanted) return;
  let found = null;
  if (wanted.first) {
    const form = [...root.querySelectorAll("form")].find((one) => one.dataset.place === wanted.place);
    found = form && (form.querySelector(".main-field input, .main-field select") || form.querySelector("input, select"));
  }
  found ||= [...root.querySelectorAll("[data-at]")].find((one) => one.dataset.at === wanted.at);
  if (!found) return;
  found.focus({ preventScroll: !wanted.first });
  if (wanted.from !== null && wanted.from !== undefined) found.setSelectionRange(wanted.from, wanted.to);
}
