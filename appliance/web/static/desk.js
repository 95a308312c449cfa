// Painting a desk as the server last told it. Nothing is decided here but what the next step is.

import { fill, find, make, tell } from "./dom.js";
import { facts } from "./facts.js";
import { setOff } from "./taps.js";
import { nameOf, say } from "./words.js";

/** Return the one next step at a desk: its verb, its word, and in `off` why it cannot be done now. */
export function nextStep(desk) {
  if (desk.current?.state === "called") return { verb: "start", word: "arrived" };
  if (desk.current) return { verb: "finish", word: "finish" };
  if (desk.state === "paused") return { verb: "resume", word: "resume_work" };
  if (desk.next.length) return { verb: "next", word: "next" };
  return { verb: "next", word: "next", off: desk.waiting ? "all_busy" : "nobody_waits" };
}

/** Paint everything above the buttons. `onTicket(number, state)` opens a ticket of the lists. */
export function paintDesk(desk, services, onTicket) {
  const language = document.documentElement.lang;
  find("desk-id").textContent = desk.id;
  find("desk-name").textContent = nameOf(desk.names);
  document.title = `${desk.current?.number ?? desk.id} · Kezek`;
  find("rehearsal").hidden = !desk.rehearsal;
  paintCard(desk, services, language);
  find("waiting").textContent = say("waiting_count", { n: desk.waiting });
  const next = desk.next.map((one) => ({ number: one.number, minutes: Math.floor(one.waited / 60) }));
  const nobody = { why: desk.waiting ? "all_busy" : "nobody_waits" };
  fill(find("next-list"), next.length ? next : [nobody], language, (one) => (one.why
    ? make("li", { class: "quiet" }, say(one.why))
    : ticketChip(one.number, "waiting", onTicket, say("minutes", { n: one.minutes }))));
  fill(find("busy-list"), desk.busy, language, (one) => make("li", { class: "busy" },
    make("span", { class: "number" }, one.number),
    make("small", {}, one.reason === "held" ? say("state_held") : say("at_desk", { desk: one.desk }))));
  find("busy").hidden = !desk.busy.length;
  fill(find("absent-list"), desk.absent, language, (number) => ticketChip(number, "no_show", onTicket));
  find("absent").hidden = !desk.absent.length;
  fill(find("held-list"), desk.held, language, (number) => ticketChip(number, "held", onTicket));
  find("held").hidden = !desk.held.length;
}

function paintCard(desk, services, language) {
  const ticket = desk.current;
  const card = find("card");
  card.dataset.state = ticket?.state ?? desk.state;
  tell(find("ticket-number"), ticket?.number ?? "");
  find("state").textContent = ticket
    ? say(`state_${ticket.state}`) + (ticket.attempt > 1 && ticket.state === "called" ? `, ${say("attempt", { n: ticket.attempt })}` : "")
    : [say(desk.state === "paused" ? "desk_paused" : "desk_free"), desk.pause_reason].filter(Boolean).join(": ");
  tell(find("ticket-about"), ticket ? aboutTicket(desk, ticket) : "");
  find("others").hidden = !ticket?.others.length;
  fill(find("others-list"), ticket?.others ?? [], [language, services], (one) => make("li", { class: one.state },
    make("span", { class: "number" }, one.number),
    make("span", { class: "service" }, services[one.service] ? nameOf(services[one.service]) : ""),
    make("span", { class: "place" }, whereabouts(one))));
}

function aboutTicket(desk, ticket) {
  const service = desk.services.length > 1 || ticket.service !== desk.services[0] ? nameOf(ticket.names) : "";
  const spoken = ticket.language ? say(`speaks_${ticket.language}`) : "";
  return [spoken, service, ticket.category ? `★ ${ticket.category}` : ""].filter(Boolean).join(" · ");
}

function whereabouts(ticket) {
  if (ticket.state === "called") return say("goes_to_desk", { desk: ticket.desk });
  if (ticket.state === "serving") return say("at_desk", { desk: ticket.desk });
  return say(`state_${ticket.state}`);
}

function ticketChip(number, state, onTicket, more) {
  return make("li", {}, make("button", {
    type: "button", class: "chip", "data-number": number, "aria-haspopup": "dialog", onclick: () => onTicket(number, state),
  }, make("span", { class: "number" }, number), more ? make("small", {}, more) : null));
}

/** Paint the buttons. `pending` is a tap that is on its way: its word, and whether it had to be repeated. */
export function paintActions(desk, { away, pending }) {
  const step = nextStep(desk);
  const main = find("main");
  const slow = pending?.retrying || pending?.slow;
  main.dataset.verb = step.verb;
  main.classList.toggle("away", away);
  main.classList.toggle("sending", Boolean(slow));
  find("main-word").textContent = say(slow ? pending.word : step.word);
  const why = pending?.retrying ? "kept" : slow ? "sending" : away ? "away" : step.off ?? "";
  tell(find("main-why"), why ? (why === "away" || why === "kept" ? "⚠ " : "") + say(why) : "");
  setOff(main, Boolean(step.off));
  const called = desk.current?.state === "called";
  for (const id of ["recall", "no-show"]) find(id).hidden = !called;
}

/** Return what ticks the timer of the ticket shown last: the server's `elapsed`, going on locally. */
export function makeTimer() {
  let base = null;
  const paint = () => tell(find("timer"), base ? clock(base.elapsed + ((performance.now() - base.at) / 1000) * facts.speed) : "");
  setInterval(paint, 500);
  return (ticket) => {
    base = ticket && { elapsed: ticket.elapsed, at: performance.now() };
    paint();
  };
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${parts.join(":")}` : parts.join(":");
}
