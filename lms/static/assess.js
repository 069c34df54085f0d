// The sitting. Every answer is written to the journal (journal.js) before it is sent, and leaves it only after the
// server's 2xx for that very answer. Without this script the same forms work, page by page.
"use strict";
(() => {
  const root = document.getElementById("sitting");
  if (!root) return;
  const $ = id => document.getElementById(id), said = root.dataset, address = location.pathname.replace(/\/responses$/, "");
  if (address !== location.pathname) history.replaceState(null, "", address); // a form that came back: reloading asks anew
  if (said.alone) return location.replace(address + "?item=" + said.alone); // one question of many, for want of a script
  const forms = [...root.querySelectorAll("form.question")], finish = $("finish"), end = $("end");
  const later = ms => new Promise(done => setTimeout(done, ms));
  let device = random();
  try { device = localStorage.hmutDevice ||= device; } catch { /* storage is off: then every page is a device */ }
  const tab = device + "." + random();
  const pending = new Map(); // the journal in memory: entries by key; `aside`: refused for good, `old`: of an earlier page
  const last = new Map(), timers = new Map(); // by form: the value recorded last, the timer of what is being typed
  let { csrf, epoch } = said, seq = Number(said.seq) - 1;
  let writing = false, lost = false; // this page may write; another page does
  let troubled = false; // the last try to save something failed
  let flushing = false, again = false, acknowledged = false, outdated = false; // outdated: the server got more than is shown
  let next = null, departing = false; // the form that leaves the page once everything is saved
  let ends = said.left && !said.paused ? performance.now() + said.left * 1000 : null;

  const FOR_GOOD = ["passed", "key_reused", "no_item", "unreadable", "too_large", "too_many", "too_late"];
  const WHY = { too_large: said.tooLarge, too_many: said.tooMany, too_late: said.tooLate };
  const quietly = promise => promise.catch(() => undefined);
  const tell = (id, text) => { if ($(id) && $(id).textContent !== text) $(id).textContent = text; };
  const given = form => [...new FormData(form)].filter(([name, value]) => name.startsWith("answer") && value.trim());
  const waiting = () => [...pending.values()].filter(entry => !entry.aside);
  const dots = rest => [...root.querySelectorAll(".dot" + rest)];
  const open = () => dots(":not(.dot-answered)").map(dot => dot.dataset.go);

  async function record(form) {
    clearTimeout(timers.get(form));
    timers.delete(form);
    const value = given(form), now = JSON.stringify(value);
    if (now !== last.get(form)) {
      last.set(form, now);
      const entry = { key: random(), attempt: address, item: form.dataset.item, seq: ++seq, value };
      pending.set(entry.key, entry);
      mark(form, value.length > 0);
      show();
      await journal.keep(entry);
    }
    return flush();
  }

  async function flush() {
    if (flushing || !writing) { again = flushing; return show(); }
    flushing = true;
    try {
      const kept = await journal.kept(address);
      for (const entry of kept || []) if (!pending.has(entry.key)) pending.set(entry.key, { ...entry, old: true });
      for (const entry of waiting().sort((a, b) => a.seq - b.seq)) if (!(await deliver(entry))) break;
    } catch { troubled = true; /* offline: the journal keeps it, the next round sends it */ }
    flushing = false;
    if (again) { again = false; return flush(); }
    if (outdated && !waiting().length && !timers.size) location.reload();
    show();
  }

  async function deliver(entry) {
    const told = await journal.deliver(entry, tab, csrf);
    if (told.saved) {
      pending.delete(entry.key);
      troubled = false;
      outdated ||= Boolean(entry.old);
      return acknowledged = true;
    }
    troubled = true;
    if (told.error === "other_tab") lose();
    else if (FOR_GOOD.includes(told.error)) return entry.aside = told.error;
    else await state();
    return false;
  }

  async function state() {
    const reply = await fetch(address + "/state", { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(10000) });
    $("signed-out").hidden = ![401, 404].includes(reply.status); // 404: somebody else is signed in
    if (!reply.ok) return false;
    const now = await reply.json();
    csrf = now.csrf;
    ends = now.left === null || now.paused ? null : performance.now() + now.left * 1000;
    if (now.finished && !waiting().length) {
      next = ends = null;
      return location.reload(); // leads to the result
    }
    if (now.finished) writing = true; // what waits is taken from any page now, as late
    else if (writing && now.writer !== tab) lose();
    return true;
  }

  // One page writes. A page of the same browser that is alone takes over by itself; another device has to be asked.
  const hold = steal => new Promise(done => {
    if (!navigator.locks) return done(said.writer.startsWith("p-"));
    navigator.locks.request("hmut" + address, steal ? { steal } : { ifAvailable: true }, lock => {
      done(Boolean(lock));
      return lock && new Promise(() => {});
    }).catch(lose);
  });
  function lose() {
    writing = false;
    lost = true;
    show();
  }
  async function claim(fields = [["epoch", epoch]]) {
    const reply = await post(address + "/writer", [["tab", tab], ...fields], csrf);
    if (reply.status === 409) return lose();
    if (!reply.ok) return state();
    const now = await reply.json();
    epoch = now.epoch;
    outdated ||= Math.max(0, ...Object.values(now.acknowledged)) > seq; // it came while the page was being written
    seq = Math.max(seq, now.seq);
    writing = true;
    lost = false;
    return flush();
  }
  async function begin() {
    const mine = said.writer.startsWith("p-") || said.writer.startsWith(device + ".");
    for (let round = 0; mine && round < 4; round++) {
      if (await hold(false)) return claim();
      await later(300);
    }
    lose();
  }

  function show() {
    const unsaved = new Set([...waiting().map(entry => entry.item), ...[...timers.keys()].map(form => form.dataset.item)]).size;
    const aside = [...pending.values()].filter(entry => entry.aside), refused = aside.length, parts = [];
    if (refused) parts.push(said.refused.replace("{n}", refused), ...new Set(aside.map(entry => WHY[entry.aside]).filter(Boolean)));
    if (unsaved && (troubled || lost || !navigator.onLine)) parts.push(unsaved === 1 ? said.one : said.many.replace("{n}", unsaved));
    else if (unsaved) parts.push(said.saving);
    else if (acknowledged && !refused) parts.push(said.saved);
    if (next) parts.push(said.soon);
    tell("status", parts.join(" · "));
    const done = Math.max(0, dots(".dot-answered").length - unsaved);
    tell("kept", said.kept.replace("{done}", done).replace("{total}", forms.length));
    if ($("as-of")) $("as-of").hidden = acknowledged;
    $("elsewhere").hidden = !lost;
    $("offline").hidden = navigator.onLine;
    for (const part of [...forms, end]) part.inert = lost;
    const left = ends === null ? null : Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    if (left !== null) tell("left", Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0"));
    if (left === 0 && writing && !next) leave(finish);
    if (next && writing && !unsaved && !departing) depart();
  }
  function withButton(form, button) { // form.submit() sends no button, so what it says goes along as a field
    if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    return form;
  }
  function leave(form) {
    next = form;
    for (const question of forms) if (timers.has(question) || question === form) record(question);
    show();
  }
  async function depart() { // everything is saved; the page goes only to a server that answers
    departing = true;
    const reached = await quietly(state()), form = next;
    departing = false;
    if (!reached || !form || waiting().length) return;
    next = ends = null;
    const fields = form.elements;
    if (fields.seq) [fields.seq.value, fields.key.value, fields.tab.value] = [++seq, random(), tab];
    fields.csrf_token.value = csrf;
    form.submit();
  }

  function mark(form, answered) {
    const [dot] = dots(`[data-go="${form.dataset.item}"]`);
    if (!dot) return;
    dot.classList.toggle("dot-answered", answered);
    dot.setAttribute("aria-label", (answered ? said.answered : said.open).replace("{n}", form.dataset.item));
  }
  function go(target) {
    next = null;
    for (const form of forms) form.hidden = form.dataset.item !== target;
    end.hidden = target !== "end";
    for (const dot of dots("")) dot.dataset.go === target ? dot.setAttribute("aria-current", "step") : dot.removeAttribute("aria-current");
    const missing = open().join(", ");
    $("missing").textContent = missing ? said.missing.replace("{list}", missing) : said.complete;
    history.replaceState(null, "", "?item=" + target);
    for (const field of document.getElementsByName("next")) field.value = address + "?item=" + target;
    (target === "end" ? end : $("q" + target)).querySelector("h2").focus();
  }
  function onward(form) {
    const here = Number(form.dataset.item);
    go(open().find(n => n > here) ?? open().find(n => n < here) ?? "end");
  }

  for (const form of forms) {
    last.set(form, JSON.stringify(given(form)));
    form.addEventListener("input", () => {
      next = null;
      clearTimeout(timers.get(form));
      timers.set(form, setTimeout(record, 1000, form));
      show();
    });
    form.addEventListener("change", () => record(form));
    form.addEventListener("submit", event => {
      event.preventDefault();
      if (said.forward) return leave(withButton(form, event.submitter));
      record(form);
      onward(form);
    });
  }
  root.addEventListener("click", event => { // the second of a double click would press the next question's button
    if (event.detail > 1 && event.target.closest("form button:not([type=button])")) event.preventDefault();
  }, true);
  finish.addEventListener("submit", event => { event.preventDefault(); leave(finish); });
  if (!said.forward) root.addEventListener("click", event => {
    const target = event.target.closest("[data-go]");
    if (!target) return;
    event.preventDefault();
    for (const form of timers.keys()) record(form);
    go(target.dataset.go);
  });
  $("take-over").addEventListener("click", async () => {
    await hold(true);
    await quietly(claim([]));
    if (writing && !waiting().length) location.reload(); // to see what the other window saved
  });
  const rescue = () => { // the tab may be gone in a moment; what the server gets now it needn't get later
    for (const form of [...timers.keys()]) record(form);
    if (writing) for (const entry of waiting()) quietly(journal.send(entry, tab, csrf, true));
  };
  addEventListener("pagehide", rescue);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && rescue());
  addEventListener("online", () => flush());
  addEventListener("offline", show);
  for (const wide of root.querySelectorAll(".stimulus, .md-table")) {
    wide.dataset.scrolls = said.scrolls;
    new ResizeObserver(() => wide.classList.toggle("scrolls", wide.scrollWidth > wide.clientWidth + 1)).observe(wide);
  }
  setInterval(show, 1000);
  // The server is asked again and again only while something is open: unsent answers, a writer that is not this page, a
  // pause, the last minutes. Else once a minute, and as soon as somebody comes back to the page.
  const restless = () => waiting().length || timers.size || next || !writing || said.paused || !$("signed-out").hidden
    || (ends !== null && ends - performance.now() < 90000);
  let asked = performance.now();
  function look(patience) {
    if (performance.now() - asked < patience) return;
    asked = performance.now();
    quietly(writing || lost ? state().then(flush) : begin());
  }
  setInterval(() => look(restless() ? 3900 : 59000), 4000);
  addEventListener("focus", () => look(3900));
  quietly(begin());
})();
