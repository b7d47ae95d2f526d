// SPDX-License-Identifier: GPL-3.0-or-later
//
//	cairn record independence --elk FILE | node scripts/elk.mjs > PLACES
//	cairn record independence --svg --layout PLACES FILE > drawing.svg
//
// Reads a graph, or a list of graphs, as JSON, and writes the same with places: many claims need one run of node only.
// The drawing is cairn's; without node it lays out by itself.
import ELK from 'elkjs';

const chunks = [];
for await (const chunk of process.stdin)
	chunks.push(chunk);
const input = JSON.parse(Buffer.concat(chunks).toString('utf8'));
const elk = new ELK();
const lay = (graph) => elk.layout(graph);
const output = Array.isArray(input) ? await Promise.all(input.map(lay)) : await lay(input);
process.stdout.write(`${JSON.stringify(output)}\n`);
