// The keyboard on a simulated year: left and right follow the curve, up and down choose an event. Links do it without.
"use strict";
document.addEventListener("keydown", (press) => {
  if (press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return;
  if (press.target.matches("input, select, textarea, [tabindex='0']")) return;
  const along = { ArrowLeft: "prev", ArrowRight: "next" }[press.key];
  if (along) document.querySelector(`a[rel="${along}"]`)?.click();
  const step = { ArrowUp: -1, ArrowDown: 1 }[press.key];
  if (!step || !document.activeElement?.classList.contains("event-link")) return;
  const events = [...document.querySelectorAll("a.event-link")];
  events[events.indexOf(document.activeElement) + step]?.focus();
  press.preventDefault();
});
