// SPDX-License-Identifier: GPL-3.0-or-later
//
// Catalogues as a C table (base/messages.h): for the page without scripts, and for the site.
//	node scripts/po-c.mjs OUT.C HEADER NAME FILE.po...
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import gettext from "gettext-parser";

const [out, header, name, ...files] = process.argv.slice(2);
const rightToLeft = ["ar", "fa", "he", "ur"];
const text = (s) => JSON.stringify(s);
const byBytes = ([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b));

let tables = "";
let list = "";
for (const file of [...files].sort()) {
  const tag = basename(file, ".po");
  const { headers, translations } = gettext.po.parse(readFileSync(file));
  const said = Object.values(translations[""] ?? {})
    .filter(({ msgid, msgstr }) => msgid !== "" && msgstr[0] !== "")
    .map(({ msgid, msgstr }) => [msgid, msgstr[0]]).sort(byBytes);
  const rows = said.map((pair) => `\t{${pair.map(text).join(",\n\t    ")}},\n`).join("");
  if (said.length === 0 && tag !== "en")
    continue; // waits for its translators
  if (said.length > 0)
    tables += `static const struct message ${tag}[] = {\n${rows}};\n\n`;
  list += `\t{${text(tag)}, ${text(headers["X-Language-Name"])}, ${headers["X-Reviewed"] === "yes"}, ` +
    `${rightToLeft.includes(tag)}, ${said.length > 0 ? tag : "NULL"}, ${said.length}},\n`;
}
writeFileSync(out, `// Made from catalogues by scripts/po-c.mjs.
#include "${header}"

${tables}const struct language ${name}s[] = {
${list}};
const size_t ${name}_count = sizeof ${name}s / sizeof ${name}s[0];
`);
