// Who gives to whom, as a ring with ribbons.
import "echarts/lib/chart/chord";
import { base, cut, tooltip } from "./data.js";
import { forward } from "../words.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const names = new Map(values.nodes.map((each) => [each.id, each.name]));
  return {
    ...base(drawing),
    tooltip: tooltip(({ dataType, data }) => (dataType === "edge" ? `${names.get(data.source)} ${forward} ${names.get(data.target)}: ${format(data.value)}` : names.get(data.id) ?? ""), palette),
    series: [
      {
        type: "chord",
        radius: ["72%", "79%"],
        clockwise: true,
        minAngle: 4,
        padAngle: 3,
        label: { show: true, color: palette.ink, formatter: (/** @type {any} */ { data }) => cut(data.full, wide < 500 ? 12 : 26) },
        lineStyle: { color: "source", opacity: 0.35 },
        data: values.nodes.map((each) => ({ id: each.id, name: each.id, full: each.name, address: each.address })),
        links: values.links.map((each) => ({ source: each.from, target: each.to, value: each.value, address: each.address })),
      },
    ],
  };
}
