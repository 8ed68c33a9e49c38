// The query page: loads what it needs, then takes the place of the plain form.
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { Bench } from "./bench.js";
import { panels } from "./panels.js";
import { getJson } from "./server.js";

const place = document.getElementById("editor");
const setup = await getJson("/sparql/setup");
place.hidden = false;
const main = place.appendChild(document.createElement("div"));
main.className = "bench";
const bench = new Bench(main, setup);
place.prepend(panels(bench, setup));
const form = document.getElementById("plain");
const { title } = place.dataset;
if (title) bench.open(form.querySelector("textarea").value, title, true);
form.remove();
document.documentElement.dataset.editor = "ready";
