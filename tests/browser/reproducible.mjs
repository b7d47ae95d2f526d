// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whoever builds the page gets the bytes that the desk's card names: built again in another folder, with libsodium, it
// is the same.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const build = resolve(process.env.CAIRN_BUILD ?? "build");
const folder = mkdtempSync(join(tmpdir(), "cairn-built-again-in-a-folder-of-another-name-"));
const again = join(folder, "elsewhere");
const quiet = { stdio: ["ignore", "ignore", "inherit"] };

execFileSync("web/build", [build], quiet);
for (const part of ["web", "include", "src", "data", "scripts", "package.json", "package-lock.json"])
  cpSync(part, join(folder, part), { recursive: true });
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
/* Its source was fetched before: no network. */
mkdirSync(join(again, "wasm/libsodium"), { recursive: true });
cpSync(join(build, "wasm/libsodium/source"), join(again, "wasm/libsodium/source"), { recursive: true });
execFileSync(join(folder, "web/build"), [again], { cwd: folder, ...quiet });

function same(path) {
  const [first, second] = [build, again].map((at) => readFileSync(join(at, path)));
  assert.ok(first.length > 0 && first.equals(second), `${path} is not the same`);
}

export const tests = Object.fromEntries([
  "wasm/libsodium/lib/libsodium.a", "web/core.wasm", "web/person/core.wasm", "web/person/core.wasm.gz", "web/person/index.html",
  "web/person/page.css", "web/person/page.js", "web/person/page.js.gz", "web/person/single.html",
].map((path) => [`${path} is the same from another folder`, () => same(path)]));

export function end() {
  rmSync(folder, { recursive: true });
}
