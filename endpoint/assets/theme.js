// Puts the theme that the reader chose on the page before anything is drawn; a page in the wrong
// colours for a moment hurts the eyes. A file, since pages run no inline script.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is closed to us: the system's theme is shown.
}
