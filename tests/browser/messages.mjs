// SPDX-License-Identifier: GPL-3.0-or-later
//
// The message files: complete, with the places that are filled in, and honest about who reviewed them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import gettext from "gettext-parser";

const complete = ["ar", "es", "fr", "ru", "tr"];

function* sources(folder, end = ".ts") {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory())
      yield* sources(path, end);
    else if (name.endsWith(end))
      yield path;
  }
}

const unquoted = (text) => JSON.parse(`"${text}"`);
const said = (folder, end, pattern) => [...sources(folder, end)].flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(pattern)].map(([, text]) => text));

/* By the page, and by the page without scripts: its templates and its C. */
const used = new Set([
  ...said("web/person/src", ".ts", /\bt\(\s*"((?:[^"\\]|\\.)*)"/g).map(unquoted),
  ...said("src/plain", ".html", /\[\[(.*?)\]\]/g),
  ...said("src/plain", ".c", /\bN_\(\s*"((?:[^"\\]|\\.)*)"\s*\)/g).map(unquoted),
]);

function catalogue(tag) {
  const { headers, translations } = gettext.po.parse(readFileSync(`web/person/po/${tag}.po`));
  return { headers, messages: Object.values(translations[""]).filter(({ msgid }) => msgid !== "") };
}

const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

export const tests = Object.fromEntries(complete.flatMap((tag) => [
  [`${tag} says all that the page says, and nothing else`, () => {
    const known = catalogue(tag).messages.map(({ msgid }) => msgid);
    assert.deepEqual([...used].filter((id) => !known.includes(id)), [], "missing");
    assert.deepEqual(known.filter((id) => !used.has(id)), [], "not said any more");
  }],
  [`${tag} has no empty message and fills in what English fills in`, () => {
    for (const { msgid, msgstr, comments } of catalogue(tag).messages) {
      assert.ok(msgstr[0].trim() !== "", msgid);
      assert.ok(!comments?.flag?.includes("fuzzy"), `unsure: ${msgid}`);
      assert.deepEqual(places(msgstr[0]), places(msgid), msgid);
    }
  }],
]));

tests["every file says whether a native speaker reviewed it"] = () => {
  for (const name of readdirSync("web/person/po").filter((file) => file.endsWith(".po"))) {
    const { headers } = catalogue(name.replace(".po", ""));
    assert.match(headers["X-Reviewed"] ?? "", /^(yes|no)$/, name);
    assert.ok(headers["X-Language-Name"], name);
  }
};

tests["Chechen waits for native speakers"] = () => {
  const { headers, messages } = catalogue("ce");
  assert.ok(headers["X-Reviewed"] === "yes" || messages.length === 0);
};
