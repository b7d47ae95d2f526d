// SPDX-License-Identifier: GPL-3.0-or-later
//
//	[ONLY=words] node tests/browser/run.mjs TEST.mjs...
//
// Each file gives tests as an object of functions by name; they run one after the other and are told as TAP.
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

let count = 0;
let failed = 0;

async function run(name, test) {
  count++;
  try {
    /* Words that a test gives back say why it could not be done here. */
    const skipped = await test();
    console.log(`ok ${count} - ${name}${typeof skipped === "string" ? ` # skip ${skipped}` : ""}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${count} - ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, "# "));
  }
}

for (const file of process.argv.slice(2)) {
  const { tests, end } = await import(pathToFileURL(resolve(file)));
  for (const [name, test] of Object.entries(tests).filter(([name]) => name.includes(process.env.ONLY ?? "")))
    await run(name, test);
  await end?.();
}
console.log(`1..${count}`);
process.exit(failed === 0 ? 0 : 1);
