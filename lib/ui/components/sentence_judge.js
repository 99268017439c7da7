// Sentence judge: one sentence at a time, one key each. Every text is set by textContent.
// 0: nothing here. A letter: evidence for it; with Shift: against it. Arrow keys go back and forth.

export default function ({ data, parentElement, setTriggerValue }) {
  const held = parentElement.querySelector(".judge");
  const had = held?.contains(parentElement.activeElement ?? parentElement.getRootNode().activeElement) ?? false;
  const root = made("div", "judge");
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.label);
  const open = data.sentences.findIndex((one) => !one.judged);
  let at = open === -1 ? data.sentences.length - 1 : open;
  const place = root.appendChild(made("div", "where"));
  const quote = root.appendChild(made("div", "quote"));
  quote.setAttribute("aria-live", "polite");
  const state = root.appendChild(made("div", "state"));
  const ways = root.appendChild(made("div", "ways"));
  act(ways, "← Back", () => move(-1));
  act(ways, `${data.nothing} Nothing here`, () => say(data.nothing, "")).classList.add("main");
  act(ways, "Forward →", () => move(1));
  root.appendChild(made("div", "why", "It is evidence: the letter says for, with Shift against."));
  const grid = root.appendChild(made("div", "codes"));
  for (const [key, code, label] of data.codes) {
    const row = grid.appendChild(made("div", "code"));
    act(row, `${key} ${label}`, () => say(code, "for"));
    act(row, "against", () => say(code, "against")).setAttribute("aria-label", `${label}: against`);
  }
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const code = data.codes.find(([key]) => key === event.key.toLowerCase());
    if (event.key === data.nothing) say(data.nothing, "");
    else if (code) say(code[1], event.shiftKey ? "against" : "for");
    else if (event.key === "ArrowLeft") move(-1);
    else if (event.key === "ArrowRight") move(1);
    else return;
    event.preventDefault();
  });
  if (held) held.replaceWith(root);
  else parentElement.appendChild(root);
  show();
  if (held && had) root.focus({ preventScroll: true });

  let sent = false; // one key, one judgement: the next sentence comes only after the first is kept
  function say(code, polarity) {
    if (sent) return;
    sent = true;
    setTriggerValue("judged", { id: data.sentences[at].id, code, polarity });
  }

  function move(step) {
    at = Math.min(Math.max(at + step, 0), data.sentences.length - 1);
    show();
  }

  function show() {
    const one = data.sentences[at];
    const left = data.sentences.filter((each) => !each.judged).length;
    place.textContent = `${at + 1} of ${data.sentences.length} · ${one.note} · ${left} to go`;
    quote.textContent = one.text;
    state.textContent = one.judged ? `Judged: ${one.judged}` : "Not judged yet";
  }
}

function act(parent, words, does) {
  const button = parent.appendChild(made("button", "", words));
  button.type = "button";
  button.addEventListener("click", does);
  return button;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
