// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demonstration's site, each way to help by hand in a browser and by the very commands that the demonstration prints:
// from a signature to its count, from a comment to its page, from a claim's page to its proof.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { open } from "./browsers.mjs";
import { cairn } from "./desk.mjs";

const TICK_S = 2;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const root = mkdtempSync(join(tmpdir(), "cairn-demo-"));
const told = execFileSync(cairn, ["demo", "--dir", join(root, "demo"), "--tick", String(TICK_S)], { encoding: "utf8" });
const line = (pattern) => told.match(pattern)[1];
const site = line(/^ +(http:\/\/127\.0\.0\.1:\d+\/)$/m);
const env = { ...process.env, CAIRN_DESK: line(/export CAIRN_DESK=(.*)/), DESK: line(/DESK='(.*)'/), SOURCE: line(/SOURCE=(.*)/),
  SITE: line(/SITE=(.*)/) };
const chromium = await open("chromium");

const shell = (command, cwd) => execFileSync("sh", ["-c", command], { encoding: "utf8", env, cwd });

/* What the demonstration says below a way to help: the page's address, then commands. */
function way(what) {
  const lines = told.slice(told.indexOf(`     ${what}`)).split("\n").slice(1);
  return lines.slice(0, lines.indexOf("")).map((one) => one.trim());
}

async function visit(address) {
  const page = await chromium.newPage();
  await page.setCacheEnabled(false); /* the page of a minute ago is good for visitors */
  await page.goto(address);
  return page;
}

async function send(page, kind) {
  await page.click(`form[data-kind="${kind}"] button[type="submit"], form[data-kind="${kind}"] button:not([type])`);
  await page.waitForFunction((form) => {
    const status = document.querySelector(`form[data-kind="${form}"] .status`);
    return status.textContent !== "" && status.textContent === status.dataset["sent"];
  }, { timeout: 60000 }, kind);
  await page.close();
}

