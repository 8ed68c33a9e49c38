// Bars, a line or slices of two columns, with the same as text beneath.
import { field, h, isStill, select } from "../dom.js";
import { isNumeric, numberOf, valueOf } from "../rows.js";
import { nameAll } from "../server.js";
import { colours, figure, loadCharts } from "./figures.js";

const kinds = [["bar", "Bars"], ["line", "Line"], ["pie", "Slices"]];
const most = 200;

export const label = "Chart";
export const fits = (answer) => answer.kind === "table" && answer.rows.length > 0 && answer.columns.length > 1 && valueColumns(answer).length > 0;

const valueColumns = (answer) => answer.columns.filter((column) => isNumeric(answer, column));

export async function draw(place, answer, kept, keep) {
  const values = valueColumns(answer);
  const groups = answer.columns.filter((column) => !values.includes(column));
  const first = groups.at(-1) ?? answer.columns.find((column) => column !== values[0]);
  const known = (name, list, other) => (list.includes(kept[name]) ? kept[name] : other);
  const chosen = {
    kind: kept.kind ?? "bar",
    by: known("by", answer.columns, groups[0] ?? first),
    value: known("value", values, values.at(-1)),
  };
  const change = (name) => (value) => keep({ ...chosen, [name]: value });
  const names = answer.columns.map((column) => [column, column]);
  place.append(
    h(
      "div",
      { className: "choices" },
      field("Kind", select(kinds, chosen.kind, change("kind"))),
      field("Along", select(names, chosen.by, change("by"))),
      field("Values", select(values.map((column) => [column, column]), chosen.value, change("value"))),
    ),
  );
  const points = await gather(answer, chosen);
  const echarts = await loadCharts();
  return figure(place, echarts, option(chosen, points), describe(chosen, points), table(chosen, points));
}

async function gather(answer, { by, value }) {
  const terms = answer.rows.map((row) => row[by]).filter((term) => term?.type === "uri");
  const nameOf = await nameAll(terms.map((term) => term.value));
  return answer.rows.slice(0, most).map((row) => {
    const term = row[by];
    const named = term?.type === "uri" ? nameOf(term.value) : null;
    return { name: named ? named.text || named.short : valueOf(term), value: numberOf(row[value]) };
  }).filter((point) => Number.isFinite(point.value));
}

function option({ kind, by, value }, points) {
  const palette = colours();
  const base = { animation: !isStill(), aria: { decal: { show: kind === "pie" } }, color: palette.series, textStyle: { color: palette.ink, fontFamily: palette.font }, tooltip: { trigger: kind === "pie" ? "item" : "axis", confine: true } };
  if (kind === "pie") return { ...base, series: [{ type: "pie", radius: "70%", data: points, label: { color: palette.ink } }] };
  const isLong = points.some((point) => point.name.length > 12);
  const names = { type: "category", name: isLong && kind === "bar" ? "" : by, data: points.map((point) => point.name), axisLabel: { color: palette.ink, width: 180, overflow: "truncate", interval: kind === "bar" && isLong ? 0 : "auto" }, axisLine: { lineStyle: { color: palette.line } } };
  const figures = { type: "value", name: value, nameLocation: "middle", nameGap: 28, splitNumber: 4, axisLabel: { color: palette.ink, hideOverlap: true }, nameTextStyle: { color: palette.ink }, splitLine: { lineStyle: { color: palette.line } } };
  const series = [{ type: kind, data: points.map((point) => point.value), name: value, barMaxWidth: 28 }];
  const grid = { containLabel: true, left: 10, right: 24, top: 16, bottom: 40 };
  if (kind === "bar" && isLong) return { ...base, grid, xAxis: figures, yAxis: { ...names, inverse: true }, series, height: Math.max(260, 60 + 24 * points.length) };
  return { ...base, grid, xAxis: names, yAxis: figures, series };
}

function describe({ kind, by, value }, points) {
  const best = points.reduce((one, other) => (other.value > one.value ? other : one), points[0]);
  const least = points.reduce((one, other) => (other.value < one.value ? other : one), points[0]);
  const shape = { bar: "Bars", line: "A line", pie: "Slices" }[kind];
  return `${shape}: ${value} by ${by}, ${points.length} values; most: ${best.name} (${best.value}), least: ${least.name} (${least.value}).`;
}

function table({ by, value }, points) {
  const rows = points.map((point) => h("tr", {}, h("th", { scope: "row" }, point.name), h("td", {}, String(point.value))));
  return h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, by), h("th", { scope: "col" }, value))), h("tbody", {}, rows));
}
