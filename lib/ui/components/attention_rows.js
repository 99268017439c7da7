// Attention rows: who needs me and why, a line each with one next step. Every word is set as text, never as markup.

const COLOURS = new Set(["red", "orange", "blue"]);

export default function ({ data, parentElement, setTriggerValue }) {
  const list = made("ul", "rows");
  list.setAttribute("aria-label", data.label);
  for (const row of data.rows) {
    const line = list.appendChild(made("li", "row"));
    line.append(badgeOf(row), made("span", "who", row.who), made("span", "why", row.why), made("span", "since", row.since));
    const button = line.appendChild(made("button", row.urgent ? "urgent" : "", row.step));
    button.type = "button";
    button.setAttribute("aria-label", `${row.step}: ${row.who}`); // the same step stands in many rows
    button.addEventListener("click", () => {
      list.classList.add("opening");
      setTriggerValue("opened", row.id);
    });
  }
  const old = parentElement.querySelector(".rows");
  if (old) old.replaceWith(list);
  else parentElement.appendChild(list);
}

function badgeOf(row) {
  const badge = made("span", "badge");
  if (COLOURS.has(row.colour)) badge.classList.add(row.colour);
  const icon = badge.appendChild(made("span", "icon", row.icon)); // a ligature: its name must not be read out
  icon.setAttribute("aria-hidden", "true");
  icon.setAttribute("translate", "no");
  badge.append(row.level);
  return made("span", "level", "", badge);
}

function made(tag, className = "", text = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}
