// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same story with scripts switched off: plain forms, at the same address.
import assert from "node:assert/strict";
import { open } from "./browsers.mjs";
import { Desk, plain } from "./desk.mjs";

const desk = await Desk.open({ config: `languages all\nplain 1 ${plain}\n` });

/* In Chromium: Firefox with its scripts off does not answer its driver any more. */
async function without(name) {
  const browser = await open(name);
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(desk.address);
  return { browser, page };
}

/* With scripts off nothing can be clicked through them: the button gets the focus, and Enter. */
async function press(page, selector) {
  await page.focus(selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

const go = (value) => `button[name="go"][value="${value}"]`;
const text = (page) => page.$eval("main", (main) => main.textContent);

async function story(name) {
  const { browser, page } = await without(name);
  await press(page, "noscript button, main form button");
  for (const value of ["before", "which", "write"])
    await press(page, go(value));
  await page.focus('textarea[name="text"]');
  await page.keyboard.type(`without scripts, in ${name}`);
  await press(page, go("words"));
  const words = await page.$$eval("ol.words li", (list) => list.map((li) => li.textContent.trim()).join(" "));
  assert.equal(words.split(" ").length, 6);
  await press(page, go("again"));
  await page.focus('textarea[name="words"]');
  await page.keyboard.type(words);
  await press(page, go("typed"));
  assert.match(await text(page), /It is kept for the desk/);
  assert.equal(page.url(), desk.address, "one address for all steps");

  desk.cairn("collect");
  const found = desk.inbox().conversations.map((c) => c.conversation ?? c.alias ?? c.name)
    .find((alias) => JSON.stringify(desk.read(alias)).includes(`without scripts, in ${name}`));
  desk.reply(found, `heard, in ${name}`);
  desk.cairn("publish");
  await press(page, go("look"));
  assert.match(await text(page), new RegExp(`heard, in ${name}`));
  await browser.close();
}

export const tests = {
  "the story without scripts, in chromium": () => story("chromium"),
};

export async function end() {
  await desk.close();
}
