// The answer as the server wrote it.
import { h } from "../dom.js";

const most = 200_000;

export const label = "Text";
export const fits = () => true;

export function draw(place, answer) {
  const text = answer.source.length > most ? `${answer.source.slice(0, most)}\n… (download the answer to see all of it)` : answer.source;
  place.append(h("pre", { className: "data", tabIndex: 0, role: "region", "aria-label": "The answer as text" }, text));
}
