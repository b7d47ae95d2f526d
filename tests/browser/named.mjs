// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commenters who name themselves: by an OpenID Connect issuer (oidc-provider, on loopback), and by a home page's code, from
// the form to the page that shows the comment.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import Provider from "oidc-provider";
import { open } from "./browsers.mjs";
import { cairn, Desk, freePort } from "./desk.mjs";

const ENTRY = "account-of-maksim";

/* A server on a free port of loopback. */
async function listen(handler) {
  const server = createServer(handler);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, at: `http://127.0.0.1:${server.address().port}` };
}

const where = `http://127.0.0.1:${await freePort()}`;
const shared = `/tmp/cairn-named-${process.pid}`;
const source = `${shared}/source`, out = `${shared}/out`;
mkdirSync(out, { recursive: true });
cpSync("examples/chechnya-2017", source, { recursive: true });
const siteText = readFileSync(`${source}/site.md`, "utf8");
const desk = await Desk.open({ config: `languages all\nsite ${out}\nsite-listen ${where.slice(7)}\n` });

/* ---- the issuer ---- */

const jwk = (kind, options, kid, alg) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), kid, alg, use: "sig" });
const keys = [jwk("rsa", { modulusLength: 2048 }, "r", "RS256"), jwk("ec", { namedCurve: "P-256" }, "e", "ES256"), jwk("ed25519", {}, "o", "EdDSA")];
const asked = [];
let answer;
const { server: issuerServer, at: issuer } = await listen((request, response) => {
  asked.push(request.url);
  answer(request, response);
});
const quiet = console.warn;
console.warn = () => undefined;
const provider = new Provider(issuer, {
  clients: keys.map(({ alg }) => ({ client_id: `site-${alg}`, redirect_uris: [`${where}/named.html`], token_endpoint_auth_method: "none",
    response_types: ["code"], grant_types: ["authorization_code"], id_token_signed_response_alg: alg })),
  jwks: { keys },
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA"] },
  claims: { openid: ["sub"], profile: ["preferred_username", "name"] },
  features: { devInteractions: { enabled: true }, claimsParameter: { enabled: true } },
  ttl: { AccessToken: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  pkce: { required: () => true },
  cookies: { keys: ["only here"] },
  clientBasedCORS: (_, origin) => origin === where,
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, preferred_username: sub, name: "Anybody" }) }),
});
answer = provider.callback();
console.warn = quiet;

/* ---- the site, and staff ---- */

const issuerLine = (alg) => `issuer: op | The Sign-in | ${issuer} | site-${alg} | preferred_username`;

function describe(alg) {
  writeFileSync(`${source}/site.md`, siteText.replace(/^---\n/, `---\n${issuerLine(alg)}\n`));
}

const build = () => execFileSync(cairn, ["site", "build", source, out, "--all-languages", "--base", `${where}/`, "--desk",
  desk.address, "--date", "2026-11-26"], { encoding: "utf8", stdio: "pipe" });

/* Without waiting: the issuer answers in this process. */
const fetchKeys = async () => (await promisify(execFile)(cairn, ["site", "issuer", "op", source])).stdout;

/* Without the marks that keep a stranger's text in its place. */
const staff = (...words) => desk.staff(...words).replace(/[\u2066-\u2069]/g, "");

/* The one letter that came. */
function letter() {
  desk.cairn("collect");
  staff("petition", "take", source);
  const { letters } = JSON.parse(staff("site", "letters", "--json"));
  assert.equal(letters.length, 1);
  return letters[0];
}

const shown = () => readFileSync(`${out}/en/entries/${ENTRY}.html`, "utf8");

/* All files of a folder that have some bytes. */
const having = (folder, text) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && readFileSync(join(file.parentPath ?? file.path, file.name)).includes(text)).map(({ name }) => name);

/* ---- a writer ---- */

const chromium = await open("chromium");

async function form(browser, words) {
  const page = await browser.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  await page.goto(`${where}/en/help/comment.html#${ENTRY}`);
  await page.type("#text", words);
  return page;
}

const status = (page, key) => page.waitForFunction((name) => {
  const line = document.querySelector(".status");
  return line.textContent !== "" && line.textContent === line.dataset[name];
}, { timeout: 60000 }, key);

const visible = (page, selector) => page.$eval(selector, (one) => one.getClientRects().length > 0);

/* Chooses the issuer; gives the tab that opens. */
async function toIssuer(browser, page) {
  await page.click('[name="who"][value="op"]');
  await page.waitForSelector('[data-who="op"] .name-me:not([disabled])');
  const opened = new Promise((there) => browser.once("targetcreated", async (target) => there(await target.page())));
  await page.click('[data-who="op"] .name-me');
  return opened;
}

