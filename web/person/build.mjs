// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the page out of its parts:
//	node web/person/build.mjs CORE.WASM OUTDIR
// leaves index.html, page.js, page.css, core.wasm for the relay, and single.html, which holds all of them
// (docs/page.md). The same bytes from any folder.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import gettext from "gettext-parser";

const here = dirname(fileURLToPath(import.meta.url));
const [core, out] = process.argv.slice(2);
if (!out) {
  console.error("usage: build.mjs CORE.WASM OUTDIR");
  process.exit(1);
}

const common = {
  bundle: true, minify: true, write: false, target: "es2020", format: "iife", charset: "utf8", legalComments: "none",
  absWorkingDir: here, logLevel: "warning",
};

// po/<tag>.po: the catalogue, its language's own name and whether a native speaker reviewed it in its header.
function catalogues() {
  const all = {};
  for (const file of readdirSync(join(here, "po")).filter((name) => name.endsWith(".po")).sort()) {
    const { headers, translations } = gettext.po.parse(readFileSync(join(here, "po", file)));
    const messages = {};
    for (const { msgid, msgstr } of Object.values(translations[""] ?? {}))
      if (msgid !== "" && msgstr[0] !== "")
        messages[msgid] = msgstr[0];
    // A language that waits for its first speaker is not offered.
    if (file !== "en.po" && Object.keys(messages).length === 0)
      continue;
    all[file.replace(/\.po$/, "")] = { name: headers["X-Language-Name"], reviewed: headers["X-Reviewed"] === "yes", messages };
  }
  return all;
}

// Modules that are made, not written.
function made(modules) {
  return {
    name: "made",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^(${Object.keys(modules).join("|")})$`) }, ({ path }) => ({ path, namespace: "made" }));
      onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: modules[path], loader: "ts" }));
    },
  };
}

async function bundle(entry, modules) {
  const { outputFiles } = await build({ ...common, entryPoints: [join(here, entry)], plugins: [made(modules)] });
  return outputFiles[0].text;
}

// gzip's format by zopfli: some 4 KB less, and the same bytes from any machine.
const pack = (file) => execFileSync("zopfli", ["-c", file], { maxBuffer: 1 << 24 });

const wasm = readFileSync(core);
const worker = await bundle("src/worker.ts", { none: "" });
const messages = `export const catalogues = ${JSON.stringify(catalogues())};`;
const source = `export const workerSource = ${JSON.stringify(worker)};`;
const fetched = `${source}
export const coreBytes = (base) => fetch(base + "core.wasm", { cache: "no-store", credentials: "omit" })
  .then((answer) => answer.ok ? answer.arrayBuffer() : Promise.reject(new Error("not there")));`;
const within = `${source}
export async function coreBytes(_base) {
  const text = atob(document.getElementById("core").textContent.trim());
  const packed = Uint8Array.from(text, (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}`;

const style = (await build({ ...common, entryPoints: [join(here, "style.css")] })).outputFiles[0].text;
const html = readFileSync(join(here, "index.html"), "utf8");
const served = await bundle("src/page.ts", { catalogues: messages, parts: fetched });
const single = await bundle("src/page.ts", { catalogues: messages, parts: within });
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// A file carries its own policy: only its own script and style, and the desk's relays.
function singlePage() {
  const style_tag = `<style>${style}</style>`;
  const safe = single.replace(/<\/script/gi, "<\\/script");
  const policy = `default-src 'none'; script-src ${hash(safe)} 'wasm-unsafe-eval'; worker-src blob:; style-src ${hash(style)}; ` +
    "img-src blob: data:; connect-src @RELAYS@; base-uri 'none'; form-action 'none'";
  return html
    .replace('<meta charset="utf-8">', () => `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`)
    .replace(/<link rel="stylesheet"[^>]*>/, () => style_tag)
    .replace(/<script src="@BASE@page.js" defer><\/script>\n/, "")
    .replace(' ping="@BASE@leave"', "")
    .replace("</body>", () => `<script type="application/octet-stream" id="core">${pack(core).toString("base64")}</script>
<script>${safe}</script>
</body>`);
}

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "index.html"), html);
for (const [name, bytes] of [["page.js", served], ["page.css", style], ["core.wasm", wasm]]) {
  writeFileSync(join(out, name), bytes);
  writeFileSync(join(out, `${name}.gz`), pack(join(out, name)));
}
writeFileSync(join(out, "single.html"), singlePage());
