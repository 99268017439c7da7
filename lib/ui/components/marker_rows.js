// Marker rows: the growth markers now, a drawing and words in each line. Texts are set by textContent alone.

export default function ({ data, parentElement }) {
  const table = made("table", "markers");
  table.setAttribute("aria-label", data.label);
  const body = table.appendChild(made("tbody"));
  for (const row of data.rows) {
    const line = body.appendChild(made("tr"));
    const name = line.appendChild(made("th", "", row.name));
    name.scope = "row";
    line.appendChild(made("td", "drawing")).appendChild(drawn(row.picture, row.inCell));
    line.append(made("td", "said", row.said), made("td", "change", row.change));
  }
  const old = parentElement.querySelector(".markers");
  if (old) old.replaceWith(table);
  else parentElement.appendChild(table);
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
