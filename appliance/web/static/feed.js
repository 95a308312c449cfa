// When to look again: at each event of the appliance's stream, and by the clock when no stream is to be had.

const SOON_MS = 50;
const STREAMING_MS = 10000;
const POLLING_MS = 2500;
const AWAY_MS = 1000;
const REOPEN_MS = 20000;

/**
 * Call `look` whenever something may have changed. Bursts become one look, and never two at a time.
 * `look` resolves to whether it was answered. Returns {lookNow, stop}.
 */
export function watch(events, look) {
  let stream = null;
  let timer = 0;
  let reopening = 0;
  let looking = false;
  let again = false;
  let answered = true;
  let stopped = false;

  function lookIn(milliseconds) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(lookNow, milliseconds);
  }

  async function lookNow() {
    if (looking) {
      again = true;
      return;
    }
    clearTimeout(timer);
    looking = true;
    const before = answered;
    answered = await look();
    looking = false;
    if (answered && !before) open(); // the old stream may hang on a network that is gone
    if (again) lookIn(SOON_MS);
    else if (!answered) lookIn(AWAY_MS);
    else lookIn(stream?.readyState === EventSource.OPEN ? STREAMING_MS : POLLING_MS);
    again = false;
  }

  function lookSoon() {
    if (looking) again = true;
    else lookIn(SOON_MS);
  }

  function open() {
    clearTimeout(reopening);
    stream?.close();
    if (stopped) return;
    stream = new EventSource("/api/v1/events");
    for (const name of events) stream.addEventListener(name, lookSoon);
    stream.addEventListener("open", lookSoon);
    stream.addEventListener("error", () => {
      // Refused (too many streams) closes it for good; a broken one opens again by itself.
      if (stream.readyState === EventSource.CLOSED) reopening = setTimeout(open, REOPEN_MS);
      lookNow();
    });
  }

  function onVisible() {
    if (document.visibilityState === "visible") lookNow();
  }

  document.addEventListener("visibilitychange", onVisible);
  window.addEventListener("online", lookNow);
  window.addEventListener("offline", lookNow);
  open();
  lookNow();
  return {
    lookNow,
    stop() {
      stopped = true;
      stream?.close();
      clearTimeout(timer);
      clearTimeout(reopening);
      document.removeEventListener("visibilitychange", onVisible);
      window.removeEventListener("online", lookNow);
      window.removeEventListener("offline", lookNow);
    },
  };
}
