// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts as a C table, each under its file's name without the ending:
//	node scripts/text-c.mjs OUT.C HEADER NAME FILE...
import { readFileSync, writeFileSync } from "node:fs";
import { basename, extname } from "node:path";

const [out, header, name, ...files] = process.argv.slice(2);
const line = (s) => JSON.stringify(s).replace(/\?\?/g, "?\\?");
const rows = [...files].sort().map((file) => {
  const text = readFileSync(file, "utf8").split(/(?<=\n)/).map(line).join("\n\t    ");
  return `\t{${line(basename(file, extname(file)))},\n\t    ${text}},\n`;
});
writeFileSync(out, `// Made from text files by scripts/text-c.mjs.
#include "${header}"

const struct text_file ${name}s[] = {
${rows.join("")}};
const size_t ${name}_count = sizeof ${name}s / sizeof ${name}s[0];
`);
