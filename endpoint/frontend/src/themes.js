// The chooser of light and dark: remembered in this browser, told to no server.

const CHOSEN = "theme";

/** Shows the chooser in the frame of the page and makes it work. */
export function offerThemes() {
  const chooser = document.querySelector("select[data-themes]");
  if (!(chooser instanceof HTMLSelectElement)) return;
  chooser.value = document.documentElement.dataset.theme ?? "";
  chooser.addEventListener("change", () => choose(chooser.value));
  chooser.closest("[hidden]")?.removeAttribute("hidden");
}

/** @param {string} theme light, dark, or nothing for that of the system */
function choose(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  if (theme) localStorage.setItem(CHOSEN, theme);
  else localStorage.removeItem(CHOSEN);
}
