// A part of the page that could not be brought up to date says so above what stands there; all that was typed
// stays. What is asked for again and again by itself says nothing until it failed several times.
"use strict";

const FAILURES_UNSAID = 3;
const UNANSWERED = "Service Genius does not answer just now. What you typed is still here. Please try again in a minute.";
let failures = 0;

function tell(words) {
  const place = document.querySelector(".messages");
  if (!place) return;
  let notice = document.getElementById("trouble");
  if (!notice) {
    notice = document.createElement("p");
    notice.id = "trouble";
    notice.className = "notice refused";
    place.append(notice);
  }
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = "Load the page again";
  notice.replaceChildren(words, " ", again);
}

function failed(event) {
  failures += 1;
  const unasked = (event.detail.elt.getAttribute("hx-trigger") || "").includes("every");
  if (unasked && failures < FAILURES_UNSAID) return;
  const answer = event.detail.xhr;
  // Only our own words: a server in front answers with a page of its own.
  tell(answer && answer.getResponseHeader("X-Said") ? answer.responseText : UNANSWERED);
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status >= 400) return;
  failures = 0;
  document.getElementById("trouble")?.remove();
});
