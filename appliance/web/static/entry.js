// Before a desk is open: asking for the token, and choosing a desk.

import { Away, read } from "./api.js";
import { find, make } from "./dom.js";
import { addressOfDesk, findToken, keepToken } from "./session.js";
import { nameOf, say } from "./words.js";

const PARTS = ["door", "choice", "work"];
const AGAIN_MS = 2000;

/** Show one part of the page, hide the others. */
export function showOnly(part) {
  for (const one of PARTS) find(one).hidden = one !== part;
}

/** Ask for a token and say why (`reason` is a word's key or null). Returns what paints it in a new language. */
export function offerDoor(reason, onToken) {
  let trouble = reason;
  const paint = () => {
    find("key-trouble").hidden = !trouble;
    find("key-trouble").textContent = trouble ? say(trouble) : "";
  };
  showOnly("door");
  find("key-form").onsubmit = (event) => {
    event.preventDefault();
    const token = findToken(find("key").value);
    if (token) {
      find("key").value = "";
      keepToken(token);
      onToken();
    } else {
      trouble = "key_malformed";
      paint();
    }
  };
  paint();
  find("key").focus();
  return paint;
}

/** Show the desks of the board as links, and why (`reason` is a word's key or null). Returns what paints them anew. */
export function offerDesks(reason) {
  let board = null;
  let away = false;
  const paint = () => {
    const names = Object.fromEntries((board?.services ?? []).map((one) => [one.code, one.names]));
    find("choice-trouble").textContent = away ? say("away") : board && !board.desks.length ? say("no_desks") : reason ? say(reason) : "";
    find("choices").replaceChildren(...(board?.desks ?? []).map((desk) => deskLink(desk, names)));
  };
  const load = async () => {
    try {
      board = await read("/board");
      away = false;
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      away = true;
      setTimeout(load, AGAIN_MS);
    }
    paint();
  };
  showOnly("choice");
  load();
  return paint;
}

function deskLink(desk, names) {
  const service = desk.services.map((code) => (names[code] ? nameOf(names[code]) : code)).join(", ");
  const busy = desk.state === "paused" ? say("desk_paused") : desk.current ? `${say("desk_taken")}: ${desk.current}` : "";
  return make("li", {}, make("a", { href: addressOfDesk(desk.id) },
    make("span", { class: "number" }, desk.id),
    make("span", {}, service),
    busy ? make("small", {}, busy) : null));
}
