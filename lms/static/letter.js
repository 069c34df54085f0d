// A letter as a candidate reads it, while its words are typed.
"use strict";
const sample = document.getElementById("letter-sample");
const values = JSON.parse(sample.dataset.values);
const filled = text => text.replace(/\{([^{}]*)\}/g, (whole, name) => Object.hasOwn(values, name) ? values[name] : whole);
for (const [typed, shown] of [["letter-subject", "letter-sample-subject"], ["letter-body", "letter-sample"]]) {
  const field = document.getElementById(typed);
  field.addEventListener("input", () => { document.getElementById(shown).textContent = filled(field.value); });
}
