// Plain table: rows of words as a real table. Every text is set by textContent; nothing from data becomes markup.

const KINDS = new Set(["risk", "watch", "muted", "code"]);

export default function ({ data, parentElement, setTriggerValue }) {
  const top = parentElement.querySelector(".box")?.scrollTop ?? 0;
  const box = made("div", "box");
  const table = box.appendChild(made("table"));
  table.setAttribute("aria-label", data.label);
  const headings = table.appendChild(made("thead")).appendChild(made("tr"));
  data.columns.forEach((name, place) => {
    const heading = headings.appendChild(made("th", place === data.wide ? (data.most ? "wide most" : "wide") : "", name));
    heading.scope = "col";
  });
  const body = table.appendChild(made("tbody"));
  for (const row of data.rows) body.appendChild(rowOf(row, data, setTriggerValue));
  const shown = [box];
  if (data.more) {
    box.style.setProperty("--seen", String(data.seen));
    box.classList.add("long");
    box.tabIndex = 0; // so that the keyboard can scroll it
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `${data.label}. ${data.more}`);
    shown.push(made("p", "more", data.more));
  }
  const root = made("div", "root");
  root.append(...shown);
  const old = parentElement.querySelector(".root");
  if (old) old.replaceWith(root);
  else parentElement.appendChild(root);
  box.scrollTop = top;
}

function rowOf(row, data, setTriggerValue) {
  const line = made("tr", row.id ? "opens" : "");
  row.cells.forEach((cell, place) => {
    const isHead = place === data.head;
    const kind = KINDS.has(cell.kind) ? cell.kind : "";
    const box = line.appendChild(made(isHead ? "th" : "td", kind));
    if (isHead) box.scope = "row";
    if (isHead && row.id) {
      const button = box.appendChild(made("button", "", cell.text)); // its click rises to the row's own
      button.type = "button";
    } else {
      box.textContent = cell.text;
    }
  });
  if (row.id) {
    line.addEventListener("click", (event) => {
      const marking = event.target.tagName !== "BUTTON" && String(window.getSelection()) !== "";
      if (!marking) setTriggerValue("opened", row.id); // words being marked open nothing
    });
  }
  return line;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
