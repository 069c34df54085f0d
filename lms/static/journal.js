// Answers that the server has not acknowledged yet, in IndexedDB, so that they outlive the page. Where the browser has
// no storage everything still works from memory: the promises then give undefined.
"use strict";
const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map(n => n.toString(16).padStart(2, "0")).join("");

// keepalive: the request outlives its page, and nobody hears the reply.
const post = (address, fields, csrf, keepalive = false) => fetch(address, {
  method: "POST", keepalive, headers: { Accept: "application/json" }, signal: keepalive ? null : AbortSignal.timeout(10000),
  body: new URLSearchParams([...fields, ["csrf_token", csrf]]),
});

const journal = (() => {
  const opened = new Promise((done, fail) => {
    const request = indexedDB.open("hmut", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("journal", { keyPath: "key" }).createIndex("attempt", "attempt");
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const act = async (mode, what) => {
    const transaction = (await opened).transaction("journal", mode), request = what(transaction.objectStore("journal"));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  };
  const quietly = promise => promise.catch(() => undefined);

  // An entry: key, attempt (its address), item, seq, value (name and value of each field).
  const keep = entry => quietly(act("readwrite", store => store.put(entry)));
  const kept = attempt => quietly(act("readonly", store => store.index("attempt").getAll(attempt)));
  const send = (entry, tab, csrf, keepalive) => post(entry.attempt + "/responses",
    [...entry.value, ["item", entry.item], ["seq", entry.seq], ["key", entry.key], ["tab", tab]], csrf, keepalive);
  const forget = key => quietly(act("readwrite", store => store.delete(key)));
  // The only place where an answer leaves the journal: after the server's own word that it has it.
  async function deliver(entry, tab, csrf) {
    const reply = await send(entry, tab, csrf), told = await reply.json();
    if (!reply.ok || told.saved !== true) return { saved: false, error: told.error };
    await forget(entry.key);
    return told;
  }
  return { keep, kept, send, deliver, forget };
})();
