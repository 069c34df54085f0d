// Ordering by buttons and by dragging; the selects behind stay what the form sends.
"use strict";
for (const list of document.querySelectorAll("ol.rank")) {
  const items = () => [...list.querySelectorAll("li")];
  const place = item => Number(item.querySelector("select").value);
  const heard = document.createElement("span");
  heard.className = "visually-hidden";
  heard.setAttribute("role", "status");
  list.after(heard);

  const settle = item => {
    list.classList.add("ranked");
    items().forEach((each, index) => { each.querySelector("select").value = String(index + 1); });
    heard.textContent = list.dataset.moved.replace("{place}", items().indexOf(item) + 1);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const move = (item, down, button) => {
    const other = down ? item.nextElementSibling : item.previousElementSibling;
    if (!other) return;
    down ? other.after(item) : other.before(item);
    button.focus();
    settle(item);
  };
  const button = (item, down) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = down ? "↓" : "↑";
    made.setAttribute("aria-label", (down ? list.dataset.down : list.dataset.up) + ": " + item.querySelector("span").textContent);
    made.addEventListener("click", () => move(item, down, made));
    return made;
  };

  if (items().every(place)) {
    list.classList.add("ranked");
    list.append(...items().sort((a, b) => place(a) - place(b)));
  }
  for (const item of items()) {
    const moves = document.createElement("div");
    moves.className = "rank-moves";
    moves.append(button(item, false), button(item, true));
    item.append(moves);
    item.querySelector("select").hidden = true;
    item.draggable = true;
    item.addEventListener("dragstart", event => {
      event.dataTransfer.setData("text/plain", "");
      item.classList.add("dragged");
    });
    item.addEventListener("dragend", () => { item.classList.remove("dragged"); settle(item); });
  }
  list.closest("form").addEventListener("submit", () => { // saved without a move: the order as it stands is the answer
    if (!items().every(place)) settle(items()[0]);
  }, true);
  list.addEventListener("dragover", event => {
    event.preventDefault();
    const dragged = list.querySelector(".dragged"), over = event.target.closest("li");
    if (!dragged || !over || over === dragged) return;
    const box = over.getBoundingClientRect();
    event.clientY > box.top + box.height / 2 ? over.after(dragged) : over.before(dragged);
  });
}
