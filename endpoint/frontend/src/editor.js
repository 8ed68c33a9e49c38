// Entry: the query page; loads what it needs, then takes the place of the plain form.
// @ts-nocheck
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { Bench } from "./bench.js";
import { panels } from "./panels.js";
import { getJson } from "./server.js";

const place = document.getElementById("editor");
const form = document.getElementById("plain");

try {
  start(await getJson("/sparql/setup"));
} catch (error) {
  // The plain form works without all this.
  form.style.visibility = "visible";
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
  const given = new FormData(form.querySelector("form"));
  const graphs = ["default-graph-uri", "named-graph-uri"].flatMap((name) => given.getAll(name).map((value) => [name, value]));
  if (title) bench.open(form.querySelector("textarea").value, title, true, graphs);
  form.remove();
  document.documentElement.dataset.editor = "ready";
}
