// What pages do in the browser beside htmx: a listed name fills the sign-in form, a refused form is gone back to, and
// drawings are loaded where there are any.
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const field = document.getElementById(button.dataset.fill);
    field.value = button.dataset.value;
    document.getElementById("password")?.focus();
  });

  // A refused form is left by going back: the browser keeps what was typed, and the form that holds it is opened again.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a[data-back]") || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
  const typed = (field) => ["text", "textarea", "date", "datetime-local"].includes(field.type) && field.value !== field.defaultValue;
  window.addEventListener("pageshow", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      if ([...part.querySelectorAll("input, textarea")].some(typed)) part.open = true;
    }
  });

  // A page may have put more into its address since it was shown: switching language or unit keeps that.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-switch]");
    if (!link) return;
    const here = new URL(location.href), name = link.dataset.switch;
    here.searchParams.set(name, new URL(link.href).searchParams.get(name));
    link.href = here.href;
  });

  // A fragment may bring a drawing that the first page had none of, so the drawing library is loaded when it is needed.
  const load = (source) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  let loading;
  const draw = async (root) => {
    if (!root.querySelector("[data-drawing]")) return;
    loading ??= load("/static/vendor/echarts.min.js").then(() => load("/static/drawings.js"));
    await loading;
    window.ringwallDraw(root);
  };
  document.addEventListener("DOMContentLoaded", () => draw(document));
  document.addEventListener("htmx:afterSettle", (event) => draw(event.target.parentElement ?? document));
})();
