// SPDX-License-Identifier: GPL-3.0-or-later
// Random cases for libcairn and, independently, for libraries of npm, compared in both directions.
//
//     node crosscheck.mjs PROGRAM [SEED]
//
// PROGRAM is build/tests/crosscheck. Runs with one fixed seed and one fresh one, or with SEED alone; a seed is
// printed before its cases, so that a failure can be had again.
import './globals.mjs';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import * as cairn from './cairn.mjs';
import { Peer, hex, unhex } from './peer.mjs';

const { concat, nothing, text, u8, u16, u32, xwing } = cairn;
const FIXED = 'cairn crosscheck 1';
const DROP_PLAIN = 7048;
const REPLY_PLAIN = 2952;
const BLOB_PIECE = 262128;

/** Bytes and numbers that follow from a seed. */
class Draws {
  constructor(seed) {
    this.key = cairn.H(text(seed));
    this.count = 0;
    this.seed = seed;
  }
  bytes(size) {
    const key = cairn.derive(this.key, 'draw', u32(this.count++));
    return cairn.chacha20poly1305(key, new Uint8Array(12)).encrypt(new Uint8Array(size)).slice(0, size);
  }
  below(limit) {
    return Buffer.from(this.bytes(6)).readUIntBE(0, 6) % limit;
  }
}

const same = (got, want, what) => assert.equal(got, hex(want), what);
const fine = (answer) => assert.equal(answer.err, 0, 'libcairn accepts');
const refused = (answer) => assert.notEqual(answer.err, 0, 'libcairn refuses');

function changed(bytes, at) {
  const out = Uint8Array.from(bytes);
  out[at] ^= 1;
  return out;
}

async function hashes(peer, draws) {
  const input = draws.bytes(draws.below(5000));
  same((await peer.ask('hash', { input })).out, cairn.H(input), 'BLAKE2b');
  const key = draws.bytes(32);
  const context = draws.bytes(draws.below(65));
  const label = ['auth', 'tags', 'blob id', 'x'][draws.below(4)];
  same((await peer.ask('derive', { key, label, context })).out, cairn.derive(key, label, context), 'derive');
}

async function work(peer, draws) {
  const body_hash = draws.bytes(32);
  const challenge = draws.bytes(16);
  const nonce = draws.bytes(8);
  const digest = argon2id(concat(body_hash, nonce), challenge, { t: 1, m: 1024, p: 1, dkLen: 32 });
  const answer = await peer.ask('work', { body_hash, challenge, nonce });
  same(answer.digest, digest, 'Argon2id of 1 MiB');
  const bits = digest.reduce((s, b) => s + b.toString(2).padStart(8, '0'), '').indexOf('1');
  assert.equal(answer.bits, bits, 'leading zero bits');
}

async function root(peer, draws) {
  const desk_id = draws.bytes(32);
  const digits = Array.from({ length: 24 }, () => draws.below(10)).join('');
  const salt = cairn.H(concat(text('cairn/1 person'), desk_id)).slice(0, 16);
  const input = concat(u8(2), text(digits));
  const want = argon2id(input, salt, { t: 3, m: 65536, p: 1, dkLen: 32 });
  same((await peer.ask('root', { digits, desk_id })).root, want, 'Argon2id of 64 MiB');
}

/** The halves of an X-Wing private key, from its seed, and both directions of encapsulation. */
async function keys(peer, draws) {
  const seed = draws.bytes(32);
  const mine = xwing.keygen(seed);
  const theirs = await peer.ask('xwing_key', { seed });
  same(theirs.public_key, mine.publicKey, 'X-Wing public key');
  same(theirs.public_key.slice(2368), cairn.x25519.getPublicKey(unhex(theirs.x25519)), 'X25519 half');
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(unhex(theirs.public_key).slice(0, 1184));
  same(hex(ml_kem768.decapsulate(cipherText, unhex(theirs.mlkem))), sharedSecret, 'ML-KEM private key');

  const eseed = draws.bytes(64);
  const sealed = xwing.encapsulate(mine.publicKey, eseed);
  const made = await peer.ask('encapsulate', { public_key: mine.publicKey, eseed });
  same(made.enc, sealed.cipherText, 'enc of the same seed');
  same(made.shared, sealed.sharedSecret, 'shared secret');
  same((await peer.ask('decapsulate', { seed, enc: sealed.cipherText })).shared, sealed.sharedSecret,
    'decapsulated');
  const broken = changed(sealed.cipherText, draws.below(1088));
  same((await peer.ask('decapsulate', { seed, enc: broken })).shared,
    xwing.decapsulate(broken, mine.secretKey), 'implicit rejection');
}

