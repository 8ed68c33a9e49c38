// Things and what joins them, as a net; the same as a list beneath.
import { h, isStill } from "../dom.js";
import { hasIri, valueOf } from "../rows.js";
import { nameAll } from "../server.js";
import { colours, figure, loadCharts } from "./figures.js";
import { _, forward, number } from "../words.js";

const most = 400;
const isNode = (term) => term?.type === "uri" || term?.type === "bnode";

export const label = _("Graph");
export const fits = (answer) => (answer.kind === "graph" || answer.kind === "table") && answer.rows.length > 0 && joined(answer) !== null;

/**
 * Which columns hold the ends of a line, and which its name; nothing if none do.
 * @returns {{from: string, by: string | null, to: string} | null}
 */
function joined(answer) {
  if (answer.kind === "graph") return { from: "subject", by: "predicate", to: "object" };
  const iris = answer.columns.filter((column) => hasIri(answer, column));
  if (["s", "p", "o"].every((column) => answer.columns.includes(column))) return { from: "s", by: "p", to: "o" };
  return iris.length > 1 ? { from: iris[0], by: null, to: iris[1] } : null;
}

export async function draw(place, answer) {
  const { from, by, to } = /** @type {NonNullable<ReturnType<typeof joined>>} */ (joined(answer));
  const lines = answer.rows.filter((row) => isNode(row[from]) && row[to]).slice(0, most);
  const iris = lines.flatMap((row) => [row[from], by && row[by], row[to]]).filter((term) => term?.type === "uri");
  const nameOf = await nameAll(iris.map((term) => term.value));
  const text = (term) => (term.type === "uri" ? nameOf(term.value).text || nameOf(term.value).short : valueOf(term));
  const net = build(lines, { from, by, to }, text);
  const cut = answer.rows.length > lines.length ? ` ${_("The first %(shown)s of %(all)s are drawn.", { shown: number(lines.length), all: number(answer.rows.length) })}` : "";
  const told = _("Net of things: %(things)s, lines between them: %(lines)s.", { things: number(net.nodes.length), lines: number(net.links.length) });
  const caption = `${told}${cut}`;
  const list = h("ul", { className: "plain" }, net.links.map((line) => h("li", {}, `${line.fromName} — ${line.name || _("with")} ${forward} ${line.toName}`)));
  return figure(place, await loadCharts(), option(net, place.clientWidth / 1000), caption, list);
}

function build(rows, { from, by, to }, text) {
  const nodes = new Map();
  const links = [];
  for (const row of rows) {
    const isLiteral = !isNode(row[to]);
    const start = row[from].value;
    const end = isLiteral ? `${start} ${by ? row[by]?.value : ""} ${valueOf(row[to])}` : row[to].value;
    const [fromName, toName] = [text(row[from]), text(row[to])];
    addNode(nodes, start, fromName, 0);
    addNode(nodes, end, toName, isLiteral ? 2 : 1);
    links.push({ source: start, target: end, name: by && row[by] ? text(row[by]) : "", fromName, toName });
  }
  for (const { source, target } of links) {
    nodes.get(source).degree += 1;
    nodes.get(target).degree += 1;
  }
  return { nodes: [...nodes.values()], links };
}

function addNode(nodes, id, name, category) {
  const known = nodes.get(id);
  if (!known) nodes.set(id, { id, name, category, degree: 0 });
  else if (category === 0) known.category = 0;
}

function option({ nodes, links }, wide) {
  const palette = colours();
  const isFew = nodes.length <= 60;
  const isNarrow = wide < 0.6;
  const longest = isNarrow ? 14 : isFew ? 32 : 24;
  return {
    animation: !isStill(),
    height: 520,
    color: palette.series,
    textStyle: { color: palette.ink, fontFamily: palette.font },
    tooltip: { confine: true, formatter: (each) => h("i", {}, each.dataType === "edge" ? `${each.data.fromName} — ${each.data.name} ${forward} ${each.data.toName}` : each.data.fullName).innerHTML },
    series: [
      {
        type: "graph",
        layout: "force",
        // Names stand at the right of their things and need their place there.
        left: isNarrow ? "14%" : "6%",
        right: isNarrow ? "30%" : "22%",
        roam: "move",
        draggable: true,
        categories: [{ name: "first" }, { name: "second" }, { name: "text" }],
        force: { repulsion: wide * (isFew ? 420 : 220), edgeLength: (isFew ? [80, 170] : [60, 150]).map((length) => length * wide), layoutAnimation: false },
        labelLayout: { hideOverlap: true },
        data: nodes.map((node) => ({ ...node, fullName: node.name, name: node.name, symbol: node.category === 2 ? "rect" : "circle", symbolSize: Math.min(40, 9 + 3 * Math.sqrt(node.degree)) })),
        links: links.map((line) => ({ ...line, label: { show: nodes.length <= 30 && Boolean(line.name), formatter: line.name, fontSize: 10, color: palette.ink } })),
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        lineStyle: { color: palette.ink, opacity: 0.35, curveness: 0.08 },
        label: { show: true, position: "right", color: palette.ink, textBorderColor: palette.paper, textBorderWidth: 3, formatter: ({ data }) => (data.fullName.length > longest ? `${data.fullName.slice(0, longest - 1)}…` : data.fullName) },
        emphasis: { focus: "adjacency", label: { show: true } },
      },
    ],
  };
}
