// SPDX-License-Identifier: GPL-3.0-or-later
//
// The public site of the worked example, served by a real cairnd beside a real desk: its pages by html-validate and
// axe-core, its feeds and calendars by the libraries of others, its looks against pictures that are kept, and each form
// as far as the desk. With SITE_GOLDEN=write the pictures are made anew.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { HtmlValidate } from "html-validate";
import { parseAtomFeed } from "feedsmith";
import ICAL from "ical.js";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { open } from "./browsers.mjs";
import { cairn, Desk, freePort } from "./desk.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const golden = resolve("tests/browser/site");
const DAY = "2026-11-26";

const port = await freePort();
const where = `http://127.0.0.1:${port}`;
const shared = `/tmp/cairn-site-${process.pid}`;
mkdirSync(`${shared}/out`, { recursive: true });
cpSync("examples/chechnya-2017", `${shared}/source`, { recursive: true });
const desk = await Desk.open({ config: `languages all\nsite ${shared}/out\nsite-listen 127.0.0.1:${port}\n` });

function build() {
  return JSON.parse(execFileSync(cairn, ["site", "build", `${shared}/source`, `${shared}/out`, "--all-languages", "--json",
    "--base", `${where}/`, "--desk", desk.address, "--date", DAY], { encoding: "utf8" }));
}
build();

const files = readdirSync(`${shared}/out`, { recursive: true }).map(String);
const text = (path) => readFileSync(join(shared, "out", path), "utf8");
const chromium = await open("chromium");
const firefox = await open("firefox");

