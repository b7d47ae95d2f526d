// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exits 0 when node_modules holds exactly what package-lock.json says, so that setup leaves it alone
// and asks no registry.
'use strict';
const { existsSync, readFileSync } = require('fs');
const { join } = require('path');

const top = join(__dirname, '..');

function packages(file) {
	const all = JSON.parse(readFileSync(join(top, file), 'utf8')).packages;

	delete all[''];
	return all;
}

function inStep() {
	const want = packages('package-lock.json');
	const have = packages('node_modules/.package-lock.json');
	const same = (path) => have[path] !== undefined &&
	    have[path].version === want[path].version &&
	    have[path].integrity === want[path].integrity &&
	    existsSync(join(top, path, 'package.json'));

	return Object.keys(want).every((path) => same(path) || want[path].optional) &&
	    Object.keys(have).every((path) => want[path] !== undefined);
}

try {
	process.exitCode = inStep() ? 0 : 1;
} catch {
	process.exitCode = 1;
}
