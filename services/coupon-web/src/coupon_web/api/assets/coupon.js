// Counts the seconds down that the page names, and keeps a form from being sent twice. All of it works without.
"use strict";

const startedAt = performance.now();
const clocks = [...document.querySelectorAll("[data-seconds]")];

const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

const tick = () => {
  const passed = Math.floor((performance.now() - startedAt) / 1000);
  let running = false;
  for (const clock of clocks) {
    const left = Math.max(0, Number(clock.dataset.seconds) - passed);
    clock.textContent = shown(left);
    const line = clock.closest("[data-when-over]");
    if (left > 0) {
      running = true;
    } else if (line) {
      line.textContent = line.dataset.whenOver;
    }
    const held = document.querySelector(`[data-held-by="${clock.id}"]`);
    if (held) {
      held.disabled = left > 0;
    }
  }
  if (running) {
    setTimeout(tick, 250);
  }
};

tick();

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "yes";
  });
}

addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});
