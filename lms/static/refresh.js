// Parts of a page that change by themselves are read again at a calm rate, while the page is looked at and nobody is busy in
// them. What is ticked stays ticked. The page's own address answers, so there is one place that says how it looks.
"use strict";
function readAgain(part) {
  const request = new XMLHttpRequest();
  request.open("GET", location.href);
  request.responseType = "document";
  request.timeout = 15000;
  request.addEventListener("load", () => {
    const fresh = request.status === 200 && request.response && request.response.getElementById(part.id);
    if (!fresh || part.contains(document.activeElement) && document.activeElement.type !== "checkbox") return;
    const here = document.activeElement && part.contains(document.activeElement) ? document.activeElement.id : "";
    const ticked = new Set([...part.querySelectorAll("input:checked")].map(box => box.name + "=" + box.value));
    const open = [...part.querySelectorAll("details")].map(details => details.open);
    const delay = fresh.dataset.refresh;
    part.replaceChildren(...[...fresh.childNodes].map(node => document.adoptNode(node)));
    for (const box of part.querySelectorAll("input[type=checkbox], input[type=radio]")) {
      box.checked = ticked.has(box.name + "=" + box.value);
    }
    part.querySelectorAll("details").forEach((details, index) => { details.open = Boolean(open[index]); });
    if (here) document.getElementById(here)?.focus();
    if (delay) part.dataset.refresh = delay; else delete part.dataset.refresh;
  });
  request.send();
}
for (const part of document.querySelectorAll("[data-refresh]")) {
  let waited = 0;
  setInterval(() => {
    waited += 1;
    if (!part.dataset.refresh || document.hidden || waited < Number(part.dataset.refresh)) return;
    waited = 0;
    readAgain(part);
  }, 1000);
}
