// Bundles the sources for browsers: node build.mjs MODULES OUT
// MODULES is the folder where `npm ci` put node_modules, OUT the folder to be filled anew.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { VIEW, outline } from "./outline.mjs";

const [modules, target] = process.argv.slice(2).map((path) => resolve(path));
const out = `${target}.new`;
const here = dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(join(modules, "package.json"))("esbuild");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
checkLicences();
const made = await build({
  absWorkingDir: here,
  entryPoints: entries(),
  nodePaths: [join(modules, "node_modules")],
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  metafile: true,
  // A file's name changes with its content, so that browsers may keep it for ever.
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  outdir: out,
  legalComments: "none",
  logLevel: "warning",
});
// The server joins the letters' styles with its own sheet; so they are named alike always.
const letters = await build({
  absWorkingDir: here,
  entryPoints: ["fonts.css"],
  nodePaths: [join(modules, "node_modules")],
  bundle: true,
  minify: true,
  metafile: true,
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  publicPath: "/assets/built",
  outdir: out,
  logLevel: "warning",
});
writeFileSync(join(out, "licences.txt"), licences());
const world = writeWorld();
writeFileSync(join(out, "manifest.json"), JSON.stringify({ ...manifest(made.metafile), fonts: early(letters.metafile), world }, null, 1) + "\n");
for (const name of readdirSync(out).filter((each) => /[.](js|css|svg)$/.test(each))) {
  const bytes = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes));
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
rmSync(target, { recursive: true, force: true });
renameSync(out, target);

// What pages load by name: each file of src that says so in its first line.
function entries() {
  const files = readdirSync(join(here, "src")).filter((name) => name.endsWith(".js"));
  return files.map((name) => `src/${name}`).filter((path) => readFileSync(join(here, path), "utf8").startsWith("// Entry:"));
}

function manifest(metafile) {
  const name = (path) => path?.split("/").at(-1) ?? "";
  const made = Object.entries(metafile.outputs).filter(([, each]) => each.entryPoint?.startsWith("src/") && entries().includes(each.entryPoint));
  const found = made.map(([script, each]) => [name(each.entryPoint).replace(/[.]js$/, ""), { script: name(script), style: name(each.cssBundle) }]);
  return { entries: Object.fromEntries(found) };
}

// What each page in a language shows before anything else; other letters are loaded when they occur.
function early(metafile) {
  const files = Object.keys(metafile.outputs).map((path) => path.split("/").at(-1));
  const find = (start) => files.find((name) => name.startsWith(start));
  const latin = [find("atkinson-hyperlegible-next-latin-wght"), find("literata-latin-wght")];
  return { "": latin, ar: [find("vazirmatn-arabic")] };
}

// The land of the world as one quiet picture, for the map of the home page.
function writeWorld() {
  const land = outline(JSON.parse(readFileSync(join(modules, "node_modules/world-atlas/land-110m.json"), "utf8")));
  const text = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${VIEW}"><path d="${land}"/></svg>\n`;
  const name = `world-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.svg`;
  writeFileSync(join(out, name), text);
  return name;
}

function packages() {
  const lock = JSON.parse(readFileSync(join(modules, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path && !entry.dev)
    .map(([path]) => join(modules, path))
    .map((folder) => [folder, JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))]);
}

function licenceOf(folder, about) {
  const told = about.license ?? about.licenses?.map((each) => each.type).join(" OR ");
  return told?.type ?? told ?? (textOf(folder).includes("Permission is hereby granted, free of charge") ? "MIT" : "");
}

function textOf(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(folder, file), "utf8").trim() : "";
}

function checkLicences() {
  for (const [folder, about] of packages()) {
    const licence = licenceOf(folder, about);
    if (!licence || /GPL/.test(licence)) {
      throw new Error(`${about.name} has the licence ${licence || "none"}, which is not taken here`);
    }
  }
}

function licences() {
  const parts = packages().map(([folder, about]) => {
    const author = about.author?.name ?? about.author;
    const head = [`${about.name} ${about.version}`, licenceOf(folder, about), author].filter(Boolean);
    return `${head.join(" · ")}\n\n${textOf(folder)}`.trim();
  });
  const line = "-".repeat(72);
  return `What the scripts and letters of the pages are built from, with the licences.\n\n${parts.join(`\n\n${line}\n\n`)}\n`;
}
