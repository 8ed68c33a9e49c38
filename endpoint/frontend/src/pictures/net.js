// Who works with whom.
import "echarts/lib/chart/graph";
import { base, cut, tooltip } from "./data.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const names = new Map(values.nodes.map((each) => [each.id, each.name]));
  const [widest, largest] = [values.links, values.nodes].map((list) => Math.max(1, ...list.map((each) => each.value)));
  const isNarrow = wide < 500;
  const isRing = values.nodes.length > 12;
  return {
    ...base(drawing),
    tooltip: tooltip(({ dataType, data }) => (dataType === "edge" ? `${names.get(data.source)} – ${names.get(data.target)}: ${format(data.value)}` : `${data.full}: ${format(data.value)}`), palette),
    series: [
      {
        type: "graph",
        // Few stand as they are drawn to each other; many stand in a ring, where every name has its place.
        ...(isRing ? { layout: "circular", circular: { rotateLabel: true }, ...margins(isNarrow ? 92 : 168) } : { layout: "force", ...margins(isNarrow ? "16%" : "12%"), right: "24%", force: { repulsion: isNarrow ? 90 : 220, edgeLength: isNarrow ? [30, 80] : [60, 150], gravity: 0.25, layoutAnimation: false } }),
        roam: false,
        labelLayout: { hideOverlap: !isRing },
        emphasis: { focus: "adjacency", label: { show: true } },
        label: { show: true, position: "right", color: palette.ink, textBorderColor: palette.paper, textBorderWidth: 3, formatter: (/** @type {any} */ { data }) => cut(data.full, isNarrow ? 14 : 28) },
        lineStyle: { color: palette.muted, curveness: isRing ? 0.25 : 0.06 },
        itemStyle: { color: palette.series[0], borderColor: palette.paper, borderWidth: 1 },
        data: values.nodes.map((each) => ({ id: each.id, name: each.id, full: each.name, value: each.value, address: each.address, symbolSize: (isRing ? 5 : 8) + (isRing ? 16 : 30) * Math.sqrt(each.value / largest) })),
        links: values.links.map((each) => ({ source: each.from, target: each.to, value: each.value, address: each.address, lineStyle: { width: 0.8 + 6 * (each.value / widest), opacity: 0.3 + 0.5 * (each.value / widest) } })),
      },
    ],
  };
}

/** @param {number | string} each */
const margins = (each) => ({ left: each, right: each, top: each, bottom: each });
