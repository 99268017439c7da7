// Brief table: what to know before going in. Texts are set by textContent; a source with a way is a button.

const TONES = new Set(["risk", "watch"]);

export default function ({ data, parentElement, setTriggerValue }) {
  const root = made("div", "root");
  const table = root.appendChild(made("table"));
  table.setAttribute("aria-label", data.label);
  const body = table.appendChild(made("tbody"));
  data.lines.forEach((line, place) => {
    const row = body.appendChild(made("tr", TONES.has(line.tone) ? line.tone : ""));
    const repeated = place > 0 && data.lines[place - 1].about === line.about;
    const about = row.appendChild(made("th"));
    about.appendChild(made("span", repeated ? "unseen" : "", line.about)); // still said to who listens
    about.scope = "row";
    row.appendChild(made("td", "said", line.said));
    const source = row.appendChild(made("td", "source"));
    if (!line.way) source.textContent = line.source;
    else source.appendChild(wayOf(line, setTriggerValue));
  });
  if (data.question) root.appendChild(questionOf(data.question));
  const old = parentElement.querySelector(".root");
  if (old) old.replaceWith(root);
  else parentElement.appendChild(root);
}

function wayOf(line, setTriggerValue) {
  const button = made("button", "", line.source);
  button.type = "button";
  button.title = `${line.about}: open ${line.source}`;
  button.addEventListener("click", () => setTriggerValue("went", line.way));
  return button;
}

function questionOf(told) {
  const box = made("div", "question");
  box.setAttribute("role", "note");
  box.appendChild(made("div", "quiet", "One question to consider"));
  box.appendChild(made("div", "asked", told.words));
  box.appendChild(made("div", "quiet", told.reason));
  return box;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
