// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts into a picture what cameras and programs write there, with a canary in each place.

const bytes = (...parts) => Buffer.concat(parts.map((part) => typeof part === "string" ? Buffer.from(part, "latin1") : part));
const number = (value, size, little) => {
  const out = Buffer.alloc(size);
  little ? out.writeUIntLE(value, 0, size) : out.writeUIntBE(value, 0, size);
  return out;
};

/* EXIF: a description, the side that is up, and a place on Earth. */
function tiff(canary, side) {
  const entry = (tag, type, count, value) => bytes(number(tag, 2), number(type, 2), number(count, 4), value);
  const text = bytes(`${canary}-exif\0`);
  const ifd = 8, after = ifd + 2 + 3 * 12 + 4, gps = after + text.length;
  return bytes("MM\0\x2a", number(ifd, 4), number(3, 2),
    entry(0x010e, 2, text.length, number(after, 4)), entry(0x0112, 3, 1, bytes(number(side, 2), "\0\0")),
    entry(0x8825, 4, 1, number(gps, 4)), number(0, 4), text,
    number(2, 2), entry(1, 2, 2, bytes("N\0\0\0")), entry(29, 2, 4, bytes("2017")), number(0, 4));
}

const xmp = (canary) => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>${canary}-xmp</rdf:li></x:xmpmeta>`;

export function jpeg(picture, canary, side = 1) {
  const segment = (marker, content) => bytes(Buffer.from([0xff, marker]), number(content.length + 2, 2), content);
  return bytes(picture.subarray(0, 2),
    segment(0xe1, bytes("Exif\0\0", tiff(canary, side))),
    segment(0xe1, bytes("http://ns.adobe.com/xap/1.0/\0", xmp(canary))),
    segment(0xed, bytes("Photoshop 3.0\0" + "8BIM\x04\x04\0\0", number(canary.length + 10, 4), "\x1c\x02\x78", number(canary.length + 5, 2),
      `${canary}-iptc`)),
    segment(0xfe, bytes(`${canary}-comment`)),
    picture.subarray(2), bytes(`${canary}-behind`));
}

function crc(data) {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let i = 0; i < 8; i++)
      sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

export function png(picture, canary) {
  const chunk = (name, content) => bytes(number(content.length, 4), name, content, number(crc(bytes(name, content)), 4));
  const head = 8 + 25; /* signature and IHDR */
  return bytes(picture.subarray(0, head), chunk("tEXt", bytes(`Author\0${canary}-text`)),
    chunk("iTXt", bytes("XML:com.adobe.xmp\0\0\0\0\0", xmp(canary))), chunk("eXIf", tiff(canary, 1)),
    picture.subarray(head), bytes(`${canary}-behind`));
}

/* The part that holds the picture, whatever else the browser has put around it. */
function lossy(picture) {
  for (let at = 12; at < picture.length;) {
    const end = at + 8 + picture.readUInt32LE(at + 4);
    if (picture.toString("latin1", at, at + 4) === "VP8 ")
      return picture.subarray(at, end + (end & 1));
    at = end + (end & 1);
  }
  throw new Error("no VP8 in it");
}


export function webp(picture, canary, width, height) {
  const chunk = (name, content) => bytes(name, number(content.length, 4, true), content, content.length & 1 ? "\0" : "");
  const inside = bytes("WEBP", chunk("VP8X", bytes(Buffer.from([0x0c, 0, 0, 0]), number(width - 1, 3, true), number(height - 1, 3, true))),
    lossy(picture), chunk("EXIF", tiff(canary, 1)), chunk("XMP ", bytes(xmp(canary))));
  return bytes("RIFF", number(inside.length, 4, true), inside, bytes(`${canary}-behind`));
}
