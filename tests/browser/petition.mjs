// SPDX-License-Identifier: GPL-3.0-or-later
//
// A petition from its first signature to its end: signed in a browser, carried by a real relay, counted by a real desk,
// confirmed through a real mail server, published, looked up, withdrawn, closed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Smtpd, why } from "../lib/smtpd.mjs";
import { open } from "./browsers.mjs";
import { cairn, Desk, freePort } from "./desk.mjs";

const NAME = "protect-them", PAGE = `/en/help/petition-${NAME}.html`;
const build = process.env.CAIRN_BUILD ?? "build";

const where = `http://127.0.0.1:${await freePort()}`;
const shared = `/tmp/cairn-petition-${process.pid}`;
const source = `${shared}/source`, out = `${shared}/out`;
mkdirSync(out, { recursive: true });
cpSync("examples/chechnya-2017", source, { recursive: true });
const desk = await Desk.open({ config: `languages all\nsite ${out}\nsite-listen ${where.slice(7)}\n` });
const without = await why();
const mail = without === "" ? await Smtpd.open(shared, ["signers.example", "desk.example"]) : undefined;
const chromium = await open("chromium");

/* ---- staff ---- */

const staff = (...words) => desk.staff(...words);

const take = () => {
  desk.cairn("collect");
  return JSON.parse(staff("petition", "take", source, "--json"));
};

const counted = () => JSON.parse(staff("petition", "list", "--json")).petitions[0].counted;

/* Rows in the desk's vault are as many. */
function assertRows(count, what) {
  const vault = openSync(desk.vault, "r");
  try {
    execFileSync(join(build, "tests/vault_sql"), [join(desk.folder, "desk"),
      `CREATE TEMP TABLE wrong (n CHECK (n = ${count})); INSERT INTO wrong SELECT count(*) FROM ${what}`],
    { stdio: [vault, "pipe", "pipe"] });
  } catch (error) {
    assert.fail(`not ${count}: ${what} ${error.stderr}`);
  } finally {
    closeSync(vault);
  }
}

/* Counts, publishes, builds; what everybody may fetch. */
async function publish() {
  staff("petition", "publish", NAME, source);
  execFileSync(cairn, ["site", "build", source, out, "--all-languages", "--base", `${where}/`, "--desk", desk.address]);
  return (await fetch(`${where}/petition/${NAME}.json`)).json();
}

/* ---- signers ---- */

const status = (page, kind, key) => page.waitForFunction((form, name) => {
  const line = document.querySelector(`form[data-kind="${form}"] .status`);
  return line.textContent !== "" && line.textContent === line.dataset[name];
}, { timeout: 60000, polling: 100 }, kind, key);

async function sign({ name = "", country = "", mail: address = "" }) {
  const page = await chromium.newPage();
  await page.goto(where + PAGE);
  await page.type("#name", name);
  if (country !== "")
    await page.select("#country", country);
  if (address !== "")
    await page.type("#e-mail", address);
  await page.click('form[data-kind="signature"] button[type="submit"]');
  await status(page, "signature", "sent");
  const code = await page.$eval(".code output", (one) => one.textContent);
  await page.close();
  return code;
}

async function withCode(code, button, told) {
  const page = await chromium.newPage();
  await page.goto(where + PAGE);
  await page.type("#code", code);
  await page.click(`button[value="${button}"]`);
  await status(page, "code", told);
  await page.close();
}

/* Whether the mark of that code is published, by another hand than the core's. */
async function isPublished(code) {
  const mark = execFileSync("python3", ["-c", "import hashlib,sys; print(hashlib.blake2b(b'cairn/1 petition' + sys.argv[1].encode() + " +
    "bytes.fromhex(sys.argv[2]), digest_size=32).hexdigest()[:32])", NAME, code.replaceAll("-", "")], { encoding: "utf8" }).trim();
  return (await (await fetch(`${where}/petition/${NAME}/all.txt`)).text()).split("\n").includes(mark);
}

const codes = {};

execFileSync("rm", ["-f", `${source}/petitions/${NAME}.json`, `${source}/petitions/${NAME}.marks`]);
execFileSync(cairn, ["site", "build", source, out, "--all-languages", "--base", `${where}/`, "--desk", desk.address]);

