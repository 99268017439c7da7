// Note hits: each a button with client and day, and places of the note below it. All texts are text nodes.

export default function ({ data, parentElement, setTriggerValue }) {
  const list = made("ul", "hits");
  list.setAttribute("aria-label", data.label);
  for (const hit of data.hits) list.appendChild(hitOf(hit, data.open, setTriggerValue));
  const old = parentElement.querySelector(".hits");
  const focused = old?.getRootNode().activeElement?.dataset?.id;
  if (old) old.replaceWith(list);
  else parentElement.appendChild(list);
  if (focused) list.querySelector(`[data-id="${Number(focused)}"]`)?.focus({ preventScroll: true });
}

function hitOf(hit, open, setTriggerValue) {
  const item = made("li", hit.id === open ? "open" : "");
  const button = item.appendChild(made("button", ""));
  button.type = "button";
  button.dataset.id = String(hit.id);
  if (hit.id === open) button.setAttribute("aria-current", "true");
  button.append(made("span", "when", hit.when), made("span", "who", hit.who));
  item.appendChild(made("p", "what", hit.what));
  for (const place of hit.places) {
    const words = item.appendChild(made("p", "place"));
    for (const [text, isHit] of place) words.append(isHit ? made("mark", "", text) : text);
  }
  item.addEventListener("click", (event) => {
    const marking = event.target !== button && String(window.getSelection()) !== "";
    if (!marking) setTriggerValue("opened", hit.id);
  });
  return item;
}

function made(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
