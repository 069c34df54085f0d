// A step of a work sample: every choice is saved at once, the totals, posts and the drawn week are the server's own.
// Without this file the form's buttons still save. What could not be sent is tried again until it could.
"use strict";
(() => {
  const form = document.getElementById("lab-form"), status = document.getElementById("status"), said = form.dataset;
  const store = "lab:" + form.action, fresh = () => [...crypto.getRandomValues(new Uint8Array(12))].map(n => n.toString(16).padStart(2, "0")).join("");
  let waiting = null, sending = false, stuck = false, leaving = null;
  let flown = []; // keys of what was sent since the server's last word: it may have them, whatever the reply was

  const tell = text => { if (status.textContent !== text) status.textContent = text; };
  const body = button => {
    const data = new FormData(form);
    data.set("act", "save");
    if (button) data.set(button.name, button.value);
    data.delete("key");
    data.delete("base");
    return [...data];
  };
  const keep = entry => { try { entry ? localStorage.setItem(store, JSON.stringify(entry)) : localStorage.removeItem(store); } catch { /* no storage */ } };

  async function send() {
    if (sending || !waiting || stuck) return;
    sending = true;
    const entry = waiting;
    flown.push(entry.key);
    tell(said.saving);
    try {
      const fields = [...entry.fields.filter(([name]) => name !== "csrf_token"), ["key", entry.key], ["base", form.elements.base.value], ["csrf_token", form.elements.csrf_token.value]];
      const reply = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) });
      const told = await reply.json();
      if (reply.ok && told.saved) await saved(entry, told);
      else if (told.error === "newer" && follows(entry, told.last)) form.elements.base.value = told.number;
      else if (reply.status === 409) { stuck = true; keep(null); tell(told.error === "newer" ? said.newer : said.over); }
      else throw new Error(reply.status);
    } catch { tell(said.offline); setTimeout(send, 3000); sending = false; return; }
    sending = false;
    if (waiting) return send();
    if (leaving) { const button = leaving; leaving = null; form.requestSubmit(button); }
  }

  // What the server has got since is this page's own: an answer that got lost on the way back.
  const follows = (entry, last) => Array.isArray(entry.before) && entry.before.includes(last);

  async function saved(entry, told) {
    form.elements.base.value = told.number;
    for (const other of document.querySelectorAll("#cards input[name=base]")) other.value = told.number;
    flown = [];
    if (waiting === entry) { waiting = null; keep({ ...entry, number: told.number }); }
    else { waiting.base = String(told.number); waiting.before = []; keep(waiting); }
    if (told.finished) return location.reload();
    tell(said.saved);
    const fetched = await present();
    if (waiting) return; // another choice is on its way: its answer brings the newer page
    renew(fetched);
    undo(fetched);
  }

  // Live parts as the server shows them; whoever stood on one of their fields stands there still.
  function renew(fetched) {
    const stood = document.activeElement?.id;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fetched.getElementById(part.id);
      if (!other || other.innerHTML === part.innerHTML) continue;
      const open = [...part.querySelectorAll("details[open][id]")].map(one => one.id), held = part.contains(document.activeElement);
      part.replaceChildren(...other.childNodes);
      part.className = other.className;
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      if (held) part.focus({ preventScroll: true });
    }
    if (stood && document.activeElement?.id !== stood) document.getElementById(stood)?.focus({ preventScroll: true });
  }

  // The page as it is now, as a document: the way to one that needs no markup in a string.
  const present = () => new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.onload = () => done(request.response);
    request.onerror = fail;
    request.send();
  });

  // The first change brings the button that takes it back.
  function undo(fetched) {
    const other = fetched.querySelector("button[value=undo]");
    if (other && !form.querySelector("button[value=undo]")) form.querySelector(".lab-go").append(other);
  }

  const choose = button => { waiting = { key: fresh(), base: form.elements.base.value, before: [...flown], fields: body(button) }; keep(waiting); send(); };
  // A button adds to what stands in the form, so it waits until the one before it stands there.
  const press = button => { if (!stuck) (sending || waiting) ? setTimeout(press, 100, button) : choose(button); };
  let typing = 0; // a text is saved while it is written, in the pauses
  form.addEventListener("input", event => {
    if (event.target.tagName !== "TEXTAREA") return;
    clearTimeout(typing);
    typing = setTimeout(choose, 900);
  });
  form.addEventListener("change", event => {
    clearTimeout(typing);
    if (!("quiet" in event.target.dataset)) choose();
  });
  form.addEventListener("submit", event => {
    if (event.submitter && "liveButton" in event.submitter.dataset) { event.preventDefault(); return press(event.submitter); }
    if (!sending && !waiting) return keep(null);
    event.preventDefault(); // what was chosen last is on its way: first its number, then the next page
    leaving = event.submitter;
    send();
  });
  for (const buy of document.querySelectorAll("#cards form")) buy.addEventListener("submit", event => {
    if (sending || waiting) { event.preventDefault(); setTimeout(() => buy.requestSubmit(event.submitter), 200); }
  });
  addEventListener("online", send);

  // A table that the address filters: it is fetched anew, and what stands in the form below stays.
  for (const asking of document.querySelectorAll("form[data-ask]")) {
    const ask = async event => {
      event.preventDefault();
      history.replaceState(null, "", "?" + new URLSearchParams(new FormData(asking)));
      renew(await present());
    };
    asking.addEventListener("submit", ask);
    asking.addEventListener("change", ask);
  }
  for (const chips of document.querySelectorAll("[data-chips]")) {
    const field = document.getElementById(chips.dataset.chips);
    chips.hidden = false;
    chips.addEventListener("click", event => {
      const sign = event.target.dataset.insert;
      if (sign) field.setRangeText(sign, field.selectionStart, field.selectionEnd, "end");
    });
  }

  // What a page that died had not sent yet, or what reached the server while it was already writing this page.
  function restore() {
    let entry = null;
    try { entry = JSON.parse(localStorage.getItem(store) || "null"); } catch { /* no storage */ }
    if (!entry) return;
    const known = Number(form.elements.base.value), base = Number(entry.base);
    const there = entry.number ? entry.number <= known : base < known && !follows(entry, said.last);
    if (there) return keep(null); // it had arrived, or the plan went on elsewhere
    form.elements.base.value = Math.max(known, base);
    put(entry.fields);
    waiting = entry; // one that has arrived gets its number again
    send();
  }

  function put(fields) {
    for (const field of form.elements) {
      const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["csrf_token", "base", "key"].includes(field.name) || field.type === "submit") continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = given.includes(field.value);
      else if (given.length) field.value = given[0];
    }
  }
  restore();
})();
