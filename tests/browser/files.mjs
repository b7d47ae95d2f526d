// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures and files, from the choice to the desk: what a camera wrote into a picture does not arrive, it is made smaller, and
// a file gets through a line that fails, with its progress told.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { jpeg, png, webp } from "../lib/pictures.mjs";
import { browsers, fill, heading, open, press } from "./browsers.mjs";
import { Desk } from "./desk.mjs";

const WIDTH = 3000, HEIGHT = 2000, LONGEST_SIDE = 2048;
const CANARY = `canary${randomBytes(4).toString("hex")}`;
/* What metadata begins with, in any of the three formats. */
const MARKS = ["Exif", "MM\0*", "II*\0", "ns.adobe.com", "xmpmeta", "8BIM", "Photoshop", "EXIF", "XMP ", "tEXt", "iTXt", "eXIf", "ICC_PROFILE"];
const SAMPLES = "../shared/vectors/images";
/* How a browser may be set: as Tor Browser is, which gives back noise for what was drawn. */
const ways = { chromium: ["chromium"], firefox: ["firefox"],
  "firefox that hides who its user is": ["firefox", { extraPrefsFirefox: { "privacy.resistFingerprinting": true } }] };

const desk = await Desk.open({ vault: 128 });
const opened = {};
const seen = new Set();

async function browser(way) {
  const [name, more] = ways[way];
  return (opened[way] ??= await open(name, more));
}

/* A picture of its own, in each format. */
async function drawn() {
  const page = await (await browser("chromium")).newPage();
  const urls = await page.evaluate((width, height) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const sky = context.createLinearGradient(0, 0, width, height);
    sky.addColorStop(0, "#204060");
    sky.addColorStop(1, "#e0c080");
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    return ["jpeg", "png", "webp"].map((type) => canvas.toDataURL(`image/${type}`));
  }, WIDTH, HEIGHT);
  await page.close();
  return urls.map((url) => Buffer.from(url.split(",")[1], "base64"));
}

const [plainJpeg, plainPng, plainWebp] = await drawn();
const pictures = {
  "photo.jpg": jpeg(plainJpeg, CANARY),
  "turned.jpg": jpeg(plainJpeg, CANARY, 6),
  "shot.png": png(plainPng, CANARY),
  "page.webp": webp(plainWebp, CANARY, WIDTH, HEIGHT),
};

function stored(name, bytes) {
  const path = join(desk.folder, name);
  writeFileSync(path, bytes);
  return path;
}

/* Up to the screen where one writes, with these files chosen. */
async function choose(page, address, paths) {
  await page.goto(address);
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "No, this is the first time");
  await fill(page, "main textarea", "see the file");
  await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
  const input = await page.waitForSelector('input[type="file"]');
  await input.uploadFile(...paths);
  await page.waitForFunction((count) => document.querySelectorAll("main details .message").length === count, { timeout: 60000 }, paths.length);
}

async function send(page) {
  await press(page, "Go on");
  await heading(page, "These words are your key");
  await press(page, "I have them");
  await press(page, "Send without typing them");
}

/* What the desk has of the conversation that came last: its files, to the byte. */
function received() {
  desk.cairn("collect");
  const alias = desk.inbox().conversations.map((c) => c.alias).find((name) => !seen.has(name));
  seen.add(alias);
  return desk.read(alias).files.map(({ number, ...file }, i) => {
    const out = join(desk.folder, `${alias}.${i}`);
    desk.cairn("file", "--out", out, alias, String(number ?? i));
    return { ...file, bytes: readFileSync(out) };
  });
}

function assertClean(bytes, name) {
  const text = bytes.toString("latin1");
  assert.ok(!text.includes(CANARY), `${name}: what was written into it is there`);
  /* In what a scan holds, four bytes may stand by chance; not in the first thousand. */
  for (const mark of MARKS)
    assert.ok(!text.slice(0, 1000).replace(/Exif\0\0MM\0\*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0[\x01-\x08]/, "").includes(mark), `${name}: ${JSON.stringify(mark)}`);
}

/* Width and height as any browser sees it, turned as it says. */
async function size(bytes) {
  const page = await (await browser("chromium")).newPage();
  const found = await page.evaluate(async (text) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]), { imageOrientation: "from-image" });
    return [picture.width, picture.height];
  }, bytes.toString("base64"));
  await page.close();
  return found;
}

async function clean(way) {
  const page = await (await browser(way)).newPage();
  for (const [name, bytes] of Object.entries(pictures))
    assert.ok(bytes.includes(`${CANARY}-behind`), "the search would find what is there");
  await choose(page, desk.address, Object.entries(pictures).map(([name, bytes]) => stored(name, bytes)));
  assert.deepEqual(await page.$$eval('input[name="original"]', (all) => all.map((one) => one.checked)), [false, false, false, false]);
  await send(page);
  await heading(page, "It is kept for the desk");
  await page.close();
  const files = received();
  assert.equal(files.length, 4);
  for (const [i, [name]] of Object.entries(pictures).entries()) {
    const [width, height] = await size(files[i].bytes);
    const [long, short] = name === "turned.jpg" ? [height, width] : [width, height];
    assertClean(files[i].bytes, name);
    assert.ok(long / short > 1.49 && long / short < 1.51, `${name}: ${width} x ${height}, the right side up`);
    /* Who does not give back what was drawn cannot make it smaller. */
    assert.equal(long, way.includes("hides") ? WIDTH : LONGEST_SIDE, name);
  }
}

