// The query as a few lines of code in four languages.

const python = (text) => `"""${text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}"""`;

const isGraph = (form) => form === "CONSTRUCT" || form === "DESCRIBE";

export function snippets(query, form, address) {
  const type = isGraph(form) ? "text/turtle" : "text/csv";
  return [
    ["curl", curl(query, type, address)],
    ["Python", inPython(query, form, address)],
    ["R", inR(query, type, address)],
    ["JavaScript", inJavaScript(query, form, address)],
  ];
}

function curl(query, type, address) {
  return `curl '${address}' \\\n  --header 'Accept: ${type}' \\\n  --data-urlencode query='${query.replaceAll("'", `'\\''`)}'\n`;
}

function inPython(query, form, address) {
  const head = `# pip install sparqlwrapper${isGraph(form) ? " rdflib" : ""}\nfrom SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper\n\nsparql = SPARQLWrapper("${address}")\nsparql.setMethod(POST)\nsparql.setQuery(${python(query)})\n`;
  if (isGraph(form)) return `${head}sparql.setReturnFormat(TURTLE)\nprint(sparql.query().convert().decode())\n`;
  const rest = form === "ASK" ? 'print(answer["boolean"])' : 'for row in answer["results"]["bindings"]:\n    print({name: term["value"] for name, term in row.items()})';
  return `${head}sparql.setReturnFormat(JSON)\nanswer = sparql.query().convert()\n${rest}\n`;
}

function inR(query, type, address) {
  let dashes = "";
  while (query.includes(`]${dashes}"`)) dashes += "-";
  const text = `r"${dashes}[${query}]${dashes}"`;
  const read = type === "text/csv" ? "rows <- read.csv(text = content(answer, \"text\", encoding = \"UTF-8\"))\nprint(rows)" : 'cat(content(answer, "text", encoding = "UTF-8"))';
  return `# install.packages("httr")\nlibrary(httr)\n\nquery <- ${text}\nanswer <- POST("${address}", accept("${type}"), body = list(query = query), encode = "form")\nstop_for_status(answer)\n${read}\n`;
}

function inJavaScript(query, form, address) {
  const type = isGraph(form) ? "text/turtle" : "application/sparql-results+json";
  const text = `\`${query.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;
  const read = isGraph(form) ? "console.log(await answer.text());" : form === "ASK" ? "console.log((await answer.json()).boolean);" : "console.table((await answer.json()).results.bindings);";
  return `const answer = await fetch("${address}", {\n  method: "POST",\n  headers: { Accept: "${type}" },\n  body: new URLSearchParams({ query: ${text} }),\n});\nif (!answer.ok) throw new Error(await answer.text());\n${read}\n`;
}
