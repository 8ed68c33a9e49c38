// What stands beside the editor: examples, names to find, and the last runs.
import { button, h } from "./dom.js";
import { declare, show, write } from "./completion.js";
import { complete } from "./server.js";
import { _, locale, ngettext, number } from "./words.js";

const storage = "ssc4c-runs";
const mostRuns = 30;

export function panels(bench, setup) {
  const isWide = matchMedia("(min-width: 60rem)").matches;
  return h(
    "aside",
    { className: "beside", "aria-label": _("Help with queries") },
    section(_("Examples"), examples(bench, setup), isWide, "examples"),
    section(_("Find a name"), names(bench, setup), false, "names"),
    section(_("Last runs"), runs(bench), false, "runs"),
  );
}

function section(title, content, isOpen, name) {
  return h("details", { open: isOpen, className: `part part-${name}` }, h("summary", {}, title), content);
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function examples(bench, setup) {
  const items = setup.examples.map((each) => {
    const words = plain([each.question, each.summary, each.note, each.name, each.names].join(" "));
    const open = button([each.question ? h("b", {}, `${each.question} `) : null, each.summary].filter(Boolean), () => bench.open(each.query, each.question || each.name.split("/").at(-1), true), { className: "example" });
    return { words, element: h("li", {}, open) };
  });
  const said = h("p", { className: "small", role: "status" });
  const filter = (text) => {
    const wanted = plain(text).split(/\s+/).filter(Boolean);
    for (const item of items) item.element.hidden = !wanted.every((word) => item.words.includes(word));
    const left = items.filter((item) => !item.element.hidden).length;
    said.textContent = _("%(shown)s of %(all)s examples; a click runs one", { shown: number(left), all: number(items.length) });
  };
  const box = h("input", { type: "search", "aria-label": _("Filter the examples"), placeholder: _("Filter, such as: country"), oninput: (event) => filter(event.target.value) });
  filter("");
  return h("div", {}, box, said, h("ul", { className: "list" }, items.map((item) => item.element)));
}

function names(bench, setup) {
  const list = h("ul", { className: "list" });
  const said = h("p", { className: "small", role: "status" }, _("Words of a name, in any of the languages"));
  let asked = 0;
  const look = async (text) => {
    const turn = ++asked;
    if (text.trim().length < 2) return list.replaceChildren();
    const found = await Promise.all(["class", "property", "thing"].map((kind) => complete(kind, text)));
    if (turn !== asked) return;
    const items = [...found[0].slice(0, 5), ...found[1].slice(0, 8), ...found[2]];
    said.textContent = items.length ? ngettext("%(num)s found; a click puts one into the query", "%(num)s found; a click puts one into the query", items.length) : _("Nothing is called so");
    list.replaceChildren(...items.map((item) => h("li", {}, insertion(bench, setup, item))));
  };
  const box = h("input", { type: "search", "aria-label": _("Find a class, property or thing"), placeholder: _("For example: nutrition"), oninput: (event) => look(event.target.value) });
  return h("div", {}, box, said, list);
}

function insertion(bench, setup, item) {
  const put = () => {
    const yasqe = bench.yasqe();
    const { text, prefix } = write(item.iri, { ...setup.prefixes, ...yasqe.getPrefixesFromQuery() });
    placeCursor(yasqe);
    yasqe.replaceSelection(`${text} `);
    declare(yasqe, prefix, setup.prefixes);
    yasqe.focus();
  };
  return button(show(item, write(item.iri, setup.prefixes).text), put, { className: "example" });
}

// Nobody has been in the editor yet: the end of the pattern is a better place than the very first.
function placeCursor(yasqe) {
  const { line, ch } = yasqe.getCursor();
  const end = yasqe.getValue().lastIndexOf("}");
  if (line === 0 && ch === 0 && end > 0 && !yasqe.somethingSelected()) yasqe.setCursor(yasqe.posFromIndex(end));
}

function runs(bench) {
  const list = h("ul", { className: "list" });
  const draw = () => {
    const kept = readRuns();
    list.replaceChildren(...kept.map((run) => h("li", {}, button([h("b", {}, new Date(run.time).toLocaleString(locale)), h("span", { className: "found-name" }, `${run.told} · ${firstLine(run.query)}`)], () => bench.open(run.query, _("Again"), false), { className: "example" }))));
    clear.hidden = !kept.length;
    said.textContent = kept.length ? _("Kept in this browser only") : _("What you run is listed here; it stays in this browser");
  };
  const said = h("p", { className: "small" });
  const clear = button(_("Forget them"), () => {
    localStorage.removeItem(storage);
    draw();
  }, { className: "quiet" });
  bench.onRun((run) => {
    writeRuns([run, ...readRuns().filter((each) => each.query !== run.query)].slice(0, mostRuns));
    draw();
  });
  draw();
  return h("div", {}, said, list, clear);
}

const firstLine = (query) => query.split("\n").find((line) => line.trim() && !/^\s*(#|PREFIX|BASE)/i.test(line))?.trim() ?? "";

function readRuns() {
  return JSON.parse(localStorage.getItem(storage) ?? "[]");
}

function writeRuns(kept) {
  try {
    localStorage.setItem(storage, JSON.stringify(kept));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "QuotaExceededError")) throw error;
    localStorage.removeItem(storage);
  }
}
