// Draws the pictures of a page when they come into view; see endpoint/pictures.py for what they hold.

/** @typedef {import("./data.js").Values} Values */

const near = "300px";

/**
 * Draw each picture below an element once it is near the window, and let its buttons work.
 * @param {ParentNode} [root]
 */
export function watchPictures(root = document) {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        void import("./draw.js").then(({ show }) => show(/** @type {HTMLElement} */ (target)));
      }
    },
    { rootMargin: near },
  );
  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("figure[data-picture]"))) {
    if (figure.querySelector("[data-drawing]")) seen.observe(figure);
    ready(figure);
  }
}

/** @param {HTMLElement} figure */
function ready(figure) {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (figure.querySelectorAll("button[data-save]"))) {
    button.hidden = false;
    button.onclick = () => void import("./save.js").then(({ save }) => save(figure, button.dataset.save ?? "csv"));
  }
  const copy = /** @type {HTMLButtonElement | null} */ (figure.querySelector("button[data-copy]"));
  const code = /** @type {HTMLTextAreaElement | null} */ (figure.querySelector(".picture-code"));
  if (!copy || !code) return;
  copy.hidden = false;
  copy.onclick = async () => {
    code.select();
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(code.value);
    copy.textContent = copy.dataset.copy ?? "";
  };
}
