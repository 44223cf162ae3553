// What is typed is not lost, and Enter never saves an invoice or a payment by accident: it goes to the next
// field, or to the next line. Whoever leaves a half-written form is asked first. A page works without any of
// this; then Enter shows the form again, with all that was typed.
"use strict";

const WRITTEN = "textarea, input:not([type=hidden], [type=search], [type=checkbox], [type=radio])";

// ---- Leaving --------------------------------------------------------------------------------------

let opened = new Map();
let sending = null;

const writes = (form) => (form.getAttribute("method") || "").toLowerCase() === "post"
  && !form.querySelector("[type=password]")
  && (form.matches("[data-unsaved]") || form.querySelector(WRITTEN));

const fieldsOf = (form) => [...form.querySelectorAll("input, select, textarea")]
  .filter((each) => each.name && !["hidden", "search"].includes(each.type));

const contentOf = (form) => JSON.stringify(fieldsOf(form)
  .map((each) => [each.name, ["checkbox", "radio"].includes(each.type) ? each.checked : each.value]));

// Shown again by the server, it holds what nothing has saved yet.
const isUnsaved = (form) => form.matches("[data-unsaved], [data-unsaved] form.record")
  || contentOf(form) !== opened.get(form);

const unsaved = () => [...opened.keys()].filter((form) => form.isConnected && form !== sending && isUnsaved(form));

window.addEventListener("pageshow", (event) => {
  sending = null;
  if (event.persisted) return;
  opened = new Map([...document.forms].filter(writes).map((form) => [form, contentOf(form)]));
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  sending = event.target;
});

// Cancel is an answer already.
document.addEventListener("click", (event) => {
  const away = event.target.closest(".form-actions a");
  if (away) sending = away.closest("form");
});

window.addEventListener("beforeunload", (event) => {
  if (unsaved().length) event.preventDefault();
});

// A part of the page was asked for, and the answer is to log in: the whole form goes there, to come back.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  if (sending) { event.preventDefault(); return; }
  const [form] = unsaved();
  if (!form) return;
  event.preventDefault();
  sending = form;
  form.insertAdjacentHTML("beforeend", '<input type="hidden" name="look" value="1">');
  form.submit();
});

// ---- What comes late ------------------------------------------------------------------------------

// An answer fills in fields; one that was typed into since it was asked for is left alone.
const began = new WeakMap();
const typedAt = new WeakMap();
let arriving = null;

document.addEventListener("input", (event) => typedAt.set(event.target, performance.now()));
document.addEventListener("htmx:beforeSend", (event) => began.set(event.detail.xhr, performance.now()));
document.addEventListener("htmx:beforeSwap", (event) => { arriving = event.detail.xhr; });
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if ((typedAt.get(event.detail.target) || 0) > (began.get(arriving) || 0)) event.detail.shouldSwap = false;
});

// A value that is proposed is taken at one press, like one that was typed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-fill]");
  const field = button && button.form && button.form.elements[button.dataset.fill];
  if (!field) return;
  field.value = button.dataset.value;
  field.focus();
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// ---- Enter ----------------------------------------------------------------------------------------

const lineOf = (field) => field.closest("tr");
const figuresOf = (line) => (line ? [...line.querySelectorAll("input[type=text]")] : []);
let linesBefore = 0; // while a line is being added

const linesNow = () => document.querySelectorAll("#lines tbody tr");

function go(field) {
  if (!field) return;
  field.focus();
  if (field.matches("input[type=text]")) field.select();
}

function stopsOf(form) {
  return [...form.querySelectorAll("input, select, textarea, button.primary")]
    .filter((each) => each.offsetParent !== null && !["hidden", "search"].includes(each.type));
}

function goOn(form, field) {
  const line = lineOf(field);
  const stops = stopsOf(form);
  if (!line) { go(stops[stops.indexOf(field) + 1]); return; }
  const own = figuresOf(line);
  const within = own[own.indexOf(field) + 1];
  if (own.includes(field) && within) { go(within); return; }
  const below = [...line.closest("table").querySelectorAll("tbody tr")].filter((each) => figuresOf(each).length);
  const next = below[below.indexOf(line) + 1];
  if (next) { go(figuresOf(next)[0]); return; }
  const add = form.querySelector("button[name=add]");
  if (add && own[0].value.trim()) { linesBefore = linesNow().length; add.click(); return; }
  go(stops.find((each) => !line.closest("table").contains(each)
    && line.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING));
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || !field.form || !writes(field.form)) return;
  if ((event.ctrlKey || event.metaKey) && field.form.matches(".record")) {
    event.preventDefault();
    const save = field.form.querySelector("button.primary");
    if (save) save.click();
    return;
  }
  if (!field.form.matches("[data-enter=next]") || !field.matches("input, select")) return;
  event.preventDefault();
  if (field.type !== "search") goOn(field.form, field);
});

// Answers to what was typed before come first; the line is there when there is one more.
document.addEventListener("htmx:afterSettle", () => {
  const lines = linesNow();
  if (!linesBefore || lines.length <= linesBefore) return;
  linesBefore = 0;
  go(figuresOf(lines[lines.length - 1])[0]);
});
