// What the page asks the server for; all of it on this server.

// A language that the address asks for goes along; else the browser's own wish speaks for itself.
const asked = new URLSearchParams(location.search).get("lang");
/** @type {Record<string, string>} */
const carried = asked ? { lang: asked } : {};

export const endpoint = new URL("/sparql", location.href).href;

export async function getJson(path, values = {}) {
  const answer = await fetch(`${path}?${new URLSearchParams({ ...values, ...carried })}`, {
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  return answer.json();
}

const kept = new Map();
export function complete(kind, text, after = "") {
  const key = `${kind} ${after} ${text}`;
  if (!kept.has(key)) {
    const asked = getJson("/sparql/complete", { kind, text, after }).then((found) => found.items);
    asked.catch(() => kept.delete(key));
    kept.set(key, asked);
    if (kept.size > 300) kept.delete(kept.keys().next().value);
  }
  return kept.get(key);
}

const named = new Map();
const most = 500;
export async function nameAll(iris) {
  const missing = [...new Set(iris)].filter((iri) => !named.has(iri));
  for (let from = 0; from < missing.length; from += most) {
    const answer = await fetch(`/sparql/labels?${new URLSearchParams(carried)}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(missing.slice(from, from + most)),
    });
    if (!answer.ok) throw new Error(`the names could not be had: ${answer.status}`);
    for (const [iri, label] of Object.entries((await answer.json()).labels)) named.set(iri, label);
  }
  return (iri) => named.get(iri);
}

export async function save(query, graphs) {
  const answer = await fetch("/q", {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams([["query", query], ...graphs]),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail ?? said.title);
  return new URL(`/q/${said.key}`, location.href).href;
}

export const stopRunning = (id) => fetch(`/sparql/running/${id}`, { method: "DELETE" });

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
