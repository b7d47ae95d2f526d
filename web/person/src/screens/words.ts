// SPDX-License-Identifier: GPL-3.0-or-later
import { area, button, h, show } from "../dom.js";
import { language, t } from "../messages.js";
import type { Story } from "../state.js";
import { ERR, OK } from "../wasm.js";
import { which } from "./begin.js";
import { deliver } from "./deliver.js";
import { lookNow } from "./news.js";
import { trouble } from "./trouble.js";
import { write } from "./write.js";

const LISTS: Record<string, number> = { en: 0, ru: 1 };
const DIGITS = 99; /* behind the last list */

function isDigits(words: string): boolean {
  return /^[\d\s]+$/.test(words);
}

function shown(words: string): HTMLElement {
  return isDigits(words)
    ? h("p", { class: "words digits", dir: "ltr" }, words)
    : h("ol", { class: "words", dir: "auto" }, ...words.split(" ").map((word) => h("li", {}, word)));
}

function moment(): void {
  show(h("h1", {}, t("One moment")), h("p", {}, t("This takes a few seconds.")), h("progress", { "aria-label": t("One moment") }));
}

/* ---- made here ---- */

export async function newWords(story: Story, list = LISTS[language()] ?? DIGITS): Promise<void> {
  moment();
  if (story.words === "" || list !== (LISTS[language()] ?? DIGITS))
    story.words = await story.engine.wordsNew(list);
  story.fresh = true;
  show(
    h("h1", {}, t("These words are your key")),
    h("p", {}, t("With them, and nothing else, you can read our answer. We do not know them and cannot give them to you again.")),
    shown(story.words),
    h("p", {}, t("Learn them, or keep them where nobody looks. Who has them can read our answers.")),
    button(t("I have them"), () => typeAgain(story), "main"),
    isDigits(story.words)
      ? button(t("Show words instead"), () => void fresh(story, LISTS[language()] ?? 0), "quiet")
      : button(t("Show digits instead"), () => void fresh(story, DIGITS), "quiet"),
    button(t("Back"), () => write(story), "quiet"),
  );
}

async function fresh(story: Story, list: number): Promise<void> {
  story.words = await story.engine.wordsNew(list);
  await newWords(story);
}

function same(a: string, b: string): boolean {
  const plain = (words: string) => words.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  return isDigits(a) ? plain(a).replace(/ /g, "") === plain(b).replace(/ /g, "") : plain(a) === plain(b);
}

function typeAgain(story: Story): void {
  const [row, field] = area(t("Type them once more, so that you know them."), "", 3);
  const problem = h("p", { role: "alert" });
  const check = () => same(story.words, field.value) ? void openAnd(story, story.words, () => deliver(story))
    : problem.replaceChildren(t("That is not the same yet. Look at them again if you need to."));

  show(
    h("h1", {}, t("Do you have the words?")),
    row, problem,
    button(t("Send"), check, "main"),
    button(t("Show them again"), () => void newWords(story), "quiet"),
    button(t("Send without typing them"), () => void openAnd(story, story.words, () => deliver(story)), "quiet"),
  );
}

/* ---- brought along ---- */

/* undefined where they can be words of ours. */
export async function wordsProblem(story: Story, words: string): Promise<string | undefined> {
  const { err, bad } = await story.engine.wordsRead(words);
  if (err === OK)
    return undefined;
  return err === ERR.UNKNOWN
    ? t("The word “{word}” is not one of ours. Is it typed as it was shown?", { word: words.trim().split(/\s+/)[bad] ?? "" })
    : t("There should be six or seven words, or 24 digits.");
}

export function enterWords(story: Story): void {
  const [row, field] = area(t("Your words, or your digits"), "", 3);
  const problem = h("p", { role: "alert" });
  const check = async () => {
    const wrong = await wordsProblem(story, field.value);
    if (wrong === undefined)
      return openAnd(story, field.value, () => lookNow(story));
    problem.replaceChildren(wrong);
  };

  show(
    h("h1", {}, t("Please type your words")),
    h("p", { class: "hint" }, t("Small or capital letters make no difference.")),
    row, problem,
    button(t("Go on"), () => void check(), "main"),
    button(t("Back"), () => which(story), "quiet"),
  );
}

/* Words to keys. It takes some seconds on a small telephone; the screen stays alive. */
async function openAnd(story: Story, words: string, then: () => void): Promise<void> {
  moment();
  const err = await story.engine.wordsOpen(words);
  story.words = "";
  if (err !== OK)
    return trouble(story, err, 0, () => enterWords(story));
  story.open = true;
  then();
}
