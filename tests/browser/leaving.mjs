// SPDX-License-Identifier: GPL-3.0-or-later
//
// Leaving: at once, by touch and by key, also while the line hangs; and nothing to go back to.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { browsers, fill, heading, open, press } from "./browsers.mjs";
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

/*
 * The page keeps nothing. Whoever put something under its origin (another page of the relay, a browser's own idea) has it
 * cleared by the answer to leaving.
 */
async function clears(name, scripts) {
  const other = await open(name);
  const page = await other.newPage();
  const kept = () => page.evaluate(() => localStorage.length);
  await page.goto(desk.address);
  await page.evaluate(() => localStorage.setItem("canary", "canary"));
  assert.equal(await kept(), 1);
  if (!scripts)
    await page.setJavaScriptEnabled(false);
  await page.goto(desk.address);
  if (scripts)
    await page.waitForSelector("footer select");
  const leave = await page.$("#leave");
  const { x, y, width, height } = await leave.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2).catch(() => undefined);
  await new Promise((wake) => setTimeout(wake, 1500));
  await page.setJavaScriptEnabled(true).catch(() => undefined);
  await page.goto(desk.address);
  assert.equal(await kept(), 0, "what was kept of this origin");
  await other.close();
}

export const tests = {
  ...Object.fromEntries(browsers.map((name) =>
    [`leaving clears what was kept of the origin, in ${name}`, () => clears(name, true)])),

  "leaving clears it without scripts too, in chromium": () => clears("chromium", false),

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
    const silent = createServer();
    await new Promise((ready) => silent.listen(0, "127.0.0.1", ready));
    const hanging = await open("chromium",
      { args: [`--host-resolver-rules=MAP exit.example 127.0.0.1:${silent.address().port}`] });
    const page = await hanging.newPage();
    await page.goto(desk.address);
    const client = await page.createCDPSession();
    const bytes = async () => (await client.send("Page.captureScreenshot")).data.length;
    await press(page, "Nobody can see it");
    const before = await bytes();
    /* While a page is being left, nothing in it can be asked: not even that the key has arrived. */
    for (let i = 0; i < 3; i++) {
      void page.keyboard.press("Escape").catch(() => undefined);
      await new Promise((wake) => setTimeout(wake, 100));
    }
    await new Promise((wake) => setTimeout(wake, 1000));
    const after = await bytes();
    assert.ok(before > 10000, `a screen with text: ${before}`);
    assert.ok(after < 6000, `an empty screen: ${after}`);
    await hanging.close();
    silent.close();
  },
};

export async function end() {
  await browser.close();
  await desk.close();
}
