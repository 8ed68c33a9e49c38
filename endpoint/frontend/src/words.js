// The words of the scripts: English stands here, the page hands over what stands for it in its language.

const words = {};
for (const block of document.querySelectorAll("script[data-words]")) Object.assign(words, JSON.parse(block.textContent));

const root = document.documentElement;
// With the digits that the pages use.
export const locale = root.dataset.locale || root.lang || "en";
const language = root.lang || "en";
const numbers = new Intl.NumberFormat(locale);
const rules = new Intl.PluralRules(language);
// Arabic has six forms, in the order of CLDR; the other languages have two.
const order = ["zero", "one", "two", "few", "many", "other"];

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");

export const number = (value) => numbers.format(value);

export const isRightToLeft = root.dir === "rtl";
export const forward = isRightToLeft ? "←" : "→";
export const comma = language === "ar" ? "، " : ", ";
export const seconds = (value) => new Intl.NumberFormat(locale, { style: "unit", unit: "second" }).format(value);

// The text in the language of the page, with the values in it.
export function _(text, values = {}) {
  return fill(words[text] || text, values);
}

// The text for that number of things; %(num)s is the number.
export function ngettext(one, many, num, values = {}) {
  const forms = words[one];
  const category = rules.select(num);
  const text = forms?.length > 2 ? forms[order.indexOf(category)] : (forms ?? [one, many])[category === "one" ? 0 : 1];
  return fill(text || many, { num: number(num), ...values });
}