async function signIn(tab, name) {
  await tab.waitForSelector('[name="login"]', { timeout: 30000 });
  await tab.type('[name="login"]', name);
  await tab.type('[name="password"]', "any");
  await tab.click("button[type=submit]");
  await tab.waitForFunction(() => document.body.innerText.includes("Continue") && !document.querySelector('[name="password"]'), { timeout: 30000 });
  await tab.click("button[type=submit]");
}

const cameBack = (tab, key) => tab.waitForFunction((name) => {
  const line = document.getElementById("named");
  return line && line.textContent !== "" && line.textContent === line.dataset[name];
}, { timeout: 30000 }, key);

/* From the form to the page that shows the comment, and the token that went along. */
async function nameOneself(browser, words, name) {
  const context = await browser.createBrowserContext();
  const page = await form(context, words);
  await page.type("#name", "Typed before");
  let token = "";
  page.on("response", async (response) => {
    if (response.request().method() === "POST" && response.url().startsWith(issuer))
      token = (await response.json().catch(() => ({}))).id_token ?? token;
  });
  const tab = await toIssuer(context, page);
  await signIn(tab, name);
  await cameBack(tab, "back");
  assert.equal(await tab.evaluate(() => location.search), "");
  await tab.close();
  await page.bringToFront();
  await page.waitForFunction((wanted) => document.querySelector(".is output").textContent === wanted, { timeout: 30000 }, name);
  assert.equal(await page.$eval("#text", (one) => one.value), words);
  await page.click('form[data-kind="comment"] button[type="submit"]');
  await status(page, "sent");
  assert.deepEqual(page.faults, []);
  await context.close();
  return token;
}

describe("ES256");