async function hpke(peer, draws) {
  const seed = draws.bytes(32);
  const { publicKey } = xwing.keygen(seed);
  const info = draws.bytes(draws.below(100));
  const plain = draws.bytes(draws.below(3000));
  const made = await peer.ask('hpke_seal', { public_key: publicKey, info, plain, eseed: draws.bytes(64) });
  assert.deepEqual(await cairn.open(seed, unhex(made.enc), info, unhex(made.ct)), plain, 'npm opens');
  const { enc, ct } = await cairn.seal(publicKey, info, plain);
  same((await peer.ask('hpke_open', { seed, enc, ct, info })).plain, plain, 'libcairn opens');
  refused(await peer.ask('hpke_open', { seed, enc, ct: changed(ct, draws.below(ct.length)), info }));
  refused(await peer.ask('hpke_open', { seed, enc, ct, info: concat(info, u8(0)) }));
}

async function conversations(peer, draws) {
  const conv = cairn.conversation(draws.bytes(32));
  const day = 19000 + draws.below(3000);
  const lane = draws.below(16);
  const n = draws.below(16);
  const got = await peer.ask('conversation', { root: conv.root, day, lane, n });
  same(got.id, conv.id, 'conv_id');
  same(got.block, cairn.helloBlock(conv, day), 'hello block');
  same(got.tag, cairn.tag(cairn.tagKey(conv.root, Math.floor(day / 30), day), lane, n), 'tag');
}

async function dropCells(peer, draws) {
  const seed = draws.bytes(32);
  const { publicKey } = xwing.keygen(seed);
  const conv = cairn.conversation(draws.bytes(32));
  const [desk_id, msgid] = [draws.bytes(32), draws.bytes(16)];
  const [door, gen, day] = [1 + draws.below(2), draws.below(65536), 19000 + draws.below(3000)];
  const header = cairn.dropHeader(door, gen, day);
  const words = 'Слышно ли меня? '.repeat(1 + draws.below(200));
  const hello = concat(cairn.helloBlock(conv, day), cairn.helloMac(conv, publicKey, header, msgid));
  const part = concat(u8(1), u8(2), u8(3), u8(4), u8(5), u8(6), u8(7), u8(8), u8(0), u8(1), text(words));
  const plain = cairn.padded(DROP_PLAIN, cairn.record(0x8001, hello), cairn.record(0x8003, msgid),
    cairn.record(0x0005, part));

  const { enc, ct } = await cairn.seal(publicKey, cairn.dropInfo(desk_id, header), plain);
  const cell = concat(header, enc, ct);
  assert.equal(cell.length, 8192);
  same((await peer.ask('drop_open', { seed, desk_id, cell })).plain, plain, 'libcairn opens a drop cell');
  refused(await peer.ask('drop_open', { seed, desk_id, cell: changed(cell, draws.below(8192)) }));

  const made = await peer.ask('drop_seal', { root: conv.root, public_key: publicKey, desk_id, msgid, door, gen,
    day, text: words, eseed: draws.bytes(64) });
  const theirs = unhex(made.cell);
  assert.deepEqual(theirs.slice(0, 8), header, 'header');
  const opened = await cairn.open(seed, theirs.slice(8, 1128),
    cairn.dropInfo(desk_id, theirs.slice(0, 8)), theirs.slice(1128));
  assert.deepEqual(opened, plain, 'npm opens a drop cell');
  assert.deepEqual(cairn.records(opened).map((r) => r.type), [0x8001, 0x8003, 0x0005], 'its records');
}

async function replyCells(peer, draws) {
  const conv = cairn.conversation(draws.bytes(32));
  const desk_id = draws.bytes(32);
  const day = 19000 + draws.below(3000);
  const tag = cairn.tag(cairn.tagKey(conv.root, Math.floor(day / 30), day), draws.below(16), draws.below(16));
  const info = cairn.replyInfo(desk_id, day, tag);
  const question = concat(u16(draws.below(65536)), text('Как зовут твою собаку?'));
  const plain = cairn.padded(REPLY_PLAIN, cairn.record(0x8003, draws.bytes(16)),
    cairn.record(0x0020, question), cairn.record(0x0021, draws.bytes(16)));

  const { enc, ct } = await cairn.seal(conv.replyKey, info, plain);
  const cell = concat(tag, enc, ct);
  assert.equal(cell.length, 4096);
  same((await peer.ask('reply_open', { root: conv.root, desk_id, day, cell })).plain, plain, 'libcairn opens');
  refused(await peer.ask('reply_open', { root: conv.root, desk_id, day: day + 1, cell }));
  refused(await peer.ask('reply_open', { root: conv.root, desk_id, day, cell: changed(cell, draws.below(4096)) }));

  const made = await peer.ask('reply_seal', { plain, desk_id, day, tag, public_key: conv.replyKey,
    eseed: draws.bytes(64) });
  const theirs = unhex(made.cell);
  const opened = await cairn.open(conv.replySeed, theirs.slice(8, 1128), info, theirs.slice(1128));
  assert.deepEqual(opened, plain, 'npm opens a reply cell');
}

