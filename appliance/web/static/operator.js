// The operator's page: who am I, which desk, then one desk kept up to date and one tap at a time.

import { act, Away, read, Refused } from "./api.js";
import { makeTimer, nextStep, paintActions, paintDesk } from "./desk.js";
import { find, tell } from "./dom.js";
import { offerDesks, offerDoor, showOnly } from "./entry.js";
import { facts, hallTime } from "./facts.js";
import { watch } from "./feed.js";
import { makeFinishSheet } from "./finish.js";
import { makeMoreSheet } from "./more.js";
import { deskInAddress, forgetToken, keptToken, takeTokenFromAddress } from "./session.js";
import { alone, onTap } from "./taps.js";
import { knows, offerLanguages, say } from "./words.js";

const SLOW_MS = 400;
const AGAIN_MS = 1000;
const setTimer = makeTimer();
const state = {
  token: null, deskId: null, desk: null, services: {}, shownAt: 0, asOf: "", away: false, pending: null,
  trouble: null, news: null, feed: null, repaintEntry: null, beginnings: 0,
};

// --- looking

async function look() {
  const started = performance.now();
  const { deskId, token } = state;
  try {
    const desk = await read(`/desks/${encodeURIComponent(deskId)}`, token);
    if (!state.feed || state.deskId !== deskId) return true; // the desk was left meanwhile
    accept(desk, started);
    if (!Object.keys(state.services).length) await learnServices();
    return true;
  } catch (error) {
    return onLookFailed(error);
  }
}

async function learnServices() {
  const board = await read("/board");
  state.services = Object.fromEntries(board.services.map((one) => [one.code, one.names]));
  paint();
}

function onLookFailed(error) {
  if (!state.feed) return true; // stopped meanwhile
  if (error instanceof Away) setAway(true);
  else if (error instanceof Refused && error.status === 401) askForToken("key_unknown");
  else if (error instanceof Refused && error.code === "unknown_desk") chooseDesk("error_unknown_desk");
  else if (error instanceof Refused) complain(error);
  else throw error;
  return !(error instanceof Away);
}

/** Show a desk, unless a newer one is shown and this was asked for before that came. */
function accept(desk, started) {
  if (state.desk && desk.seq < state.desk.seq && started < state.shownAt) return;
  const before = state.desk?.current;
  state.desk = desk;
  state.shownAt = performance.now();
  state.asOf = hallTime();
  state.away = false;
  setTimer(desk.current);
  const called = desk.current?.state === "called" && (before?.number !== desk.current.number || before.attempt !== desk.current.attempt);
  if (called) find("aloud").textContent = `${say("called_aloud", { number: desk.current.number })} → ${desk.id}`;
  const closed = [finishSheet.sync(desk), moreSheet.sync(desk)].some(Boolean);
  if (closed && !state.pending) state.news = { key: "changed_elsewhere" };
  paint();
}

function setAway(away) {
  state.away = away;
  paint();
}

// --- doing

/** Carry out a verb; a tap is kept and repeated for ten seconds, and given up in words. Returns the answer. */
function carryOut(path, body, word) {
  return alone(async () => {
    Object.assign(state, { trouble: null, news: null, pending: { word } });
    const slow = setTimeout(() => { if (state.pending) { state.pending.slow = true; paint(); } }, SLOW_MS);
    paint();
    const started = performance.now();
    try {
      const answer = await act(path, body, state.token, () => {
        state.pending.retrying = true;
        setAway(true);
      });
      return { ...answer, started };
    } catch (error) {
      onDeedFailed(error, word);
      return null;
    } finally {
      clearTimeout(slow);
      state.pending = null;
      paint();
    }
  });
}

function onDeedFailed(error, word) {
  if (error instanceof Away) {
    state.trouble = { key: "given_up", values: { action: say(word) } };
    setAway(true);
  } else if (error instanceof Refused && error.status === 401) {
    askForToken("key_unknown");
  } else if (error instanceof Refused) {
    complain(error);
    state.feed?.lookNow();
  } else {
    throw error;
  }
}

function complain(error) {
  const key = `error_${error.code}`;
  state.trouble = knows(key) ? { key } : { text: error.message };
  paint();
}

