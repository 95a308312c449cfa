// One tap, one deed. The main button changes its meaning under the finger, so a second tap of a double tap would do
// the next step: after a tap, all such buttons rest until it was answered, and for at least SETTLE_MS.

const SETTLE_MS = 700;
let busy = false;
let restUntil = 0;

/** Let `button` do `deed` when tapped, unless it is off or resting. */
export function onTap(button, deed) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    rest();
    deed();
  });
  // A held Enter key repeats clicks; one press is one tap.
  button.addEventListener("keydown", (event) => {
    if (event.repeat) event.preventDefault();
  });
}

/** Say whether a button has nothing to do now; it stays focusable and says why in words. */
export function setOff(button, off) {
  button.dataset.off = String(off);
  show(button);
}

/** Run `deed` while all buttons rest. Returns undefined, doing nothing, when another one runs. */
export async function alone(deed) {
  if (busy) return undefined;
  busy = true;
  rest();
  try {
    return await deed();
  } finally {
    busy = false;
    showAll();
  }
}

function rest() {
  restUntil = performance.now() + SETTLE_MS;
  showAll();
  setTimeout(showAll, SETTLE_MS + 1);
}

function show(button) {
  const off = busy || performance.now() < restUntil || button.dataset.off === "true";
  button.setAttribute("aria-disabled", String(off));
}

function showAll() {
  for (const button of document.querySelectorAll("[data-tap]")) show(button);
}
