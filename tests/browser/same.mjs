// SPDX-License-Identifier: GPL-3.0-or-later
//
// Same for everyone (C8, and C2's last part): who watches the line sees the same requests in the same order, of the same sizes,
// whether the words are right, wrong, given up under duress or new, and whether there is mail or none.
import assert from "node:assert/strict";
import { fill, heading, open, press } from "./browsers.mjs";
import { Desk } from "./desk.mjs";

const desk = await Desk.open();
const browser = await open("chromium");
const passphrase = () => JSON.parse(desk.person("new", "--json")).passphrase;

function watch(page) {
  const seen = [];
  page.on("requestfinished", (request) => {
    const path = new URL(request.url()).pathname;
    if (!/\/(board|drop)\//.test(path))
      return;
    const { "content-length": size } = request.response().headers();
    /* A cell has one size, or the relay would not take it. Which two batches is what a watcher may see; their numbers differ by the words alone. */
    seen.push(`${request.method()} ${path.replace(/.*\/(board|drop)\//, "$1/").replace(/batch\/\d+/, "batch/N")} ${size}`);
  });
  return seen;
}

async function looked(words, end) {
  const page = await browser.newPage();
  const seen = watch(page);
  await page.goto(desk.address);
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "Yes, I have words or digits");
  await fill(page, "main textarea", words);
  await press(page, "Go on");
  await heading(page, end);
  await page.close();
  return seen;
}

async function wrote(text, second) {
  const page = await browser.newPage();
  const seen = watch(page);
  await page.goto(desk.address);
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "No, this is the first time");
  await fill(page, "main textarea", text);
  if (second) {
    await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
    await page.$$eval("label", (labels, words) => {
      const label = labels.find((one) => one.textContent.startsWith("Other words or digits"));
      const field = label.querySelector("textarea");
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, second);
  }
  await press(page, "Go on");
  await heading(page, "These words are your key");
  const words = await page.$$eval("ol.words li", (list) => list.map((li) => li.textContent).join(" "));
  await press(page, "I have them");
  await press(page, "Send without typing them");
  await heading(page, "It is kept for the desk");
  await page.close();
  return { seen, words };
}

export const tests = {
  async "looking is the same with mail, without, with wrong words and with words given up"() {
    const given = passphrase();
    const { words } = await wrote("with mail", given);
    const { words: silent } = await wrote("without mail");
    desk.cairn("collect");
    for (const { conversation, alias, name } of desk.inbox().conversations)
      if (JSON.stringify(desk.read(conversation ?? alias ?? name)).includes("with mail"))
        desk.reply(conversation ?? alias ?? name, "an answer");
    desk.cairn("publish");
    const mail = await looked(words, "For you");
    assert.equal(mail.filter((request) => request.includes("batch/N")).length, 2);
    const nothing = "Nothing for these words so far";
    assert.deepEqual(await looked(silent, nothing), mail, "no mail");
    assert.deepEqual(await looked(passphrase(), nothing), mail, "wrong words");
    assert.deepEqual(await looked(given, nothing), mail, "words given up");
  },

  async "sending is the same for a short text, a longer one and one with other words"() {
    const short = await wrote("x");
    const { seen: longer } = await wrote("y".repeat(2000));
    const { seen: second } = await wrote("z", passphrase());
    assert.deepEqual(longer, short.seen);
    assert.deepEqual(second, short.seen);
  },
};

export async function end() {
  await browser.close();
  await desk.close();
}
