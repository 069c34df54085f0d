// What happens beside the answers, as the candidate was told before: leaving the page, a paste (its length only), the
// network gone. Nothing is read off the device, and no answer waits for it.
"use strict";
(() => {
  const root = document.getElementById("sitting"), address = root?.dataset.notes, MOST = 60;
  if (!address) return;
  let waiting = [], count = 0, sending = false, left = 0, gone = 0;
  const question = () => root.querySelector("form.question:not([hidden])")?.dataset.item || "1";
  const seconds = since => ((performance.now() - since) / 1000).toFixed(1);

  async function send() {
    if (sending || !waiting.length || !navigator.onLine) return;
    sending = true;
    const notes = waiting.splice(0, 20);
    try {
      const reply = await post(address, notes.map(note => ["note", note]), root.querySelector("input[name=csrf_token]").value);
      if (reply.status >= 500) waiting = [...notes, ...waiting];
    } catch { waiting = [...notes, ...waiting]; /* the next event tries again */ }
    sending = false;
  }
  function note(kind, amount) {
    if (++count > MOST) return;
    waiting.push([kind, question(), amount].join(":"));
    send();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") left = performance.now();
    else if (left) {
      if (performance.now() - left > 2000) note("left_page", seconds(left));
      left = 0;
    }
  });
  root.addEventListener("paste", event => note("pasted", (event.clipboardData?.getData("text") || "").length));
  addEventListener("offline", () => { gone = performance.now(); });
  addEventListener("online", () => {
    if (gone) note("offline", seconds(gone));
    gone = 0;
  });
})();
