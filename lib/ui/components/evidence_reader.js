// Evidence reader: a note as plain text with its sentences, and beside it what each may be evidence of.
// Every text is set by textContent. A decision is sent with the note's id; the server checks it against the note.

export default function ({ data, parentElement, setTriggerValue }) {
  const held = parentElement.querySelector(".reader");
  const focus = held?.dataset.note === String(data.note) ? held.dataset.focus ?? "" : "";
  const root = made("div", "reader");
  root.dataset.note = String(data.note);
  const say = (name, value) => setTriggerValue(name, { note: data.note, ...value });
  const text = root.appendChild(made("div", "text"));
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", data.label);
  const list = root.appendChild(made("div", "list"));
  const sentences = drawText(text, data, (place) => open(place));
  if (!data.items.length) list.appendChild(made("div", "why", data.nothing));
  for (const risk of data.risks) list.appendChild(made("div", "risk-line", risk));
  const items = data.items.map((item) => list.appendChild(drawItem(item, data, say, (step) => move(item.id, step))));
  if (data.folded.length) list.appendChild(drawFolded(data));
  if (data.mayDecide) list.appendChild(drawMissed(data, say));
  if (held) held.replaceWith(root);
  else parentElement.appendChild(root);

  function show(id) {
    root.dataset.focus = id;
    for (const card of items) card.classList.toggle("current", card.dataset.id === id);
    const item = data.items.find((one) => one.id === id);
    for (const [place, spans] of Object.entries(sentences)) {
      for (const span of spans) span.classList.toggle("current", item !== undefined && Number(place) === item.sentence);
    }
    if (item) sentences[item.sentence]?.[0]?.scrollIntoView({ block: "nearest" });
  }

  function open(place) {
    const card = items.find((one) => Number(one.dataset.sentence) === place);
    if (card) return card.focus();
    const form = root.querySelector(".missed");
    if (!form) return;
    for (const [other, spans] of Object.entries(sentences)) {
      for (const span of spans) span.classList.toggle("current", Number(other) === place);
    }
    form.hidden = false;
    form.dataset.sentence = String(place);
    form.querySelector(".quote").textContent = data.sentences[place];
    form.querySelector("select").focus();
  }

  function move(id, step) {
    const from = data.items.findIndex((one) => one.id === id);
    items[Math.min(Math.max(from + step, 0), items.length - 1)]?.focus();
  }

  for (const card of items) card.addEventListener("focusin", () => show(card.dataset.id));
  const stays = items.find((card) => card.dataset.id === focus);
  if (stays) {
    // After a decision the next one that waits comes into focus, so that a note is read with one hand.
    const from = items.indexOf(stays);
    const next = data.moved === focus ? items.slice(from).find((card) => card.dataset.state === "open") : stays;
    (next ?? stays).focus({ preventScroll: false });
  }
}

function drawText(text, data, open) {
  const sentences = {};
  for (const piece of data.pieces) {
    const isSentence = piece.sentence !== null;
    const span = made(piece.mark ? "mark" : "span", "", piece.text);
    if (isSentence) {
      span.classList.add("sentence", ...piece.kinds);
      if (piece.kinds.length || data.mayDecide) span.addEventListener("click", () => open(piece.sentence));
      (sentences[piece.sentence] ??= []).push(span);
    }
    text.appendChild(span);
  }
  return sentences;
}

function drawItem(item, data, say, move) {
  const card = made("div", `item ${item.state}`);
  card.tabIndex = 0;
  card.dataset.id = item.id;
  card.dataset.sentence = String(item.sentence);
  card.dataset.state = item.state;
  card.setAttribute("role", "group");
  card.setAttribute("aria-label", `${item.title}. ${item.told}. ${item.stateWords}`);
  const head = card.appendChild(made("div", "head"));
  head.appendChild(made("strong", "", item.title));
  head.appendChild(made("span", "state", item.stateWords));
  card.appendChild(made("div", "why", item.told));
  if (data.mayDecide) {
    const acts = card.appendChild(made("div", "acts"));
    for (const act of data.acts) {
      const button = acts.appendChild(made("button", "", `${act.key} ${act.label}`));
      button.type = "button";
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        card.focus();
        say("decided", { id: item.id, act: act.id });
      });
    }
  }
  card.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
    const act = data.acts.find((one) => one.key === event.key);
    if (act && data.mayDecide) say("decided", { id: item.id, act: act.id });
    else if (event.key === "ArrowDown" || event.key === "j") move(1);
    else if (event.key === "ArrowUp" || event.key === "k") move(-1);
    else return;
    event.preventDefault();
  });
  return card;
}

function drawFolded(data) {
  const fold = made("details", "folded");
  fold.appendChild(made("summary", "", data.foldedWords));
  for (const item of data.folded) {
    const line = fold.appendChild(made("div", "line"));
    line.appendChild(made("div", "quote", item.sentence));
    line.appendChild(made("div", "why", item.told));
  }
  return fold;
}

function drawMissed(data, say) {
  const form = made("div", "missed");
  form.hidden = true;
  form.appendChild(made("strong", "", "Mark this sentence as evidence"));
  form.appendChild(made("div", "quote"));
  const code = chosen(form, "What it shows", data.codes);
  const polarity = chosen(form, "For or against", data.polarities);
  const button = form.appendChild(made("button", "", "Mark as evidence"));
  button.type = "button";
  button.addEventListener("click", () => {
    say("missed", { sentence: Number(form.dataset.sentence), code: code.value, polarity: polarity.value });
    form.hidden = true;
  });
  return form;
}

function chosen(form, label, offered) {
  const name = form.appendChild(made("label", "", label));
  const select = name.appendChild(made("select"));
  for (const [value, words] of offered) {
    const option = select.appendChild(made("option", "", words));
    option.value = value;
  }
  return select;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
