// Entry: the query page; loads what it needs, then takes the place of the plain form.
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { Bench } from "./bench.js";
import { panels } from "./panels.js";
import { getJson } from "./server.js";

const place = /** @type {HTMLElement} */ (document.getElementById("editor"));
const plain = /** @type {HTMLElement} */ (document.getElementById("plain"));

try {
  start(await getJson("/sparql/setup"));
} catch (error) {
  // The plain form works without all this.
  plain.style.visibility = "visible";
  throw error;
}

function start(setup) {
  const main = document.createElement("div");
  main.className = "bench";
  place.append(main);
  place.hidden = false;
  const bench = new Bench(main, setup);
  // Behind the editor for the keyboard, which would else pass every example first.
  place.append(panels(bench, setup));
  const { title } = place.dataset;
  const given = new FormData(/** @type {HTMLFormElement} */ (plain.querySelector("form")));
  const graphs = ["default-graph-uri", "named-graph-uri"].flatMap((name) => given.getAll(name).map((value) => [name, value]));
  if (title) bench.open(/** @type {HTMLTextAreaElement} */ (plain.querySelector("textarea")).value, title, true, graphs);
  plain.remove();
  document.documentElement.dataset.editor = "ready";
}
