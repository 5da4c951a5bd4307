// Some boxes of Django's admin have no name that a screen reader could read: the pickers that
// select2 draws, the two halves of a moment, the ticks that delete a row. Give them their names.
// The rich-text editor names its buttons in English only: translate them.
(() => {
  "use strict";

  const nameOf = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    return select.getAttribute("aria-label") || (label ? label.textContent.trim() : "");
  };

  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const drawn = select.nextElementSibling;
      const text = nameOf(select);
      if (!text || !drawn || !drawn.matches(".select2-container")) continue;
      drawn.querySelector(".select2-search__field")?.setAttribute("aria-label", text);
      const box = drawn.querySelector("[role=combobox][aria-labelledby]");
      drawn.querySelector("[role=textbox]")?.setAttribute("aria-label", text);
      if (!box || document.getElementById(`${select.id}-name`)) continue;
      // select2 names the box after what is chosen; nothing chosen, no name.
      const name = document.createElement("span");
      name.id = `${select.id}-name`;
      name.className = "visually-hidden";
      name.textContent = text;
      drawn.append(name);
      box.setAttribute("aria-labelledby", `${name.id} ${box.getAttribute("aria-labelledby")}`);
    }
  };

  const nameRest = () => {
    for (const tick of document.querySelectorAll("td.delete input")) {
      const heading = tick.closest("table").querySelector("thead th:last-child");
      if (heading) tick.setAttribute("aria-label", heading.textContent.trim());
    }
    for (const half of document.querySelectorAll(".datetime input")) {
      const label = half.closest(".fieldBox, .form-row")?.querySelector("label");
      const kind = half.previousSibling?.textContent.trim() ?? "";
      if (label) half.setAttribute("aria-label", `${label.textContent.trim()} ${kind}`);
    }
    // A table that is wider than its box is scrolled by keyboard only if the box can have focus.
    for (const box of document.querySelectorAll(".inline-group .tabular")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  };

  const translateButtons = () => {
    for (const button of document.querySelectorAll(".prose-menubar [title]:not([data-named])")) {
      button.title = window.gettext?.(button.title) ?? button.title;
      if (button.hasAttribute("aria-label")) button.setAttribute("aria-label", button.title);
      button.dataset.named = "";
    }
  };

  const nameAll = () => {
    nameBoxes();
    nameRest();
  };

  // Through jQuery's queue: select2 starts from there too, and must have drawn its boxes.
  addEventListener("load", () => (window.django ? window.django.jQuery(nameAll) : nameAll()));
  // The editor draws its buttons after it says that it is ready, and some anew as one writes.
  document.addEventListener("prose-editor:ready", (event) =>
    setTimeout(() => {
      translateButtons();
      const menu = event.target.closest(".prose-editor")?.querySelector(".prose-menubar");
      const changes = { childList: true, subtree: true };
      if (menu) new MutationObserver(translateButtons).observe(menu, changes);
    }),
  );
  document.addEventListener("formset:added", () => setTimeout(nameAll));
})();
