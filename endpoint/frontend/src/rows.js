// Answers as plain rows: {kind: "table" | "graph", columns, rows}, {kind: "boolean"} or {kind: "text"}.

export function readAnswer(text, type) {
  if (type.includes("sparql-results+json")) return readTable(JSON.parse(text));
  if (type.includes("n-triples")) {
    const rows = text.split("\n").filter(Boolean).map(readTriple);
    if (rows.every(Boolean)) return { kind: "graph", columns: ["subject", "predicate", "object"], rows };
  }
  return { kind: "text", text };
}

function readTable(said) {
  if ("boolean" in said) return { kind: "boolean", value: said.boolean };
  return { kind: "table", columns: said.head.vars, rows: said.results.bindings };
}

const node = String.raw`<([^>]*)>|(_:\S+)`;
const triple = new RegExp(String.raw`^(?:${node}) <([^>]*)> (?:${node}|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?) \.\s*$`);
const escapes = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", '"': '"', "'": "'", "\\": "\\" };

function readTriple(line) {
  const found = triple.exec(line);
  if (!found) return null;
  const [, iri, blank, property, value, other, text, language, datatype] = found;
  return {
    subject: resource(iri, blank),
    predicate: { type: "uri", value: plain(property) },
    object:
      text === undefined
        ? resource(value, other)
        : { type: "literal", value: plain(text), "xml:lang": language, datatype: datatype && plain(datatype) },
  };
}

const resource = (iri, blank) =>
  iri === undefined ? { type: "bnode", value: blank.slice(2) } : { type: "uri", value: plain(iri) };

function plain(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one ? (escapes[one] ?? one) : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
}

export function numberOf(term) {
  const value = term?.type === "literal" ? Number(term.value) : NaN;
  return term?.value.trim() ? value : NaN;
}

export function isNumeric(answer, column) {
  const said = answer.rows.map((row) => row[column]).filter(Boolean);
  return said.length > 0 && said.every((term) => Number.isFinite(numberOf(term)));
}

export const isYears = (answer, column) => answer.rows.every((row) => !row[column] || /^(18|19|20)\d\d$/.test(row[column].value));

export const hasIri = (answer, column) => answer.rows.some((row) => row[column]?.type === "uri");

export const valueOf = (term) => (typeof term?.value === "object" ? JSON.stringify(term.value) : (term?.value ?? ""));
