// Entry: the search page. Without it the page is a form that is sent as a whole.
import { watchPictures } from "./pictures/index.js";
import { watchFacets } from "./search/facets.js";
import { preparePeriod } from "./search/period.js";
import { addressOf, go } from "./search/update.js";

const form = document.querySelector("form[data-search]");
if (form instanceof HTMLFormElement) enliven(form);

/** @param {HTMLFormElement} form */
function enliven(form) {
  form.classList.add("live");
  openDrawer(form);
  watchFacets(form);
  preparePeriod(form);
  form.addEventListener("swapped", () => {
    preparePeriod(form);
    const results = form.querySelector("#results");
    if (results) watchPictures(results);
  });
  form.addEventListener("change", (event) => {
    const changed = event.target;
    if (!(changed instanceof HTMLInputElement || changed instanceof HTMLSelectElement)) return;
    if (changed.form === form && changed.name !== "q" && !("filter" in changed.dataset)) go(form, addressOf(form));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const drawer = event.submitter?.closest("[data-see]")?.closest("details[data-drawer]");
    if (drawer instanceof HTMLDetailsElement) drawer.open = false;
    go(form, addressOf(form), { history: drawer ? "replace" : "push", toTop: Boolean(drawer) });
  });
  form.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-go]");
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(form, link.pathname + link.search, { toTop: "up" in link.dataset });
  });
  addEventListener("popstate", () => go(form, location.pathname + location.search, { history: "none" }));
}

/**
 * Beside the results there is room for the facets; on a telephone they wait behind their summary.
 * @param {HTMLFormElement} form
 */
function openDrawer(form) {
  const drawer = form.querySelector("[data-drawer]");
  const wide = matchMedia("(min-width: 60rem)");
  const fit = () => {
    if (!(drawer instanceof HTMLDetailsElement)) return;
    drawer.open = wide.matches;
    // Where it is always open, there is nothing to press.
    const summary = drawer.querySelector("summary");
    if (summary) summary.tabIndex = wide.matches ? -1 : 0;
  };
  fit();
  wide.addEventListener("change", fit);
}
