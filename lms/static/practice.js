// The practice task's text, kept like an answer (draft.js). Without this file the form's buttons still save.
"use strict";
(() => {
  const form = document.getElementById("practice-form"), area = form.elements.text, writer = random();
  let seq = 0, base = Number(form.dataset.version), handing = false;

  const kept = draft({
    form,
    name: "practice",
    address: form.getAttribute("action"),
    entry: () => ({ text: area.value, base, writer, seq: ++seq }),
    fields: entry => [["text", entry.text], ["base", entry.base], ["writer", entry.writer], ["seq", entry.seq]],
    same: entry => entry.text.trim() === area.value.trim(),
    put: entry => { area.value = entry.text; },
    base: () => base,
    rebase: (told, newest) => {
      base = told.version;
      if (newest && told.text !== undefined) area.value = told.text; // the dead page's last words had come by another way
    },
    handing: () => handing,
  });
  area.addEventListener("input", kept.record);
  form.addEventListener("submit", () => { handing = true; }); // the next page sees whether the text has arrived
})();
