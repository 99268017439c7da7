// Note editor: keeps what is typed, sends it in good time, and says "Saved" only after the server has said so.
//
// The words in the box are the truth. The server's text is taken only for another note, or when it is newer and
// nothing here is unsaved. Every message names its note, client and base version; nothing is "the current client".

const PAUSE_MS = 800; // quiet time before a save
const LONGEST_MS = 1600; // while typing goes on without a pause
const ANSWER_MS = 4000; // no answer by then: send again
const STORE = "secure_base.unsaved.";
const HEADING = /^[^a-z\n]*[A-Z][^a-z\n]*:[ \t]*$/gm; // a line in capitals that ends with a colon
const ABBREVIATION = /(?:^|\s);([a-z0-9]{1,20})([ \n])$/i; // ;short and then a space or a new line

const editors = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  if (!editors.has(root)) editors.set(root, new Editor(root));
  const editor = editors.get(root);
  editor.receive(component);
  return () => {
    editors.delete(root);
    editor.leave();
  };
}

// --- words not yet acknowledged, kept in this tab only ------------------------------------------------------------

function storeKey(owner, noteId) {
  return `${STORE}${owner}.${noteId}`;
}

function keep(owner, entry) {
  try {
    sessionStorage.setItem(storeKey(owner, entry.note_id), JSON.stringify(entry));
  } catch {
    // Storage is full or switched off: the words are still in the box, and leaving asks first.
  }
}

function kept(owner, noteId) {
  try {
    return JSON.parse(sessionStorage.getItem(storeKey(owner, noteId)));
  } catch {
    return null;
  }
}

function forget(owner, noteId) {
  sessionStorage.removeItem(storeKey(owner, noteId));
}

function keptElsewhere(owner, noteId) {
  const found = [];
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(STORE)) continue;
    const [whose, id] = key.slice(STORE.length).split(".");
    if (whose !== owner) sessionStorage.removeItem(key); // somebody else used this tab before
    else if (Number(id) !== noteId) found.push(kept(owner, id));
  }
  return found.filter(Boolean);
}

// --- the editor ---------------------------------------------------------------------------------------------------

class Editor {
  constructor(root) {
    this.root = root;
    this.note = null; // {note_id, client_id, owner}
    this.version = 0; // the newest version this editor knows to be in the database
    this.saved = ""; // the text of that version
    this.text = ""; // what is in the box
    this.sent = new Map(); // message number -> text, since the last acknowledgement
    this.lastNumber = 0;
    this.firstUnsentAt = 0;
    this.timer = null;
    this.conflict = null;
    this.stopped = ""; // why nothing is sent any more, in words
    this.strays = new Map(); // note id -> {entry, number, words}
    this.leaving = false;
    this.build();
    this.listen();
  }

  get unsaved() {
    // What was sent and not answered may have arrived or not, so it is not over yet.
    return this.note !== null && (this.text !== this.saved || this.sent.size > 0);
  }

  build() {
    this.strayBox = element("section", { class: "strays", hidden: "" });
    this.whose = element("div", { class: "whose" });
    this.tools = element("div", { class: "tools" });
    this.area = element("textarea", { spellcheck: "true", rows: "18" });
    this.status = element("p", { class: "status", role: "status" });
    this.conflictBox = element("section", { class: "conflict", hidden: "", "aria-label": "Two texts" });
    this.frame = element("div", { class: "editor" }, this.whose, this.tools, this.area, this.conflictBox, this.status);
    this.root.appendChild(this.strayBox);
    this.root.appendChild(this.frame);
  }

  listen() {
    this.abort = new AbortController();
    const options = { signal: this.abort.signal };
    this.area.addEventListener("input", () => this.typed(), options);
    this.area.addEventListener("blur", () => this.flush(), options);
    this.area.addEventListener("keydown", (event) => this.key(event), options);
    document.addEventListener("visibilitychange", () => document.hidden && this.flush(), options);
    window.addEventListener("pagehide", () => this.flush(), options);
    window.addEventListener("online", () => this.send(), options);
    window.addEventListener("beforeunload", (event) => this.warn(event), options);
    // A press that begins anywhere else may take this editor away: send before it does.
    document.addEventListener("pointerdown", (event) => this.pressed(event), { ...options, capture: true });
    document.addEventListener("input", (event) => factTyped(event), { ...options, capture: true });
  }

  // --- from the server ---

