// Completion from our own graph: classes, properties and things, by label or name.
import { h } from "./dom.js";
import { complete } from "./server.js";

const classProperties = new Set(["a", "rdf:type", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"]);
const keywords =
  "SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS GRAPH SERVICE BIND VALUES EXISTS DISTINCT REDUCED PREFIX BASE FROM NAMED GROUP ORDER HAVING LIMIT OFFSET UNDEF NOT".split(" ");
const local = /^[A-Za-z0-9_](?:[\w.-]*[\w-])?$/;

export function registerCompletion(Yasqe, prefixes) {
  const { prefixes: bundled, variables } = Yasqe.Autocompleters;
  // The bundled completers of classes and properties would ask another server.
  Yasqe.Autocompleters = { variables };
  const declarations = Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
  Yasqe.registerAutocompleter({ ...bundled, get: declarations, persistenceId: null });
  Yasqe.registerAutocompleter({
    name: "graph",
    bulk: false,
    autoShow: true,
    persistenceId: null,
    isValidCompletionPosition: (yasqe) => wanted(yasqe) !== null,
    get: find,
    postprocessHints: (yasqe, hints) => hints.map((hint) => describe(yasqe, hint, prefixes)),
  });
  Yasqe.defaults.autocompleters = Object.keys(Yasqe.Autocompleters);
}

const partOfIri = /^[^<>"{}|^`\\\s]*>?/;
const partOfName = /^[\p{L}\p{M}\p{N}_:-]*/u;

// What stands around the cursor up to blanks: a word, a name with a prefix, or an IRI. The editor's
// own tokens will not do: they end at keywords, so that "india" falls into "in" and "dia".
function wordAt(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  const text = yasqe.getDoc().getLine(line);
  const begun = /(?:<[^<>"{}|^`\\\s]*|[\p{L}\p{M}\p{N}_:.-]+)$/u.exec(text.slice(0, ch))?.[0] ?? "";
  const rest = (begun.startsWith("<") ? partOfIri : partOfName).exec(text.slice(ch))?.[0] ?? "";
  const from = ch - begun.length;
  return { text: begun, before: text[from - 1], from: { line, ch: from }, to: { line, ch: ch + rest.length } };
}

// What may stand at the cursor: its kind, what was begun of it, and the property before it.
function wanted(yasqe) {
  const word = wordAt(yasqe);
  const { text } = word;
  if (text.length < 2 || text === yasqe.picked || /^_|\.$/.test(text) || !/\p{L}/u.test(text) || /[?$"'#@^]/.test(word.before)) return null;
  if (/^(comment|string)$/.test(yasqe.getTokenAt(yasqe.getDoc().getCursor()).type)) return null;
  if (text === text.toUpperCase() && keywords.some((each) => each.startsWith(text))) return null;
  const before = yasqe.getPreviousNonWsToken(word.from.line, { start: word.from.ch });
  const { possibleNext = [], lastProperty = "", inPrefixDecl } = before.state;
  if (/^(PREFIX|BASE)$/i.test(before.string) || inPrefixDecl || possibleNext.includes(text.toUpperCase())) return null;
  const kind = possibleNext.includes("a") ? "property" : classProperties.has(lastProperty) ? "class" : "thing";
  return { ...word, kind, after: kind === "thing" ? expanded(yasqe, lastProperty) : "" };
}

async function find(yasqe) {
  const word = wanted(yasqe);
  if (!word) return [];
  const items = await complete(word.kind, expanded(yasqe, word.text), word.after);
  return items.map((item) => ({ ...item, from: word.from }));
}

// A prefix that the query declares in its own way stands for its namespace.
function expanded(yasqe, text) {
  const [prefix, ...rest] = text.split(":");
  const namespace = rest.length && !text.startsWith("<") && yasqe.getPrefixesFromQuery()[prefix];
  return namespace ? namespace + rest.join(":") : text;
}

function describe(yasqe, hint, prefixes) {
  const item = hint.text;
  const { text, prefix } = write(item.iri, { ...prefixes, ...yasqe.getPrefixesFromQuery() });
  return {
    ...hint,
    text,
    displayText: item.label,
    render: (element) => element.append(...show(item, text)),
    hint: (editor) => {
      // What was just taken is not offered once more.
      yasqe.picked = text;
      editor.replaceRange(text, item.from, wordAt(yasqe).to, "complete");
      declare(yasqe, prefix, prefixes);
    },
  };
}

export function show(item, text) {
  return [h("span", { className: "found-label" }, item.label), h("span", { className: "found-name" }, item.note === text ? text : `${item.note} · ${text}`)];
}

// How an IRI is best written in a query, and the prefix that this takes.
export function write(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const rest = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
    if (local.test(rest)) return { text: `${prefix}:${rest}`, prefix };
  }
  return { text: `<${iri}>`, prefix: null };
}

export function declare(yasqe, prefix, prefixes) {
  if (prefix && !(prefix in yasqe.getPrefixesFromQuery())) yasqe.addPrefixes({ [prefix]: prefixes[prefix] });
}

const skippedOrPrefix = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>"{}|^`\\\s]*>|#[^\n]*|[?$_]\w*:?|([A-Za-z][\w-]*(?:\.[\w-]+)*):[\w:.-]*/g;

// Prefixes of ours that the query uses, say after it was pasted, without having declared them.
export function declareAll(yasqe, prefixes) {
  const used = [...yasqe.getValue().matchAll(skippedOrPrefix)].map(([, prefix]) => prefix);
  const known = [...new Set(used)].filter((prefix) => prefix && Object.hasOwn(prefixes, prefix));
  const declared = declaredIn(yasqe.getValue());
  const missing = known.filter((prefix) => !declared.has(prefix));
  if (missing.length) yasqe.addPrefixes(Object.fromEntries(missing.map((prefix) => [prefix, prefixes[prefix]])));
}

const declaredIn = (query) => new Set([...query.matchAll(/\bPREFIX\s+([\w.-]*):/gi)].map(([, prefix]) => prefix));
