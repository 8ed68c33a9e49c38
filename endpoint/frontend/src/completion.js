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
    isValidCompletionPosition: (yasqe) => kindWanted(yasqe) !== null,
    get: (yasqe, token) => find(yasqe, token),
    postprocessHints: (yasqe, hints) => hints.map((hint) => describe(yasqe, hint, prefixes)),
  });
  Yasqe.defaults.autocompleters = Object.keys(Yasqe.Autocompleters);
}

function kindWanted(yasqe) {
  const token = yasqe.getCompleteToken();
  const text = token.string.trim();
  if (text.length < 2 || /^[?$"'#@_]/.test(text) || /^(keyword|comment|string)$/.test(token.type ?? "")) return null;
  if (text === text.toUpperCase() && keywords.some((word) => word.startsWith(text))) return null;
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  if (/^(PREFIX|BASE)$/i.test(before?.string ?? "") || token.state.inPrefixDecl) return null;
  if (token.state.possibleCurrent?.includes("a")) return "property";
  return classProperties.has(before?.state?.lastProperty) ? "class" : "thing";
}

async function find(yasqe, token) {
  const kind = kindWanted(yasqe);
  return kind ? complete(kind, expanded(yasqe, token.string.trim())) : [];
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
    hint: (editor, data, chosen) => {
      editor.replaceRange(text, chosen.from ?? data.from, chosen.to ?? data.to, "complete");
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
