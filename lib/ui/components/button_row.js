// Button row: the ways on from a page, each a real button. Every word is set as text, never as markup.

export default function ({ data, parentElement, setTriggerValue }) {
  const row = made("div", "secure-base-buttons");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", data.label);
  for (const one of data.buttons) {
    const button = row.appendChild(made("button", one.first ? "first" : ""));
    button.type = "button";
    const icon = button.appendChild(made("span", "icon", one.icon)); // a ligature: its name must not be read out
    icon.setAttribute("aria-hidden", "true");
    icon.setAttribute("translate", "no");
    button.append(made("span", "", one.label));
    button.addEventListener("click", () => {
      row.classList.add("opening");
      setTriggerValue("pressed", one.id);
    });
  }
  const old = parentElement.querySelector(".secure-base-buttons");
  if (old) old.replaceWith(row);
  else parentElement.appendChild(row);
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
