// Readiness board: criteria down, reasons for, against and not known across. Every text is set by textContent.

export default function ({ data, parentElement }) {
  const root = made("div", "board");
  const head = root.appendChild(made("div", "row head"));
  for (const name of data.columns) head.appendChild(made("div", "", name));
  for (const criterion of data.criteria) {
    const row = root.appendChild(made("section", "row"));
    row.setAttribute("aria-label", criterion.label);
    const name = row.appendChild(made("div", "criterion"));
    name.appendChild(made("strong", "", criterion.label));
    name.appendChild(made("div", "ask", criterion.question));
    criterion.sides.forEach((reasons, place) => {
      const cell = row.appendChild(made("div", `side side-${place}`));
      cell.dataset.name = data.columns[place + 1];
      for (const reason of reasons) {
        const line = cell.appendChild(made("div", "reason", reason.text));
        line.appendChild(made("div", "where", reason.where));
      }
      if (!reasons.length) cell.appendChild(made("div", "where", "–"));
    });
  }
  const old = parentElement.querySelector(".board");
  if (old) old.replaceWith(root);
  else parentElement.appendChild(root);
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
