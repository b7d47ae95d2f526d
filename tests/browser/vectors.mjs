// SPDX-License-Identifier: GPL-3.0-or-later
//
// The protocol's vectors, run by the objects that core.wasm is made of: in Node, and in the browsers under the policy
// that the relay gives its page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { run } from "../vectors/wasm/run.mjs";
import { browsers, open } from "./browsers.mjs";

const build = resolve(process.env.CAIRN_BUILD ?? "build");
execFileSync("web/build", [build], { stdio: ["ignore", "ignore", "inherit"] });
execFileSync("tests/vectors/wasm/build", [build], { stdio: ["ignore", "ignore", "inherit"] });

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const files = {
  "/": ["text/html", "<!DOCTYPE html><title>.</title><script type=module src=start.mjs></script>"],
  "/start.mjs": ["text/javascript", `import { run } from "./run.mjs";
const get = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
window.said = run(await get("vectors.wasm"), await get("vectors.json"));`],
  "/run.mjs": ["text/javascript", readFileSync("tests/vectors/wasm/run.mjs")],
  "/vectors.wasm": ["application/wasm", readFileSync(join(build, "wasm/vectors.wasm"))],
  "/vectors.json": ["application/json", readFileSync("tests/vectors/cairn-v1.json")],
};

async function serve() {
  const server = createServer(({ url }, answer) => {
    const [type, bytes] = files[url] ?? ["text/plain", ""];
    answer.writeHead(files[url] ? 200 : 404, { "Content-Type": type, "Content-Security-Policy": policy });
    answer.end(bytes);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

async function inBrowser(name) {
  const server = await serve();
  const browser = await open(name, { protocolTimeout: 600_000 });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction("window.said");
    return await page.evaluate("window.said");
  } finally {
    await browser.close();
    server.close();
  }
}

/* As many as natively: a row left out would not be seen otherwise. */
function holds(said) {
  const native = execFileSync(join(build, "tests/vectors"), ["tests/vectors/cairn-v1.json"], { encoding: "utf8" });
  assert.equal(said, `${native}exit 0\n`);
}

export const tests = {
  "every row of the vectors holds in WASM": async () =>
    holds(await run(files["/vectors.wasm"][1], files["/vectors.json"][1])),
  ...Object.fromEntries(browsers.map((name) =>
    [`every row of the vectors holds in ${name}`, async () => holds(await inBrowser(name))])),
};
