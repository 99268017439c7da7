// Figure row: a few figures side by side, each with what it counts and what it is a part of. Texts are set as text.

export default function ({ data, parentElement }) {
  const row = made("dl", "figures");
  row.setAttribute("aria-label", data.label);
  for (const one of data.figures) {
    const figure = row.appendChild(made("div"));
    figure.append(made("dt", "", one.what), made("dd", "value", one.value), made("dd", "of", one.of));
  }
  const old = parentElement.querySelector(".figures");
  if (old) old.replaceWith(row);
  else parentElement.appendChild(row);
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
