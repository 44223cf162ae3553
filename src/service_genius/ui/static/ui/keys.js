// Keys for people who would rather not reach for the mouse. Nothing here is needed to use a page.
"use strict";

const MENU = { c: "customers", w: "work-codes", i: "invoices", p: "payments" };
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

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const menu = goPressed && MENU[event.key];
  goPressed = event.key === "g";
  let done = false;
  if (menu) done = follow(`.menu a[href="/${menu}/"]`);
  else if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) { search.focus(); search.select(); done = true; }
  } else if (event.key === "?") { openHelp(); done = true; }
  else if (["s", "n", "e"].includes(event.key)) done = follow(`[data-key="${event.key}"]`);
  if (done) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open=help]")) openHelp();
});
