// On the page after the end: answers that still waited in this browser when the attempt ended go to the server now. It keeps
// them, marked as late.
"use strict";
async function sendLate() {
  const csrf = document.querySelector("input[name=csrf_token]").value;
  const attempt = document.getElementById("late").dataset.attempt || location.pathname.replace(/\/\w+$/, "");
  let arrived = false;
  for (const entry of await journal.kept(attempt) || []) {
    const told = await journal.deliver(entry, "", csrf);
    arrived = told.saved || arrived;
    if (told.error === "too_late") document.getElementById("late").hidden = false;
  }
  if (arrived) location.reload();
}
addEventListener("load", () => sendLate().catch(() => undefined)); // offline: they wait for the next visit
