// Keeps the place: which section is on screen, how many were seen. Without this file the page still works by its forms.
"use strict";
const text = document.getElementById("text");
const sections = [...text.querySelectorAll("section[data-section]")];
const links = new Map([...document.querySelectorAll("#contents a")].map(link => [link.hash.slice(1), link]));
const meter = document.getElementById("meter");
const next = document.querySelector("form.language input[name=next]");
const address = next ? next.value : "";
let reached = Number(text.dataset.reached);
let anchor = "";
let unsent = false;
let timer = 0;

function show(name) {
  if (name === anchor) return;
  links.get(anchor)?.removeAttribute("aria-current");
  links.get(name)?.setAttribute("aria-current", "location");
  anchor = name;
  reached = Math.max(reached, sections.findIndex(section => section.dataset.section === name) + 1);
  if (next) next.value = `${address}#${name}`;
  if (!text.dataset.read) {
    meter.value = reached;
    document.getElementById("read-share").textContent = text.dataset.share.replace("{share}", Math.round(100 * reached / sections.length));
  }
  unsent = true;
  clearTimeout(timer);
  timer = setTimeout(send, 2000);
}

function send() {
  if (!unsent) return;
  unsent = false;
  const body = new FormData();
  body.set("csrf_token", text.dataset.csrf);
  body.set("anchor", anchor);
  body.set("reached", reached);
  fetch(text.dataset.reading, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } })
    .catch(() => { unsent = true; });
}

function look() {
  const line = window.innerHeight * 0.35;
  const passed = sections.filter(section => section.getBoundingClientRect().top <= line);
  const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
  const current = atEnd ? sections.at(-1) : passed.at(-1) ?? (anchor && sections[0]);
  if (current && (anchor || window.scrollY > 0)) show(current.dataset.section);
}

let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; look(); });
}, { passive: true });
addEventListener("pagehide", send);
document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
if (matchMedia("(max-width: 63.99rem)").matches) document.querySelector(".contents details").open = false;
look();
