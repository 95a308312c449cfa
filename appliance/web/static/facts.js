// What the server wrote into the page: words, event names, and the hall's clock at that moment.

export const facts = JSON.parse(document.getElementById("facts").textContent);

const [, shownDate, shownTime] = /^(\S+)T([\d:.]+)/.exec(facts.now);
const shown = Date.parse(`${shownDate}T${shownTime}Z`);
const loaded = Date.now();

/** The hall's time of day now, as HH:MM:SS. A tablet's own clock and zone may be wrong, so only its pace counts. */
export function hallTime() {
  return new Date(shown + (Date.now() - loaded) * facts.speed).toISOString().slice(11, 19);
}
