// The query as a few lines of code in four languages.

const python = (text) => `"""${text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}"""`;

const isGraph = (form) => form === "CONSTRUCT" || form === "DESCRIBE";

// `graphs` are pairs of parameter and IRI that restrict what the query sees.
export function snippets(query, form, address, graphs) {
  const type = isGraph(form) ? "text/turtle" : "text/csv";
  return [
    ["curl", curl(query, type, address, graphs)],
    ["Python", inPython(query, form, address, graphs)],
    ["R", inR(query, type, address, graphs)],
    ["JavaScript", inJavaScript(query, form, address, graphs)],
  ];
}

function curl(query, type, address, graphs) {
  const more = graphs.map(([name, iri]) => `  --data-urlencode '${name}=${iri.replaceAll("'", "%27")}' \\\n`).join("");
  return `curl '${address}' \\\n  --header 'Accept: ${type}' \\\n${more}  --data-urlencode query='${query.replaceAll("'", `'\\''`)}'\n`;
}

function inPython(query, form, address, graphs) {
  const more = graphs.map(([name, iri]) => `sparql.addParameter(${JSON.stringify(name)}, ${JSON.stringify(iri)})\n`).join("");
  const head = `# pip install sparqlwrapper${isGraph(form) ? " rdflib" : ""}\nfrom SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper\n\nsparql = SPARQLWrapper("${address}")\nsparql.setMethod(POST)\nsparql.setQuery(${python(query)})\n${more}`;
  if (isGraph(form)) return `${head}sparql.setReturnFormat(TURTLE)\nprint(sparql.query().convert().decode())\n`;
  const rest = form === "ASK" ? 'print(answer["boolean"])' : 'for row in answer["results"]["bindings"]:\n    print({name: term["value"] for name, term in row.items()})';
  return `${head}sparql.setReturnFormat(JSON)\nanswer = sparql.query().convert()\n${rest}\n`;
}

function inR(query, type, address, graphs) {
  let dashes = "";
  while (query.includes(`]${dashes}"`)) dashes += "-";
  const more = graphs.map(([name, iri]) => `, \`${name}\` = ${JSON.stringify(iri)}`).join("");
  const text = `r"${dashes}[${query}]${dashes}"`;
  const read = type === "text/csv" ? "rows <- read.csv(text = content(answer, \"text\", encoding = \"UTF-8\"))\nprint(rows)" : 'cat(content(answer, "text", encoding = "UTF-8"))';
  return `# install.packages("httr")\nlibrary(httr)\n\nquery <- ${text}\nanswer <- POST("${address}", accept("${type}"), body = list(query = query${more}), encode = "form")\nstop_for_status(answer)\n${read}\n`;
}

function inJavaScript(query, form, address, graphs) {
  const type = isGraph(form) ? "text/turtle" : "application/sparql-results+json";
  const text = `\`${query.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;
  const values = graphs.length ? `[\n    ["query", ${text}],\n${graphs.map((pair) => `    ${JSON.stringify(pair)},\n`).join("")}  ]` : `{ query: ${text} }`;
  const read = isGraph(form) ? "console.log(await answer.text());" : form === "ASK" ? "console.log((await answer.json()).boolean);" : "console.table((await answer.json()).results.bindings);";
  return `const answer = await fetch("${address}", {\n  method: "POST",\n  headers: { Accept: "${type}" },\n  body: new URLSearchParams(${values}),\n});\nif (!answer.ok) throw new Error(await answer.text());\n${read}\n`;
}
