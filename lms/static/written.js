// A written task, kept like an answer (draft.js). Without this file the form's buttons still save.
"use strict";
(() => {
  const form = document.getElementById("written-form"), field = form.elements;
  const own = ["csrf_token", "base", "writer", "seq", "hand_in"];
  let leaving = null;

  const written = () => [...new FormData(form)].filter(([name]) => !own.includes(name));
  const filled = fields => JSON.stringify(fields.filter(([, value]) => value.trim()));
  const count = () => { field.seq.value = Number(field.seq.value) + 1; };

  function put(entry) {
    for (const each of form.elements) {
      if (!each.name || own.includes(each.name)) continue;
      const given = entry.fields.filter(([name]) => name === each.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(each.type)) each.checked = given.includes(each.value);
      else each.value = given[0] || "";
    }
  }

  function measure() {
    for (const shown of document.querySelectorAll("[data-count]")) {
      const text = document.getElementById(shown.dataset.count).value.trim();
      shown.textContent = shown.dataset.words.replace("#", text ? text.split(/\s+/).length : 0).replace("@", text.length);
    }
  }

  const kept = draft({
    form,
    name: "written",
    address: form.action,
    entry: () => {
      count();
      return { fields: written(), base: field.base.value, writer: field.writer.value, seq: Number(field.seq.value) };
    },
    fields: entry => [...entry.fields, ["base", entry.base], ["writer", entry.writer], ["seq", entry.seq]],
    same: entry => filled(entry.fields) === filled(written()),
    put,
    base: () => Number(field.base.value),
    rebase: told => { field.base.value = told.number; },
    idle: () => {
      if (!leaving || kept.waits()) return;
      const button = leaving;
      leaving = null;
      form.requestSubmit(button);
    },
  });
  form.addEventListener("input", () => { kept.record(); measure(); });
  form.addEventListener("keydown", event => { // Enter goes to the next line
    if (event.key !== "Enter" || event.target.type !== "text") return;
    const lines = [...form.elements].filter(each => each.offsetParent && ["text", "textarea"].includes(each.type));
    event.preventDefault();
    (lines[lines.indexOf(event.target) + 1] || event.target).focus();
  });
  form.addEventListener("submit", event => {
    if (!kept.waits() || kept.isOver()) return count();
    event.preventDefault(); // what was written last is on its way first
    leaving = event.submitter;
    kept.send();
  });
  measure();
})();
