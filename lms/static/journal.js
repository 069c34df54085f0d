// Answers that the server has not acknowledged yet, in IndexedDB, so that they outlive the page. Where the browser has
// no storage everything still works from memory: the promises then give undefined.
"use strict";
const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map(n => n.toString(16).padStart(2, "0")).join("");
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
  return {
    keep: entry => quietly(act("readwrite", store => store.put(entry))),
    drop: key => quietly(act("readwrite", store => store.delete(key))),
    kept: attempt => quietly(act("readonly", store => store.index("attempt").getAll(attempt))),
  };
})();
