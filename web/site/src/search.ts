// SPDX-License-Identifier: GPL-3.0-or-later
import { handlesIn, newestFirst, shardOf, titleFile, wordsOf } from "./words.js";

/* The search: what is looked for never leaves the page but as the names of the few files that are fetched. */

const SHOWN = 30;
const WAIT_MS = 150;

interface Title { id: string; date: string; title: string }

document.documentElement.classList.add("script");

const form = document.getElementById("search") as HTMLFormElement;
const field = document.getElementById("q") as HTMLInputElement;
const list = document.getElementById("found")!;
const none = document.getElementById("found-none")!;
const index = form.dataset["index"]!;
const fetched = new Map<string, Promise<string>>();
let turn = 0;

function file(name: string): Promise<string> {
  let text = fetched.get(name);
  if (!text) {
    text = fetch(`${index}/${name}`, { credentials: "omit" }).then((answer) =>
      answer.ok ? answer.text() : Promise.reject(new Error(name)));
    text.catch(() => fetched.delete(name));
    fetched.set(name, text);
  }
  return text;
}

async function handles(words: string[], shards: number): Promise<string[]> {
  const sets = await Promise.all(words.map(async (word, i) => {
    const text = await file(`w-${shardOf(word, shards)}.txt`);
    const last = i === words.length - 1;
    return handlesIn(text, (have) => have === word || last && have.startsWith(word));
  }));
  const [first, ...others] = sets;
  return newestFirst([...first ?? []].filter((handle) => others.every((set) => set.has(handle))));
}

async function titles(found: string[], files: number): Promise<Title[]> {
  const all: Title[] = [];
  for (const handle of found) {
    const text = await file(`t-${titleFile(handle, files)}.txt`);
    for (const line of text.split("\n").filter((one) => one.startsWith(handle + " "))) {
      const [, id, date, ...title] = line.split(" ");
      all.push({ id: id!, date: date!, title: title.join(" ") });
    }
  }
  return all;
}

function show(found: Title[]): void {
  list.replaceChildren(...found.map(({ id, date, title }) => {
    const item = document.createElement("li");
    const when = document.createElement("p");
    const link = document.createElement("a");
    when.className = "when";
    when.textContent = date;
    link.href = `entries/${id}.html`;
    link.textContent = title;
    item.append(when, link);
    return item;
  }));
}

async function search(): Promise<void> {
  const mine = ++turn;
  const words = wordsOf(field.value);
  let said = "";
  let found: Title[] = [];
  try {
    if (words.length > 0) {
      const sizes = JSON.parse(await file("index.json")) as { words: number; titles: number };
      found = await titles((await handles(words, sizes.words)).slice(0, SHOWN), sizes.titles);
      said = found.length > 0 ? "" : form.dataset["none"]!;
    }
  } catch {
    said = form.dataset["failed"]!;
  }
  if (mine !== turn)
    return;
  show(found);
  none.textContent = said;
}

let timer = 0;
form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void search();
});
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => void search(), WAIT_MS) as unknown as number;
});
