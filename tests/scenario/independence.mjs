// SPDX-License-Identifier: GPL-3.0-or-later
//
//	node independence.mjs SOURCE CAIRN
//
// The drawing of the worked example, laid out by cairn and by ELK: whole, readable, without codes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [source, cairn] = process.argv.slice(2);
const example = join(source, 'examples/chechnya-2017/reliance.json');
const folder = mkdtempSync(join(tmpdir(), 'cairn-'));
let number = 0;
let failed = 0;

const run = (...args) => execFileSync(cairn, ['record', 'independence', ...args, example]).toString();

function check(name, test) {
	number++;
	let why = '';
	try {
		why = test();
	} catch (error) {
		why = error.message;
	}
	console.log(`${why ? 'not ok' : 'ok'} ${number} - ${name}`);
	if (why)
		console.log(`# ${why}`);
	failed += why ? 1 : 0;
}

function layElk() {
	const input = run('--elk');
	const places = execFileSync(process.execPath, [join(source, 'scripts/elk.mjs')], { input });
	const file = join(folder, 'places');
	writeFileSync(file, places);
	return run('--svg', '--layout', file);
}

// Each box as it is drawn: the first shape behind a title.
function boxes(svg) {
	const found = [];
	for (const shape of svg.matchAll(/<\/title>\n<(rect|ellipse|polygon) ([^>]*)>/g)) {
		const value = (name) => Number(new RegExp(`\\b${name}="([-\\d.]+)"`).exec(shape[2])?.[1]);
		if (shape[1] === 'rect')
			found.push([value('x'), value('y'), value('x') + value('width'), value('y') + value('height')]);
		else if (shape[1] === 'ellipse')
			found.push([value('cx') - value('rx'), value('cy') - value('ry'), value('cx') + value('rx'), value('cy') + value('ry')]);
		else {
			const points = /points="([^"]*)"/.exec(shape[2])[1].split(' ').map((p) => p.split(',').map(Number));
			found.push([Math.min(...points.map((p) => p[0])), Math.min(...points.map((p) => p[1])),
				Math.max(...points.map((p) => p[0])), Math.max(...points.map((p) => p[1]))]);
		}
	}
	return found;
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

function faults(svg) {
	const all = boxes(svg);
	if (all.length !== 17)
		return `${all.length} boxes, not the claim and the 16 that it rests on`;
	for (const [i, a] of all.entries())
		if (all.slice(i + 1).some((b) => overlap(a, b)))
			return `box ${i} lies on another`;
	if ([...svg.matchAll(/font-size="([\d.]+)"/g)].some((m) => Number(m[1]) < 12))
		return 'there is text smaller than 12 px';
	if (/NG-S|RLN-C|HRW-K|HRW-I|NYT-M/.test(svg))
		return 'somebody\'s code is in it';
	if ((svg.match(/<polyline/g) ?? []).length !== 34)
		return 'a reliance is missing';
	return /<svg[^>]* role="img" aria-labelledby=/.test(svg) && /<desc/.test(svg) ? '' : 'no description';
}

check('cairn_lays_out_the_example_so_that_it_can_be_read', () => faults(run('--svg')));
check('elk_lays_out_the_example_so_that_it_can_be_read', () => faults(layElk()));
check('places_of_another_graph_are_refused', () => {
	const file = join(folder, 'other');
	writeFileSync(file, '{"width":10,"height":10,"children":[],"edges":[]}');
	try {
		execFileSync(cairn, ['record', 'independence', '--svg', '--layout', file, example], { stdio: 'pipe' });
	} catch (error) {
		return error.status === 2 ? '' : `exit status ${error.status}`;
	}
	return 'they were taken';
});
check('a_source_that_is_left_out_is_named', () => {
	const said = run('--without', 'NG');
	return /^LEFT OUT: NG$/m.test(said) && /independent ways +3\b/.test(said) ? '' : said;
});
console.log(`1..${number}`);
rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
