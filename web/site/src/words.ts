// SPDX-License-Identifier: GPL-3.0-or-later

/* Words as the index has them (src/site/words.c), and where it has them (src/site/search.c). */

export const HANDLE_CHARS = 8;

const utf8 = new TextEncoder();

export function wordsOf(text: string): string[] {
  const words = text.normalize("NFC").toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.filter((word) => utf8.encode(word).length >= 2);
}

function fnv(text: string): number {
  let hash = 2166136261;
  for (const byte of utf8.encode(text))
    hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}

/* Which of so many files has words that begin like this one. */
export function shardOf(word: string, shards: number): number {
  return (fnv([...word].slice(0, 2).join("")) & (shards - 1)) >>> 0;
}

/* In the order of their codes, so that handles sort as their values do. */
const digits = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/* The lower 30 bits of an entry's handle, which say in which file its title is. */
export function titleFile(handle: string, files: number): number {
  let bits = 0;
  for (const c of handle.slice(3))
    bits = bits * 64 + digits.indexOf(c);
  return bits % files;
}

/* Handles of a line "word handlehandle...", newest first. */
export function handlesIn(file: string, matches: (word: string) => boolean): Set<string> {
  const found = new Set<string>();
  for (const line of file.split("\n")) {
    const space = line.indexOf(" ");
    if (space <= 0 || !matches(line.slice(0, space)))
      continue;
    for (let at = space + 1; at < line.length; at += HANDLE_CHARS)
      found.add(line.slice(at, at + HANDLE_CHARS));
  }
  return found;
}

/* A handle begins with its day: newest first. */
export function newestFirst(handles: Iterable<string>): string[] {
  return [...handles].sort((a, b) => a < b ? 1 : -1);
}
