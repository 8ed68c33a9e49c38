// The row of buttons above the editor, and the shelf that opens beneath it.
import { button, copy, field, h, select } from "./dom.js";
import { snippets } from "./code.js";
import { endpoint, save } from "./server.js";
import { _, seconds } from "./words.js";

const steps = [5, 10, 30, 60, 120, 300];

export function toolbar(bench, setup) {
  const shelf = h("div", { className: "shelf", hidden: true });
  // The query has changed: each content of the shelf knows what to do about it.
  shelf.addEventListener("stale", () => shelf.firstElementChild?.dispatchEvent(new Event("stale")));
  const run = button(_("Run"), () => bench.run(), { className: "run", title: _("Run the query (Ctrl+Enter)") });
  const stop = button(_("Stop"), () => bench.stop(), { className: "stop", hidden: true });
  const state = h("span", { className: "state", role: "status" });
  return h(
    "div",
    { className: "toolbar" },
    h(
      "div",
      { className: "tools", role: "group", "aria-label": _("Query") },
      run,
      stop,
      state,
      field(_("Stop after"), select(timeouts(setup), bench.timeout, (value) => (bench.timeout = Number(value)))),
      toggle(_("Share"), shelf, () => share(bench, shelf)),
      toggle(_("As code"), shelf, () => code(bench)),
      toggle(_("Keys"), shelf, keys),
    ),
    shelf,
    h("div", { className: "graphs" }),
  );
}

function timeouts({ timeout, timeoutMax }) {
  const all = [...new Set([...steps.filter((step) => step <= timeoutMax), timeout, timeoutMax])];
  return all.sort((one, other) => one - other).map((value) => [value, seconds(value)]);
}

function toggle(text, shelf, make) {
  const act = async (event) => {
    const opener = event.currentTarget;
    const isOpen = opener.getAttribute("aria-expanded") === "true";
    for (const each of opener.parentElement.querySelectorAll("[aria-expanded]")) each.setAttribute("aria-expanded", "false");
    shelf.hidden = isOpen;
    if (isOpen) return;
    opener.setAttribute("aria-expanded", "true");
    shelf.fill = async () => shelf.replaceChildren(await make());
    await shelf.fill();
  };
  return button(text, act, { "aria-expanded": "false", className: "quiet" });
}

async function share(bench, shelf) {
  try {
    const address = await save(bench.yasqe().getValue(), bench.graphs());
    const said = h("span", { role: "status" });
    const box = h("input", { type: "text", readOnly: true, value: address, onfocus: (event) => event.target.select() });
    const onstale = () => shelf.replaceChildren(h("p", { role: "status" }, `${_("The query has changed.")} `, button(_("Make its short address"), () => shelf.fill(), { className: "quiet" })));
    return h("div", { className: "shared", onstale }, field(_("Short address"), box), button(_("Copy"), () => copy(box, said)), said, h("p", { className: "small" }, _("It leads here with this query, and stays.")));
  } catch (error) {
    return h("p", { role: "alert" }, `${_("The query was not saved:")} ${/** @type {Error} */ (error).message}`);
  }
}

function code(bench) {
  const yasqe = bench.yasqe();
  const write = () => snippets(yasqe.getValue(), yasqe.getQueryType(), endpoint, bench.graphs());
  const names = write().map(([name]) => name);
  let chosen = names[0];
  const text = h("pre", { className: "data", tabIndex: 0, role: "region", "aria-label": _("Code") });
  const said = h("span", { role: "status" });
  const put = (name) => {
    chosen = name;
    text.textContent = write().find(([each]) => each === name)?.[1] ?? "";
    said.textContent = "";
  };
  put(chosen);
  return h("div", { onstale: () => put(chosen) }, h("div", { className: "tools" }, field(_("Language"), select(names.map((name) => [name, name]), chosen, put)), button(_("Copy"), () => copy(text, said)), said), text);
}

function keys() {
  const list = [
    ["Ctrl+Enter", _("run the query")],
    ["Ctrl+Space", _("complete what you began; names of things are found by their words: birth-registration")],
    ["Tab, Shift+Tab", _("leave the editor; with a list of completions open, Tab takes one")],
    ["Ctrl+], Ctrl+[", _("indent more, less")],
    ["Ctrl+/", _("comment lines in or out")],
    ["Shift+Ctrl+F", _("format the query")],
    ["Esc", _("close the list of completions; the cursor stays in the editor")],
    [_("Delete on a tab"), _("close that tab; a double click renames it")],
  ];
  return h("dl", { className: "keys" }, list.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what))));
}
