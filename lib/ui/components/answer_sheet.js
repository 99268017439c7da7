// Answer sheet: one questionnaire typed straight through. A digit is an answer and goes on to the next item.
//
// Scores are not worked out here: when the last answer is in, the server is asked what the form would say, and only
// then can it be saved. Every message names the form it was typed into; a text is always set by textContent.

const sheets = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  if (!sheets.has(root)) sheets.set(root, new Sheet(root));
  sheets.get(root).receive(component);
  return () => sheets.delete(root);
}

class Sheet {
  constructor(root) {
    this.root = root;
    this.form = "";
  }

  receive({ data, setTriggerValue }) {
    this.send = (name) => setTriggerValue(name, { form: this.form, answers: this.answers() });
    if (data.form !== this.form) this.build(data);
    this.data = data;
    this.tell(data.summary);
  }

  build(data) {
    this.form = data.form;
    this.data = data;
    this.checked = "";
    this.boxes = data.items.map((item, place) => this.box(item, place, data));
    const rows = data.items.map((item, place) => this.row(item, place));
    this.count = made("p", "count");
    this.count.setAttribute("role", "status");
    this.wrong = made("p", "wrong");
    this.wrong.setAttribute("role", "alert");
    this.summary = made("div", "summary");
    this.check = button("Check", () => this.ask());
    this.save = button("Save form", () => this.sendSave());
    this.save.classList.add("main");
    const acts = made("div", "acts");
    acts.append(this.check, this.save, made("span", "whose", `for ${data.whose}`));
    const list = made("div", data.items.some((item) => item.text) ? "rows" : "rows numbered");
    list.append(...rows);
    const frame = made("div", "sheet");
    frame.append(made("p", "stem", data.stem), made("p", "legend", data.legend), list);
    frame.append(this.wrong, this.count, this.summary, acts, made("p", "hint", data.hint));
    this.root.querySelector(".sheet")?.remove();
    this.root.appendChild(frame);
    this.tellCount();
    if (data.focus) this.boxes[0].focus({ preventScroll: true });
  }

  box(item, place, data) {
    const box = document.createElement("input");
    box.type = "text";
    box.inputMode = "numeric";
    box.autocomplete = "off";
    box.maxLength = String(data.maximum).length;
    box.setAttribute("aria-label", item.text ? `${item.number}. ${item.text}` : `Item ${item.number}`);
    box.addEventListener("input", () => this.typed(place));
    box.addEventListener("keydown", (event) => this.key(event, place));
    box.addEventListener("focus", () => box.select());
    return box;
  }

  row(item, place) {
    const row = made("label", item.risk ? "row risky" : "row");
    row.append(made("span", "number", `${item.number}.`));
    if (item.text) row.append(made("span", "text", item.text));
    const answer = made("span", "answer");
    row.append(this.boxes[place], answer);
    this.boxes[place].told = answer;
    return row;
  }

  typed(place) {
    const box = this.boxes[place];
    const text = box.value.trim();
    const { minimum, maximum, items } = this.data;
    this.wrong.textContent = "";
    if (text !== "" && !this.isAnswer(text)) {
      box.value = "";
      this.wrong.textContent = `Item ${items[place].number}: “${text}” is no answer. Answers are ${minimum} to ${maximum}.`;
    }
    this.tellAnswer(place);
    this.tellCount();
    box.parentElement.classList.toggle("odd", this.wrong.textContent !== "");
    if (this.wrong.textContent) box.told.textContent = `${minimum} to ${maximum}, not “${text}”`; // where the eyes are
    if (box.value !== "" && this.isWhole(box.value)) this.go(place + 1);
  }

  isAnswer(text) {
    const { minimum, maximum } = this.data;
    if (!/^[0-9]+$/.test(text)) return false;
    return Number(text) <= maximum && (Number(text) >= minimum || !this.isWhole(text));
  }

  isWhole(text) {
    // No further digit could follow: 2 of 0 to 3 is an answer, 1 of 0 to 10 may become 10.
    return text.length === String(this.data.maximum).length || Number(text) * 10 > this.data.maximum;
  }

  key(event, place) {
    const box = this.boxes[place];
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, " ": 1, "-": 1 };
    if (event.key === "Enter") {
      event.preventDefault();
      if (place + 1 < this.boxes.length) this.go(place + 1);
      else this.ask();
    } else if (event.key in steps) {
      event.preventDefault();
      if (event.key === " " || event.key === "-") {
        box.value = ""; // left unanswered on purpose
        this.tellAnswer(place);
        this.tellCount();
      }
      this.go(place + steps[event.key]);
    } else if (event.key === "Backspace" && box.value === "" && place > 0) {
      event.preventDefault();
      this.boxes[place - 1].value = "";
      this.tellAnswer(place - 1);
      this.tellCount();
      this.go(place - 1);
    }
  }

  go(place) {
    if (place < 0) return;
    if (place < this.boxes.length) this.boxes[place].focus();
    else this.ask();
  }

  answers() {
    return Object.fromEntries(this.data.items.map((item, place) => [item.id, this.boxes[place].value.trim()]));
  }

  ask() {
    if (this.boxes.every((box) => box.value === "")) {
      this.wrong.textContent = "No item is filled in yet.";
      this.boxes[0].focus();
      return;
    }
    this.checked = JSON.stringify(this.answers());
    this.waiting = true;
    this.check.focus();
    this.send("check");
  }

  sendSave() {
    if (JSON.stringify(this.answers()) !== this.checked) return;
    this.save.disabled = true;
    this.send("save");
  }

  // --- what the sheet says ---

  tellAnswer(place) {
    const { minimum, options, items } = this.data;
    const box = this.boxes[place];
    const answer = box.value === "" ? null : Number(box.value);
    box.told.textContent = answer === null ? "" : (options[answer - minimum] ?? "");
    const risk = items[place].risk;
    const endorsed = risk && answer !== null && answer >= risk;
    box.parentElement.classList.toggle("endorsed", Boolean(endorsed));
    if (endorsed) box.told.textContent += " · ▲ raises a risk flag";
  }

  tellCount() {
    const open = this.data.items.filter((_, place) => this.boxes[place].value === "").map((item) => item.number);
    const total = this.boxes.length;
    const left = open.length && open.length < total ? ` Not answered: ${open.join(", ")}.` : "";
    this.count.textContent = `${total - open.length} of ${total} answered.${left}`;
    const current = JSON.stringify(this.answers()) === this.checked;
    if (!current) {
      this.summary.replaceChildren();
      this.save.hidden = true;
      this.save.disabled = false;
    }
  }

  tell(summary) {
    const current = summary && JSON.stringify(this.answers()) === JSON.stringify(summary.answers);
    if (!current) {
      this.save.hidden = true;
      return;
    }
    this.checked = JSON.stringify(this.answers());
    const lines = summary.lines.map((line) => made("p", "line", line));
    const alerts = summary.alerts.map((line) => made("p", "alert", `▲ Risk: ${line}`));
    this.summary.replaceChildren(...alerts, ...lines);
    this.save.hidden = !summary.may_save;
    this.save.disabled = false;
    if (this.waiting && summary.may_save) this.save.focus();
    this.waiting = false;
  }
}

function button(words, act) {
  const made_ = made("button", "", words);
  made_.type = "button";
  made_.addEventListener("click", act);
  return made_;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