  receive({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    const answers = data.answers ?? {};
    this.phrases = data.phrases ?? {};
    this.scores = data.note?.scores ?? [];
    if (data.note === null) {
      if (this.note !== null) this.flush();
      this.note = null;
      this.frame.hidden = true;
    } else if (this.note === null || this.note.note_id !== data.note.note_id) {
      this.flush();
      this.open(data);
    } else {
      this.takeNewer(data.note);
    }
    this.owner = data.owner;
    if (this.note !== null && answers[this.note.note_id]) this.answered(answers[this.note.note_id]);
    this.deliverStrays(answers);
    this.show();
  }

  open(data) {
    clearTimeout(this.timer);
    this.timer = null;
    this.frame.hidden = false;
    this.note = { note_id: data.note.note_id, client_id: data.note.client_id, owner: data.owner };
    this.version = data.note.version;
    this.saved = this.text = data.note.text;
    this.sent.clear();
    this.conflict = null;
    this.stopped = "";
    this.area.setAttribute("aria-label", data.note.label);
    this.whose.replaceChildren(
      element("strong", {}, data.note.client_name),
      element("span", {}, data.note.client_facts),
      element("span", { class: "what" }, data.note.what),
    );
    this.placed = false; // whether the person has put the cursor anywhere
    this.restore();
    this.area.value = this.text;
    this.said = this.unsaved ? "Restored what was not saved yet." : data.note.saved_words;
    if (this.unsaved) this.send();
    if (data.note.focus) this.focusAtFirstGap();
  }

  restore() {
    const entry = kept(this.note.owner, this.note.note_id);
    if (entry === null) return;
    if (entry.client_id !== this.note.client_id || entry.text === this.saved) {
      forget(this.note.owner, this.note.note_id);
      return;
    }
    this.text = entry.text;
    this.version = entry.base_version;
    this.restoredSent = entry.also_mine ?? [];
  }

  focusAtFirstGap() {
    const gap = this.text.indexOf(":\n");
    const at = gap < 0 ? this.text.length : gap + 2;
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(at, at);
    this.placed = true;
  }

  takeNewer(note) {
    if (note.version <= this.version || this.unsaved || this.sent.size > 0 || this.conflict) return;
    this.version = note.version;
    this.saved = this.text = note.text;
    this.area.value = note.text;
    this.said = note.saved_words;
  }

  answered(answer) {
    const text = this.sent.get(answer.number);
    if (text === undefined) return; // an answer heard before
    for (const number of [...this.sent.keys()]) if (number <= answer.number) this.sent.delete(number);
    if (answer.status === "saved") {
      this.version = answer.version;
      this.saved = text;
      this.restoredSent = [];
      this.said = `Saved ${answer.saved_at}`;
      this.remember();
    } else if (answer.status === "conflict") {
      this.conflict = { theirs: answer.theirs, version: answer.version };
      this.sent.clear();
    } else if (answer.status === "closed") {
      this.stopped = answer.words;
      this.sent.clear();
    } else {
      this.said = `Not saved. ${answer.words} Your words are kept here and sent again.`;
      this.sent.set(answer.number, text); // try again when the answer would have been due
    }
    if (this.unsaved) this.schedule();
  }

  // --- from the person ---

  typed() {
    this.placed = true;
    if (this.expand()) return; // what took the place of the abbreviation was typed as well, and came here before
    this.text = this.area.value;
    if (!this.firstUnsentAt) this.firstUnsentAt = Date.now();
    this.remember();
    this.schedule();
    this.show();
  }

  key(event) {
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "s") {
      this.flush();
    } else if (control && event.key === "Enter") {
      this.askToSign();
    } else if (event.altKey && !control && /^Digit[0-9]$/.test(event.code)) {
      if (event.code === "Digit0") this.putInScores();
      else this.jump(Number(event.code.slice(5)));
    } else {
      return;
    }
    event.preventDefault();
    this.show();
  }

  askToSign() {
    if (this.conflict || this.stopped) return;
    const { note_id, client_id } = this.note;
    const messages = this.unsaved ? [this.numbered()] : [];
    this.trigger("draft", { messages, sign: { note_id, client_id, number: this.nextNumber() } });
    this.schedule();
  }

  // --- quick ways: sections, phrases, scores ---

  jump(section) {
    const found = [...this.area.value.matchAll(HEADING)][section - 1];
    if (!found) return;
    const next = [...this.area.value.matchAll(HEADING)][section];
    const end = next ? next.index : this.area.value.length;
    // Behind what the section holds already, so that writing goes on there.
    const body = this.area.value.slice(found.index, end).trimEnd().length;
    const at = Math.max(found.index + body, Math.min(end, found.index + found[0].length + 1));
    this.area.setSelectionRange(at, at);
    this.placed = true;
  }

  expand() {
    if (this.expanding || this.area.selectionStart !== this.area.selectionEnd) return false;
    const at = this.area.selectionStart;
    const found = ABBREVIATION.exec(this.area.value.slice(0, at));
    const words = found && this.phrases[found[1].toLowerCase()];
    if (!words) return false;
    this.area.setSelectionRange(at - found[1].length - 2, at);
    this.expanding = true; // what a phrase says is not expanded again
    this.type(words + found[2]);
    this.expanding = false;
    return true;
  }

