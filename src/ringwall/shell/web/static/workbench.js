// The sliders of the quote workbench: each moves the number beside it, which is the one that is sent. Prices come from the server.
"use strict";
(() => {
  const written = (value, unit) => (unit === "minor" ? (value / 100).toLocaleString("en-US") : String(value));
  document.addEventListener("input", (event) => {
    const slider = event.target.closest("[data-moves]");
    if (!slider) {
      follow(event.target);
      return;
    }
    const stops = JSON.parse(slider.dataset.stops);
    const field = document.getElementById(slider.dataset.moves);
    field.value = written(stops[slider.value], slider.dataset.unit);
    slider.setAttribute("aria-valuetext", field.value);
  });
  // A typed number takes its slider to the nearest place.
  const follow = (field) => {
    const slider = field.id && document.querySelector(`[data-moves="${field.id}"]`);
    const value = Number(field.value.replaceAll(",", ""));
    if (!slider || Number.isNaN(value)) return;
    const stops = JSON.parse(slider.dataset.stops), whole = slider.dataset.unit === "minor" ? value * 100 : value;
    slider.value = stops.reduce((best, stop, place) => (Math.abs(stop - whole) < Math.abs(stops[best] - whole) ? place : best), 0);
    slider.setAttribute("aria-valuetext", field.value);
  };
  // A drawing that is swapped away gives back what it holds.
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    if (event.target.matches?.("[data-drawing]")) window.echarts?.getInstanceByDom(event.target)?.dispose();
  });
})();