async function original() {
  const page = await (await browser("chromium")).newPage();
  await choose(page, desk.address, [stored("photo.jpg", pictures["photo.jpg"])]);
  await page.click('input[name="original"]');
  await page.waitForFunction(() => document.querySelector('input[name="original"]').checked);
  await send(page);
  await heading(page, "It is kept for the desk");
  await page.close();
  assert.ok(received()[0].bytes.equals(pictures["photo.jpg"]), "byte for byte");
}

async function unknown(way) {
  const page = await (await browser(way)).newPage();
  await choose(page, desk.address, [stored("letter.pdf", Buffer.from("%PDF-1.4\n")), stored("broken.jpg", Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0]))]);
  const said = await page.$$eval("main details .message", (rows) => rows.map((row) => row.textContent.includes("A file of this kind cannot be cleaned here.")));
  assert.deepEqual(said, [true, true]);
  assert.equal((await page.$$('input[name="original"]')).length, 0, "there is nothing to choose");
  await page.close();
}

/* The samples of others, where they lie beside the project: taken apart, and still the same to look at. */
async function samples() {
  if (!existsSync(SAMPLES))
    return;
  const { outputFiles } = await build({ entryPoints: ["web/person/src/strip.ts"], bundle: true, write: false, format: "esm" });
  const { strip } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  let count = 0;
  for (const name of readdirSync(SAMPLES).filter((one) => /\.(jpg|png)$/.test(one))) {
    const bytes = readFileSync(join(SAMPLES, name));
    const blob = strip(new Uint8Array(bytes));
    if (blob === undefined)
      continue;
    const taken = Buffer.from(await blob.arrayBuffer());
    assertClean(taken, name);
    assert.deepEqual(await size(taken).catch(() => "broken"), await size(bytes).catch(() => "broken"), name);
    count++;
  }
  assert.ok(count >= 15, `${count} of them are pictures`);
}

/* Every third piece of a file is cut off in the middle. */
async function badLine(way) {
  let puts = 0;
  const proxy = createServer((client) => {
    const relay = connect(desk.port, "127.0.0.1");
    client.on("data", (bytes) => {
      if (bytes.toString("latin1", 0, 400).includes("PUT ") && ++puts % 3 === 2)
        return void (client.destroy(), relay.destroy());
      relay.write(bytes);
    });
    relay.on("data", (bytes) => client.write(bytes));
    client.on("close", () => relay.destroy()).on("error", () => relay.destroy());
    relay.on("close", () => client.destroy()).on("error", () => client.destroy());
  });
  await new Promise((ready) => proxy.listen(0, "127.0.0.1", ready));
  const bytes = randomBytes(700_000);
  const page = await (await browser(way)).newPage();
  await choose(page, desk.address.replace(`:${desk.port}`, `:${proxy.address().port}`), [stored("voice.ogg", bytes)]);
  await page.evaluate(() => {
    window.steps = new Set();
    new MutationObserver(() => window.steps.add(document.querySelector("progress")?.value)).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await send(page);
  await page.waitForFunction(() => document.querySelector("h1").textContent === "It is kept for the desk", { timeout: 120_000 });
  const steps = await page.evaluate(() => [...window.steps]);
  await page.close();
  proxy.close();
  assert.ok(puts >= 4, `a piece was cut off: ${puts}`);
  assert.ok([1, 2].every((step) => steps.includes(step)), `progress is told: ${steps}`);
  assert.ok(received()[0].bytes.equals(bytes), "byte for byte");
}

async function stopped() {
  const silent = createServer((client) => {
    const relay = connect(desk.port, "127.0.0.1");
    client.on("data", (bytes) => bytes.toString("latin1", 0, 400).includes("PUT ") ? client.pause() : relay.write(bytes));
    relay.on("data", (bytes) => client.write(bytes));
    client.on("close", () => relay.destroy()).on("error", () => relay.destroy());
    relay.on("error", () => client.destroy());
  });
  await new Promise((ready) => silent.listen(0, "127.0.0.1", ready));
  const page = await (await browser("chromium")).newPage();
  await choose(page, desk.address.replace(`:${desk.port}`, `:${silent.address().port}`), [stored("voice.ogg", randomBytes(1000))]);
  await send(page);
  await heading(page, "Sending");
  await new Promise((wake) => setTimeout(wake, 1000));
  await press(page, "Back to what you wrote");
  await heading(page, "Write");
  assert.equal(await page.$eval("main textarea", (field) => field.value), "see the file");
  assert.equal((await page.$$("main details .message")).length, 1, "the file is still chosen");
  await page.close();
  silent.close();
}

export const tests = {
  ...Object.fromEntries(Object.keys(ways).flatMap((way) => [
    [`what was written into pictures does not arrive, in ${way}`, () => clean(way)],
    [`what cannot be cleaned says so, in ${way}`, () => unknown(way)],
  ])),
  "the samples of others are clean when they are taken apart": samples,
  "the original goes as it is, where that is chosen": original,
  ...Object.fromEntries(browsers.map((name) => [`a file gets through a line that fails, in ${name}`, () => badLine(name)])),
  "a sending that hangs can be stopped, and nothing is lost": stopped,
};

export async function end() {
  for (const one of Object.values(opened))
    await one.close();
  await desk.close();
}
