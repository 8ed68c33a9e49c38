// A table with shading, as a picture to keep; on the page the table itself is shown.
import "echarts/lib/chart/heatmap";
import "echarts/lib/component/grid";
import "echarts/lib/component/visualMap";
import { base, cut } from "./data.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, format } = drawing;
  const highest = Math.max(0.01, ...values.cells.map(([, , value]) => value));
  // What has no number stands on a ground of its own, with the words of the table.
  /** @param {string | undefined} state */
  const ground = (state) => ({ color: state === "unknown" ? palette.soft : palette.paper });
  const axis = { type: "category", axisTick: { show: false }, axisLine: { show: false }, splitArea: { show: false } };
  return {
    ...base(drawing),
    animation: false,
    grid: { left: 8, right: 8, top: 8, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { ...axis, position: "top", data: values.across, axisLabel: { color: palette.ink, rotate: 40, interval: 0, formatter: (/** @type {string} */ text) => cut(text, 26) } },
    yAxis: { ...axis, inverse: true, data: values.down, axisLabel: { color: palette.ink, interval: 0, formatter: (/** @type {string} */ text) => cut(text, 40) } },
    visualMap: { show: false, min: 0, max: highest, inRange: { color: [palette.pale, palette.deep] } },
    series: [
      {
        type: "heatmap",
        data: values.cells.filter(([, , value, text]) => value || text).map(([column, row, value, text, state]) => ({ value: [column, row, value], ...(value ? {} : { itemStyle: ground(state), visualMap: false }), label: { show: true, color: value / highest > 0.55 ? palette.paper : palette.ink, formatter: text || format(value) } })),
        itemStyle: { borderColor: palette.paper, borderWidth: 1 },
      },
    ],
  };
}

/** @param {import("./data.js").Values} values */
export const height = ({ down }) => 190 + 24 * down.length;
