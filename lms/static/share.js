// The picture of a result as PNG, which every network takes: a phone offers its own ways to share, others keep the file.
// Without this file the link keeps the drawing itself.
"use strict";
(() => {
  const link = document.getElementById("share"), drawn = document.getElementById("share-picture");

  async function painted() {
    await drawn.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [drawn.naturalWidth, drawn.naturalHeight];
    canvas.getContext("2d").drawImage(drawn, 0, 0);
    const blob = await new Promise(done => canvas.toBlob(done, "image/png"));
    return new File([blob], link.download.replace(".svg", ".png"), { type: "image/png" });
  }

  function keep(file) {
    const kept = document.createElement("a");
    kept.href = URL.createObjectURL(file);
    kept.download = file.name;
    kept.click();
    setTimeout(() => URL.revokeObjectURL(kept.href), 60000);
  }

  async function share() {
    const file = await painted();
    if (!matchMedia("(pointer: coarse)").matches || !navigator.canShare?.({ files: [file] })) return keep(file);
    await navigator.share({ files: [file] }).catch(error => { if (error.name !== "AbortError") keep(file); });
  }

  link.addEventListener("click", event => {
    event.preventDefault();
    share().catch(() => location.assign(link.href));
  });
})();
