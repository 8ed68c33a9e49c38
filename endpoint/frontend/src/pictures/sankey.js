// Who gives to whom, in the direction of reading.
import "echarts/lib/chart/sankey";
import { base, cut, tooltip } from "./data.js";
import { forward, isRightToLeft } from "../words.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const names = new Map(values.nodes.map((each) => [each.id, each.name]));
  const room = wide < 500 ? 84 : 190;
  /** @type {["from" | "to", "from" | "to"]} the ends at the left and at the right */
  const [left, right] = isRightToLeft ? ["to", "from"] : ["from", "to"];
  /** @param {string} end @param {string} id */
  const key = (end, id) => `${end} ${id}`;
  // A region has its colour on both sides; past the sixth they repeat, and names tell them apart.
  const colours = new Map(values.nodes.map((each, at) => [each.id, palette.series[at % palette.series.length]]));
  const givers = new Set(values.links.map((each) => each.from));
  const takers = new Set(values.links.map((each) => each.to));
  /** @param {string} end @param {Set<string>} ids */
  const side = (end, ids) => values.nodes.filter((each) => ids.has(each.id)).map((each) => ({ name: key(end, each.id), full: each.name, itemStyle: { color: colours.get(each.id) }, label: { position: end === left ? "left" : "right" } }));
  return {
    ...base(drawing),
    tooltip: tooltip(({ dataType, data, value }) => (dataType === "edge" ? `${data.tip}: ${format(data.value)}` : `${data.full}: ${format(value)}`), palette),
    series: [
      {
        type: "sankey",
        left: room,
        right: room,
        top: 8,
        bottom: 8,
        nodeWidth: 12,
        nodeGap: 9,
        nodeAlign: "justify",
        draggable: false,
        emphasis: { focus: "adjacency" },
        label: { color: palette.ink, overflow: "break", lineHeight: 15, width: room - 10, formatter: (/** @type {any} */ { data }) => cut(data.full, wide < 500 ? 24 : 34) },
        lineStyle: { color: "gradient", opacity: 0.4 },
        data: [...side("from", givers), ...side("to", takers)],
        links: values.links.map((each) => ({ source: key(left, each[left]), target: key(right, each[right]), value: each.value, address: each.address, tip: `${names.get(each.from)} ${forward} ${names.get(each.to)}` })),
      },
    ],
  };
}
