// What opens under a button of the frame closes again by Escape, or when one goes on elsewhere.

/** Lets the drops of the page close. */
export function closeDrops() {
  const drops = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.drop"));
  document.addEventListener("keydown", ({ key }) => {
    const open = [...drops].find((each) => each.open);
    if (key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
  for (const leaves of /** @type {const} */ (["pointerdown", "focusin"])) {
    document.addEventListener(leaves, ({ target }) => {
      for (const each of drops) if (!each.contains(/** @type {Node} */ (target))) each.open = false;
    });
  }
}
