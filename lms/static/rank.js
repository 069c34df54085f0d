// Ordering by buttons and by dragging with mouse, pen or finger; the selects behind stay what the form sends. And choosing
// the best and the worst of one list: an option that is the one is no longer the other.
"use strict";
for (const list of document.querySelectorAll("ol.rank")) {
  const items = () => [...list.querySelectorAll("li")];
  const place = item => Number(item.querySelector("select").value);
  const heard = document.createElement("span");
  heard.className = "visually-hidden";
  heard.setAttribute("role", "status");
  list.after(heard);

  const ends = () => { // the first can't go up, the last not down; whoever stands on such a button stays in the row
    for (const [index, item] of items().entries()) {
      const [up, down] = item.querySelectorAll(".rank-moves button"), here = document.activeElement;
      [up.disabled, down.disabled] = [index === 0, index === items().length - 1];
      if (here === up && up.disabled) down.focus();
      if (here === down && down.disabled) up.focus();
    }
  };
  const settle = item => {
    list.classList.add("ranked");
    items().forEach((each, index) => { each.querySelector("select").value = String(index + 1); });
    heard.textContent = list.dataset.moved.replace("{place}", items().indexOf(item) + 1);
    ends();
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
  const middle = item => { const box = item.getBoundingClientRect(); return box.top + box.height / 2; };
  const follow = (item, y) => { // the neighbours step aside: a dragged item that moved itself would lose the pointer
    for (let other; (other = item.previousElementSibling) && y < middle(other);) item.after(other);
    for (let other; (other = item.nextElementSibling) && y > middle(other);) item.before(other);
  };

  if (items().every(place)) {
    list.classList.add("ranked");
    list.append(...items().sort((a, b) => place(a) - place(b)));
  }
  for (const item of items()) {
    const moves = document.createElement("div"), grip = document.createElement("span");
    moves.className = "rank-moves";
    moves.append(button(item, false), button(item, true));
    grip.className = "rank-grip";
    grip.setAttribute("aria-hidden", "true");
    item.prepend(grip);
    item.append(moves);
    item.querySelector("select").hidden = true;
    let before = null; // the order when the drag began; null: no drag
    grip.addEventListener("pointerdown", event => {
      event.preventDefault();
      before = items();
      try { grip.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
      item.classList.add("dragged");
    });
    grip.addEventListener("pointermove", event => { if (before) follow(item, event.clientY); });
    const drop = () => {
      if (!before) return;
      item.classList.remove("dragged");
      const moved = items().some((each, index) => each !== before[index]);
      before = null;
      if (moved) settle(item);
    };
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", drop);
  }
  ends();
  list.closest("form").addEventListener("submit", () => { // saved without a move: the order as it stands is the answer
    if (!items().every(place)) settle(items()[0]);
  }, true);
}
for (const list of document.querySelectorAll(".extremes")) {
  list.addEventListener("change", event => {
    for (const other of event.target.closest(".extreme").querySelectorAll("input")) if (other !== event.target) other.checked = false;
  }, true);
}
