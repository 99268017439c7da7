// Strokes: small drawings as nodes of the page. Paths and kinds come as data; a text is set as text, never as markup.

const SVG_SPACE = "http://www.w3.org/2000/svg";

function drawn({ width, height, strokes }, said) {
  const root = document.createElementNS(SVG_SPACE, "svg");
  const facts = { class: "strokes", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said };
  for (const [name, value] of Object.entries(facts)) root.setAttribute(name, String(value));
  const told = root.appendChild(document.createElementNS(SVG_SPACE, "title")); // under the pointer
  told.textContent = said;
  for (const [kind, path] of strokes) {
    const stroke = root.appendChild(document.createElementNS(SVG_SPACE, "path"));
    stroke.setAttribute("class", kind);
    stroke.setAttribute("d", path);
  }
  return root;
}
