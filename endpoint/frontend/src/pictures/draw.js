// Draws one picture: the library and the kind of drawing are loaded when they are needed.
import { format, isStill, paletteOf, read } from "./data.js";

/** @typedef {{option: (drawing: import("./data.js").Drawing) => any, height?: (values: import("./data.js").Values) => number}} Drawer */

/** @type {Record<string, () => Promise<Drawer>>} */
const drawers = {
  flows: () => import("./map.js"),
  places: () => import("./map.js"),
  chord: () => import("./chord.js"),
  sankey: () => import("./sankey.js"),
  wheel: () => import("./wheel.js"),
  timeline: () => import("./columns.js"),
  bars: () => import("./columns.js"),
  net: () => import("./net.js"),
  heat: () => import("./heat.js"),
};
const darkness = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (darkness.matches ? "dark" : "light")) === "dark";

/**
 * What a figure looks like at a width, in the colours of an element.
 * @param {HTMLElement} figure
 * @param {number} wide
 * @param {number} high
 * @param {Element} coloured
 */
export async function describe(figure, wide, high, coloured) {
  const drawer = await drawers[figure.dataset.picture ?? ""]();
  const drawing = { values: read(figure), palette: paletteOf(coloured), wide, high, isStill: isStill(), format };
  const option = await drawer.option(drawing);
  const decal = { show: figure.dataset.picture === "timeline" || figure.dataset.picture === "bars" };
  return { ...option, aria: { enabled: true, label: { enabled: false }, decal } };
}

/**
 * Draw a figure, and again when its width or the colours of the page change.
 * @param {HTMLElement} figure
 */
export async function show(figure) {
  const place = /** @type {HTMLElement} */ (figure.querySelector("[data-drawing]"));
  // The parts come first: a drawing knows those alone that were there when it began.
  const [{ init }] = await Promise.all([import("./library.js"), drawers[figure.dataset.picture ?? ""]()]);
  /** @type {import("echarts/core").ECharts | undefined} */
  let chart;
  let wide = 0;
  // Drawn anew from nothing: a map whose place changes its size is not put right by the library.
  const draw = async () => {
    wide = place.clientWidth;
    const option = await describe(figure, wide, place.clientHeight, figure);
    // A breath between long steps, so that a page can be used while it is drawn.
    await new Promise((done) => setTimeout(done));
    // Replaced or hidden meanwhile: a map without a size cannot be laid out.
    if (!place.isConnected || !place.clientWidth) return;
    chart?.dispose();
    chart = init(place, null, { renderer: "svg" });
    chart.setOption(option);
    // On paper it is made smaller as a whole, see 95-print.css.
    place.querySelector("svg")?.setAttribute("viewBox", `0 0 ${wide} ${place.clientHeight}`);
    place.classList.toggle("is-dark", isDark());
    chart.on("click", (/** @type {any} */ clicked) => clicked.data?.address && follow(clicked.data.address));
    chart.on("mouseover", (/** @type {any} */ { data }) => place.classList.toggle("is-linked", Boolean(data?.address)));
  };
  await draw();
  const watch = new ResizeObserver(() => void (wide === place.clientWidth || draw()));
  watch.observe(place);
  const themes = new MutationObserver(() => void draw());
  themes.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
  darkness.addEventListener("change", draw);
  figure.dataset.drawn = "";
  // A figure that was replaced by a newer one is let go.
  figure.addEventListener("picture-away", () => {
    watch.disconnect();
    themes.disconnect();
    darkness.removeEventListener("change", draw);
    chart?.dispose();
  }, { once: true });
}

// In a page that stands in another site, links open beside it.
/** @param {string} address */
function follow(address) {
  if (document.querySelector("base[target=_blank]")) window.open(address, "_blank", "noopener");
  else location.assign(address);
}