  missingScores() {
    return this.scores.filter((line) => !this.area.value.includes(line));
  }

  putInScores() {
    const lines = this.missingScores();
    if (this.note === null || this.conflict || this.stopped || lines.length === 0) return;
    this.area.focus({ preventScroll: true });
    if (!this.placed) this.toFacts();
    const at = this.area.selectionStart;
    const begins = at === 0 || this.area.value[at - 1] === "\n";
    this.type(`${begins ? "" : "\n"}${lines.join("\n")}\n`);
  }

  toFacts() {
    // Nobody has put the cursor anywhere: scores belong under what was observed, else at the end.
    const headings = [...this.area.value.matchAll(HEADING)];
    const place = headings.findIndex((one) => /^(OBJECTIVE|DATA):/.test(one[0]));
    if (place >= 0) this.jump(place + 1);
    else this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  type(words) {
    // As if typed, so that Ctrl+Z takes it back; where a browser does not know how, it is put in plainly.
    if (document.execCommand("insertText", false, words)) return;
    this.area.setRangeText(words, this.area.selectionStart, this.area.selectionEnd, "end");
    this.typed();
  }

  pressed(event) {
    if (this.note !== null && !event.composedPath().includes(this.area)) this.flush();
  }

  warn(event) {
    if (this.unsaved || this.strays.size > 0) event.preventDefault();
  }

  // --- to the server ---

  remember() {
    if (!this.unsaved) forget(this.note.owner, this.note.note_id);
    else keep(this.note.owner, { ...this.message(), what: this.called() });
  }

  called() {
    return [...this.whose.children].map((part) => part.textContent).join(" · ");
  }

  message() {
    return {
      note_id: this.note.note_id,
      client_id: this.note.client_id,
      base_version: this.version,
      text: this.text,
      also_mine: [...new Set([...(this.restoredSent ?? []), ...this.sent.values()])].slice(-8),
      keeps_mine: false,
    };
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.leaving || this.conflict || this.stopped || !this.unsaved) return;
    const sinceFirst = Date.now() - this.firstUnsentAt;
    const wait = this.firstUnsentAt ? Math.min(PAUSE_MS, Math.max(0, LONGEST_MS - sinceFirst)) : ANSWER_MS;
    this.timer = setTimeout(() => this.due(), wait);
  }

  due() {
    this.timer = null;
    this.send();
    this.show();
  }

  flush() {
    if (this.firstUnsentAt) this.send();
  }

  send(changes = {}) {
    if (this.note === null || this.conflict || this.stopped || !this.unsaved) return;
    this.trigger("draft", { messages: [this.numbered(changes)] });
    this.schedule(); // to send again if no answer comes
  }

  numbered(changes = {}) {
    clearTimeout(this.timer);
    this.timer = null;
    const number = this.nextNumber();
    const message = { ...this.message(), ...changes, number };
    this.sent.set(number, this.text);
    this.remember();
    this.firstUnsentAt = 0;
    return message;
  }

  nextNumber() {
    this.lastNumber = Math.max(this.lastNumber + 1, Date.now());
    return this.lastNumber;
  }

  leave() {
    this.leaving = true;
    if (this.unsaved) this.send();
    clearTimeout(this.timer);
    clearTimeout(this.strayTimer);
    this.abort.abort();
  }

  // --- words typed in other notes that never arrived ---

  deliverStrays(answers) {
    for (const entry of keptElsewhere(this.owner, this.note?.note_id)) {
      if (!this.strays.has(entry.note_id)) this.strays.set(entry.note_id, { entry, number: 0, at: 0, words: "" });
    }
    if (this.note !== null) this.strays.delete(this.note.note_id);
    for (const [noteId, stray] of this.strays) {
      const answer = answers[noteId];
      if (!answer || answer.number !== stray.number) continue;
      if (answer.status === "saved") {
        this.strays.delete(noteId);
        forget(this.owner, noteId);
      } else if (answer.status === "conflict") {
        stray.words = "This note was changed elsewhere since. Open it to compare both texts.";
      } else {
        stray.words = answer.words;
        stray.retry = answer.status === "failed";
      }
    }
    const due = [...this.strays.values()].filter(
      (stray) => (!stray.words || stray.retry) && Date.now() - stray.at >= ANSWER_MS,
    );
    if (due.length > 0) {
      for (const stray of due) Object.assign(stray, { number: this.nextNumber(), at: Date.now() });
      this.trigger("draft", { messages: due.map(({ entry, number }) => ({ ...entry, number })) });
    }
    clearTimeout(this.strayTimer);
    if ([...this.strays.values()].some((stray) => !stray.words || stray.retry)) {
      this.strayTimer = setTimeout(() => this.deliverStrays({}), ANSWER_MS + 100);
    }
  }

