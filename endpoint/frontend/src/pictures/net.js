// Who works with whom.
import "echarts/lib/chart/graph";
import { base, cut, tooltip } from "./data.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const names = new Map(values.nodes.map((each) => [each.id, each.name]));
  const [widest, largest] = [values.links, values.nodes].map((list) => Math.max(1, ...list.map((each) => each.value)));
  const isNarrow = wide < 500;
  return {
    ...base(drawing),
    tooltip: tooltip(({ dataType, data }) => (dataType === "edge" ? `${names.get(data.source)} – ${names.get(data.target)}: ${format(data.value)}` : `${data.full}: ${format(data.value)}`), palette),
    series: [
      {
        type: "graph",
        layout: "force",
        left: isNarrow ? "12%" : "6%",
        right: isNarrow ? "26%" : "18%",
        roam: false,
        force: { repulsion: isNarrow ? 120 : 320, edgeLength: isNarrow ? [30, 90] : [60, 190], gravity: 0.12, layoutAnimation: false },
        labelLayout: { hideOverlap: true },
        emphasis: { focus: "adjacency", label: { show: true } },
        label: { show: true, position: "right", color: palette.ink, textBorderColor: palette.paper, textBorderWidth: 3, formatter: (/** @type {any} */ { data }) => cut(data.full, isNarrow ? 14 : 28) },
        lineStyle: { color: palette.muted, curveness: 0.06 },
        itemStyle: { color: palette.series[0], borderColor: palette.paper, borderWidth: 1 },
        data: values.nodes.map((each) => ({ id: each.id, name: each.id, full: each.name, value: each.value, address: each.address, symbolSize: 8 + 30 * Math.sqrt(each.value / largest) })),
        links: values.links.map((each) => ({ source: each.from, target: each.to, value: each.value, address: each.address, lineStyle: { width: 0.8 + 6 * (each.value / widest), opacity: 0.3 + 0.5 * (each.value / widest) } })),
      },
    ],
  };
}
