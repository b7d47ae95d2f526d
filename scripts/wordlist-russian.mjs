// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Russian list was made with, once, and is checked with ever since (data/wordlists/README.md).
//
//	node scripts/wordlist-russian.mjs check [DIC]        does data/wordlists/russian.txt keep its rules?
//	node scripts/wordlist-russian.mjs candidates [DIC]   words of the dictionary that could stand beside it
//
// DIC is hunspell's, /usr/share/hunspell/ru_RU.dic from Debian's hunspell-ru unless named.

import { readFileSync } from 'node:fs';

const LIST = new URL('../data/wordlists/russian.txt', import.meta.url);
const SIZE = 2048;
const SHAPE = /^[а-я]{3,7}$/;
// Flags of hunspell-ru that only nouns have.
const NOUN = /[KIJOHFNGE]/;
// Nouns that the dictionary gives without a flag: they have one form only, or irregular ones.
const PLAIN = new Set(('авокадо алоэ бугор бюро ветер видео воробей время депо динамо домино жабо жалюзи желе жюри ' +
	'имя какао каноэ кафе кенгуру кило кино колибри колье кофе край купе маэстро меню метро мох муравей огонь ' +
	'пальто пианино пони портной путь пюре радио ручей самбо соловей стебель суфле такси трюмо угол улей ухо ' +
	'филе фойе фото хобби хребет чехол шасси шов шоссе эскимо эссе').split(' '));

const dictionary = (path) => {
	const words = new Map();
	for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
		const [word, flags = ''] = line.trim().split('/');
		words.set(word, flags);
	}
	return words;
};

const isNoun = (word, words) => words.has(word) && (NOUN.test(words.get(word)) || PLAIN.has(word));

// Words that somebody may write with ё: who does would not find them on the list.
const withYo = (words) =>
	new Set([...words.keys()].filter((word) => word.includes('ё')).map((word) => word.replaceAll('ё', 'е')));

const beginning = (word) => word.slice(0, 4);

const withoutOne = (long, short) => {
	let at = 0;
	while (at < short.length && long[at] === short[at])
		at++;
	return long.slice(at + 1) === short.slice(at);
};

// One slip apart: a letter more, less or other, or two neighbours exchanged.
const oneSlip = (a, b) => {
	if (a.length !== b.length)
		return Math.abs(a.length - b.length) === 1 && (a.length > b.length ? withoutOne(a, b) : withoutOne(b, a));
	const apart = [...a].map((_, i) => i).filter((i) => a[i] !== b[i]);
	const [i, j] = apart;
	return apart.length === 1 || (apart.length === 2 && j === i + 1 && a[i] === b[j] && a[j] === b[i]);
};

const confusable = (word, list) => list.find((other) => oneSlip(word, other));

const faults = (list, words) => {
	const found = [];
	const yo = withYo(words);
	const beginnings = new Map();

	if (list.length !== SIZE)
		found.push(`${list.length} words, not ${SIZE}`);
	list.forEach((word, i) => {
		const other = beginnings.get(beginning(word)) ?? (word.length > 3 && beginnings.get(word.slice(0, 3)));

		if (!SHAPE.test(word))
			found.push(`${word}: not three to seven letters`);
		if (!isNoun(word, words))
			found.push(`${word}: no noun of the dictionary`);
		if (yo.has(word))
			found.push(`${word}: may be written with ё`);
		if (other)
			found.push(`${word}: begins like ${other}`);
		if (confusable(word, list))
			found.push(`${word}: one slip from ${confusable(word, list)}`);
		if (i > 0 && !(list[i - 1] < word))
			found.push(`${word}: not in order`);
		beginnings.set(beginning(word), word);
	});
	return found;
};

const candidates = (list, words) => {
	const yo = withYo(words);
	const beginnings = new Set(list.map(beginning));

	return [...words.keys()].filter((word) => SHAPE.test(word) && isNoun(word, words) && !yo.has(word) &&
		!beginnings.has(beginning(word)) && !beginnings.has(word.slice(0, 3)) && !confusable(word, list)).sort();
};

const [task, path = '/usr/share/hunspell/ru_RU.dic'] = process.argv.slice(2);
const list = readFileSync(LIST, 'utf8').split('\n').filter((line) => line !== '');
const tasks = { candidates, check: faults };

if (!(task in tasks)) {
	console.error('usage: wordlist-russian.mjs check|candidates [DIC]');
	process.exit(2);
}
const lines = tasks[task](list, dictionary(path));
for (const line of lines)
	console.log(line);
if (task === 'check')
	process.exit(lines.length === 0 ? 0 : 1);
