// A text that is written at length: every keystroke goes into the journal (journal.js), every pause to the server, and what
// a page that died had not sent yet is put back and sent by the next one.
//
// name: of the page's parts NAME-status, NAME-conflict, NAME-mine, NAME-other. entry(): what the page says now, with its
// writer, seq and base. fields(entry): the form's fields that send it. same(entry): whether the page says it already.
// put(entry): back into the page. base(): number of the server's text that the page knows. rebase(told, newest): what the
// server holds now. idle(): all of it has arrived or waits. handing(): the form is on its way by itself.
"use strict";
const draft = ({ form, name, address, entry, fields, same, put, base, rebase, idle = () => undefined, handing = () => false }) => {
  const said = form.dataset, place = address + "#" + said.person, part = end => document.getElementById(name + "-" + end);
  const status = part("status"), conflict = part("conflict"), token = form.elements.csrf_token;
  let waiting = null, sending = false, timer = 0, over = false; // waiting: the newest entry that the server has not got

  const tell = text => { if (status.textContent !== text) status.textContent = text; };

  function record() {
    const made = entry();
    waiting = Object.assign(made, { key: name + "-" + made.writer, attempt: place, at: Date.now() });
    journal.keep(made).then(() => { if (waiting === made) tell(navigator.onLine ? said.typing : said.offline); });
    clearTimeout(timer);
    timer = setTimeout(send, 1000);
  }

  async function send() {
    clearTimeout(timer);
    if (sending || !waiting || over || !conflict.hidden) return;
    sending = true;
    const sent = waiting;
    try {
      const reply = await post(address, fields(sent), token.value), told = await reply.json();
      if (reply.ok && told.saved) saved(sent, told);
      else if (told.error === "newer") { rebase(told, false); conflict.hidden = false; tell(said.typing); }
      else if (reply.status === 409 && said.over) { over = true; tell(said.over); }
      else tell(reply.status === 401 ? said.out : said.offline);
    } catch { tell(said.offline); }
    sending = false;
    if (waiting && waiting !== sent) return send();
    idle();
  }

  function saved(sent, told) {
    rebase(told, waiting === sent);
    if (told.finished) return location.reload();
    if (waiting !== sent) return;
    waiting = null;
    journal.keep({ ...sent, arrived: base() }); // a page that is just being loaded may have been written before
    setTimeout(() => waiting || journal.forget(sent.key), 10000);
    tell(said.saved);
  }

  // What a page before this one kept and could not send, or what reached the server when this one was already written:
  // the newest of it is what the person wrote.
  async function restore() {
    const kept = (await journal.kept(place) || []).sort((a, b) => b.at - a.at), newest = kept[0];
    if (!newest || waiting) return;
    if (newest.arrived <= base() || same(newest)) return kept.forEach(old => journal.forget(old.key));
    put(newest);
    waiting = newest; // under the dead page's name, so that the server knows which text it went on from
    tell(said.restored);
    await send();
  }

  const rescue = () => {
    if (waiting && !over && !handing() && conflict.hidden) post(address, fields(waiting), token.value, true).catch(() => undefined);
  };
  part("mine").addEventListener("click", () => { conflict.hidden = true; record(); send(); });
  part("other").addEventListener("click", async () => {
    if (waiting) await journal.forget(waiting.key);
    waiting = null;
    location.reload();
  });
  addEventListener("pagehide", rescue);
  document.addEventListener("visibilitychange", () => { if (document.hidden) rescue(); });
  addEventListener("online", send);
  setInterval(send, 5000);
  restore().catch(() => undefined);
  return { record, send, waits: () => Boolean(waiting), isOver: () => over };
};
