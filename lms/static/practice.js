// The practice task's text: every keystroke goes into the journal (journal.js), every pause to the server, and what a page
// that died had not sent yet is put back and sent by the next one. Without this file the form's buttons still save.
"use strict";
(() => {
  const form = document.getElementById("practice-form"), area = form.elements.text, said = form.dataset;
  const status = document.getElementById("practice-status"), conflict = document.getElementById("practice-conflict");
  const address = form.getAttribute("action"), place = address + "#" + said.person, writer = random();
  let seq = 0, base = Number(said.version), csrf = form.elements.csrf_token.value;
  let waiting = null, sending = false, timer = 0, handing = false; // waiting: the newest entry that the server has not got

  const tell = text => { if (status.textContent !== text) status.textContent = text; };
  const fields = entry => [["text", entry.text], ["base", entry.base], ["writer", entry.writer], ["seq", entry.seq]];

  function record() {
    const entry = { key: "practice-" + writer, attempt: place, text: area.value, base, writer, seq: ++seq, at: Date.now() };
    waiting = entry;
    journal.keep(entry).then(() => { if (waiting === entry) tell(navigator.onLine ? said.typing : said.offline); });
    clearTimeout(timer);
    timer = setTimeout(send, 1000);
  }

  async function send() {
    clearTimeout(timer);
    if (sending || !waiting || !conflict.hidden) return;
    sending = true;
    const entry = waiting;
    try {
      const reply = await post(address, fields(entry), csrf), told = await reply.json();
      if (reply.ok && told.saved) saved(entry, told);
      else if (told.error === "newer") { base = told.version; conflict.hidden = false; tell(said.typing); }
      else tell(reply.status === 401 ? said.out : said.offline);
    } catch { tell(said.offline); }
    sending = false;
    if (waiting && waiting !== entry) send();
  }

  function saved(entry, told) {
    base = told.version;
    if (waiting !== entry) return;
    if (told.text !== undefined) area.value = told.text; // the dead page's last words had come by another way
    waiting = null;
    journal.forget(entry.key);
    tell(said.saved);
  }

  // What a page before this one kept and could not send: the newest of it is the person's text.
  async function restore() {
    const kept = (await journal.kept(place) || []).sort((a, b) => b.at - a.at), entry = kept[0];
    if (!entry || waiting) return;
    if (entry.text.trim() === area.value.trim()) return kept.forEach(old => journal.forget(old.key));
    area.value = entry.text;
    waiting = entry; // under the dead page's name, so that the server knows which text it went on from
    tell(said.restored);
    await send();
  }

  const rescue = () => { if (waiting && !handing && conflict.hidden) post(address, fields(waiting), csrf, true).catch(() => undefined); };
  area.addEventListener("input", record);
  form.addEventListener("submit", () => { handing = true; }); // the next page sees whether the text has arrived
  document.getElementById("practice-mine").addEventListener("click", () => { conflict.hidden = true; record(); send(); });
  document.getElementById("practice-other").addEventListener("click", async () => {
    if (waiting) await journal.forget(waiting.key);
    waiting = null;
    location.reload();
  });
  addEventListener("pagehide", rescue);
  document.addEventListener("visibilitychange", () => { if (document.hidden) rescue(); });
  addEventListener("online", send);
  setInterval(send, 5000);
  restore().catch(() => undefined);
})();
