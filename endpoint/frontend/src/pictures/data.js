// What the server puts into a picture.

/**
 * @typedef {{at: string, number: string, name: string, value: number, address: string, point: number[]}} Place
 * @typedef {{from: string, to: string, value: number, address: string}} Link
 * @typedef {{id: string, name: string, value: number, address: string}} Node
 * @typedef {{name: string, full: string, value: number, colour: string, address: string, parts?: Part[]}} Part
 * @typedef {{name: string, values: number[], addresses: string[]}} Series
 * @typedef {[number, number, number, string, string?]} Cell
 * @typedef {{places: Place[], arcs: Link[], nodes: Node[], links: Link[], parts: Part[], along: string[], series: Series[], across: string[], down: string[], cells: Cell[]}} Values
 * @typedef {{ink: string, muted: string, line: string, paper: string, soft: string, accent: string, font: string, series: string[], pale: string, deep: string}} Palette
 * @typedef {{values: Values, palette: Palette, wide: number, high: number, isStill: boolean, format: (value: number) => string}} Drawing
 */

/**
 * @param {HTMLElement} figure
 * @returns {Values}
 */
export function read(figure) {
  return JSON.parse(figure.querySelector("script[data-values]")?.textContent ?? "{}");
}

const language = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(document.documentElement.dataset.locale || language);

/** @param {number} value */
export const format = (value) => numbers.format(value);

export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * The colours of the page, or of an element with a theme of its own.
 * @param {Element} element
 * @returns {Palette}
 */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  // A probe gives colours as plain rgb(), whichever way the sheet writes them.
  const probe = element.appendChild(document.createElement("i"));
  probe.hidden = true;
  // Where the system chooses the colours of the page, shades of a drawing still tell more from less.
  probe.style.setProperty("forced-color-adjust", "none");
  /** @param {string} name */
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const [ink, muted, line, paper, soft, accent, pale, deep] = ["ink", "muted", "line", "paper", "soft", "accent", "pale", "deep"].map((name) => colour(`--picture-${name}`));
  const series = [1, 2, 3, 4, 5, 6].map((number) => colour(`--picture-${number}`));
  probe.remove();
  // Single quotes: the library writes the name into an attribute of its SVG as it is.
  return { ink, muted, line, paper, soft, accent, pale, deep, series, font: style.fontFamily.replaceAll('"', "'") };
}

/**
 * A colour between two, for a share from 0 to 1.
 * @param {Palette} palette
 * @param {number} share
 */
export function shade({ pale, deep }, share) {
  const [from, to] = [pale, deep].map((text) => (text.match(/[\d.]+/g) ?? []).map(Number));
  const part = Math.sqrt(Math.min(1, Math.max(0, share)));
  return `rgb(${from.slice(0, 3).map((value, at) => Math.round(value + (to[at] - value) * part)).join(",")})`;
}

/**
 * Text that a tooltip may take as HTML.
 * @param {string} text
 */
export function escaped(text) {
  const box = document.createElement("i");
  box.textContent = text;
  return box.innerHTML;
}

/**
 * @param {string} text
 * @param {number} most
 */
export const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/**
 * What drawings have in common.
 * @param {Drawing} drawing
 */
export const base = ({ palette, isStill: still }) => ({
  animation: !still,
  animationDuration: 400,
  color: palette.series,
  textStyle: { color: palette.ink, fontFamily: palette.font },
  backgroundColor: "transparent",
});

/**
 * A tooltip with the words of the server.
 * @param {(each: any) => string} tell
 * @param {Palette} palette
 */
export const tooltip = (tell, palette) => ({
  confine: true,
  formatter: (/** @type {any} */ each) => escaped(tell(each)),
  backgroundColor: palette.paper,
  borderColor: palette.line,
  textStyle: { color: palette.ink, fontFamily: palette.font },
});
