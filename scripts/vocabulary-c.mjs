// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes the vocabularies as one C file (src/record/vocabulary.h).
//
//	node vocabulary-c.mjs OUT.c LIST.csv...

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [out, ...files] = process.argv.slice(2);

// "code,term", the term quoted where it holds a comma.
const row = (line, file) => {
	const match = /^([A-Z0-9]{1,12}),(?:"((?:[^"]|"")*)"|([^",]*))$/.exec(line);
	if (match === null)
		throw new Error(`${file}: "${line}" is not a code and a term`);
	return { code: match[1], term: match[2] === undefined ? match[3] : match[2].replaceAll('""', '"') };
};

const list = (file) => {
	const name = /^(\d{3})-([a-z-]+)\.csv$/.exec(basename(file));
	const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
	if (name === null || lines.shift() !== 'code,term')
		throw new Error(`${file}: not the name or the head of a vocabulary`);
	const rows = lines.map((line) => row(line, file));
	rows.forEach(({ code, term }, i) => {
		if (term === '' || (i > 0 && code <= rows[i - 1].code))
			throw new Error(`${file}: ${code} stands in the wrong place, or without a term`);
	});
	return { number: Number(name[1]), name: name[2], rows };
};

const lists = files.map(list).sort((a, b) => a.number - b.number);
const text = (s) => JSON.stringify(s);
writeFileSync(out, `// Made by scripts/vocabulary-c.mjs.
#include "record/vocabulary.h"

${lists.map(({ number, rows }) => `static const struct record_term terms_${number}[] = {
${rows.map(({ code, term }) => `\t{${text(code)}, ${text(term)}},`).join('\n')}
};`).join('\n\n')}

const struct record_vocabulary record_vocabularies[] = {
${lists.map(({ number, name, rows }) => `\t{${number}, ${text(name)}, terms_${number}, ${rows.length}},`).join('\n')}
};
const size_t record_vocabulary_count = ${lists.length};
`);
