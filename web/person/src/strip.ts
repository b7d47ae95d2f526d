// SPDX-License-Identifier: GPL-3.0-or-later

/*
 * Takes out of a picture all that is not needed to see it, without drawing it: for browsers that give back noise for what
 * was drawn, as Tor Browser does, so that nobody is known by it. What stays is named; all else goes, also what
 * stands behind the end. Of EXIF only which side is up.
 */

const PNG_PICTURE = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "cHRM"];
const WEBP_PICTURE = ["VP8 ", "VP8L", "VP8X", "ALPH"];
const WEBP_FLAGS = 0x10; /* of VP8X: only that there is an alpha */
const ORIENTATION = 0x0112;

/* Frames and their tables, quantisation, restarts. */
const jpegPicture = (marker: number) => (marker >= 0xc0 && marker <= 0xcf) || marker === 0xdb || marker === 0xdd;

/* Pieces of a file, and a place in it that fails where the file ends. */
class Source {
  readonly kept: Uint8Array[] = [];
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  name(at: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, at + 4));
  }

  keep(from: number, to: number): void {
    if (to > this.bytes.length)
      throw new RangeError("cut off");
    this.kept.push(this.bytes.slice(from, to));
  }
}

/* 1 to 8 out of an APP1 of EXIF, 1 where it says none. */
function orientation(segment: Uint8Array): number {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const tiff = 10; /* behind marker, size and "Exif\0\0" */
  if (segment.length < tiff + 8 || view.getUint32(4) !== 0x45786966)
    return 1;
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  const count = first + 2 <= segment.length ? view.getUint16(first, little) : 0;
  for (let at = first + 2; at + 12 <= segment.length && at < first + 2 + 12 * count; at += 12)
    if (view.getUint16(at, little) === ORIENTATION)
      return Math.min(Math.max(view.getUint16(at + 8, little), 1), 8);
  return 1;
}

/* An EXIF that says nothing else. */
function upright(side: number): Uint8Array {
  return new Uint8Array([0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1,
    ORIENTATION >> 8, ORIENTATION & 255, 0, 3, 0, 0, 0, 1, 0, side, 0, 0, 0, 0, 0, 0]);
}

/* Behind a scan's head: its bytes, up to the next marker that is not part of them. */
function scan(source: Source, from: number): void {
  const { bytes } = source;
  let at = from + 2 + source.view.getUint16(from + 2);
  while (!(bytes[at] === 0xff && bytes[at + 1] !== 0 && !(bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7)))
    if (++at >= bytes.length)
      throw new RangeError("cut off");
  source.keep(from, at);
  source.at = at;
}

function jpeg(source: Source): void {
  let side = 1;
  source.keep(0, 2);
  for (source.at = 2; ;) {
    const { at, view } = source;
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff)
      throw new RangeError("no marker");
    if (marker === 0xff)
      source.at++;
    else if (marker === 0xd9)
      return source.keep(at, at + 2);
    else if (marker === 0xda)
      scan(source, at);
    else {
      source.at = at + 2 + view.getUint16(at + 2);
      const segment = source.bytes.subarray(at, source.at);
      if (jpegPicture(marker) || (marker === 0xee && segment.length === 16 && source.name(at + 4) === "Adob"))
        source.keep(at, source.at);
      if (marker === 0xe1 && side === 1 && (side = orientation(segment)) > 1)
        source.kept.splice(1, 0, upright(side));
    }
  }
}

function png(source: Source): void {
  source.keep(0, 8);
  for (source.at = 8; ;) {
    const { at } = source;
    const name = source.name(at + 4);
    source.at = at + 12 + source.view.getUint32(at);
    if (PNG_PICTURE.includes(name))
      source.keep(at, source.at);
    if (name === "IEND")
      return;
  }
}

function webp(source: Source): void {
  const end = 8 + source.view.getUint32(4, true);
  source.keep(0, 12);
  for (source.at = 12; source.at < end;) {
    const { at } = source;
    const name = source.name(at);
    source.at = at + 8 + source.view.getUint32(at + 4, true);
    source.at += source.at & 1;
    if (name === "ANMF")
      throw new RangeError("moving pictures are not taken apart");
    if (WEBP_PICTURE.includes(name))
      source.keep(at, source.at);
    if (name === "VP8X")
      source.kept[source.kept.length - 1]![8]! &= WEBP_FLAGS;
  }
  new DataView(source.kept[0]!.buffer).setUint32(4, source.kept.reduce((sum, part) => sum + part.length, 0) - 8, true);
}

const kinds: { type: string; begins: (source: Source) => boolean; take: (source: Source) => void }[] = [
  { type: "image/jpeg", begins: ({ bytes }) => bytes[0] === 0xff && bytes[1] === 0xd8, take: jpeg },
  { type: "image/png", begins: (source) => source.bytes[0] === 0x89 && source.name(1).startsWith("PNG"), take: png },
  { type: "image/webp", begins: (source) => source.name(0) === "RIFF" && source.name(8) === "WEBP", take: webp },
];

/* undefined: no picture of a kind that is known here, or not a whole one. */
export function strip(bytes: Uint8Array): Blob | undefined {
  const source = new Source(bytes);
  const kind = kinds.find(({ begins }) => begins(source));
  try {
    kind?.take(source);
  } catch {
    return undefined;
  }
  return kind && new Blob(source.kept as BlobPart[], { type: kind.type });
}
