// SPDX-License-Identifier: GPL-3.0-or-later
//
// Leaving: at once, by touch and by key, also while the line hangs; and nothing to go back to.
import assert from "node:assert/strict";
import { fill, heading, open, press } from "./browsers.mjs";
import { Desk } from "./desk.mjs";

const desk = await Desk.open();
const browser = await open("chromium");
const dull = "https://exit.example/";

async function typing() {
  const page = await browser.newPage();
  await page.setRequestInterception(true);
  page.on("request", (request) => request.url() === dull
    ? request.respond({ status: 200, contentType: "text/html", body: "<h1>Weather</h1>" }) : request.continue());
  await page.goto(desk.address);
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "No, this is the first time");
  await fill(page, "main textarea", "something that must not stay");
  return page;
}

async function gone(page) {
  await heading(page, "Weather");
  const client = await page.createCDPSession();
  const { entries } = await client.send("Page.getNavigationHistory");
  assert.ok(entries.every(({ url }) => !url.includes(desk.id)), "the page is not in this tab's history");
  await page.close();
}

export const tests = {
  async "Leave goes to the dull site and leaves no entry to go back to"() {
    const page = await typing();
    await page.click("#leave");
    await gone(page);
  },

  async "Escape three times does the same"() {
    const page = await typing();
    for (let i = 0; i < 3; i++)
      await page.keyboard.press("Escape");
    await gone(page);
  },

  async "Escape twice, or slowly, does nothing"() {
    const page = await typing();
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Escape");
      await new Promise((wake) => setTimeout(wake, 1600));
    }
    assert.equal(await page.$eval("main textarea", (field) => field.value), "something that must not stay");
    await page.close();
  },

  async "the screen is empty at once while the line hangs"() {
    const page = await browser.newPage();
    await page.setRequestInterception(true);
    page.on("request", (request) => request.url() === dull ? undefined : request.continue());
    await page.goto(desk.address);
    await press(page, "Nobody can see it");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    const nodes = await Promise.race([page.evaluate(() => document.documentElement.childNodes.length),
      new Promise((wake) => setTimeout(wake, 5000, "no answer"))]);
    assert.equal(nodes, 0);
    await page.close();
  },
};

export async function end() {
  await browser.close();
  await desk.close();
}
