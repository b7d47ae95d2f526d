// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attack test for C6: the whole profile of the browser after the story, and after it was killed in the middle of typing. What is
// looked for: text, passphrase, the desk's name. The address is what the browser itself keeps.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browsers, fill, heading, open, press } from "./browsers.mjs";
import { Desk } from "./desk.mjs";

const desk = await Desk.open();
const text = `canary-${Math.random().toString(36).slice(2)}-${process.pid}`;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    let stat;
    try {
      stat = statSync(path);
    } catch {
      continue;
    }
    if (stat.isDirectory())
      yield* files(path);
    else if (stat.isFile())
      yield path;
  }
}

/* In both of the forms in which browsers keep text. */
function found(folder, canary) {
  const forms = [Buffer.from(canary, "utf8"), Buffer.from(canary, "utf16le")];
  return [...files(folder)].filter((path) => {
    const bytes = readFileSync(path);
    return forms.some((form) => bytes.includes(form));
  });
}

async function toText(page) {
  await page.goto(desk.address);
  await page.waitForSelector("footer select");
  await page.select("footer select", "en");
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "No, this is the first time");
  await page.waitForSelector("main textarea");
  await page.focus("main textarea");
  await page.keyboard.type(text);
}

async function story(page) {
  await toText(page);
  await press(page, "Go on");
  await heading(page, "These words are your key");
  const words = await page.$$eval("ol.words li", (list) => list.map((li) => li.textContent).join(" "));
  await press(page, "I have them");
  await fill(page, "main textarea", words);
  await press(page, "Send");
  await heading(page, "It is kept for the desk");
  await press(page, "Look for an answer");
  await heading(page, "Nothing for these words so far");
  return words;
}

async function withProfile(name, use) {
  const profile = mkdtempSync(join(tmpdir(), "cairn-profile-"));
  try {
    await use(profile, await open(name, { userDataDir: profile }));
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

function assertNothing(profile, canaries) {
  for (const canary of canaries)
    assert.deepEqual(found(profile, canary), [], `found: ${canary}`);
}

export const tests = Object.fromEntries(browsers.flatMap((name) => [
  [`nothing of the story stays in the profile of ${name}`, () => withProfile(name, async (profile, browser) => {
    const words = await story(await browser.newPage());
    await browser.close();
    assert.ok(found(profile, "127.0.0.1").length > 0, "the search would find what is there");
    assertNothing(profile, [text, words, "Северный маяк", encodeURIComponent("Северный маяк")]);
  })],
  [`nothing stays when ${name} is killed in the middle of typing`, () => withProfile(name, async (profile, browser) => {
    await toText(await browser.newPage());
    await new Promise((wake) => setTimeout(wake, 3000));
    browser.process().kill("SIGKILL");
    await new Promise((wake) => setTimeout(wake, 500));
    assertNothing(profile, [text, "Северный маяк", encodeURIComponent("Северный маяк")]);
  })],
]));

export async function end() {
  await desk.close();
}
