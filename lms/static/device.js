// The check of the device before a test: this script runs, answers can wait in the browser, the server answers.
"use strict";
(() => {
  const tell = (name, well) => {
    const line = document.querySelector(`[data-check=${name}]`), mark = line?.querySelector(".tag");
    if (!mark) return;
    mark.textContent = well ? line.dataset.yes : line.dataset.no;
    mark.className = "tag " + (well ? "tag-good" : "tag-care");
    line.querySelector(".soft").hidden = well;
  };
  tell("script", true);
  journal.kept("").then(rows => tell("storage", rows !== undefined));
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(8000) })
    .then(reply => tell("network", reply.ok), () => tell("network", false));
})();
