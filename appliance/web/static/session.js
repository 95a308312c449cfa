// Whose tablet this is: the bearer token (kept on the tablet, never in the address) and the chosen desk.

const KEPT = "kezek.token";
const TOKEN = /kz[dos]_[A-Za-z0-9_-]{8,}/;

/** Return the token in a typed key or a pasted link, null when there is none. */
export function findToken(text) {
  return TOKEN.exec(text)?.[0] ?? null;
}

/** Move a token from the address to this tablet's memory, so that nobody reads it off the screen. */
export function takeTokenFromAddress() {
  const found = findToken(location.hash);
  if (found) keepToken(found);
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

export function keptToken() {
  return localStorage.getItem(KEPT);
}

export function keepToken(token) {
  localStorage.setItem(KEPT, token);
}

export function forgetToken() {
  localStorage.removeItem(KEPT);
}

/** Return the desk named in the address, null when none is. */
export function deskInAddress() {
  return new URLSearchParams(location.search).get("desk");
}

export function addressOfDesk(desk) {
  return `/operator?desk=${encodeURIComponent(desk)}`;
}
