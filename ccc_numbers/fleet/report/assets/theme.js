// Light or dark: as the system says, until somebody chooses. Runs before the first paint.
"use strict";
(() => {
  const root = document.documentElement;
  const WORDS = JSON.parse(document.getElementById("words").textContent);
  // A text in the language of the page; `{name}` in it stands for a value. Texts are listed in render.py.
  globalThis.say = (text, values = {}) => (WORDS[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  root.classList.add("scripted");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "ccc-numbers-theme";

  // Storage may be refused for local files; then the choice lasts as long as the page.
  const remember = (theme) => { try { localStorage.setItem(KEY, theme); } catch { /* as said */ } };
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };

  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-toggle]");
    const word = button.querySelector("[data-theme-word]");
    const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
    const show = () => { word.textContent = say(isDark() ? "Light" : "Dark"); };
    button.setAttribute("aria-label", say("Switch between light and dark"));
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      show();
    });
    system.addEventListener("change", show);
    show();
  });
})();
