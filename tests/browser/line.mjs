// SPDX-License-Identifier: GPL-3.0-or-later
//
// A broken line: 50 kbit/s, two seconds there and back, and one request in ten that fails. The story gets through, and
// nothing typed is lost when it does not.
import assert from "node:assert/strict";
import { createServer, connect } from "node:net";
import { fill, heading, open, press } from "./browsers.mjs";
import { Desk } from "./desk.mjs";

const BYTES_PER_SECOND = 50_000 / 8;
const DELAY_MS = 1000; /* one way */
const FAILS = 10;

const desk = await Desk.open();
const browser = await open("chromium");
let requests = 0;
let cut = false; /* no request gets through at all */

/* Passes on what comes, later and slowly: one line for all connections, as a telephone has. */
function slowly(from, to, line) {
  from.on("data", (bytes) => {
    const now = Date.now();
    line.free = Math.max(line.free, now) + bytes.length / BYTES_PER_SECOND * 1000;
    setTimeout(() => to.writable && to.write(bytes), line.free - now + DELAY_MS);
  });
  from.on("close", () => setTimeout(() => to.end(), Math.max(line.free - Date.now(), 0) + DELAY_MS + 50));
  from.on("error", () => to.destroy());
}

const up = { free: 0 };
const down = { free: 0 };
const proxy = createServer((client) => {
  const relay = connect(desk.port, "127.0.0.1");
  client.on("data", (bytes) => {
    if (!/^(GET|POST|PUT) .*\/(board|drop)\//.test(bytes.toString("latin1", 0, 300)))
      return;
    if (cut || ++requests % FAILS === 3) {
      client.destroy();
      relay.destroy();
    }
  });
  slowly(client, relay, up);
  slowly(relay, client, down);
});
await new Promise((ready) => proxy.listen(0, "127.0.0.1", ready));
const address = desk.address.replace(`:${desk.port}`, `:${proxy.address().port}`);
const text = "The line is bad here, and I have little time. Please answer in the evening.";
let page;

export const tests = {
  async "the story gets through a line of 50 kbit/s that breaks"() {
    page = await browser.newPage();
    page.setDefaultTimeout(240_000);
    await page.goto(address, { timeout: 120_000 });
    await press(page, "Nobody can see it");
    await press(page, "Go on");
    await press(page, "No, this is the first time");
    await fill(page, "main textarea", text);
    await press(page, "Go on");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "These words are your key", { timeout: 120_000 });
    const words = await page.$$eval("ol.words li", (list) => list.map((li) => li.textContent).join(" "));
    await press(page, "I have them");
    await fill(page, "main textarea", words);
    await press(page, "Send");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "It is kept for the desk", { timeout: 240_000 });
    assert.ok(requests >= 3, "one of the requests failed");
    desk.cairn("collect");
    const { conversations } = desk.inbox();
    assert.equal(conversations.length, 1, "and came once");
  },

  async "nothing typed is lost when the line is gone"() {
    await press(page, "Write more");
    await fill(page, "main textarea", `${text} Again.`);
    cut = true;
    await press(page, "Send");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "The line did not get through", { timeout: 240_000 });
    await press(page, "Back to what you wrote");
    assert.equal(await page.$eval("main textarea", (field) => field.value), `${text} Again.`);
    cut = false;
  },
};

export async function end() {
  await browser.close();
  proxy.close();
  await desk.close();
}
