// Every phrase in the language of this tablet. The language is kept on the tablet; Kazakh until one is chosen.

import { facts } from "./facts.js";

const KEPT = "kezek.language";
export const LANGUAGES = ["kk", "ru", "en"];
let language = LANGUAGES.includes(localStorage.getItem(KEPT)) ? localStorage.getItem(KEPT) : LANGUAGES[0];
document.documentElement.lang = language;

/** Return the phrase `key` with `{name}` filled in from `values`; an unknown key is shown as it is, never empty. */
export function say(key, values = {}) {
  const phrase = facts.words[key]?.[language] ?? key;
  return phrase.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Return whether there is a phrase for `key`. */
export function knows(key) {
  return key in facts.words;
}

/** Return a service's or topic's name in the tablet's language. */
export function nameOf(names) {
  return names[language] || names.ru || names.kk;
}

/** Write the words of all marked elements. */
export function writeWords() {
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = say(element.dataset.word);
  }
}

/** Build the switch between languages; each is named in itself. `onChange` is told after a switch. */
export function offerLanguages(place, onChange) {
  for (const one of LANGUAGES) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = one;
    button.textContent = facts.words.languages[one].slice(0, 3);
    button.setAttribute("aria-label", facts.words.languages[one]);
    button.setAttribute("aria-pressed", String(one === language));
    button.addEventListener("click", () => {
      language = one;
      localStorage.setItem(KEPT, one);
      document.documentElement.lang = one;
      for (const other of place.children) other.setAttribute("aria-pressed", String(other.lang === one));
      place.setAttribute("aria-label", say("language"));
      writeWords();
      onChange();
    });
    place.append(button);
  }
  place.setAttribute("aria-label", say("language"));
  writeWords();
}