export const tests = {
  async "signatures without an address are counted as they come"() {
    [codes.amina, codes.boris] = await Promise.all([sign({ name: "Amina", country: "DE" }), sign({})]);
    const taken = take();
    assert.deepEqual([taken.counted, taken.waiting, taken.left, taken.erased], [2, 0, 0, true]);
    assert.equal((await publish()).count, 2);
  },

  async "each signer finds that he is counted, and nobody else does"() {
    await withCode(codes.amina, "look", "counted");
    await withCode(codes.boris, "look", "counted");
    await withCode("0".repeat(32), "look", "absent");
  },

  async "a signature with an address counts once its owner has answered by mail"() {
    if (!mail)
      return without;
    [codes.maria, codes.again] = await Promise.all(["maria@signers.example", "Maria@signers.example"].map((address) =>
      sign({ country: "FR", mail: address })));
    const taken = take();
    assert.deepEqual([taken.counted, taken.waiting], [0, 2]);
    assertRows(2, "petition_address");
    assert.match(staff("petition", "write", NAME, "--smtp", mail.url, "--from", "count@desk.example"), /2 letters sent, 0/);
    for (const letter of await mail.inbox("maria@signers.example", 2)) {
      assert.match(letter, /^From: .*count@desk\.example/m);
      const subject = letter.match(/^Subject: (.*)$/m)[1].trim();
      mail.send("maria@signers.example", "count@desk.example", `Re: ${subject}`, "Yes.");
    }
    writeFileSync(`${shared}/answers`, (await mail.inbox("count@desk.example", 2)).join("\n"));
    const done = JSON.parse(staff("petition", "confirm", `${shared}/answers`, "--json"));
    assert.deepEqual([done.counted, done.same_address, done.unknown], [1, 1, 0]);
    assert.equal(counted(), 3);
    return undefined;
  },

  async "the address is erased at confirmation, and a fingerprint stays until the end"() {
    if (!mail)
      return without;
    assertRows(0, "petition_address");
    assertRows(1, "petition_key WHERE which = 0");
    assertRows(2, "petition_mark WHERE print IS NOT NULL");
    /* It finds who signs again, although nobody knows the address any more. */
    await sign({ country: "FR", mail: "maria@signers.example" });
    assert.equal(take().same_address, 1);
    assert.equal(counted(), 3);
    assert.equal((await publish()).count, 3);
    /* One of the two, whose answer came first. */
    const both = await Promise.all([codes.maria, codes.again].map(isPublished));
    assert.deepEqual(both.sort(), [false, true]);
    return undefined;
  },

  async "whoever withdraws is taken out, and sees it"() {
    const before = counted();
    await withCode(codes.amina, "withdraw", "sent");
    assert.equal(take().withdrawn, 1);
    const told = await publish();
    assert.deepEqual([told.count, told.withdrawn], [before - 1, 1]);
    await withCode(codes.amina, "look", "absent");
    await withCode(codes.boris, "look", "counted");
    assertRows(0, "petition_mark WHERE name IS NOT NULL");
  },

  async "the end erases the fingerprints and their key, and counts nobody more"() {
    const before = counted();
    staff("petition", "close", NAME);
    assertRows(0, "petition_key WHERE which = 0");
    assertRows(0, "petition_mark WHERE print IS NOT NULL");
    assertRows(0, "petition_address");
    await sign({ country: "DE" });
    assert.equal(take().late, 1);
    const told = await publish();
    assert.deepEqual([told.count, told.closed], [before, true]);
    await withCode(codes.boris, "look", "counted");
  },

  async "no name nor address of a signer is anywhere in what the relay keeps or the site shows"() {
    for (const folder of [join(desk.folder, "relay"), out, join(desk.folder, "relay.log")])
      for (const word of ["Amina", "maria@signers"])
        assert.throws(() => execFileSync("grep", ["-r", "-l", "-a", word, folder], { stdio: "pipe" }), (error) => error.status === 1, `${word} in ${folder}`);
    assert.ok(readFileSync(`${out}${PAGE}`, "utf8").includes("petition"));
  },
};

export async function end() {
  await chromium.close();
  await mail?.close();
  await desk.close();
  execFileSync("rm", ["-rf", shared]);
}
