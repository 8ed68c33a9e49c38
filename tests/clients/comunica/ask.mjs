// Asks sources with Comunica: ask.mjs FOLDER-WITH-MODULES '["http://…"]' 'SELECT …' prints rows as JSON.
import { createRequire } from "node:module";

const [modules, sources, query] = process.argv.slice(2);
const { QueryEngine } = createRequire(`${modules}/`)("@comunica/query-sparql");
const engine = new QueryEngine();
const rows = await (await engine.queryBindings(query, { sources: JSON.parse(sources) })).toArray();
const read = (row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]));
console.log(JSON.stringify(rows.map(read)));
