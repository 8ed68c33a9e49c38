// Bars, a line or slices of two columns, with the same as text beneath.
import { field, h, isStill, select } from "../dom.js";
import { isNumeric, isYears, numberOf, valueOf } from "../rows.js";
import { nameAll } from "../server.js";
import { colours, figure, loadCharts } from "./figures.js";
import { _, number } from "../words.js";

const kinds = [["bar", _("Bars")], ["line", _("Line")], ["pie", _("Slices")]];
const most = 60;

export const label = _("Chart");
export const fits = (answer) => answer.kind === "table" && answer.rows.length > 0 && answer.columns.length > 1 && valueColumns(answer).length > 0;

const valueColumns = (answer) => answer.columns.filter((column) => isNumeric(answer, column));
const distinct = (answer, column) => new Set(answer.rows.map((row) => valueOf(row[column]))).size;

// What a person would most likely want to see: values that are no years, along what differs most.
function guess(answer) {
  const values = valueColumns(answer);
  const value = values.find((column) => !isYears(answer, column)) ?? values[0];
  const others = answer.columns.filter((column) => column !== value);
  const words = others.filter((column) => !values.includes(column) && distinct(answer, column) > 1);
  const years = others.filter((column) => values.includes(column) && isYears(answer, column));
  words.sort((one, other) => distinct(answer, other) - distinct(answer, one));
  const by = words[0] ?? years[0] ?? others[0];
  return { by, value, kind: !words[0] && years[0] ? "line" : "bar" };
}

export async function draw(place, answer, kept, keep) {
  const values = valueColumns(answer);
  const best = guess(answer);
  const known = (name, list) => (list.includes(kept[name]) ? kept[name] : best[name]);
  const chosen = { kind: kept.kind ?? best.kind, by: known("by", answer.columns), value: known("value", values) };
  const change = (name) => (value) => keep({ ...chosen, [name]: value });
  const names = answer.columns.map((column) => [column, column]);
  place.append(
    h(
      "div",
      { className: "choices" },
      field(_("Kind"), select(kinds, chosen.kind, change("kind"))),
      field(_("Along"), select(names, chosen.by, change("by"))),
      field(_("Values"), select(values.map((column) => [column, column]), chosen.value, change("value"))),
    ),
  );
  const all = await gather(answer, chosen);
  const points = all.slice(0, most);
  const echarts = await loadCharts();
  return figure(place, echarts, option(chosen, points), describe(chosen, points, answer.rows.length, all.length), table(chosen, all));
}

// Rows of one name are added up.
async function gather(answer, { by, value }) {
  const terms = answer.rows.map((row) => row[by]).filter((term) => term?.type === "uri");
  const nameOf = await nameAll(terms.map((term) => term.value));
  const points = new Map();
  for (const row of answer.rows) {
    const amount = numberOf(row[value]);
    if (!Number.isFinite(amount)) continue;
    const named = row[by]?.type === "uri" ? nameOf(row[by].value) : null;
    const name = named ? named.text || named.short : valueOf(row[by]);
    points.set(name, { name, value: (points.get(name)?.value ?? 0) + amount });
  }
  return [...points.values()];
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

function describe({ kind, by, value }, points, rows, all) {
  const best = points.reduce((one, other) => (other.value > one.value ? other : one), points[0]);
  const least = points.reduce((one, other) => (other.value < one.value ? other : one), points[0]);
  const shape = { bar: _("Bars"), line: _("Line"), pie: _("Slices") }[kind];
  const notes = [all < rows ? _("Rows of one name are added up.") : "", points.length < all ? _("The first %(shown)s of %(all)s are drawn.", { shown: number(points.length), all: number(all) }) : ""];
  return [_("%(shape)s: %(value)s by %(by)s; values: %(count)s; most: %(most)s, least: %(least)s.", { shape, value, by, count: number(points.length), most: `${best.name} (${number(best.value)})`, least: `${least.name} (${number(least.value)})` }), ...notes].filter(Boolean).join(" ");
}

function table({ by, value }, points) {
  const rows = points.map((point) => h("tr", {}, h("th", { scope: "row" }, point.name), h("td", {}, number(point.value))));
  return h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, by), h("th", { scope: "col" }, value))), h("tbody", {}, rows));
}
