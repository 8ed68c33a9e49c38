// Rows as a table: names beside IRIs, links to our pages, sorting, page by page.
import { button, h } from "../dom.js";
import { numberOf, valueOf } from "../rows.js";
import { nameAll } from "../server.js";
import { _, number } from "../words.js";

const onePage = 100;

export const label = _("Table");
export const fits = (answer) => answer.kind !== "text";

export async function draw(place, answer) {
  if (answer.kind === "boolean") return place.append(h("p", { className: "verdict" }, answer.value ? _("Yes") : _("No")));
  if (!answer.rows.length) return place.append(h("p", {}, _("There are no rows: nothing in the graph fits the query.")));
  const shown = { from: 0, column: null, isDown: false };
  const again = async (focus) => {
    const box = await drawPage(answer, shown, again);
    place.replaceChildren(...box);
    if (focus) place.querySelector(focus)?.focus();
  };
  await again();
}

async function drawPage(answer, shown, again) {
  const rows = sorted(answer.rows, shown).slice(shown.from, shown.from + onePage);
  const terms = rows.flatMap((row) => answer.columns.map((column) => row[column]));
  const nameOf = await nameAll(terms.filter((term) => term?.type === "uri").map((term) => term.value));
  const table = h(
    "table",
    { className: "rows" },
    h("thead", {}, h("tr", {}, answer.columns.map((column) => head(column, shown, again)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, answer.columns.map((column) => h("td", {}, cell(row[column], nameOf)))))),
  );
  const region = h("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": _("Rows of the answer") }, table);
  return [region, ...pager(answer.rows.length, shown, again)];
}

function head(column, shown, again) {
  const isSorted = shown.column === column;
  const sort = () => {
    Object.assign(shown, { from: 0, isDown: isSorted && !shown.isDown, column });
    again(`th button[data-column="${CSS.escape(column)}"]`);
  };
  const order = isSorted ? (shown.isDown ? "descending" : "ascending") : undefined;
  const arrow = isSorted ? h("span", { "aria-hidden": "true" }, shown.isDown ? " ↓" : " ↑") : null;
  const sorter = button([column, arrow].filter(Boolean), sort, { className: "sorter", title: _("Sort by %(column)s", { column }), "data-column": column });
  return h("th", { scope: "col", "aria-sort": order }, sorter);
}

function sorted(rows, { column, isDown }) {
  if (!column) return rows;
  const sign = isDown ? -1 : 1;
  return [...rows].sort((one, other) => sign * compare(one[column], other[column]));
}

function compare(one, other) {
  if (!one || !other) return (one ? 1 : 0) - (other ? 1 : 0);
  const difference = numberOf(one) - numberOf(other);
  return Number.isNaN(difference) ? valueOf(one).localeCompare(valueOf(other)) : difference;
}

function pager(total, shown, again) {
  if (total <= onePage) return [];
  const last = Math.min(shown.from + onePage, total);
  const move = (by) => () => {
    shown.from += by;
    again(".scroll");
  };
  return [
    h(
      "p",
      { className: "pager" },
      button(_("Earlier rows"), move(-onePage), { disabled: shown.from === 0 }),
      h("span", { role: "status" }, _("Rows %(first)s to %(last)s of %(all)s", { first: number(shown.from + 1), last: number(last), all: number(total) })),
      button(_("Further rows"), move(onePage), { disabled: last === total }),
    ),
  ];
}

function cell(term, nameOf) {
  if (!term) return [];
  if (term.type === "uri") return resource(term.value, nameOf(term.value));
  if (term.type === "bnode") return [`_:${term.value}`];
  const note = term["xml:lang"] ?? shortType(term.datatype);
  return [h("span", { lang: term["xml:lang"] || undefined, className: Number.isFinite(numberOf(term)) ? "figure" : undefined }, valueOf(term)), note ? h("small", {}, ` ${note}`) : null];
}

const plainTypes = ["#string", "#integer", "#decimal", "#double", "#langString"];
const shortType = (iri) => (iri && !plainTypes.some((end) => iri.endsWith(end)) ? iri.split(/[#/]/).at(-1) : "");

function resource(iri, named) {
  const short = named.short;
  const text = named.text || short;
  const isOut = Boolean(named.address && !named.page);
  const name = named.address
    ? h("a", { href: named.address, title: iri, lang: named.language || undefined, className: isOut ? "out" : undefined, rel: isOut ? "external nofollow noopener" : undefined }, text)
    : h("span", { title: iri }, text);
  return [name, named.text ? h("code", { className: "short" }, short) : null];
}
