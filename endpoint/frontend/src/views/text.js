// The answer as the server wrote it.
import { h } from "../dom.js";
import { _ } from "../words.js";

const most = 200_000;

export const label = _("Text");
export const fits = () => true;

export function draw(place, answer) {
  const text = answer.source.length > most ? `${answer.source.slice(0, most)}\n… (${_("download the answer to see all of it")})` : answer.source;
  place.append(h("pre", { className: "data", tabIndex: 0, role: "region", "aria-label": _("The answer as text") }, text));
}
