// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole story in each language and each browser: somebody writes, the desk answers, the answer is read, with the
// words typed in anew. The labels come from the message files: what is not translated is not found.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import gettext from "gettext-parser";
import { browsers, fill, heading, open, press } from "./browsers.mjs";
import { Desk } from "./desk.mjs";

const desk = await Desk.open();
const opened = {};
const catalogues = Object.fromEntries(readdirSync("web/person/po").filter((name) => name.endsWith(".po")).map((name) => {
  const { translations } = gettext.po.parse(readFileSync(`web/person/po/${name}`));
  return [name.replace(".po", ""), translations[""]];
}));
const languages = Object.keys(catalogues).filter((tag) => tag === "en" || Object.keys(catalogues[tag]).length > 1);

function speaker(tag) {
  return (english, values = {}) => (catalogues[tag][english]?.msgstr[0] || english)
    .replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

async function begin(browser, tag) {
  opened[browser] ??= await open(browser);
  const context = await opened[browser].createBrowserContext();
  const page = await context.newPage();
  await page.goto(desk.address);
  await page.waitForSelector("footer select");
  await page.select("footer select", tag);
  return { page, context };
}

async function toWhich(page, t) {
  await heading(page, t("Can anybody else see this screen?"));
  await press(page, t("Nobody can see it"));
  await press(page, t("Go on"));
  await heading(page, t("Have you written here before?"));
}

async function write(page, t, text) {
  await toWhich(page, t);
  await press(page, t("No, this is the first time"));
  await fill(page, "main textarea", text);
  await press(page, t("Go on"));
  await heading(page, t("These words are your key"));
  const words = await page.evaluate(() =>
    [...document.querySelectorAll("ol.words li")].map((li) => li.textContent).join(" ") ||
    document.querySelector("p.words").textContent);
  await press(page, t("I have them"));
  await fill(page, "main textarea", words.toUpperCase());
  await press(page, t("Send"));
  await heading(page, t("It is kept for the desk"));
  return words;
}

async function look(page, t, words) {
  await toWhich(page, t);
  await press(page, t("Yes, I have words or digits"));
  await fill(page, "main textarea", words);
  await press(page, t("Go on"));
}

async function story(browser, tag) {
  const t = speaker(tag);
  const said = `${tag} ${browser}: нужна помощь, ساعدوني, ${"long text ".repeat(900)}`;
  let { page, context } = await begin(browser, tag);
  const words = await write(page, t, said);
  await context.close();

  desk.cairn("collect");
  const { conversations } = desk.inbox();
  const name = conversations.map((c) => c.conversation ?? c.alias ?? c.name)
    .find((alias) => JSON.stringify(desk.read(alias)).includes(`${tag} ${browser}:`));
  assert.ok(name, "the desk has what was written");
  assert.ok(JSON.stringify(desk.read(name)).includes(JSON.stringify(said).slice(1, -1)), "to the letter, in all its parts");
  desk.reply(name, `answer in ${tag}: мы рядом, نحن هنا <img src=x onerror=alert(1)> \u202eenruter`, "--answer-by", "+5");
  desk.cairn("publish");

  ({ page, context } = await begin(browser, tag));
  assert.equal(await page.$eval("html", (html) => html.dir), tag === "ar" ? "rtl" : "ltr");
  await look(page, t, words);
  await heading(page, t("For you"));
  const shown = await page.$eval("main", (main) => main.textContent);
  /* To the letter: no markup, and nothing that turns text around. */
  assert.ok(shown.includes(`answer in ${tag}: мы рядом, نحن هنا <img src=x onerror=alert(1)> <U+202E>enruter`));
  assert.ok(shown.includes(t("A person at the desk has read what you wrote.")));
  await context.close();
}

export const tests = Object.fromEntries(browsers.flatMap((browser) => languages.map((tag) =>
  [`the story in ${tag}, in ${browser}`, () => story(browser, tag)])));

tests["wrong words show what an empty conversation shows"] = async () => {
  const t = speaker("en");
  const { page, context } = await begin("chromium", "en");
  await look(page, t, "abacus abdomen abdominal abide abiding ability");
  await heading(page, t("Nothing for these words so far"));
  await context.close();
};

tests["a word that is not on a list is pointed out"] = async () => {
  const t = speaker("en");
  const { page, context } = await begin("chromium", "en");
  await look(page, t, "abacus abdomen abdominal abide abiding zzzz");
  await page.waitForFunction(() => document.querySelector('[role="alert"]')?.textContent.includes("zzzz"));
  await context.close();
};

export async function end() {
  for (const browser of Object.values(opened))
    await browser.close();
  await desk.close();
}