const keyId = (name, type, key) => cairn.sha256(concat(text(`${name}\n`), u8(type), key)).slice(0, 4);
const base64 = (bytes) => Buffer.from(bytes).toString('base64');

async function notes(peer, draws) {
  const seed = draws.bytes(32);
  const key = ed25519.getPublicKey(seed);
  const name = `cairn/${hex(draws.bytes(32))}/board`;
  const body = `cairn epochs 1\n${hex(draws.bytes(40))}\nдень ${draws.below(30000)}\n`;
  const line = `— ${name} ${base64(concat(keyId(name, 1, key), ed25519.sign(text(body), seed)))}\n`;
  const note = text(`${body}\n${line}`);

  same((await peer.ask('note_sign', { seed, name, text: body })).note, note, 'signed note');
  same((await peer.ask('note_open', { key, name, type: 1, note })).text, text(body), 'opened note');
  refused(await peer.ask('note_open', { key, name, type: 1, note: changed(note, draws.below(body.length)) }));

  const time = 1700000000 + draws.below(1000000);
  const message = text(`cosignature/v1\ntime ${time}\n${body}`);
  const stamp = concat(u32(0), u32(time), ed25519.sign(message, seed));
  const co = `— ${name} ${base64(concat(keyId(name, 4, key), stamp))}\n`;
  same((await peer.ask('note_sign', { seed, name, text: body, time })).note, concat(note, text(co)),
    'cosigned note');
  const cosigned = text(`${body}\n${co}`);
  same((await peer.ask('note_open', { key, name, type: 4, note: cosigned })).text, text(body), 'cosignature');
}

async function trees(peer, draws) {
  const entries = Array.from({ length: draws.below(600) }, () => draws.bytes(32));
  same((await peer.ask('tree_root', { entries: concat(...entries) })).root, cairn.treeRoot(entries),
    `root of ${entries.length}`);
}

async function blobs(peer, draws) {
  const fk = draws.bytes(32);
  const i = draws.below(20);
  const rest = 1 + draws.below(BLOB_PIECE);
  const piece = draws.bytes(rest);
  const size = i * BLOB_PIECE + rest;
  const cipher = () => cairn.xchacha20poly1305(cairn.derive(fk, 'blob', u32(i)), new Uint8Array(24));
  const blob = cipher().encrypt(cairn.padded(BLOB_PIECE, piece));

  const made = await peer.ask('blob_seal', { fk, i, piece });
  same(made.blob, blob, 'sealed blob');
  same(made.id, cairn.derive(fk, 'blob id', u32(i)), 'blob id');
  same((await peer.ask('blob_open', { fk, i, size, blob })).piece, piece, 'opened blob');
  refused(await peer.ask('blob_open', { fk, i, size, blob: changed(blob, draws.below(blob.length)) }));
  if (rest < BLOB_PIECE) {
    const hidden = cipher().encrypt(cairn.padded(BLOB_PIECE, piece, u8(1)));
    refused(await peer.ask('blob_open', { fk, i, size, blob: hidden }));
  }
}

// How often each runs for a seed.
const cases = [
  [hashes, 40], [work, 6], [keys, 12], [hpke, 10], [conversations, 10], [dropCells, 8], [replyCells, 8],
  [notes, 20], [trees, 12], [blobs, 3],
];

async function attempt(run, peer, draws, tally) {
  const before = draws.count;
  try {
    await run(peer, draws);
    tally.passed++;
  } catch (e) {
    tally.failed++;
    console.error(`FAILED ${run.name} (seed "${draws.seed}", draw ${before}): ${e.message}`);
  }
}

async function main(program, seed) {
  const tally = { passed: 0, failed: 0 };
  const peer = new Peer(program);
  const seeds = seed === undefined ? [FIXED, randomBytes(8).toString('hex')] : [seed];
  for (const s of seeds) {
    console.log(`seed ${s}`);
    const draws = new Draws(s);
    for (const [run, times] of cases)
      for (let i = 0; i < times; i++) await attempt(run, peer, draws, tally);
  }
  await attempt(root, peer, new Draws(seeds[seeds.length - 1]), tally);
  peer.end();
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

await main(process.argv[2], process.argv[3]);
