// Puts the theme that the reader chose on the page before anything is drawn; a page in the wrong
// colours for a moment hurts the eyes. A file, since pages run no inline script; of its own, since
// it works before `make assets`, too.
(() => {
  const root = document.documentElement;

  /** @param {string} theme light, dark, or nothing for that of the system */
  const show = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  /** @param {(storage: Storage) => void} use */
  const remember = (use) => {
    try {
      use(localStorage);
    } catch {
      // Storage is closed to us: the choice holds for this page alone.
    }
  };

  remember((storage) => show(storage.getItem("theme") ?? ""));
  document.addEventListener("DOMContentLoaded", () => {
    const chooser = /** @type {HTMLSelectElement | null} */ (document.querySelector("select[data-themes]"));
    if (!chooser) return;
    chooser.value = root.dataset.theme ?? "";
    chooser.addEventListener("change", () => {
      show(chooser.value);
      remember((storage) => storage.setItem("theme", chooser.value));
    });
  });
})();
