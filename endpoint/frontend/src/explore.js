// Entry: the pages of pictures. A new choice is shown in place; the address holds it.
import { watchPictures } from "./pictures/index.js";

const box = /** @type {HTMLElement | null} */ (document.querySelector("[data-explore]"));
let serial = 0;

if (box) {
  listen(box);
  addEventListener("popstate", () => void show(location.href, "[data-explore]"));
}

/** @param {HTMLElement} within */
function listen(within) {
  const form = /** @type {HTMLFormElement} */ (within.querySelector("[data-explore-form]"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void choose(form);
  });
  // Selects show at once; a year that is being typed waits until it is left.
  form.addEventListener("change", () => void choose(form));
}

/** @param {HTMLFormElement} form */
async function choose(form) {
  const said = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(/** @type {string[][]} */ (said)).toString();
  const address = `${form.action}${query ? `?${query}` : ""}`;
  if (await show(address, "[data-explore-picture]")) history.pushState(null, "", address);
}

/**
 * Put a part of another page in the place of the same part of this one; false if a newer choice was made meanwhile.
 * @param {string} address
 * @param {string} part
 */
async function show(address, part) {
  const mine = ++serial;
  const place = /** @type {HTMLElement} */ (document.querySelector(part));
  place.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== serial) return false;
  const newer = /** @type {HTMLElement | null} */ (page.querySelector(part));
  if (!answer.ok || !newer) {
    location.assign(address);
    return false;
  }
  place.querySelectorAll("figure[data-picture]").forEach((each) => each.dispatchEvent(new Event("picture-away")));
  place.replaceWith(newer);
  swap(page, "[data-tabs]");
  document.title = page.title;
  watchPictures(newer);
  if (part === "[data-explore]") listen(newer);
  const told = document.querySelector("[data-explore-told]");
  if (told) told.textContent = newer.querySelector(".picture-summary")?.textContent ?? "";
  return true;
}

/**
 * @param {Document} page
 * @param {string} part
 */
function swap(page, part) {
  const [here, there] = [document.querySelector(part), page.querySelector(part)];
  if (here && there) here.replaceWith(there);
}
