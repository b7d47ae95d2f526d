// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the protocol that the cases need, from docs/protocol.md, on libraries that share no code
// with libcairn: noble for hashes, curves and X-Wing, @hpke for sealing (with its own ML-KEM).
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';

export { chacha20poly1305, sha256, x25519, xchacha20poly1305, xwing };

export const text = (s) => new TextEncoder().encode(s);

export function concat(...parts) {
  return new Uint8Array(Buffer.concat(parts.map((p) => Buffer.from(p))));
}

function integer(size) {
  return (v) => {
    const out = Buffer.alloc(size);
    out.writeUIntBE(v, 0, size);
    return new Uint8Array(out);
  };
}
export const u8 = integer(1);
export const u16 = integer(2);
export const u32 = integer(4);

export const H = (bytes) => blake2b(bytes, { dkLen: 32 });

export const derive = (key, label, context) =>
  blake2b(concat(text('cairn/1 '), text(label), u8(0), context), { dkLen: 32, key });

export const nothing = new Uint8Array(0);

// Section 5.
export function conversation(root) {
  const replySeed = derive(root, 'reply', nothing);
  const reply = xwing.keygen(replySeed);
  const authSecret = derive(root, 'auth', nothing);
  const authKey = x25519.getPublicKey(authSecret);
  const id = H(concat(reply.publicKey, authKey)).slice(0, 16);
  return { root, replySeed, replyKey: reply.publicKey, authSecret, authKey, id };
}

export function tagKey(root, month, day) {
  let key = derive(root, 'tags', u32(month));
  for (let d = 30 * month; d < day; d++) key = derive(key, 'day', nothing);
  return key;
}

export const tag = (key, lane, n) => derive(key, 'tag', concat(u8(lane), u16(n))).slice(0, 8);

export const helloBlock = (conv, day) =>
  concat(conv.replyKey, conv.authKey, u32(day), tagKey(conv.root, Math.floor(day / 30), day));

// Section 12.
export const record = (type, value) => concat(u16(type), u16(value.length), value);

export function records(plain) {
  const out = [];
  for (let at = 0; ; ) {
    const view = Buffer.from(plain);
    const type = view.readUInt16BE(at);
    if (type === 0) return out;
    const size = view.readUInt16BE(at + 2);
    out.push({ type, value: plain.slice(at + 4, at + 4 + size) });
    at += 4 + size;
  }
}

export function padded(size, ...parts) {
  const out = new Uint8Array(size);
  out.set(concat(...parts));
  return out;
}

// Sections 6 and 7.
const suite = new CipherSuite({
  kem: new XWing(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

export async function seal(publicKey, info, plain) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
  const sender = await suite.createSenderContext({ recipientPublicKey, info });
  const ct = await sender.seal(plain);
  return { enc: new Uint8Array(sender.enc), ct: new Uint8Array(ct) };
}

export async function open(seed, enc, info, ct) {
  const recipientKey = await suite.kem.deserializePrivateKey(seed);
  const recipient = await suite.createRecipientContext({ recipientKey, enc, info });
  return new Uint8Array(await recipient.open(ct));
}

export const dropHeader = (door, gen, day) => concat(u8(1), u8(door), u16(gen), u32(day));
export const dropInfo = (deskId, header) => concat(text('cairn/1 drop'), deskId, header);
export const replyInfo = (deskId, day, tagBytes) =>
  concat(text('cairn/1 reply'), deskId, u32(day), tagBytes);

export function helloMac(conv, epochPublicKey, header, msgid) {
  const shared = x25519.getSharedSecret(conv.authSecret, epochPublicKey.slice(1184));
  return derive(shared, 'hello', concat(header, msgid));
}

// RFC 6962.
export function treeRoot(entries) {
  if (entries.length === 0) return sha256(nothing);
  if (entries.length === 1) return sha256(concat(u8(0), entries[0]));
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return sha256(concat(u8(1), treeRoot(entries.slice(0, k)), treeRoot(entries.slice(k))));
}