  // --- what is shown ---

  show() {
    this.area.hidden = this.conflict !== null;
    this.conflictBox.hidden = this.conflict === null;
    if (this.conflict) this.showConflict();
    else this.conflictBox.replaceChildren();
    this.status.textContent = this.statusWords();
    this.status.classList.toggle("warning", Boolean(this.stopped || this.conflict) || this.sent.size > 1);
    this.showTools();
    this.showStrays();
  }

  showTools() {
    const missing = this.note !== null && !this.conflict && !this.stopped ? this.missingScores() : [];
    const sections = [...this.area.value.matchAll(HEADING)].length;
    const told = JSON.stringify([missing, sections, Object.keys(this.phrases).length]);
    if (told === this.toolsTold) return;
    this.toolsTold = told;
    const keys = ["Ctrl+Enter signs"];
    if (sections > 0) keys.push(`Alt+1${sections > 1 ? `–${Math.min(sections, 9)}` : ""} section`);
    if (Object.keys(this.phrases).length > 0) keys.push("; and an abbreviation: your phrase");
    const parts = [element("span", { class: "keys" }, keys.join(" · "))];
    if (missing.length > 0) {
      const put = button(missing.length === 1 ? "Put in 1 score" : `Put in ${missing.length} scores`, () => {
        this.putInScores();
        this.show();
      });
      put.title = `Alt+0\n${missing.join("\n")}`;
      parts.unshift(put);
    }
    this.tools.replaceChildren(...parts);
  }

  statusWords() {
    if (this.stopped) return `${this.stopped} What you typed since is still in the box: copy it if you need it.`;
    if (this.conflict) return "Not saved yet: choose what to keep.";
    if (!this.unsaved) return this.said ?? "";
    if (this.sent.size > 1) return "Not saved yet: no answer from the server. Your words are kept in this tab and sent again.";
    return this.sent.size > 0 && !this.firstUnsentAt ? "Saving …" : "Typing …";
  }

  showConflict() {
    if (this.conflictBox.childElementCount > 0) return;
    const { theirs, version } = this.conflict;
    const decide = (text) => {
      this.conflict = null;
      this.version = version;
      this.saved = theirs;
      this.text = text;
      this.area.value = text;
      if (text === theirs) {
        forget(this.note.owner, this.note.note_id);
        this.said = "Kept the text that was saved elsewhere.";
      } else {
        this.firstUnsentAt = Date.now();
        this.send({ keeps_mine: true });
      }
      this.show();
      this.area.focus();
    };
    this.conflictBox.replaceChildren(
      element("h3", {}, "This note was changed elsewhere while you wrote. Nothing has been merged."),
      element(
        "div",
        { class: "both" },
        side("Yours, not saved", this.text),
        side("Saved elsewhere", theirs),
      ),
      element(
        "div",
        { class: "choices" },
        button("Keep mine", () => decide(this.text)),
        button("Keep the other", () => decide(theirs)),
        button("Keep both, one after the other", () => decide(`${this.text}\n\n${theirs}`)),
      ),
    );
  }

  showStrays() {
    const told = [...this.strays.values()].filter((stray) => stray.words);
    this.strayBox.hidden = told.length === 0;
    this.strayBox.replaceChildren(
      ...told.map(({ entry, words }) =>
        element(
          "div",
          { class: "stray" },
          element("p", {}, `Not saved: ${entry.what}. ${words}`),
          element("pre", { tabindex: "0" }, entry.text),
          button("Discard these words", () => {
            this.strays.delete(entry.note_id);
            forget(this.owner, entry.note_id);
            this.show();
          }),
        ),
      ),
    );
  }
}

// --- the short fields about the session, beside the editor ----------------------------------------------------------

// Streamlit sends what is typed there only when the field is left, and a refresh would lose it. After a pause it is
// told to send, by the key that does so; focus and cursor stay where they are.
const waiting = new WeakMap();

function factTyped(event) {
  const field = event.composedPath()[0];
  if (!(field instanceof HTMLElement) || !field.closest?.('[class*="st-key-facts-"]')) return;
  const isLong = field.tagName === "TEXTAREA";
  if (!isLong && !(field.tagName === "INPUT" && field.type === "text" && !field.getAttribute("role"))) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => sendFact(field, isLong), PAUSE_MS + 100));
}

function sendFact(field, isLong) {
  const key = { key: "Enter", code: "Enter", keyCode: 13, which: 13, bubbles: true, cancelable: true };
  if (field.isConnected) field.dispatchEvent(new KeyboardEvent("keydown", { ...key, ctrlKey: isLong }));
}

// --- small pieces; texts from data become text nodes, never markup ------------------------------------------------

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(words, act) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}

function side(title, text) {
  return element("figure", {}, element("figcaption", {}, title), element("pre", { tabindex: "0" }, text));
}
