// Countries and points on a map, coloured by a column of numbers.
import { field, h, isStill, select } from "../dom.js";
import { isNumeric, isYears, numberOf, valueOf } from "../rows.js";
import { nameAll } from "../server.js";
import { colours, figure, loadCharts } from "./figures.js";
import { _, comma, number } from "../words.js";

const country = /\/id\/country\/([A-Z]{3})$/;
const point = /^\s*(?:<[^>]*>\s*)?POINT\s*Z?\s*\(\s*(-?[\d.]+(?:e-?\d+)?)\s+(-?[\d.]+(?:e-?\d+)?)/i;
const geoArea = /\/geoArea\/0*(\d+)$/;
const small = 2.5;
const [pale, deep] = [[176, 214, 238], [10, 50, 82]];
const disclaimer = _("The boundaries and names shown and the designations used on this map do not imply official endorsement or acceptance by the United Nations.");
const rowsCounted = `(${_("number of rows")})`;

export const label = _("Map");
export const fits = (answer) => answer.kind === "table" && placeColumns(answer).length > 0;

const isPlace = (term) => (term?.type === "uri" && (country.test(term.value) || geoArea.test(term.value))) || (term?.type === "literal" && point.test(valueOf(term)));
const placeColumns = (answer) => answer.columns.filter((column) => answer.rows.some((row) => isPlace(row[column])));

export async function draw(place, answer, kept, keep, setup) {
  const places = placeColumns(answer);
  const values = [...answer.columns.filter((column) => isNumeric(answer, column)), rowsCounted];
  const chosen = {
    at: places.includes(kept.at) ? kept.at : places[0],
    value: values.includes(kept.value) ? kept.value : values.find((column) => column === rowsCounted || !isYears(answer, column)),
  };
  const change = (name) => (value) => keep({ ...chosen, [name]: value });
  const pairs = (list) => list.map((column) => [column, column]);
  place.append(h("div", { className: "choices" }, field(_("Places"), select(pairs(places), chosen.at, change("at"))), field(_("Values"), select(pairs(values), chosen.value, change("value")))));
  const [echarts, atlas] = await Promise.all([loadCharts(), import("./world.js")]);
  const shapes = atlas.world();
  echarts.registerMap("world", shapes);
  const { areas, dots } = await gather(answer, chosen, setup.countries);
  const points = [...dots, ...dotsOfSmall(areas, shapes, atlas.polygonsOf)];
  const scale = scaleOf([...areas.map((area) => area.value), ...dots.map((each) => each.value[2])]);
  place.append(legend(chosen, scale));
  const isSum = chosen.value !== rowsCounted && areas.some((area) => area.rows > 1);
  const end = figure(place, echarts, option(areas, points, scale, place.clientWidth), describe(chosen, areas, dots, isSum), table(chosen, areas, dots));
  place.querySelector("figcaption").after(h("p", { className: "small" }, disclaimer));
  return end;
}

async function gather(answer, { at, value }, numbers) {
  const nameOf = await nameAll(answer.rows.map((row) => row[at]).filter((term) => term?.type === "uri").map((term) => term.value));
  const areas = new Map();
  const dots = [];
  for (const row of answer.rows) {
    const term = row[at];
    if (!isPlace(term)) continue;
    const amount = value === rowsCounted ? 1 : numberOf(row[value]);
    if (term.type === "uri") addArea(areas, term.value, nameOf(term.value), amount, numbers);
    else dots.push(dot(valueOf(term), otherName(answer, row, at), amount));
  }
  return { areas: [...areas.values()], dots };
}

function addArea(areas, iri, named, amount, numbers) {
  const code = country.exec(iri)?.[1];
  const number = code ? numbers[code] : /** @type {RegExpExecArray} */ (geoArea.exec(iri))[1].padStart(3, "0");
  const area = areas.get(iri) ?? { name: named.text || named.short, number, value: 0, rows: 0 };
  area.rows += 1;
  area.value += Number.isFinite(amount) ? amount : 0;
  areas.set(iri, area);
}

function dot(text, name, amount) {
  const [, longitude, latitude] = /** @type {RegExpExecArray} */ (point.exec(text));
  return { name, value: [Number(longitude), Number(latitude), Number.isFinite(amount) ? amount : 0] };
}

const otherName = (answer, row, at) => answer.columns.filter((column) => column !== at && row[column]).map((column) => valueOf(row[column])).join(" · ");

// Islands too small to be seen get a dot of the same colour.
function dotsOfSmall(areas, shapes, polygonsOf) {
  const known = new Map(shapes.features.map((each) => [each.properties.number, box(polygonsOf(each.geometry))]));
  return areas.flatMap((area) => {
    const found = known.get(area.number);
    return found && found.wide < small && found.high < small ? [{ name: area.name, value: [found.x, found.y, area.value] }] : [];
  });
}

function box(polygons) {
  const points = polygons.flatMap((rings) => rings[0]);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { x: (west + east) / 2, y: (south + north) / 2, wide: east - west, high: north - south };
}

// From a number to a colour between the ends.
function scaleOf(amounts) {
  const [least, most] = [Math.min(0, ...amounts), Math.max(...amounts)];
  const share = (amount) => (most > least ? (amount - least) / (most - least) : 1);
  return { least, most, colour: (amount) => `rgb(${mix(share(amount)).join(",")})` };
}

const mix = (share) => pale.map((from, at) => Math.round(from + (deep[at] - from) * Math.sqrt(Math.max(0, share))));

function legend({ value }, { least, most, colour }) {
  const bar = h("span", { className: "ramp", "aria-hidden": "true" });
  const stops = [0, 0.25, 0.5, 0.75, 1].map((part) => colour(least + part * (most - least)));
  bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  return h("p", { className: "ramped small" }, `${value}: ${number(least)} `, bar, ` ${number(most)}`);
}

function option(areas, points, { colour }, width) {
  const palette = colours();
  const told = new Map(areas.map((area) => [area.number, `${area.name}: ${area.value}`]));
  const tell = (each) => (each.componentType === "geo" ? escaped(told.get(each.name) ?? "") : escaped(`${each.name}: ${each.value[2]}`));
  const bright = { label: { show: false }, itemStyle: { areaColor: palette.series[1] } };
  return {
    animation: !isStill(),
    height: Math.min(520, Math.max(170, width / 1.85)),
    textStyle: { color: palette.ink, fontFamily: palette.font },
    tooltip: { formatter: tell, confine: true },
    geo: {
      map: "world",
      nameProperty: "number",
      roam: "move",
      top: 4,
      bottom: 4,
      tooltip: { show: true },
      itemStyle: { areaColor: palette.soft, borderColor: palette.muted, borderWidth: 0.4 },
      emphasis: bright,
      select: { disabled: true },
      regions: areas.map((area) => ({ name: area.number, itemStyle: { areaColor: colour(area.value) } })),
    },
    series: [
      {
        type: "scatter",
        coordinateSystem: "geo",
        symbolSize: width < 500 ? 5 : 9,
        data: points.map((each) => ({ ...each, itemStyle: { color: colour(each.value[2]), borderColor: palette.ink, borderWidth: 0.7, opacity: 1 } })),
      },
    ],
  };
}

const escaped = (text) => h("i", {}, text).innerHTML;

function describe({ value }, areas, dots, isSum) {
  const sorted = [...areas].sort((one, other) => other.value - one.value);
  const first = sorted.slice(0, 3).map((area) => `${area.name} (${number(area.value)})`).join(comma);
  const told = _("World map of %(value)s; countries: %(countries)s, points: %(points)s.", { value, countries: number(areas.length), points: number(dots.length) });
  return [told, first ? _("Most: %(first)s.", { first }) : "", isSum ? _("Rows of one country are added up.") : ""].filter(Boolean).join(" ");
}

function table({ value }, areas, dots) {
  const rows = [...areas.map((area) => [area.name, area.value]), ...dots.map((each) => [`${each.name} (${each.value[1]}, ${each.value[0]})`, each.value[2]])];
  const body = rows.map(([name, amount]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, number(amount))));
  return h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, _("Place")), h("th", { scope: "col" }, value))), h("tbody", {}, body));
}