// Verbs on the ticket at the desk name it: a tap kept back while cut off must not touch somebody else's.
const ON_CURRENT = new Set(["start", "recall", "finish", "no-show", "hold", "transfer"]);

async function atDesk(verb, fields, word) {
  const current = state.desk.current?.number;
  const body = ON_CURRENT.has(verb) && current ? { ...fields, ticket: current } : fields;
  const answer = await carryOut(`/desks/${encodeURIComponent(state.deskId)}/${verb}`, body, word);
  if (answer && !answer.replayed) accept(answer.data, answer.started);
  else state.feed?.lookNow();
}

async function toTicket(verb, number, word, done) {
  const answer = await carryOut(`/tickets/${encodeURIComponent(number)}/${verb}`, {}, word);
  if (answer) state.news = { key: done, values: { number } };
  paint();
  state.feed?.lookNow();
}

function doNext() {
  const step = nextStep(state.desk);
  if (step.verb === "finish") finishSheet.open(state.desk);
  else atDesk(step.verb, {}, step.word);
}

const finishSheet = makeFinishSheet((body) => atDesk("finish", body, "finish"));
const moreSheet = makeMoreSheet({ desk: atDesk, ticket: toTicket }, () => state.services);

// --- painting

function paint() {
  const missing = state.desk ? "" : spell(state.trouble); // before a desk is shown there is no other place to say it
  const away = `⚠ ${state.asOf ? say("no_server", { t: state.asOf }) : say("away")}`;
  tell(find("away"), state.away ? away : missing);
  tell(find("trouble"), spell(state.trouble));
  tell(find("news"), spell(state.news));
  if (!state.desk) return;
  showOnly("work");
  find("actions").hidden = false;
  paintDesk(state.desk, state.services, (number, where) => moreSheet.openTicket(state.desk, number, where));
  paintActions(state.desk, state);
}

function spell(message) {
  if (!message) return "";
  return message.text ?? say(message.key, message.values);
}

function repaintAll() {
  state.repaintEntry?.();
  paint();
  finishSheet.repaint();
  moreSheet.repaint();
}

// --- beginning

function leaveDesk() {
  state.feed?.stop();
  document.querySelectorAll("dialog[open]").forEach((sheet) => sheet.close());
  Object.assign(state, { feed: null, desk: null, asOf: "", trouble: null, news: null });
  find("actions").hidden = true;
  for (const id of ["desk-id", "desk-name"]) find(id).textContent = "";
  paint();
}

function askForToken(reason) {
  leaveDesk();
  setAway(false);
  forgetToken();
  find("change-desk").hidden = true;
  state.repaintEntry = offerDoor(reason, begin);
}

function chooseDesk(reason) {
  leaveDesk();
  find("change-desk").hidden = true;
  state.repaintEntry = offerDesks(reason);
}

function openDesk(desk) {
  state.repaintEntry = null;
  state.deskId = desk;
  state.feed = watch(facts.events, look);
}

async function begin() {
  const mine = ++state.beginnings; // a later beginning, with another token, makes this one void
  leaveDesk();
  state.token = keptToken();
  if (!state.token) {
    askForToken(null);
    return;
  }
  let me;
  try {
    me = await read("/whoami", state.token);
  } catch (error) {
    if (mine !== state.beginnings) return;
    if (error instanceof Refused) {
      askForToken("key_unknown");
    } else {
      setAway(true);
      setTimeout(() => { if (mine === state.beginnings) begin(); }, AGAIN_MS);
    }
    return;
  }
  if (mine !== state.beginnings) return;
  setAway(false);
  if (me.role === "device") {
    askForToken("key_of_device");
    return;
  }
  find("change-desk").hidden = me.desk !== null || !deskInAddress();
  const desk = me.desk ?? deskInAddress();
  if (desk) openDesk(desk);
  else chooseDesk(null);
}

onTap(find("main"), doNext);
onTap(find("recall"), () => atDesk("recall", {}, "recall"));
onTap(find("no-show"), () => atDesk("no-show", {}, "no_show"));
find("more").addEventListener("click", () => moreSheet.open(state.desk));
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
window.addEventListener("offline", () => { if (state.desk) setAway(true); });
window.addEventListener("hashchange", () => { if (takeTokenFromAddress()) begin(); });
offerLanguages(find("languages"), repaintAll);
takeTokenFromAddress();
begin();
