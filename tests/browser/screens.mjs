// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every screen: no finding of axe-core, nothing cut off at 320 px or with text of twice the size. With SCREENS=folder a
// picture of each is left there (docs/screens is made so).
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fill, heading, open, press } from "./browsers.mjs";
import { Desk, plain } from "./desk.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.SCREENS;
const desk = await Desk.open({ config: `languages all\nplain 1 ${plain}\n`, asks: ["your real name", "a photo of your papers before we have met"] });
const browser = await open("chromium");
const findings = [];
let words = "";

if (folder)
  mkdirSync(folder, { recursive: true });

/* Under the page's policy a script tag would be refused: the source is evaluated. */
async function check(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  findings.push(...violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes.map((node) => node.target).join(", ")}`));
  for (const [width, size] of [[390, "100%"], [320, "100%"], [390, "200%"]]) {
    await page.setViewport({ width, height: 780 });
    await page.evaluate((fontSize) => (document.documentElement.style.fontSize = fontSize), size);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0)
      findings.push(`${name}: ${over} px wider than a screen of ${width} px with text of ${size}`);
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  await page.setViewport({ width: 390, height: 780 });
  if (folder)
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/* Opens all that is folded, so that it is looked at too. */
const unfold = (page) => page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));

async function writing(page) {
  await check(page, "01-alone");
  await press(page, "Somebody could");
  await check(page, "02-wait");
  await press(page, "Back");
  await press(page, "Nobody can see it");
  await heading(page, "Before you write");
  await check(page, "03-before");
  await press(page, "Go on");
  await check(page, "04-which");
  await press(page, "No, this is the first time");
  await check(page, "05-write");
  await unfold(page);
  await check(page, "06-write-unfolded");
  await fill(page, "main textarea", "They came to our street on Monday. I need a place to stay.");
  await press(page, "Go on");
  await heading(page, "These words are your key");
  words = await page.$$eval("ol.words li", (list) => list.map((li) => li.textContent).join(" "));
  await check(page, "07-words");
  await press(page, "Show digits instead");
  await page.waitForSelector("p.digits");
  await check(page, "08-digits");
  words = await page.$eval("p.digits", (p) => p.textContent);
  await press(page, "I have them");
  await check(page, "09-again");
  await fill(page, "main textarea", words);
  await press(page, "Send");
  await heading(page, "It is kept for the desk");
  await check(page, "10-kept");
}

async function reading(page) {
  await press(page, "Look for an answer");
  await heading(page, "Nothing for these words so far");
  await check(page, "11-nothing-yet");
  await press(page, "Look further back");
  await check(page, "12-further-back");
  await press(page, "Back");
  desk.cairn("collect");
  const { conversations } = desk.inbox();
  const [{ conversation, alias, name }] = conversations;
  desk.reply(conversation ?? alias ?? name, "We have read this. Look again tomorrow before noon.\n\nMy z vami. Мы рядом.", "--answer-by", "+20");
  desk.cairn("publish");
  await press(page, "Look again");
  await heading(page, "For you");
  await check(page, "13-answer");
}

async function returning(page) {
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "Yes, I have words or digits");
  await check(page, "14-type-words");
  await fill(page, "main textarea", "abacus abdomen abdominal abide abiding zzzz");
  await press(page, "Go on");
  await page.waitForFunction(() => document.querySelector('[role="alert"]')?.textContent !== "");
  await check(page, "15-wrong-word");
}

/* The forms, with scripts off; what is evaluated here still runs. */
async function plainly(tag, shots) {
  const page = await browser.newPage();
  const go = async (selector) => {
    await page.focus(selector);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  };
  await page.setViewport({ width: 390, height: 780 });
  await page.setJavaScriptEnabled(false);
  await page.goto(desk.address);
  await go("noscript button, main form button");
  if (tag !== "en")
    await go(`button[name="language"][value="${tag}"]`);
  for (const [name, value] of shots) {
    await unfold(page);
    /* axe-core needs scripts; nothing of the page's own runs any more. */
    await page.setJavaScriptEnabled(true);
    await check(page, name);
    await page.setJavaScriptEnabled(false);
    if (value === "words")
      await page.$eval('textarea[name="text"]', (field) => (field.value = "They came to our street on Monday."));
    if (value)
      await go(`button[name="go"][value="${value}"]`);
  }
  await page.close();
}

async function fresh() {
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 780 });
  await page.goto(desk.address);
  await page.waitForSelector("footer select");
  return page;
}

export const tests = {
  async "every screen is plain for axe-core and fits small screens and large text"() {
    const page = await fresh();
    await writing(page);
    await reading(page);
    await returning(await fresh());
    const arabic = await fresh();
    await arabic.select("footer select", "ar");
    await check(arabic, "16-arabic");
    await press(arabic, "لا أحد يراها");
    await check(arabic, "17-arabic-before");
    await plainly("en", [["18-plain-alone", "before"], ["19-plain-before", "which"], ["20-plain-which", "write"],
      ["21-plain-write", "words"], ["22-plain-words", "again"], ["23-plain-again", "send"], ["24-plain-kept", "look"],
      ["25-plain-nothing-yet", "further"], ["26-plain-further-back"]]);
    await plainly("ar", [["27-plain-arabic", "before"], ["28-plain-arabic-before", "which"], ["29-plain-arabic-which", "write"],
      ["30-plain-arabic-write"]]);
    assert.deepEqual(findings, []);
  },
};

export async function end() {
  await browser.close();
  await desk.close();
}