/* What was sent comes with a tick of the desk, and waits for nobody else's. */
async function until(what) {
  for (let i = 0; i < 60; i++) {
    if (what())
      return;
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  assert.fail("it did not come");
}

function rebuild() {
  for (const command of way("After a change"))
    shell(command);
}

export const tests = {
  async "the claim's page has its numbers, and is readable to everybody"() {
    const [address] = way("Check a claim");
    const page = await visit(address);
    const figures = await page.$$eval(".proven dd", (all) => all.map((one) => one.textContent));
    assert.deepEqual(figures, ["20", "4", "1 August 2017", "Chechnya"]);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].target]), []);
    for (const width of [320, 390, 1100]) {
      await page.setViewport({ width, height: 800 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${width}`);
    }
    await page.close();
    const validate = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off", "svg-focusable": "off",
      "require-sri": "off", "no-unknown-elements": "off", "element-permitted-content": "off" } });
    for (const lang of ["en", "ru", "ar"]) {
      const { results } = await validate.validateString(readFileSync(join(env.SITE, lang, "claims/round-up-2017.html"), "utf8"));
      assert.deepEqual(results.flatMap(({ messages }) => messages.map(({ ruleId, line: at }) => [ruleId, at])), [], lang);
    }
  },

  async "a visitor downloads the proof, and the command on the page checks it"() {
    const downloads = join(root, "downloads");
    mkdirSync(downloads);
    const page = await visit(way("Check a claim")[0]);
    const session = await page.createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
    const links = await page.$$("a[download]");
    for (const link of links)
      await link.click();
    await until(() => ["round-up-2017.claim.txt", "desk-card.txt"].every((name) => existsSync(join(downloads, name))));
    const command = await page.$eval(".command", (one) => one.textContent);
    await page.close();
    assert.equal(links.length, 2);
    assert.match(command, /^cairn verify claim /);
    const said = shell(command.replace(/^cairn/, cairn), downloads);
    assert.match(said, /at least 20 accounts, from at least 4 independent ways/);
    assert.match(said, /the one that was asked for/);
    assert.throws(() => shell(`sed -i s/^accounts.20/accounts\\ 50/ round-up-2017.claim.txt && ${command.replace(/^cairn/, cairn)}`,
      downloads));
  },

  async "the command that is printed checks it too"() {
    const [, command] = way("Check a claim");
    assert.match(shell(command), /This is a claim of/);
  },

  async "a signature is counted"() {
    const [address, take, publish] = way("Sign the petition");
    await send(await visit(address), "signature");
    await until(() => shell(take).startsWith("1 signatures counted"));
    shell(publish);
    rebuild();
    const page = await visit(address);
    assert.equal(await page.$eval(".count b", (one) => one.textContent), "1");
    await page.close();
  },

  async "a comment is read, accepted, and shown"() {
    const [address, take, list, accept] = way("Comment an entry");
    const page = await visit(address);
    await page.type("#text", "Thank you for writing this down.");
    await send(page, "comment");
    await until(() => (shell(take), shell(list).includes("Thank you for writing this down.")));
    shell(accept);
    rebuild();
    const entry = await visit(`${site}en/entries/first-report.html`);
    assert.match(await entry.$eval(".comment", (one) => one.textContent), /Thank you for writing this down\./);
    await entry.close();
  },

  async "a vigil is suggested, looked up, and in the calendar"() {
    const [address, take, list, accept] = way("Suggest a vigil");
    const page = await visit(address);
    await page.type("#title", "Vigil at the gate");
    await page.type("#place", "Brandenburg Gate");
    await page.$eval("#begins", (field) => (field.value = "2037-05-17T18:00"));
    await page.select("#zone", "Europe/Berlin");
    await page.select("#country", "DE");
    await send(page, "gathering");
    await until(() => (shell(take), shell(list).includes("Vigil at the gate")));
    const number = shell(list).match(/(\d+)[^\n]*\n?[^\n]*Vigil at the gate/)[1];
    shell(accept.replace("accept 1", `accept ${number}`));
    rebuild();
    const [gatherings] = way("Put a gathering");
    const shown = await visit(gatherings);
    assert.ok((await shown.evaluate(() => document.body.innerText)).includes("Vigil at the gate"));
    await shown.close();
    assert.ok(readFileSync(join(env.SITE, "calendar/DE.ics"), "utf8").includes("Vigil at the gate"));
  },

  async "a letter is written, and nothing of it is sent"() {
    const [address] = way("Write a letter");
    const page = await visit(address);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(await page.$eval('a[href*="ask-them-DE-en"]', (link) => link.href));
    await page.$eval("#letter", (field) => {
      field.value += "\nYours, somebody";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    assert.ok((await page.$eval("a.mail", (one) => one.href)).endsWith("Yours%2C%20somebody"));
    assert.ok(asked.every((url) => url.startsWith(site)));
    await page.close();
  },

  async "the ways to give are the desk's, and a forged account is found"() {
    const [address, command] = way("Give, where");
    const page = await visit(address);
    await page.close();
    assert.match(shell(command), /the desk's own ways to give/);
    assert.throws(() => execFileSync("sh", ["-c", `sed -i s/XX00/XX01/ "$SITE/give/main.txt" && ${command}`], { env, stdio: "pipe" }));
    rebuild();
    shell(command);
  },

  async "after all of it the site is as its manifest has it, and stands in the log"() {
    const key = line(/--site-key (\S{43}=)$/m), desk = line(/--desk-id ([0-9a-f]{64})/);
    assert.match(shell(`${cairn} verify site ${site} --desk-id ${desk} --site-key ${key}`), /in the log that the desk has signed/);
  },
};

export async function end() {
  await chromium.close();
  execFileSync(cairn, ["demo", "--stop", "--dir", join(root, "demo")]);
  rmSync(root, { recursive: true, force: true });
}
