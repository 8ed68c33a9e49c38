// Puts the answer to a changed search into the page: the parts that carry data-part are replaced,
// the address goes into the history, and focus, open lists and their scrolling stay as they were.

/** @type {AbortController | undefined} */
let asking;

/**
 * @param {HTMLFormElement} form
 * @returns {string} the address of what the form asks for, without what goes without saying
 */
export function addressOf(form) {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() && !isDouble(values, name, value)) values.append(name, value.trim());
  }
  const text = values.toString().replaceAll("%2F", "/");
  return text ? `/search?${text}` : "/search";
}

/**
 * @param {URLSearchParams} values
 * @param {string} name
 * @param {string} value
 */
const isDouble = (values, name, value) => values.getAll(name).includes(value.trim());

/**
 * @param {HTMLFormElement} form
 * @param {string} address
 * @param {{history?: "push" | "replace" | "none", toTop?: boolean}} [how]
 */
export async function go(form, address, { history: step = "push", toTop = false } = {}) {
  asking?.abort();
  const mine = (asking = new AbortController());
  document.body.dataset.searching = "";
  form.setAttribute("aria-busy", "true");
  if (step === "push") history.pushState(null, "", address);
  if (step === "replace") history.replaceState(history.state, "", address);
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new TypeError(String(answer.status));
    swap(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (toTop) toResults(form);
  } catch (error) {
    if (mine.signal.aborted) return;
    if (!(error instanceof TypeError)) throw error;
    say(form, form.dataset.failed ?? "");
  }
  if (asking === mine) {
    delete document.body.dataset.searching;
    form.removeAttribute("aria-busy");
  }
}

/** @param {HTMLFormElement} form */
function toResults(form) {
  const heading = form.querySelector("[data-status]");
  if (!(heading instanceof HTMLElement)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
export function say(form, words) {
  const status = form.querySelector("[data-status]");
  if (status) status.textContent = words;
}

/**
 * @param {HTMLFormElement} form
 * @param {Document} answer
 */
function swap(form, answer) {
  const kept = remember(form);
  for (const part of form.querySelectorAll("[data-part]")) {
    const fresh = answer.getElementById(part.id);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  const status = answer.querySelector("[data-status]");
  const here = form.querySelector("[data-status]");
  if (status && here) here.replaceChildren(...status.childNodes);
  document.title = answer.title;
  for (const [selector, name] of [["link[type='application/atom+xml']", "href"]]) {
    const [old, fresh] = [document.head.querySelector(selector), answer.head.querySelector(selector)];
    if (old && fresh) old.setAttribute(name, fresh.getAttribute(name) ?? "");
  }
  const box = /** @type {HTMLInputElement | null} */ (form.querySelector("#q"));
  const asked = answer.querySelector("#q");
  if (box && asked && document.activeElement !== box) box.value = asked.getAttribute("value") ?? "";
  form.dispatchEvent(new CustomEvent("swapped"));
  restore(form, kept);
}

/**
 * A facet that is not counted has nothing to show yet; all else stays as open as it was.
 * @param {HTMLDetailsElement} details
 */
const isKept = (details) => !details.dataset.facetName || "counted" in details.dataset;

/** @param {HTMLFormElement} form */
function remember(form) {
  const details = /** @type {HTMLDetailsElement[]} */ ([...form.querySelectorAll("details[id]")]);
  const filters = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-filter]")]);
  return {
    focus: document.activeElement?.id ?? "",
    scroll: [window.scrollX, window.scrollY],
    open: new Map(details.filter(isKept).map((each) => [each.id, each.open])),
    lists: new Map([...form.querySelectorAll("ul.long")].map((each) => [each.id, each.scrollTop])),
    ticked: [...form.querySelectorAll("input[form]:checked")].map((each) => /** @type {HTMLInputElement} */ (each).value),
    filters: new Map(filters.map((each) => [each.id, each.value])),
  };
}

/**
 * @param {HTMLFormElement} form
 * @param {ReturnType<typeof remember>} kept
 */
function restore(form, kept) {
  for (const [id, isOpen] of kept.open) {
    const details = document.getElementById(id);
    if (details instanceof HTMLDetailsElement && isKept(details)) details.open = isOpen;
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[form]"))) {
    box.checked = kept.ticked.includes(box.value);
  }
  for (const [id, value] of kept.filters) {
    const filter = document.getElementById(id);
    if (filter instanceof HTMLInputElement && value) {
      filter.value = value;
      filter.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  for (const [id, top] of kept.lists) document.getElementById(id)?.scrollTo({ top });
  const focused = kept.focus && document.getElementById(kept.focus);
  // What had the focus may be gone, as a chip is that was taken off: then the count gets it.
  if (focused) focused.focus({ preventScroll: true });
  else if (kept.focus) {
    const status = form.querySelector("[data-status]");
    if (status instanceof HTMLElement) {
      status.tabIndex = -1;
      status.focus({ preventScroll: true });
    }
  }
  window.scrollTo(kept.scroll[0], kept.scroll[1]);
}
