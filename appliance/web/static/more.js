// The sheet of rarer things: break, hold, transfer, a ticket by choice. Each view is built when it is opened.

import { find, make, makeToggle } from "./dom.js";
import { nameOf, say } from "./words.js";

const LOOKALIKE = { A: "А", B: "В", C: "С", E: "Е", H: "Н", K: "К", M: "М", O: "О", P: "Р", T: "Т", X: "Х" };
const PAUSES = ["pause_lunch", "pause_short", "pause_meeting"];
const REASONS = ["reason_frail", "reason_child", "reason_late"];

/** Return the number as it is on slips from what was typed: `45` at desk К1 and `k-45` are both К-045. */
export function readNumber(typed, service) {
  const found = /^(\p{L})?[\s–-]*(\d{1,4})$/u.exec(typed.trim().toUpperCase());
  if (!found) return null;
  const letter = found[1] ? LOOKALIKE[found[1]] ?? found[1] : service;
  return `${letter}-${found[2].padStart(3, "0")}`;
}

/**
 * Return {open(desk), openTicket(desk, number, state), repaint(), sync(desk)}.
 * `deeds.desk(verb, body, word)` and `deeds.ticket(verb, number, word, done)` carry out what is chosen.
 */
export function makeMoreSheet(deeds, services) {
  const sheet = find("more-sheet");
  const body = find("more-body");
  let view = null;
  let desk = null;

  function show(next) {
    view = next;
    body.replaceChildren(...view());
    if (!sheet.open) sheet.showModal();
    body.querySelector("button, input")?.focus();
  }

  function title(text) {
    find("more-title").textContent = text;
  }

  /** A full-width choice; `deed` closes the sheet first, a `view` stays in it. */
  function row(word, { deed, next, hint }) {
    const onclick = () => {
      if (next) {
        show(next);
        return;
      }
      sheet.close();
      deed();
    };
    return make("button", { type: "button", class: "row", onclick }, word, hint ? make("small", {}, hint) : null);
  }

  function back() {
    return row(`← ${say("back")}`, { next: menu });
  }

  function menu() {
    const number = desk.current?.number;
    const paused = desk.state === "paused";
    title(say("more"));
    return [
      number && row(say("hold_ticket", { number }), { deed: () => deeds.desk("hold", { reason: "" }, "hold"), hint: say("hold_hint") }),
      number && row(say("transfer_ticket", { number }), { next: transfer, hint: say("hold_hint") }),
      number && row(`${say("reprint")}: ${number}`, { deed: () => deeds.ticket("reprint", number, "reprint", "reprinted") }),
      row(say("by_number"), { next: byNumber }),
      paused
        ? row(say("resume_work"), { deed: () => deeds.desk("resume", {}, "resume_work") })
        : row(say("start_pause"), { next: pause }),
    ].filter(Boolean);
  }

  function pause() {
    title(say("start_pause"));
    const rows = PAUSES.map((key) => row(say(key), { deed: () => deeds.desk("pause", { reason: say(key) }, "pause") }));
    return [...rows, back()];
  }

  function transfer() {
    title(say("to_which_service"));
    const others = Object.entries(services()).filter(([code]) => !desk.services.includes(code));
    const rows = others.map(([code, names]) => row(nameOf(names), {
      deed: () => deeds.desk("transfer", { service: code, reason: "" }, "transfer"),
    }));
    return [...rows, back()];
  }

  function byNumber() {
    title(say("by_number"));
    const input = make("input", { id: "wanted", autocomplete: "off", spellcheck: "false", "aria-describedby": "wanted-hint" });
    const trouble = make("p", { class: "bar trouble", role: "alert", hidden: true });
    const onsubmit = (event) => {
      event.preventDefault();
      const number = readNumber(input.value, desk.services[0]);
      trouble.textContent = number ? "" : say("number_malformed");
      trouble.hidden = Boolean(number);
      if (number) show(() => ticket(number, "typed"));
    };
    return [
      make("form", { onsubmit },
        make("label", { for: "wanted" }, say("ticket_number")),
        make("p", { class: "quiet", id: "wanted-hint" }, say("number_hint")),
        trouble,
        input,
        make("button", { type: "submit", class: "row" }, say("find"))),
      back(),
    ];
  }

  function ticket(number, state) {
    title(state === "typed" ? number : `${number} · ${say(`state_${state}`)}`);
    const rows = [];
    if (state !== "waiting" && state !== "held") rows.push(row(say("return_to_line"), { deed: () => deeds.ticket("return", number, "return_to_line", "returned"), hint: say("hold_hint") }));
    if (state === "typed" || state === "held") rows.push(row(say("resume_ticket"), { deed: () => deeds.ticket("resume", number, "resume_ticket", "returned"), hint: say("hold_hint") }));
    if (!desk.current && desk.state === "open" && state !== "held") rows.push(row(say("call_now"), { next: () => reasons(number, state) }));
    rows.push(row(say("reprint"), { deed: () => deeds.ticket("reprint", number, "reprint", "reprinted") }));
    return rows;
  }

  function reasons(number, state) {
    title(`${say("call_now")}: ${number}`);
    let chosen = state === "no_show" ? "reason_late" : null;
    const other = make("input", { id: "other-reason", maxlength: "200", autocomplete: "off" });
    const trouble = make("p", { class: "bar trouble", role: "alert", hidden: true });
    const chips = REASONS.map((key) => makeToggle(say(key), key === chosen, () => {
      chosen = chosen === key ? null : key;
      chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(REASONS[index] === chosen)));
    }));
    const onsubmit = (event) => {
      event.preventDefault();
      const reason = [chosen && say(chosen), other.value.trim()].filter(Boolean).join("; ").slice(0, 200);
      tellTrouble(trouble, reason ? "" : say("reason_needed"));
      if (!reason) return;
      sheet.close();
      deeds.desk("call", { ticket: number, reason }, "call_now");
    };
    return [make("form", { onsubmit },
      make("p", {}, say("reason")),
      make("div", { class: "chips" }, ...chips),
      make("label", { for: "other-reason" }, say("reason_other")),
      other,
      trouble,
      make("button", { type: "submit", class: "main" }, say("call_now")))];
  }

  function tellTrouble(element, text) {
    element.textContent = text;
    element.hidden = !text;
  }

  return {
    open(now) {
      desk = now;
      show(menu);
    },
    openTicket(now, number, state) {
      desk = now;
      show(() => ticket(number, state));
    },
    repaint() {
      if (sheet.open) show(view);
    },
    /** Close the sheet when the desk's ticket changed under it; returns whether it had to. */
    sync(now) {
      const same = desk && desk.current?.number === now.current?.number && desk.current?.state === now.current?.state;
      if (!sheet.open || (same && desk.state === now.state)) return false;
      sheet.close();
      return true;
    },
  };
}
