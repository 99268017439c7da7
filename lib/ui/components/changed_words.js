// Changed words: lines of a text as they are now, what was taken out struck through, what is new underlined.
// Every text is a text node; lines that were left as they are stand as three dots.

export default function ({ data, parentElement }) {
  const text = document.createElement("div");
  text.className = "changes";
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", data.label);
  for (const stretch of data.stretches) text.appendChild(stretch.length ? changed(stretch) : untouched());
  const old = parentElement.querySelector(".changes");
  if (old) old.replaceWith(text);
  else parentElement.appendChild(text);
}

function changed(pieces) {
  const lines = document.createElement("p");
  for (const [fate, words] of pieces) {
    const piece = lines.appendChild(document.createElement({ gone: "del", new: "ins" }[fate] ?? "span"));
    piece.textContent = words;
  }
  return lines;
}

function untouched() {
  const dots = document.createElement("p");
  dots.className = "same";
  dots.textContent = "…";
  dots.setAttribute("aria-label", "unchanged");
  return dots;
}
