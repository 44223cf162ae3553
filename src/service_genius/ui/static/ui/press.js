// A button that was pressed says that it works, and takes no second press meanwhile. Whoever goes back to a
// form finds what was sent, under its old key. The server accepts a form once also without any of this.
"use strict";

const PATIENCE_MILLISECONDS = 15000;
const DOUBLE_CLICK_MILLISECONDS = 500;
const SAME_PLACE_PIXELS = 5;
const labels = new Map();

// By its attribute: a field named "method" hides the property.
const sends = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";

function work(form, button) {
  form.ariaBusy = "true";
  if (!button || labels.has(button)) return;
  labels.set(button, [...button.childNodes]);
  // No narrower than before: the second click of two must not hit what stands beside it.
  button.style.minWidth = `${button.offsetWidth}px`;
  button.ariaDisabled = "true";
  button.replaceChildren(button.textContent.trim().startsWith("Save") ? "Saving…" : "Working…");
}

function rest() {
  for (const [button, label] of labels) {
    button.replaceChildren(...label);
    button.ariaDisabled = null;
    button.style.minWidth = "";
    if (button.form) button.form.ariaBusy = null;
  }
  labels.clear();
}

// The form with what was typed into it, also into rows that came while it was written. The page itself is
// kept in no cache, so the browser would show it empty.
function written(form) {
  const copy = form.cloneNode(true);
  const fields = (root) => [...root.querySelectorAll("input, textarea, select")];
  const copies = fields(copy);
  fields(form).forEach((field, index) => {
    const kept = copies[index];
    if (field.type === "checkbox" || field.type === "radio") kept.toggleAttribute("checked", field.checked);
    else if (field.tagName === "INPUT") kept.setAttribute("value", field.value);
    else if (field.tagName === "TEXTAREA") kept.textContent = field.value;
    else [...field.options].forEach((each, place) => kept.options[place].toggleAttribute("selected", each.selected));
  });
  return copy.innerHTML;
}

// The second click of two may meet the next page already, and whatever stands there in the same place. Only
// the page that answers a press is told of it: whoever went on from there is at something new.
let first = JSON.parse(sessionStorage.getItem("pressed") || "null");
sessionStorage.removeItem("pressed");

function isSecondClick(event) {
  return Boolean(first) && Date.now() - first.at < DOUBLE_CLICK_MILLISECONDS
    && Math.hypot(event.screenX - first.x, event.screenY - first.y) < SAME_PLACE_PIXELS;
}

document.addEventListener("click", (event) => {
  if (event.detail === 0) return; // by the keyboard
  if (isSecondClick(event)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const button = event.target.closest("button:not([type=button])");
  const presses = button && button.form && sends(button.form);
  first = presses ? { at: Date.now(), x: event.screenX, y: event.screenY } : null;
  if (presses) sessionStorage.setItem("pressed", JSON.stringify(first));
}, true);

function formOfRecord() {
  const form = document.querySelector("form.record");
  return form && sends(form) && !form.querySelector("[type=password]") ? form : null;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !sends(form)) return;
  if (form.ariaBusy === "true") { event.preventDefault(); return; }
  if (form === formOfRecord()) {
    history.replaceState({ ...history.state, sent: { who: document.body.dataset.who, form: written(form) } }, "");
  }
  work(form, event.submitter || form.querySelector("button:not([type=button])"));
  // Should the page still be here, it was not left: let it be pressed again.
  setTimeout(rest, PATIENCE_MILLISECONDS);
});

window.addEventListener("pageshow", (event) => {
  rest();
  const { sent } = history.state || {};
  const [arrival] = performance.getEntriesByType("navigation");
  const form = formOfRecord();
  if (event.persisted || !sent || arrival.type !== "back_forward" || !form) return;
  if (sent.who !== document.body.dataset.who) return;
  form.innerHTML = sent.form;
  htmx.process(form);
});
