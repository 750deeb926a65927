// Small helpers around the document and the control interface of the sandbox.

export const $ = (selector, root = document) => root.querySelector(selector);

/** Make an element: el("button.pill", { type: "button" }, "Text", child). */
export function el(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  node.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** One of the icons that index.html defines. */
export function icon(name, extra = "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `i ${extra}`);
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Set the text of an element, if it is another one: what stays the same is left alone. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Ask the sandbox; a refusal becomes an Error with its reason. */
export async function api(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(`/sandbox/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `the sandbox answered ${response.status}`);
  return answer;
}

/** Say something to people who cannot see it, and to others for a moment. */
export function announce(text) {
  const place = $("#announce");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

/** Let a button open and close the box beside it; Escape and a click elsewhere close it. */
export function popover(button, body) {
  const show = (open) => {
    body.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) $("button", body)?.focus();
  };
  button.addEventListener("click", () => show(body.hidden));
  body.addEventListener("click", () => { show(false); button.focus(); });
  body.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || body.hidden) return;
    show(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!body.parentElement.contains(event.target)) show(false);
  });
}
