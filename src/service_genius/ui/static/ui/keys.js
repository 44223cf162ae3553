// Keys for people who would rather not reach for the mouse. Nothing here is needed to use a page.
"use strict";

const MENU = { c: "customers", w: "work-codes", i: "invoices", p: "payments" };
// Through a list whose things are at hand one after the other.
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
let goPressed = false;

function follow(selector) {
  const target = document.querySelector(selector);
  if (target) target.click();
  return Boolean(target);
}

function openHelp() {
  const help = document.getElementById("help");
  if (help && !help.open) help.showModal();
}

// The thing of a list at hand is the one with the focus, and keys press its buttons. The first key only goes
// to the first thing, so that nothing is pressed that nobody looks at.
function walk({ key, repeat }) {
  const all = [...document.querySelectorAll("[data-walk]")];
  const at = all.findIndex((each) => each.contains(document.activeElement));
  const step = STEPS[key];
  const button = (all[at] || all[0])?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!all.length || !(step || button)) return false;
  if (at >= 0 && button) {
    if (!repeat) button.click(); // a key that is held answers once
    return true;
  }
  const next = all[at < 0 ? 0 : at + step];
  if (next) next.focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const menu = goPressed && MENU[event.key];
  goPressed = event.key === "g";
  let done = false;
  if (menu) done = follow(`.menu a[href="/${menu}/"]`);
  else if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) { search.focus(); search.select(); done = true; }
  } else if (event.key === "?") { openHelp(); done = true; }
  else if (walk(event)) done = true;
  else if (["s", "n", "e"].includes(event.key)) done = follow(`[data-key="${event.key}"]`);
  if (done) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open=help]")) openHelp();
});
