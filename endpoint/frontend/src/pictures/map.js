// The world: countries shaded by a number, and arcs from those who give to those who receive.
import "echarts/lib/chart/lines";
import "echarts/lib/chart/scatter";
import "echarts/lib/component/geo";
import { shapesOf } from "../views/shapes.js";
import { base, shade, tooltip } from "./data.js";
import { registerMap } from "./library.js";
import { project, unproject } from "./projection.js";
import { forward } from "../words.js";

// A telephone draws the coarse shapes, which are a seventh of the fine ones: small countries are dots anyway.
const coarseBelow = 900;
/** @type {Record<string, Promise<void> | undefined>} */
const ready = {};

/** @param {number} wide */
async function load(wide) {
  const name = wide < coarseBelow ? "coarse" : "fine";
  ready[name] ??= (name === "coarse" ? import("world-atlas/countries-110m.json") : import("world-atlas/countries-50m.json")).then(({ default: atlas }) => registerMap(name, /** @type {any} */ (shapesOf(atlas))));
  await ready[name];
  return name;
}

const most = 150;

/** @param {import("./data.js").Drawing} drawing */
export async function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const map = await load(wide);
  const highest = Math.max(1, ...values.places.map((each) => each.value));
  const known = new Map(values.places.map((each) => [each.at, each]));
  /** @param {import("./data.js").Place} each */
  const tell = (each) => `${each.name}: ${format(each.value)}`;
  const byNumber = new Map(values.places.map((each) => [each.number, each]));
  return {
    ...base(drawing),
    tooltip: tooltip((each) => (each.componentType === "geo" ? (byNumber.has(each.name) ? tell(/** @type {any} */ (byNumber.get(each.name))) : "") : each.data.tip), palette),
    geo: {
      map,
      nameProperty: "number",
      projection: { project, unproject },
      roam: false,
      left: 0,
      right: 0,
      top: 4,
      bottom: 4,
      tooltip: { show: true },
      itemStyle: { areaColor: palette.soft, borderColor: palette.muted, borderWidth: 0.4 },
      emphasis: { label: { show: false }, itemStyle: { areaColor: palette.accent } },
      select: { disabled: true },
      regions: values.places.filter((each) => each.value).map((each) => ({ name: each.number, itemStyle: { areaColor: shade(palette, each.value / highest) } })),
    },
    series: [
      {
        type: "scatter",
        coordinateSystem: "geo",
        symbolSize: wide < 500 ? 4 : 6,
        z: 4,
        data: values.places.filter((each) => each.point.length).map((each) => ({ value: each.point, address: each.address, tip: tell(each), itemStyle: { color: shade(palette, each.value / highest), borderColor: palette.ink, borderWidth: 0.7, opacity: 1 } })),
      },
      { type: "lines", coordinateSystem: "geo", z: 3, symbol: ["none", "arrow"], lineStyle: { color: palette.accent, curveness: 0.22 }, emphasis: { lineStyle: { color: palette.ink, opacity: 1 } }, data: arcs(drawing, known) },
    ],
  };
}

/**
 * The strongest links; they bend to the left of their way, so that both directions are seen, and end in a point.
 * @param {import("./data.js").Drawing} drawing
 * @param {Map<string, import("./data.js").Place>} known
 */
function arcs({ values, wide, format }, known) {
  const drawn = (values.arcs ?? []).filter((arc) => known.get(arc.from)?.point.length && known.get(arc.to)?.point.length).slice(0, most);
  const highest = Math.max(1, ...drawn.map((arc) => arc.value));
  const thick = wide < 500 ? 3 : 6;
  return drawn.map((arc) => {
    const [from, to] = [known.get(arc.from), known.get(arc.to)];
    const share = arc.value / highest;
    const width = 0.6 + thick * share;
    return { coords: [from?.point, to?.point], value: arc.value, address: arc.address, tip: `${from?.name} ${forward} ${to?.name}: ${format(arc.value)}`, symbolSize: 4 + 1.6 * width, lineStyle: { width, opacity: 0.35 + 0.55 * share } };
  });
}
