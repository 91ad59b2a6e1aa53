// The settlement bench beside htmx: what was opened stays open when a part is renewed, and a text is copied.
"use strict";
(() => {
  let open = new Map();
  const named = () => document.querySelectorAll("#bench details[id]");
  document.addEventListener("htmx:beforeSwap", () => {
    open = new Map([...named()].map((each) => [each.id, each.open]));
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const each of named()) each.open = open.get(each.id) ?? each.open;
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // what is selected can be copied by hand
    }
    button.textContent = button.dataset.done;
  });
})();
