// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of the public site that are not made from a desk's sources:
//	node web/site/build.mjs CORE.WASM OUTDIR
// leaves site.css, icon.svg, the four scripts and the core. The same bytes from any folder.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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

mkdirSync(out, { recursive: true });
for (const name of ["site", "search", "campaign", "named"]) {
  const { outputFiles } = await build({ ...common, entryPoints: [join(here, `src/${name}.ts`)] });
  writeFileSync(join(out, `${name}.js`), outputFiles[0].contents);
}
const { outputFiles } = await build({ ...common, entryPoints: [join(here, "style.css")] });
writeFileSync(join(out, "site.css"), outputFiles[0].contents);
copyFileSync(join(here, "icon.svg"), join(out, "icon.svg"));
copyFileSync(core, join(out, "core.wasm"));
