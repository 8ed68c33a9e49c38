// Suggestions under a search box: a combobox with a list, after the ARIA authoring practices.
// Every box that has data-suggest gets one; without a script it is a plain box.

const WAIT = 120;
let serial = 0;

/** @param {ParentNode} root */
export function offerSuggestions(root = document) {
  for (const input of root.querySelectorAll("input[data-suggest]")) {
    attach(/** @type {HTMLInputElement} */ (input));
  }
}

/** @param {HTMLInputElement} input */
function attach(input) {
  const { list, said } = makeList(input);
  /** @type {AbortController | undefined} */
  let asking;
  let timer = 0;
  let chosen = -1;
  let typed = input.value;

  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const isOpen = () => !list.hidden;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  }

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options()[index].id);
      options()[index].scrollIntoView({ block: "nearest" });
    }
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(input.dataset.suggest ?? "", location.href);
    address.searchParams.set("q", typed);
    const language = new URLSearchParams(location.search).get("lang");
    if (language) address.searchParams.set("lang", language);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (answer.ok) show((await answer.json()).items);
    } catch (error) {
      // A newer letter made this answer stale, or the server is away: typing goes on as in a plain box.
      if (!(error instanceof DOMException) && !(error instanceof TypeError)) throw error;
    }
  }

  /** @param {{name: string, number: string, kind: string, kind_name: string, address: string, language: string}[]} items */
  function show(items) {
    if (document.activeElement !== input) return;
    list.replaceChildren(...items.map((item, at) => makeOption(item, `${list.id}-${at}`)));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
    const words = items.length ? input.dataset.suggestSome : input.dataset.suggestNone;
    said.textContent = (words ?? "").replace("{n}", String(items.length));
  }

  /** @param {number} step */
  function move(step) {
    const count = options().length;
    // One place more than there are options: there the box itself is chosen.
    const next = (chosen + 1 + step + count + 1) % (count + 1) - 1;
    choose(next);
    input.value = next < 0 ? typed : options()[next].dataset.name ?? typed;
  }

  input.addEventListener("input", () => {
    typed = input.value;
    clearTimeout(timer);
    if (typed.trim()) timer = window.setTimeout(ask, WAIT);
    else close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen()) move(event.key === "ArrowDown" ? 1 : -1);
      else if (typed.trim()) ask();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      input.value = typed;
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.address ?? "");
    } else if (event.key === "Enter" || event.key === "Tab") close();
  });
  // The pointer must not take the focus from the box before the click is through.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (option instanceof HTMLElement) location.assign(option.dataset.address ?? "");
  });
  input.addEventListener("blur", close);
  input.form?.addEventListener("submit", close);
}

/** @param {HTMLInputElement} input */
function makeList(input) {
  const list = document.createElement("ul");
  list.id = `suggestions-${++serial}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel ?? "");
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");
  const place = document.createElement("div");
  place.className = "suggesting";
  input.before(place);
  place.append(input, list, said);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(name, value);
  return { list, said };
}

/**
 * @param {{name: string, number: string, kind: string, kind_name: string, address: string, language: string}} item
 * @param {string} id
 */
function makeOption(item, id) {
  const option = document.createElement("li");
  option.id = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.address = item.address;
  option.dataset.name = item.name;
  const name = document.createElement("bdi");
  name.textContent = `${item.number} ${item.name}`.trim();
  if (item.language) name.lang = item.language;
  const kind = document.createElement("span");
  kind.className = "kind";
  kind.textContent = item.kind_name;
  option.append(name, " ", kind);
  return option;
}
