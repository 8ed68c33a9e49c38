// Small helpers to make elements.
import { _, ngettext, number } from "./words.js";

export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && !key.includes("-") && key !== "list") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function button(text, act, properties = {}) {
  return h("button", { type: "button", onclick: act, ...properties }, text);
}

let serial = 0;
export function field(label, control, properties = {}) {
  control.id ||= `field-${++serial}`;
  return h("span", { className: "field", ...properties }, h("label", { htmlFor: control.id }, label), control);
}

export function select(options, value, act) {
  const items = options.map(([key, text]) => h("option", { value: key, selected: String(key) === String(value) }, text));
  return h("select", { onchange: (event) => act(event.target.value) }, items);
}

export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export const duration = (seconds) => (seconds < 1 ? `${number(Math.round(1000 * seconds))} ms` : `${number(Number(seconds.toFixed(2)))} s`);

export function size(bytes) {
  if (bytes < 1000) return ngettext("%(num)s byte", "%(num)s bytes", bytes);
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${number(Number(value.toFixed(1)))} ${unit}`;
}

// Browsers copy on secure pages only; elsewhere the text is selected for the keyboard.
export async function copy(element, said) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(element.value ?? element.textContent);
    said.textContent = _("Copied");
  } else {
    if (element.select) element.select();
    else getSelection()?.selectAllChildren(element);
    said.textContent = _("Selected: press Ctrl+C");
  }
}
