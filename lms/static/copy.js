// Copies the link of a certificate; without a clipboard it is selected, to be copied by hand.
"use strict";
const link = document.getElementById("share-link");
const button = document.getElementById("copy-link");
button.hidden = false;
button.addEventListener("click", async () => {
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    document.getElementById("copy-said").textContent = button.dataset.copied;
  } catch {
    link.focus();
  }
});
