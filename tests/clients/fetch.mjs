// Asks an endpoint as a script without libraries does: fetch.mjs ADDRESS 'SELECT …' prints rows as JSON.
const [address, query] = process.argv.slice(2);
const answer = await fetch(`${address}?${new URLSearchParams({ query })}`, {
  headers: { Accept: "application/sparql-results+json" },
});
if (!answer.ok) throw new Error((await answer.json()).detail);
const { results } = await answer.json();
const read = (row) => Object.fromEntries(Object.entries(row).map(([name, { value }]) => [name, value]));
console.log(JSON.stringify(results.bindings.map(read)));