export const tests = {
  async "a site whose issuer was not asked yet is not built, and it is said what to do"() {
    assert.throws(build, (error) => String(error.stderr).includes("cairn site issuer op SOURCE"));
    assert.match(await fetchKeys(), /issuers\/op\.json/);
    assert.ok(!readFileSync(`${source}/issuers/op.json`, "utf8").includes('"d"'));
    build();
  },

  async "the page may talk to the issuer's one address, and no other page may"() {
    const policy = (path) => readFileSync(`${out}/${path}`, "utf8").match(/connect-src [^"]*?(?=; base)/)?.[0].replaceAll("&#39;", "'") ?? "";
    assert.equal(policy("en/help/comment.html"), `connect-src 'self' ${desk.relay} ${issuer}/token`);
    assert.deepEqual(having(out, issuer).filter((name) => name !== "comment.html"), []);
    assert.equal(policy("named.html"), "");
  },

  async "the form is valid HTML that everybody can use, with all of it shown"() {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    const validate = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off", "require-sri": "off" } });
    for (const path of ["en/help/comment.html", "named.html"]) {
      const { valid, results } = await validate.validateString(readFileSync(`${out}/${path}`, "utf8"));
      assert.ok(valid, JSON.stringify(results[0]?.messages.slice(0, 3)));
    }
    const page = await form(chromium, "Words.");
    for (const who of ["op", "home_page"]) {
      await page.click(`[name="who"][value="${who}"]`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].target]), [], who);
      for (const width of [320, 390, 1100]) {
        await page.setViewport({ width, height: 800 });
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${who} at ${width}`);
      }
    }
    await page.close();
  },

  async "nothing is the default, and then nobody is asked"() {
    const page = await form(chromium, "Without a name.");
    const before = asked.length;
    assert.equal(await page.$eval('[name="who"]:checked', (one) => one.value), "");
    await page.click('form[data-kind="comment"] button[type="submit"]');
    await status(page, "sent");
    await page.close();
    assert.equal(asked.length, before);
    const came = letter();
    assert.deepEqual([came.openid, came.home_page, came.name], [false, "", ""]);
    staff("site", "refuse", String(came.number));
  },

  async "what naming oneself means is said before anybody is asked"() {
    const page = await form(chromium, "Words.");
    const before = asked.length;
    assert.equal(await visible(page, '[data-who="op"] ul'), false);
    await page.click('[name="who"][value="op"]');
    assert.ok(await visible(page, '[data-who="op"] ul'));
    await page.click('form[data-kind="comment"] button[type="submit"]');
    await status(page, "unnamed");
    assert.equal(asked.length, before);
    await page.close();
  },

  async "a commenter is named by the issuer, and the token is nowhere"() {
    const token = await nameOneself(chromium, "I was there.\nI saw it. Видел.", "alice");
    assert.match(token, /^[^.]+\.[^.]+\.[^.]+$/);
    const { number, openid, text, name } = letter();
    assert.deepEqual([openid, text], [true, "I was there.\nI saw it. Видел."]);
    assert.equal(name, "", "what is not shown any more is not sent");
    assert.match(staff("site", "prove", String(number), source), /named alice by The Sign-in/);
    assert.ok(!staff("site", "letters").includes(token));
    staff("site", "accept", String(number), source);
    build();
    assert.ok(shown().includes("named alice by The Sign-in") && shown().includes("<b dir=\"auto\">alice</b>"));
    for (const part of [token, ...token.split(".")])
      assert.deepEqual([source, out, desk.folder].flatMap((folder) => having(folder, part)), []);
  },

  async "each algorithm that is taken comes from a real issuer, and Firefox does it too"() {
    const firefox = await open("firefox");
    for (const [alg, browser] of [["RS256", firefox], ["EdDSA", chromium]]) {
      describe(alg);
      await fetchKeys();
      build();
      await nameOneself(browser, `By ${alg}.`, alg.toLowerCase());
      const { number } = letter();
      staff("site", "accept", String(number), source);
      build();
      assert.ok(shown().includes(`named ${alg.toLowerCase()} by The Sign-in`), alg);
    }
    await firefox.close();
  },

  async "who turns back at the issuer loses nothing, and may send without a name"() {
    const context = await chromium.createBrowserContext();
    const page = await form(context, "Not after all.");
    const tab = await toIssuer(context, page);
    await tab.waitForSelector('[name="login"]');
    await tab.evaluate(() => [...document.querySelectorAll("a")].find((one) => one.textContent.includes("Cancel")).click());
    await page.bringToFront();
    await status(page, "refused");
    assert.equal(await page.$eval("#text", (one) => one.readOnly), false);
    await page.click('[name="who"][value=""]');
    await page.click('form[data-kind="comment"] button[type="submit"]');
    await status(page, "sent");
    await context.close();
    const came = letter();
    assert.deepEqual([came.openid, came.text], [false, "Not after all."]);
    staff("site", "refuse", String(came.number));
  },

  async "words are held while a name belongs to them, and let go on demand"() {
    const context = await chromium.createBrowserContext();
    const page = await form(context, "Held.");
    const tab = await toIssuer(context, page);
    assert.ok(await page.$eval("#text", (one) => one.readOnly));
    await page.bringToFront();
    await page.click('[data-who="op"] .undo button');
    assert.equal(await page.$eval("#text", (one) => one.readOnly), false);
    /* What comes back now is for nobody. */
    await tab.bringToFront();
    await signIn(tab, "late");
    await cameBack(tab, "lost");
    assert.equal(await visible(page, ".is"), false);
    await context.close();
  },

  async "a token under a key that is not the issuer's names nobody, and the comment can be shown without"() {
    await nameOneself(chromium, "Mine.", "mallory");
    const { number } = letter();
    /* The keys are others now: nothing is taken on trust. */
    const file = readFileSync(`${source}/issuers/op.json`, "utf8");
    writeFileSync(`${source}/issuers/op.json`, file.replace(/"x": "[^"]*"/g, `"x": "${"A".repeat(43)}"`));
    const refused = (error) => /names nobody/.test(String(error.stderr));
    assert.throws(() => staff("site", "prove", String(number), source), refused);
    assert.throws(() => staff("site", "accept", String(number), source), refused);
    staff("site", "accept", String(number), source, "--unnamed");
    writeFileSync(`${source}/issuers/op.json`, file);
    build();
    assert.ok(!shown().includes("mallory") && shown().includes("Mine."));
  },

  async "the code for a home page is shown, and is the one that staff look for"() {
    const page = await form(chromium, "With my page.");
    await page.type("#name", "A. Writer");
    await page.click('[name="who"][value="home_page"]');
    await page.type("#page", "https://home.example/~me");
    await page.waitForFunction(() => /^cairn-[0-9a-f]{32}$/.test(document.querySelector(".page-code output").textContent));
    const code = await page.$eval(".page-code output", (one) => one.textContent);
    assert.ok(await visible(page, ".page-code"));
    await page.click('form[data-kind="comment"] button[type="submit"]');
    await status(page, "sent");
    await page.close();
    const came = letter();
    assert.deepEqual([came.code, came.home_page, came.proven], [code, "https://home.example/~me", false]);
    staff("site", "refuse", String(came.number));
  },
};

export async function end() {
  await chromium.close();
  await desk.close();
  issuerServer.closeAllConnections();
  issuerServer.close();
  execFileSync("rm", ["-rf", shared]);
}
