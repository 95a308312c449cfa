// Building elements without markup in strings, and lists that change only when their content does.

const shownKeys = new WeakMap();

/** Return the element with this id. */
export function find(id) {
  return document.getElementById(id);
}

/** Make an element; `on` + name properties are listeners, the rest attributes; undefined ones are left out. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Show `text` in an element, hiding it when there is none. Untouched when the same, so it is not read out twice. */
export function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

/** Fill a list with what `build` makes of each item, only if `items` or `salt` changed; focus stays on its item. */
export function fill(list, items, salt, build) {
  const key = JSON.stringify([items, salt]);
  if (shownKeys.get(list) === key) return;
  shownKeys.set(list, key);
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.number : undefined;
  list.replaceChildren(...items.map(build));
  if (focused) list.querySelector(`[data-number="${focused}"]`)?.focus();
}

/** Make a button that is on or off. The mark before its word says so without colour. */
export function makeToggle(word, pressed, onclick) {
  return make("button", { type: "button", class: "chip", "aria-pressed": String(pressed), onclick }, word);
}
