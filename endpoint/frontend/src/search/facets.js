// Facets: those that nobody opened are counted when somebody does; long lists are filtered by typing.
import { addressOf } from "./update.js";

/** @param {HTMLFormElement} form */
export function prepareFacets(form) {
  for (const filter of form.querySelectorAll(".facet-filter")) /** @type {HTMLElement} */ (filter).hidden = false;
}

/** @param {HTMLFormElement} form */
export function watchFacets(form) {
  prepareFacets(form);
  form.addEventListener("swapped", () => prepareFacets(form));
  form.addEventListener("toggle", (event) => {
    const details = event.target;
    if (details instanceof HTMLDetailsElement && details.dataset.facetName && details.open && !("counted" in details.dataset)) {
      load(form, details);
    }
  }, { capture: true });
  form.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-count-facet]");
    const details = link?.closest("details");
    if (!details || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    load(form, details);
  });
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && "filter" in event.target.dataset) filter(event.target);
  });
  // Enter in a filter would send the form.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && "filter" in event.target.dataset) event.preventDefault();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDetailsElement} details
 */
async function load(form, details) {
  const name = details.dataset.facetName ?? "";
  const address = new URL(addressOf(form), location.href);
  if (!address.searchParams.getAll("open").includes(name)) address.searchParams.append("open", name);
  const query = address.search.replaceAll("%2F", "/");
  details.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${form.dataset.facet}${name}${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new TypeError(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("fieldset");
    if (!fresh) return;
    const had = details.contains(document.activeElement) && document.activeElement?.tagName === "A";
    for (const each of [...details.children].filter((child) => child.tagName !== "SUMMARY")) each.remove();
    details.append(document.adoptNode(fresh));
    details.dataset.counted = "";
    details.open = true;
    history.replaceState(history.state, "", `${location.pathname}${query}`);
    form.dispatchEvent(new CustomEvent("swapped"));
    if (had) details.querySelector("input")?.focus();
  } catch (error) {
    // The link that counts the facet without a script is still there.
    if (!(error instanceof TypeError)) throw error;
  } finally {
    details.removeAttribute("aria-busy");
  }
}

/** @param {HTMLInputElement} box */
function filter(box) {
  const wanted = fold(box.value);
  for (const item of box.closest("fieldset")?.querySelectorAll("li") ?? []) {
    const isChosen = item.querySelector("input:checked") !== null;
    item.hidden = !isChosen && !fold(item.querySelector("bdi")?.textContent ?? "").includes(wanted);
  }
}

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
