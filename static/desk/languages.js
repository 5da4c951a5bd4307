// One language switch for the whole form. Runs in the head, so that no other language flashes
// up; the page works without it: then all languages stand side by side.
(() => {
  "use strict";

  const STORED = "desk-language";
  const CHOICES = ["en", "zh-hans", "zh-hant", "all"];
  const root = document.documentElement;

  const fromAddress = () => new URLSearchParams(location.hash.slice(1)).get("lang");
  const stored = () => {
    try {
      return localStorage.getItem(STORED);
    } catch {
      return null; // storage is switched off: the choice lasts for this page
    }
  };
  const first = [fromAddress(), stored(), "en"].find((choice) => CHOICES.includes(choice));
  root.dataset.deskLanguage = first;

  const show = (choice, tabs, remember = true) => {
    root.dataset.deskLanguage = choice;
    for (const tab of tabs) {
      const isChosen = tab.dataset.language === choice;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    if (!remember) return;
    try {
      localStorage.setItem(STORED, choice);
    } catch {
      // see above
    }
    history.replaceState(history.state, "", `#lang=${choice}`);
  };

  // The rich-text box has no label of its own: say which text it is, and in which language. The
  // editor starts before the page counts as loaded, so listen now.
  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    const box = editor.view.dom;
    if (textarea.lang) box.lang = textarea.lang;
    if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/\s+/g, " "));
  });

  // The language of the box an element stands in, by the name Django gives the box.
  const languageOf = (element) => {
    const box = element.closest("[class*='field-']");
    const found = box && box.className.match(/field-\w+?_(en|zh_hans|zh_hant)(?:\s|$)/);
    return found ? found[1].replace("_", "-") : null;
  };

  const markErrors = (tabs) => {
    const languages = new Set();
    for (const box of document.querySelectorAll(".form-multiline > div, td")) {
      if (!box.querySelector(":scope > .errorlist")) continue;
      const field = box.matches("td") ? box : box.querySelector(".fieldBox");
      const language = field && languageOf(field);
      if (language) languages.add(language);
    }
    for (const tab of tabs) {
      tab.classList.toggle("desk-tab--error", languages.has(tab.dataset.language));
      const note = tab.querySelector(".desk-tab__error");
      if (note) note.hidden = !languages.has(tab.dataset.language);
    }
    const current = root.dataset.deskLanguage;
    if (languages.size && current !== "all" && !languages.has(current)) {
      return [...languages][0];
    }
    return current;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const list = document.querySelector("[data-desk-languages]");
    if (!list) return;
    const tabs = [...list.querySelectorAll("[role=tab]")];
    show(markErrors(tabs), tabs, false);

    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) show(tab.dataset.language, tabs);
    });
    list.addEventListener("keydown", (event) => {
      const place = tabs.indexOf(document.activeElement);
      if (place < 0) return;
      const last = tabs.length - 1;
      const target = {
        ArrowRight: place === last ? 0 : place + 1,
        ArrowLeft: place === 0 ? last : place - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      tabs[target].focus();
      show(tabs[target].dataset.language, tabs);
    });
    addEventListener("hashchange", () => {
      const choice = fromAddress();
      if (CHOICES.includes(choice)) show(choice, tabs);
    });
  });
})();
