// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page as one file, opened from a disk: it says which desk it is for, speaks to the desk's relay, and can be checked
// against the card.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browsers, fill, heading, open, press } from "./browsers.mjs";
import { cairn, Desk } from "./desk.mjs";

const desk = await Desk.open();
const file = join(desk.folder, "page.html");
const { sha256 } = JSON.parse(desk.cairn("page", "--out", file, "--json"));

function verify() {
  try {
    execFileSync(cairn, ["verify", "page", "--desk", desk.address, file], { stdio: "pipe" });
    return 0;
  } catch (error) {
    return error.status;
  }
}

async function story(name) {
  const browser = await open(name);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  await press(page, "Nobody can see it");
  assert.ok((await page.$eval("main", (main) => main.textContent)).includes("Северный маяк"), "says which desk it is for");
  await press(page, "Go on");
  await press(page, "No, this is the first time");
  await fill(page, "main textarea", `from a file, in ${name}`);
  await press(page, "Go on");
  await heading(page, "These words are your key");
  await press(page, "I have them");
  await press(page, "Send without typing them");
  await heading(page, "It is kept for the desk");
  await press(page, "Look for an answer");
  await heading(page, "Nothing for these words so far");
  await browser.close();
  desk.cairn("collect");
}

export const tests = {
  ...Object.fromEntries(browsers.map((name) => [`a file on a disk reaches the relay, in ${name}`, () => story(name)])),

  async "within another page's frame it shows nothing"() {
    const browser = await open("chromium");
    const page = await browser.newPage();
    const around = join(desk.folder, "around.html");
    writeFileSync(around, `<iframe src="${pathToFileURL(file).href}" style="width: 400px; height: 700px"></iframe>`);
    await page.goto(pathToFileURL(around).href);
    const frame = await (await page.waitForSelector("iframe")).contentFrame();
    await frame.waitForFunction(() => document.readyState === "complete");
    assert.equal(await frame.evaluate(() => document.documentElement.childNodes.length), 0);
    await browser.close();
  },

  "a page that the card does not name is refused"() {
    assert.equal(verify(), 2);
  },

  "a page that the card names is taken, and not with one byte more"() {
    const shares = readdirSync(join(desk.folder, "shares")).slice(0, 2).flatMap((name) => ["--share", join(desk.folder, "shares", name)]);
    desk.cairn("card", "--renew", ...shares, "--page", sha256);
    desk.cairn("publish");
    assert.equal(verify(), 0);
    appendFileSync(file, " ");
    assert.equal(verify(), 2);
  },
};

export async function end() {
  await desk.close();
}
