// Finds the number that the form's proof of work asks for, as soon as somebody begins to type.
"use strict";

(() => {
  const field = document.querySelector("input[data-task]");
  if (!field || !window.crypto?.subtle) return;
  const form = field.form;
  const task = JSON.parse(field.dataset.task);
  const encoder = new TextEncoder();
  let search = null;
  let isReady = false;

  const hash = async (number) => {
    const digest = await crypto.subtle.digest(task.algorithm, encoder.encode(task.salt + number));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const solve = async () => {
    for (let number = 0; number <= task.highest; number += 1) {
      if ((await hash(number)) === task.challenge) {
        const { algorithm, challenge, salt, signature } = task;
        field.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
        return;
      }
    }
  };

  const begin = () => (search ??= solve().finally(() => { isReady = true; }));

  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", (event) => {
    if (isReady) return;
    event.preventDefault();
    begin().finally(() => form.requestSubmit(event.submitter));
  });
})();
