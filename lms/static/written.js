// A written task: every keystroke goes into the journal (journal.js), every pause to the server, and what a page that
// died had not sent yet is put back and sent by the next one. Without this file the form's buttons still save.
"use strict";
(() => {
  const form = document.getElementById("written-form"), said = form.dataset, field = form.elements;
  const status = document.getElementById("written-status"), conflict = document.getElementById("written-conflict");
  const place = form.action + "#" + said.person, own = ["csrf_token", "base", "writer", "seq", "hand_in"];
  let waiting = null, sending = false, timer = 0, leaving = null, over = false; // waiting: the newest entry not sent yet

  const tell = text => { if (status.textContent !== text) status.textContent = text; };
  const written = () => [...new FormData(form)].filter(([name]) => !own.includes(name));
  const fields = entry => [...entry.fields, ["base", entry.base], ["writer", entry.writer], ["seq", entry.seq]];

  function record() {
    field.seq.value = Number(field.seq.value) + 1;
    const entry = { key: "written-" + field.writer.value, attempt: place, fields: written(), base: field.base.value,
      writer: field.writer.value, seq: Number(field.seq.value), at: Date.now() };
    waiting = entry;
    journal.keep(entry).then(() => { if (waiting === entry) tell(navigator.onLine ? said.typing : said.offline); });
    clearTimeout(timer);
    timer = setTimeout(send, 1000);
  }

  async function send() {
    clearTimeout(timer);
    if (sending || !waiting || over || !conflict.hidden) return;
    sending = true;
    const entry = waiting;
    try {
      const reply = await post(form.action, fields(entry), field.csrf_token.value), told = await reply.json();
      if (reply.ok && told.saved) saved(entry, told);
      else if (told.error === "newer") { field.base.value = told.number; conflict.hidden = false; tell(said.typing); }
      else if (reply.status === 409) { over = true; tell(said.over); }
      else tell(reply.status === 401 ? said.out : said.offline);
    } catch { tell(said.offline); }
    sending = false;
    if (waiting && waiting !== entry) return send();
    if (leaving && !waiting) { const button = leaving; leaving = null; form.requestSubmit(button); }
  }

  function saved(entry, told) {
    field.base.value = told.number;
    if (told.finished) return location.reload();
    if (waiting !== entry) return;
    waiting = null;
    journal.forget(entry.key);
    tell(said.saved);
  }

  // What a page before this one kept and could not send: the newest of it is what the person wrote.
  async function restore() {
    const kept = (await journal.kept(place) || []).sort((a, b) => b.at - a.at), entry = kept[0];
    if (!entry || waiting) return;
    const now = JSON.stringify(written().filter(([, value]) => value.trim()));
    if (JSON.stringify(entry.fields.filter(([, value]) => value.trim())) === now) return kept.forEach(old => journal.forget(old.key));
    for (const each of form.elements) {
      if (!each.name || own.includes(each.name)) continue;
      const given = entry.fields.filter(([name]) => name === each.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(each.type)) each.checked = given.includes(each.value);
      else each.value = given[0] || "";
    }
    waiting = entry; // under the dead page's name, so that the server knows which text it went on from
    tell(said.restored);
    await send();
  }

  function count() {
    for (const shown of document.querySelectorAll("[data-count]")) {
      const text = document.getElementById(shown.dataset.count).value.trim();
      shown.textContent = shown.dataset.words.replace("#", text ? text.split(/\s+/).length : 0).replace("@", text.length);
    }
  }

  const rescue = () => { if (waiting && !over && conflict.hidden) post(form.action, fields(waiting), field.csrf_token.value, true).catch(() => undefined); };
  form.addEventListener("input", () => { record(); count(); });
  form.addEventListener("submit", event => {
    if (!waiting || over) { field.seq.value = Number(field.seq.value) + 1; return; }
    event.preventDefault(); // what was written last is on its way first
    leaving = event.submitter;
    send();
  });
  document.getElementById("written-mine").addEventListener("click", () => { conflict.hidden = true; record(); send(); });
  document.getElementById("written-other").addEventListener("click", async () => {
    if (waiting) await journal.forget(waiting.key);
    waiting = null;
    location.reload();
  });
  addEventListener("pagehide", rescue);
  document.addEventListener("visibilitychange", () => { if (document.hidden) rescue(); });
  addEventListener("online", send);
  setInterval(send, 5000);
  count();
  restore().catch(() => undefined);
})();
