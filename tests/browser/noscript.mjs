// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same story with scripts switched off: plain forms, at the same address. Firefox, once its scripts are off, answers
// nothing about what it shows: so it is driven by keys alone, and what it shows is what passed on the way to it.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { gunzipSync } from "node:zlib";
import { open } from "./browsers.mjs";
import { Desk, plain } from "./desk.mjs";

const desk = await Desk.open({ config: `languages all\nplain 1 ${plain}\n` });

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

/* ---- by keys alone ---- */

/* Passes everything on, and keeps the last screen. */
class Watch {
  static async open() {
    const watch = new Watch();
    watch.screens = [];
    watch.server = createServer((asked, answer) => {
      const sent = request({ port: desk.port, host: "127.0.0.1", path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
        const parts = [];
        answer.writeHead(got.statusCode, got.headers);
        got.on("data", (part) => (parts.push(part), answer.write(part)));
        got.on("end", () => {
          answer.end();
          if (/text\/html/.test(got.headers["content-type"] ?? ""))
            watch.screens.push((got.headers["content-encoding"] === "gzip" ? gunzipSync(Buffer.concat(parts)) : Buffer.concat(parts)).toString());
        });
      });
      asked.pipe(sent);
    });
    await new Promise((ready) => watch.server.listen(0, "127.0.0.1", ready));
    watch.address = desk.address.replace(`:${desk.port}`, `:${watch.server.address().port}`);
    return watch;
  }

  get screen() {
    return this.screens.at(-1);
  }

  async next(than) {
    for (let i = 0; i < 300 && this.screens.length === than; i++)
      await new Promise((wake) => setTimeout(wake, 100));
    assert.ok(this.screens.length > than, "a screen came");
    /* It has come, but it must also be there. */
    await new Promise((wake) => setTimeout(wake, 500));
  }
}

/* How often Tab takes one there: what stands before it and can be reached, all that is folded left out. */
function tabs(screen, wanted) {
  const open = screen.replace(/<details>\s*(<summary>.*?<\/summary>)[^]*?<\/details>/g, "$1").replace(/<noscript>|<\/noscript>/g, "");
  const stops = [...open.matchAll(/<(a href|a id|button|textarea|select|summary|input (?!type="hidden"))[^>]*/g)].map(([tag]) => tag);
  const at = stops.findIndex((tag) => tag.includes(wanted));
  assert.ok(at >= 0, `${wanted} among ${stops}`);
  return at + 1;
}

async function reach(page, watch, wanted) {
  for (let i = tabs(watch.screen, wanted); i > 0; i--)
    await page.keyboard.press("Tab");
}

async function enter(page, watch, wanted) {
  const had = watch.screens.length;
  await reach(page, watch, wanted);
  await page.keyboard.press("Enter");
  await watch.next(had);
}

async function byKeys(name) {
  const watch = await Watch.open();
  const browser = await open(name, { extraPrefsFirefox: { "javascript.enabled": false } });
  const page = await browser.newPage();
  const said = `by keys alone, in ${name}`;
  await page.goto(watch.address);
  await watch.next(0);
  await enter(page, watch, "<button");
  for (const value of ["before", "which", "write"])
    await enter(page, watch, `value="${value}"`);
  await reach(page, watch, 'name="text"');
  await page.keyboard.type(said);
  /* From there on, past what is folded, to the button. */
  for (let i = tabs(watch.screen, 'value="words"') - tabs(watch.screen, 'name="text"'); i > 0; i--)
    await page.keyboard.press("Tab");
  const had = watch.screens.length;
  await page.keyboard.press("Enter");
  await watch.next(had);
  assert.match(watch.screen, /These words are your key/);
  await enter(page, watch, 'value="again"');
  await enter(page, watch, 'value="send"');
  assert.match(watch.screen, /It is kept for the desk/);

  desk.cairn("collect");
  const found = desk.inbox().conversations.map((c) => c.alias)
    .find((alias) => JSON.stringify(desk.read(alias)).includes(said));
  assert.ok(found, "the desk has it");
  desk.reply(found, `heard, in ${name}`);
  desk.cairn("publish");
  await enter(page, watch, 'value="look"');
  assert.match(watch.screen, new RegExp(`heard, in ${name}`));
  await browser.close();
  watch.server.close();
}

export const tests = {
  "the story without scripts, in chromium": () => story("chromium"),
  "the story without scripts by keys alone, in firefox": () => byKeys("firefox"),
};

export async function end() {
  await desk.close();
}
