// The sheet at the end of a talk: topics, outcome, note. All may be left out; what was chosen stays if it is closed.

import { find, makeToggle } from "./dom.js";
import { onTap } from "./taps.js";
import { nameOf, say } from "./words.js";

const MAX_TOPICS = 10;
const OUTCOMES = ["explained", "accepted", "redirected"];

/** Return {open(desk), repaint(), sync(desk)}. `onFinish(body)` is told once the operator confirms. */
export function makeFinishSheet(onFinish) {
  const sheet = find("finish-sheet");
  const note = find("note");
  let draft = null;

  function paint() {
    if (!draft) return;
    find("finish-title").textContent = say("finish_ticket", { number: draft.number });
    find("topics").replaceChildren(...draft.choices.map(topicToggle));
    find("outcomes").replaceChildren(...OUTCOMES.map(outcomeToggle));
    showConfirm();
  }

  function topicToggle(topic) {
    const toggle = makeToggle(nameOf(topic.names), draft.topics.has(topic.code), () => {
      const full = !draft.topics.has(topic.code) && draft.topics.size >= MAX_TOPICS;
      find("topics-full").textContent = full ? say("topics_full") : "";
      if (full) return;
      if (!draft.topics.delete(topic.code)) draft.topics.add(topic.code);
      toggle.setAttribute("aria-pressed", String(draft.topics.has(topic.code)));
      showConfirm();
    });
    toggle.dataset.topic = topic.code;
    return toggle;
  }

  function outcomeToggle(outcome) {
    const toggle = makeToggle(say(outcome), draft.outcome === outcome, () => {
      draft.outcome = draft.outcome === outcome ? null : outcome;
      for (const one of find("outcomes").children) one.setAttribute("aria-pressed", String(one.dataset.outcome === draft.outcome));
    });
    toggle.dataset.outcome = outcome;
    return toggle;
  }

  function showConfirm() {
    find("confirm").textContent = say(draft.topics.size ? "finish" : "finish_plain");
  }

  function confirm() {
    if (!draft || !sheet.open) return;
    sheet.close();
    onFinish({ topics: [...draft.topics], outcome: draft.outcome, note: note.value.trim() });
  }

  onTap(find("confirm"), confirm);
  find("finish-form").addEventListener("submit", (event) => event.preventDefault());

  return {
    open(desk) {
      if (draft?.number !== desk.current.number) {
        draft = { number: desk.current.number, topics: new Set(), outcome: null, choices: [] };
        note.value = "";
      }
      draft.choices = desk.topics;
      find("topics-full").textContent = "";
      paint();
      sheet.showModal();
    },
    repaint: paint,
    /** Close the sheet when its ticket is no longer being served here; returns whether it had to. */
    sync(desk) {
      const mine = desk.current?.state === "serving" && desk.current.number === draft?.number;
      if (!sheet.open || mine) return false;
      sheet.close();
      return true;
    },
  };
}