/* A page of the site, and every address that it asked for. */
async function visit(path, { browser = chromium, width = 390, scripts = true } = {}) {
  const page = await browser.newPage();
  page.asked = [];
  page.faults = [];
  page.on("request", (request) => page.asked.push(request.url()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  await page.setViewport({ width, height: 800 });
  if (!scripts)
    await page.setJavaScriptEnabled(false);
  await page.goto(where + path);
  return page;
}

const said = (page, kind) => page.$eval(`form[data-kind="${kind}"] .status`, (line) => line.textContent);
const waitFor = (page, kind, key) => page.waitForFunction((form, name) => {
  const line = document.querySelector(`form[data-kind="${form}"] .status`);
  return line.textContent !== "" && line.textContent === line.dataset[name];
}, { timeout: 60000 }, kind, key);

/*
 * One cell came to the campaign door, and the desk opened it and found it well-formed. What stands in it is for whoever
 * counts; that the mark in it is the code's, the published marks tell below.
 */
function assertArrived() {
  const told = desk.cairn("collect");
  assert.match(told, /^1 new message/);
  assert.doesNotMatch(told, /dropped|lost/);
}

const kinds = ["index.html", "en/index.html", "en/entries/account-of-maksim.html", "en/claims/round-up-2017.html",
  "en/claims/index.html", "en/events/round-up-2017.html", "en/help/index.html", "en/help/letters/index.html",
  "en/help/letters/ask-them-DE-en.html", "en/help/gatherings.html", "en/help/suggest.html", "en/help/petition-protect-them.html",
  "en/help/give-main.html", "en/help/comment.html", "en/help/check.html", "en/search.html", "en/archive/index.html",
  "en/tags/index.html", "en/tags/torture.html", "ar/entries/first-report.html", "ru/entries/first-report.html"];

let code = "";

export const tests = {
  async "every page is valid HTML"() {
    const validate = new HtmlValidate({ extends: ["html-validate:recommended"], rules: {
      "long-title": "off", "no-inline-style": "error", "require-sri": "off",
      /* Drawings are SVG, where the rules of HTML for names do not hold. */
      "svg-focusable": "off", "no-unknown-elements": "off", "element-permitted-content": "off",
    } });
    for (const path of files.filter((name) => name.endsWith(".html"))) {
      const { valid, results } = await validate.validateString(text(path));
      assert.ok(valid, `${path}: ${JSON.stringify(results[0]?.messages.slice(0, 3).map(({ ruleId, message, line }) => [ruleId, message, line]))}`);
    }
  },

  async "axe-core finds nothing, and nothing is cut off on a small screen"() {
    for (const path of kinds) {
      const page = await visit("/" + path);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].target]), [], path);
      for (const width of [320, 390, 1100]) {
        await page.setViewport({ width, height: 800 });
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} at ${width}`);
      }
      assert.deepEqual(page.faults, [], path);
      await page.close();
    }
  },

  async "dark pages are as readable"() {
    const page = await chromium.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    for (const path of ["en/entries/account-of-maksim.html", "en/help/petition-protect-them.html"]) {
      await page.goto(`${where}/${path}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document));
      assert.deepEqual(violations.map(({ id }) => id), [], path);
    }
    await page.close();
  },

  async "nothing is loaded from elsewhere"() {
    for (const path of kinds) {
      const page = await visit("/" + path);
      assert.deepEqual(page.asked.filter((url) => !url.startsWith(where + "/") && !url.startsWith("data:")), [], path);
      await page.close();
    }
  },

  async "an entry with all that it loads is small"() {
    const page = await visit("/en/entries/account-of-maksim.html");
    const bytes = [...new Set(page.asked)].map((url) => readFileSync(join(shared, "out", new URL(url).pathname)).length);
    assert.ok(bytes.reduce((a, b) => a + b) <= 50 * 1024, String(bytes));
    await page.close();
  },

  async "it reads without scripts"() {
    const page = await visit("/en/entries/account-of-maksim.html", { scripts: false });
    const shown = await page.evaluate(() => document.body.innerText).catch(() => "");
    const source = text("en/entries/account-of-maksim.html");
    assert.ok(source.includes("lured by a chat") && source.includes("../../en/tags/torture.html"));
    assert.ok(shown === "" || shown.includes("lured by a chat"));
    await page.close();
    const letter = text("en/help/letters/ask-them-DE-en.html");
    assert.match(letter, /mailto:embassy@de\.example\?subject=/);
    assert.ok(!letter.includes("<form"));
  },

  async "every link within the site leads somewhere"() {
    for (const path of files.filter((name) => name.endsWith(".html")))
      for (const [, url] of text(path).matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (/^(https?:|mailto:|#)/.test(url))
          continue;
        const to = new URL(url.replaceAll("&amp;", "&"), `http://x/${path}`).pathname;
        assert.ok(existsSync(join(shared, "out", to)), `${path} has ${url}`);
      }
  },

  async "feeds and sitemap are what they should be"() {
    for (const lang of ["en", "ru", "ar"]) {
      const feed = parseAtomFeed(text(`${lang}/feed.xml`));
      assert.ok(feed.entries.length >= 1 && feed.id === `${where}/${lang}/`);
      assert.ok(feed.entries.every((entry) => entry.id && entry.title && entry.updated && entry.links[0].href.startsWith(where)));
      execFileSync("xmllint", ["--noout", join(shared, "out", lang, "feed.xml")]);
    }
    const feed = parseAtomFeed(text("en/feed.xml"));
    assert.equal(new Set(feed.entries.map(({ id }) => id)).size, feed.entries.length);
    assert.ok(feed.authors?.length === 1 && feed.entries.every(({ updated }) => updated <= feed.updated));
    assert.equal(feed.entries.length, 15);
    execFileSync("xmllint", ["--noout", join(shared, "out/sitemap.xml")]);
  },

  async "calendars have each gathering in UTC"() {
    const all = new ICAL.Component(ICAL.parse(text("calendar/all.ics")));
    const events = all.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
    assert.equal(events.length, 3);
    const berlin = events.find((one) => one.uid.startsWith("example-vigil-berlin"));
    assert.equal(berlin.startDate.toString(), "2037-05-17T16:00:00Z");
    assert.equal(berlin.endDate.toString(), "2037-05-17T17:30:00Z");
    assert.equal(new ICAL.Component(ICAL.parse(text("calendar/DE.ics"))).getAllSubcomponents("vevent").length, 1);
  },

  async "each calendar has the lines and the properties that RFC 5545 wants"() {
    const calendars = files.filter((name) => name.endsWith(".ics"));
    assert.ok(calendars.length >= 4, String(calendars));
    for (const path of calendars) {
      const lines = text(path).split("\r\n");
      assert.equal(lines.pop(), "", `${path} ends in a line`);
      assert.deepEqual(lines.filter((line) => line.includes("\n") || Buffer.byteLength(line) > 75), [], path);
      const calendar = new ICAL.Component(ICAL.parse(text(path)));
      assert.equal(calendar.getFirstPropertyValue("version"), "2.0");
      assert.ok(calendar.getFirstPropertyValue("prodid"));
      const events = calendar.getAllSubcomponents("vevent");
      for (const name of ["uid", "dtstamp", "dtstart", "summary"])
        assert.ok(events.every((event) => event.getFirstPropertyValue(name)), `${path}: ${name}`);
      assert.equal(new Set(events.map((event) => event.getFirstPropertyValue("uid"))).size, events.length);
    }
  },

  async "the search finds words and beginnings of words, in each script"() {
    for (const [lang, words, id] of [["en", "electric telephon", "thirty-three-interviews"], ["ru", "газет", "first-report"], ["ar", "نوفايا", "first-report"]]) {
      const page = await visit(`/${lang}/search.html`);
      await page.type("#q", words);
      await page.waitForSelector(`#found a[href="entries/${id}.html"]`, { timeout: 10000 });
      assert.deepEqual(page.faults, []);
      await page.close();
    }
    const page = await visit("/en/search.html");
    await page.type("#q", "zebra");
    await page.waitForFunction(() => document.getElementById("found-none").textContent !== "");
    await page.close();
  },

  async "a changed letter goes into the mail link, each with its own salutation"() {
    const page = await visit("/en/help/letters/ask-them-GB-en.html");
    await page.$eval("#letter", (field) => {
      field.value += "\nP. S. & more";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const links = await page.$$eval("a.mail", (all) => all.map((one) => one.href));
    assert.ok(links[0].includes("Dear%20Ambassador") && links[1].includes("Dear%20Minister"));
    assert.ok(links.every((link) => link.endsWith("P.%20S.%20%26%20more")));
    await page.close();
  },

  async "a hostile country is warned, and never asked for an e-mail address"() {
    const page = await visit("/en/help/petition-protect-them.html");
    const shown = (selector) => page.$eval(selector, (one) => !one.hidden);
    assert.deepEqual([await shown(".e-mail"), await shown(".hostile")], [false, false]);
    await page.select("#country", "DE");
    assert.deepEqual([await shown(".e-mail"), await shown(".hostile")], [true, false]);
    await page.type("#e-mail", "a@b.example");
    await page.select("#country", "RU");
    assert.deepEqual([await shown(".e-mail"), await shown(".hostile")], [false, true]);
    await page.close();
  },

  async "a signature arrives sealed, and its signer gets a code"() {
    const page = await visit("/en/help/petition-protect-them.html");
    await page.type("#name", "A. Signer");
    await page.select("#country", "DE");
    await page.click('form[data-kind="signature"] button[type="submit"]');
    await waitFor(page, "signature", "sent");
    code = await page.$eval(".code output", (one) => one.textContent);
    assert.match(code, /^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
    assert.ok(page.asked.every((url) => url.startsWith(where) || url.startsWith(desk.relay)));
    await page.close();
    assert.ok(!desk.log().includes("Signer"));
    assertArrived();
  },

  async "the signer sees that he is counted, and others are not"() {
    const page = await visit("/en/help/petition-protect-them.html");
    const look = async (typed) => {
      await page.$eval("#code", (field, value) => (field.value = value), typed);
      await page.click('button[value="look"]');
    };
    await look(code.toUpperCase().replaceAll("-", " "));
    await waitFor(page, "code", "absent");
    writeFileSync(`${shared}/source/petitions/protect-them.marks`, `${markOf(code).slice(0, 32)}\n`);
    writeFileSync(`${shared}/source/petitions/protect-them.json`,
      JSON.stringify({ petition: "protect-them", count: 1, "as-of": DAY, closed: false }));
    build();
    await look(code);
    await waitFor(page, "code", "counted");
    await look("0".repeat(32));
    await waitFor(page, "code", "absent");
    await look("nothing");
    await waitFor(page, "code", "bad");
    await page.close();
  },

  async "a withdrawal arrives"() {
    const page = await visit("/en/help/petition-protect-them.html");
    await page.type("#code", code);
    await page.click('button[value="withdraw"]');
    await waitFor(page, "code", "sent");
    await page.close();
    assertArrived();
  },

  async "a comment arrives with its entry, and with nothing else"() {
    const page = await visit("/en/help/comment.html#account-of-maksim");
    await page.type("#text", "Thank you. Спасибо.");
    await page.click('form[data-kind="comment"] button[type="submit"]');
    await waitFor(page, "comment", "sent");
    await page.close();
    assertArrived();
  },

  async "a suggested gathering arrives"() {
    const page = await visit("/en/help/suggest.html");
    await page.click('form[data-kind="gathering"] button');
    assert.notEqual(await said(page, "gathering"), "");
    await page.type("#title", "Vigil");
    await page.type("#place", "Town square");
    await page.$eval("#begins", (field) => (field.value = "2037-05-17T18:00"));
    await page.select("#zone", "Europe/Berlin");
    await page.select("#country", "DE");
    await page.click('form[data-kind="gathering"] button');
    await waitFor(page, "gathering", "sent");
    await page.close();
    assertArrived();
  },

  async "the forms work in Firefox too"() {
    const page = await visit("/en/help/comment.html#first-report", { browser: firefox });
    await page.type("#text", "From Firefox.");
    await page.click('form[data-kind="comment"] button[type="submit"]');
    await waitFor(page, "comment", "sent");
    await page.close();
    assertArrived();
  },

  async "it looks as it did"() {
    mkdirSync(golden, { recursive: true });
    for (const [name, browser] of [["chromium", chromium], ["firefox", firefox]])
      for (const [look, path, width] of [["entry-phone", "en/entries/account-of-maksim.html", 375], ["claim-desktop", "en/claims/wave-2019.html", 1000],
        ["arabic-phone", "ar/entries/first-report.html", 375]]) {
        const page = await visit("/" + path, { browser, width });
        const shot = PNG.sync.read(Buffer.from(await page.screenshot({ clip: { x: 0, y: 0, width, height: 640 } })));
        const file = join(golden, `${look}-${name}.png`);
        await page.close();
        if (process.env.SITE_GOLDEN === "write")
          writeFileSync(file, PNG.sync.write(shot));
        const kept = PNG.sync.read(readFileSync(file));
        assert.deepEqual([shot.width, shot.height], [kept.width, kept.height], look);
        const differs = pixelmatch(shot.data, kept.data, null, shot.width, shot.height, { threshold: 0.2 });
        /* Letters are drawn a little otherwise by another version of a browser or a font. */
        assert.ok(differs < 0.06 * shot.width * shot.height, `${look} in ${name}: ${differs} points differ`);
      }
  },

  async "its pages print as text with addresses"() {
    const page = await visit("/en/entries/account-of-maksim.html");
    await page.emulateMediaType("print");
    const hidden = await page.$$eval(".top nav, .help, .tell, .beside", (all) => all.every((one) => getComputedStyle(one).display === "none"));
    const after = await page.$eval(".sources a", (one) => getComputedStyle(one, "::after").content);
    assert.ok(hidden && after.includes("nytimes.com"), after);
    await page.close();
  },

  async "the whole is as its manifest has it, over the network too"() {
    const { manifest } = build();
    execFileSync(cairn, ["verify", "site", `${where}/`, "--manifest", manifest]);
    writeFileSync(`${shared}/out/en/index.html`, "<p>forged");
    assert.throws(() => execFileSync(cairn, ["verify", "site", `${where}/`], { stdio: "pipe" }));
    build();
    execFileSync(cairn, ["verify", "site", `${where}/`, "--manifest", manifest]);
  },
};

/* By another hand than the core's: BLAKE2b of what docs/protocol.md says. */
function markOf(typed) {
  return execFileSync("python3", ["-c", "import hashlib,sys; print(hashlib.blake2b(b'cairn/1 petition' + b'protect-them' + " +
    "bytes.fromhex(sys.argv[1]), digest_size=32).hexdigest())", typed.replaceAll("-", "")], { encoding: "utf8" }).trim();
}

export async function end() {
  await Promise.all([chromium.close(), firefox.close()]);
  await desk.close();
  execFileSync("rm", ["-rf", shared]);
}
