// SPDX-License-Identifier: GPL-3.0-or-later
//
// The published schema of the record against another's validator.
//
//	node record_schema.mjs SOURCE CAIRN RECORD_RANDOM

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [source, cairn, random] = process.argv.slice(2);
const Ajv = createRequire(join(source, 'package.json'))('ajv');
const print = (...options) => execFileSync(cairn, ['record', 'fields', ...options], { encoding: 'utf8', maxBuffer: 1 << 26 });
const committed = (path) => readFileSync(join(source, path), 'utf8');

let number = 0;
let failed = 0;
const check = (name, run) => {
	number++;
	try {
		run();
		console.log(`ok ${number} - ${name}`);
	} catch (error) {
		failed = 1;
		console.log(`not ok ${number} - ${name}\n# ${String(error.message).replaceAll('\n', '\n# ')}`);
	}
};
const expect = (good, what) => {
	if (!good)
		throw new Error(what);
};

check('the schema is made from the table', () =>
	expect(print('--schema') === committed('data/schema/record.json'), 'cairn record fields --schema gives another'));
check('the document of fields is made from the table', () =>
	expect(print('--markdown') === committed('docs/record-fields.md'), 'cairn record fields --markdown gives another'));

const schema = JSON.parse(committed('data/schema/record.json'));
let valid;
check('the schema is a schema, without a word that a validator would pass over', () => {
	valid = new Ajv({ strict: true, strictTypes: false, allErrors: false }).compile(schema);
});

const takes = (document) => {
	if (!valid(document))
		throw new Error(JSON.stringify(valid.errors.slice(-3)));
};

check('the worked example keeps to it', () => takes(JSON.parse(committed('examples/chechnya-2017/record.json'))));
check('whatever the program writes keeps to it', () => {
	const lines = execFileSync(random, ['400'], { encoding: 'utf8', maxBuffer: 1 << 28 }).trimEnd().split('\n');

	expect(lines.length === 400, 'not 400 records');
	lines.forEach((line) => takes(JSON.parse(line)));
});

const entity = (change) => ({
	format: 'cairn-record',
	version: 1,
	entities: [{ kind: 'act', id: '0'.repeat(32), fields: { type: '02010102' }, ...change }],
});
check('a good entity is taken', () => takes(entity({})));
for (const [name, bad] of Object.entries({
	'another kind': { kind: 'thing' },
	'no id': { id: '0' },
	'a field of another kind': { fields: { title: 'x' } },
	'a term that is on no list': { fields: { type: 'xx' } },
	'an age of 131': { fields: { age: 131 } },
	'an age that is a text': { fields: { age: '30' } },
	'a day that no month has': { fields: { begin: '2017-04-32' } },
	'a date in words': { fields: { begin: 'about 2017' } },
	'an empty text': { fields: { location: '' } },
	'two lines in one': { fields: { location: 'a\nb' } },
	'a set with the same twice': { fields: { methods: ['0201', '0201'] } },
	'a level that is none': { levels: { type: 'secret' } },
	'a retraction without its time': { retracted: { '': { reason: '' } } },
	'something more': { more: 1 },
}))
	check(`${name} is refused`, () => expect(!valid(entity(bad)), 'it is taken'));
check('another version is refused', () => expect(!valid({ ...entity({}), version: 2 }), 'it is taken'));

console.log(`1..${number}`);
process.exitCode = failed;
