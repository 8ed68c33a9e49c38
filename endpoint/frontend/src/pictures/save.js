// A picture as a file, with its title and where it comes from; its table as CSV.
import { describe } from "./draw.js";
import { paletteOf, read } from "./data.js";
import { isRightToLeft } from "../words.js";

const [wide, high, edge, line] = [1200, 700, 24, 26];
// Lines of words begin at the side where the language begins.
const beginning = isRightToLeft ? wide + edge : edge;
const direction = isRightToLeft ? "rtl" : "ltr";

/**
 * @param {HTMLElement} figure
 * @param {string} form "csv", "svg" or "png"
 */
export async function save(figure, form) {
  const name = `${figure.dataset.name || "picture"}.${form}`;
  if (form === "csv") return hand(new Blob([tableOf(figure)], { type: "text/csv" }), name);
  // Kept pictures are for paper: they are drawn in the light colours, whatever the page has.
  const place = document.body.appendChild(document.createElement("div"));
  Object.assign(place.style, { position: "absolute", insetInlineStart: "-9999px", width: `${wide}px` });
  place.className = "picture-paper";
  try {
    const tall = figure.dataset.picture === "heat" ? (await import("./heat.js")).height(read(figure)) : high;
    place.style.height = `${tall}px`;
    hand(form === "png" ? await png(figure, place, tall) : await svg(figure, place, tall), name);
  } finally {
    place.remove();
  }
}

/**
 * @param {HTMLElement} figure
 * @param {HTMLElement} place
 * @param {number} tall
 * @param {"svg" | "canvas"} renderer
 */
async function drawn(figure, place, tall, renderer) {
  const { init } = await import("./library.js");
  if (renderer === "canvas") await import("./canvas.js");
  const option = await describe(figure, wide, tall, place);
  const chart = init(place, null, { renderer, width: wide, height: tall, devicePixelRatio: 2 });
  chart.setOption({ ...option, animation: false });
  return chart;
}

/**
 * @param {HTMLElement} figure
 * @param {HTMLElement} place
 * @param {number} tall
 */
async function svg(figure, place, tall) {
  const chart = await drawn(figure, place, tall, "svg");
  const { ink, muted, paper, font } = paletteOf(place);
  const { above, below } = linesOf(figure);
  const top = edge + above.length * line;
  const all = top + tall + below.length * line + edge;
  const inner = chart.renderToSVGString().replace("<svg ", `<svg x="${edge}" y="${top}" `);
  chart.dispose();
  const words = [...above.map((text, at) => [text, edge + at * line, at ? 15 : 20, at ? muted : ink]), ...below.map((text, at) => [text, top + tall + at * line + 10, 12, muted])];
  const texts = words.map(([text, y, size, colour]) => `<text x="${beginning}" y="${Number(y) + 10}" direction="${direction}" font-family="${xml(font)}" font-size="${size}" fill="${colour}">${xml(String(text))}</text>`);
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${wide + 2 * edge}" height="${all}" viewBox="0 0 ${wide + 2 * edge} ${all}" role="img"><title>${xml(figure.dataset.title ?? "")}</title><desc>${xml(figure.dataset.summary ?? "")}</desc><style>text { unicode-bidi: plaintext }</style><rect width="100%" height="100%" fill="${paper}"/>${texts.join("")}${inner}</svg>`;
  return new Blob([whole], { type: "image/svg+xml" });
}

/**
 * @param {HTMLElement} figure
 * @param {HTMLElement} place
 * @param {number} tall
 * @returns {Promise<Blob>}
 */
async function png(figure, place, tall) {
  const chart = await drawn(figure, place, tall, "canvas");
  const { ink, muted, paper, font } = paletteOf(place);
  const { above, below } = linesOf(figure);
  const top = edge + above.length * line;
  const canvas = document.createElement("canvas");
  canvas.width = 2 * (wide + 2 * edge);
  canvas.height = 2 * (top + tall + below.length * line + edge);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(2, 2);
  pen.direction = direction;
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(chart.renderToCanvas({ pixelRatio: 2 }), edge, top, wide, tall);
  chart.dispose();
  /** @param {string} text @param {number} y @param {number} size @param {string} colour */
  const write = (text, y, size, colour) => {
    pen.font = `${size}px ${font}`;
    pen.fillStyle = colour;
    pen.fillText(text, beginning, y + 10, wide);
  };
  above.forEach((text, at) => write(text, edge + at * line, at ? 15 : 20, at ? muted : ink));
  below.forEach((text, at) => write(text, top + tall + at * line + 10, 12, muted));
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no PNG was made"))), "image/png"));
}

/**
 * The words around a picture: title and summary above, notes and source below.
 * @param {HTMLElement} figure
 */
function linesOf(figure) {
  const above = [figure.dataset.title ?? "", ...folded(figure.dataset.summary ?? "", 150)];
  const notes = [...figure.querySelectorAll(".picture-note, .picture-borders")].map((each) => each.textContent?.trim() ?? "");
  return { above, below: [...notes, figure.dataset.source ?? ""].filter(Boolean).flatMap((text) => folded(text, 190)) };
}

/**
 * @param {string} text
 * @param {number} most characters in a line
 */
function folded(text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @param {HTMLElement} figure */
function tableOf(figure) {
  const rows = [...figure.querySelectorAll("table[data-table] tr")].map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) => csv(/** @type {HTMLElement} */ (cell).dataset.value ?? cell.textContent?.trim() ?? "")),
  );
  return rows.map((row) => `${row.join(",")}\r\n`).join("");
}

/** @param {string} text */
const csv = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** @param {string} text */
const xml = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

/**
 * @param {Blob} blob
 * @param {string} name
 */
function hand(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
