// Columns or bars along names or years, one above the other for each series.
import "echarts/lib/chart/bar";
import "echarts/lib/component/grid";
import "echarts/lib/component/legend";
import { base, cut, escaped } from "./data.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const isLying = values.along.some((each) => each.length > 8);
  const names = { type: "category", data: values.along, inverse: isLying, axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.ink, hideOverlap: true, formatter: (/** @type {string} */ text) => cut(text, wide < 500 ? 16 : 32) } };
  const amounts = { type: "value", minInterval: 1, splitNumber: 4, axisLabel: { color: palette.muted, formatter: format }, splitLine: { lineStyle: { color: palette.line } } };
  const isMany = values.series.length > 1;
  return {
    ...base(drawing),
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, backgroundColor: palette.paper, borderColor: palette.line, textStyle: { color: palette.ink }, formatter: tellAll(format) },
    legend: { show: isMany, top: 0, left: 0, textStyle: { color: palette.ink }, itemGap: 16, type: "scroll" },
    grid: { left: 8, right: 16, top: isMany ? 40 : 12, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: isLying ? amounts : names,
    yAxis: isLying ? names : amounts,
    series: values.series.map((each) => ({
      type: "bar",
      stack: "all",
      name: each.name,
      barMaxWidth: 34,
      barCategoryGap: "22%",
      itemStyle: { borderColor: palette.paper, borderWidth: 0.5 },
      data: each.values.map((value, at) => ({ value, address: each.addresses[at] })),
    })),
  };
}

/** @param {(value: number) => string} format */
const tellAll = (format) => (/** @type {any[]} */ points) =>
  [escaped(points[0]?.name ?? ""), ...points.filter((each) => each.value).map((each) => `${each.marker}${escaped(each.seriesName)} <b>${format(each.value)}</b>`)].join("<br>");
