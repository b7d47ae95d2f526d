// SPDX-License-Identifier: GPL-3.0-or-later
//
// Figures of the person's page, in Chromium, from a real relay; rows as bench/measure.c writes them.
//
//	node bench/page.mjs [NAME]
import { appendFileSync } from "node:fs";
import { build } from "esbuild";
import lighthouse from "lighthouse";
import { fill, heading, open, press } from "../tests/browser/browsers.mjs";
import { Desk, plain } from "../tests/browser/desk.mjs";

const RUNS = 5;
const THROTTLE = 6;
const WORDS = "tattered cupcake suspect isolation puma antitoxic";
const TEXT = "I need a safe place to stay. ".repeat(60);

function row(name, value, unit) {
  const figure = Number(value.toPrecision(6));
  console.log(`${name.padEnd(26)} ${String(figure).padStart(12)} ${unit.padEnd(10)} ${"".padStart(12)} ${"".padStart(10)}`);
  if (process.env.BENCH_TSV)
    appendFileSync(process.env.BENCH_TSV, `${name}\t${figure}\t${unit}\t\t\n`);
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function runs(once) {
  const all = [];
  for (let i = 0; i < RUNS; i++)
    all.push(await once());
  return (key) => median(all.map((figures) => figures[key]));
}

async function inPage(does) {
  const browser = await open("chromium");
  try {
    const page = await browser.newPage();
    return await does(page, await page.createCDPSession());
  } finally {
    await browser.close();
  }
}

/* What went over the wire, heads and all, until the first question stands there and the core is ready. */
const load = (desk) => inPage(async (page, cdp) => {
  let bytes = 0;
  const asked = new Set();
  const wire = (url) => url.startsWith("http");
  await cdp.send("Network.enable");
  cdp.on("Network.requestWillBeSent", ({ requestId, request }) => wire(request.url) && asked.add(requestId));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => (bytes += asked.has(requestId) ? encodedDataLength : 0));
  await page.goto(desk.address, { waitUntil: "networkidle0" });
  await page.waitForSelector("main button");
  return { requests: asked.size, kilobytes: bytes / 1000 };
});

/* The same without scripts, until the first question stands there: the page's own button leads to it. */
const loadPlain = (desk) => inPage(async (page, cdp) => {
  let bytes = 0;
  await cdp.send("Network.enable");
  cdp.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.setJavaScriptEnabled(false);
  await page.goto(desk.address, { waitUntil: "networkidle0" });
  await page.focus("noscript button, main form button");
  await Promise.all([page.waitForNavigation({ waitUntil: "networkidle0" }), page.keyboard.press("Enter")]);
  if (!(await page.$eval("h1", (h1) => h1.textContent)).includes("Can anybody else see"))
    throw new Error("the first question does not stand there");
  return { kilobytes: bytes / 1000 };
});

/*
 * The core as the worker drives it (web/person/src), but in the page's own thread: Chromium does not slow workers down.
 * What is counted is the time within the core, not that on the line.
 */
const MEASURE = `
import { Core, Machine } from "./wasm.js";
import { drive } from "./drive.js";

export async function measure(base, id, words, text) {
  const core = await Core.load(await (await fetch(base + "core.wasm")).arrayBuffer());
  let within = 0;
  let sealed = 0;
  const timed = new Proxy({ ...core.call }, { get(call, name) {
    const value = call[name];
    return typeof value !== "function" ? value : (...rest) => {
      const from = performance.now();
      const result = value(...rest);
      within += performance.now() - from;
      /* The first request with a body carries the cell. */
      if (name === "web_next" && !sealed && call.web_request_body_bytes(Machine.Send) > 0)
        sealed = within;
      return result;
    };
  } });
  /* Nobody has words ready at once: the browser compiles well in the meantime. */
  await new Promise((wake) => setTimeout(wake, 2000));
  core.give(Uint8Array.from(id.match(/../g), (pair) => parseInt(pair, 16)));
  core.call.web_client(32, Math.floor(Date.now() / 3600000), 0);
  const from = performance.now();
  let err = core.call.web_words_read(...core.giveTyped(words)) || core.call.web_words_open();
  const opened = performance.now() - from;
  core.call = timed;
  err ||= core.call.web_letter_begin(0);
  const parts = core.call.web_letter_text(core.giveText(text));
  core.call.web_send(1, parts);
  err ||= await drive(core, Machine.Send, { base, progress() {}, signal: new AbortController().signal });
  return { err, parts, opened, sealed };
}`;

async function measuring() {
  const { outputFiles } = await build({
    stdin: { contents: MEASURE, resolveDir: "web/person/src", loader: "ts" }, bundle: true, write: false,
    target: "es2022", format: "iife", globalName: "bench", footer: { js: "window.bench = bench;" },
  });
  return outputFiles[0].text;
}

const core = (desk, source) => inPage(async (page, cdp) => {
  await page.goto(desk.address, { waitUntil: "networkidle0" });
  await page.evaluate(source);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
  const figures = await page.evaluate((...rest) => window.bench.measure(...rest), desk.address, desk.id, WORDS, TEXT);
  if (figures.err !== 0 || figures.parts < 1 || figures.sealed === 0)
    throw new Error(`the core says ${JSON.stringify(figures)}`);
  return figures;
});

/* The longest that the real page's screen stands still while words become keys. */
const still = (desk) => inPage(async (page, cdp) => {
  await page.goto(desk.address, { waitUntil: "networkidle0" });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
  await press(page, "Nobody can see it");
  await press(page, "Go on");
  await press(page, "Yes, I have words or digits");
  await fill(page, "main textarea", WORDS);
  await page.evaluate(() => {
    let last = performance.now();
    window.longest = 0;
    requestAnimationFrame(function frame(now) {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(frame);
    });
  });
  await press(page, "Go on");
  await heading(page, "Nothing for these words so far");
  return { longest: await page.evaluate("window.longest") };
});

const CATEGORIES = ["performance", "accessibility", "best-practices"];

async function lights(desk) {
  const browser = await open("chromium");
  try {
    const { lhr } = await lighthouse(desk.address,
      { port: Number(new URL(browser.wsEndpoint()).port), onlyCategories: CATEGORIES, logLevel: "error" });
    return Object.fromEntries(CATEGORIES.map((name) => [name, 100 * lhr.categories[name].score]));
  } finally {
    await browser.close();
  }
}

/* What gives which rows. */
const figures = [
  [["page_bytes", "page_requests"], async (desk) => {
    const figure = await runs(() => load(desk));
    row("page_bytes", figure("kilobytes"), "KB");
    row("page_requests", figure("requests"), "requests");
  }],
  [["page_noscript_bytes"], async (desk) => row("page_noscript_bytes", (await runs(() => loadPlain(desk)))("kilobytes"), "KB")],
  [["page_seal_ms", "page_words_ms"], async (desk) => {
    const source = await measuring();
    const figure = await runs(() => core(desk, source));
    row("page_seal_ms", figure("sealed"), "ms");
    row("page_words_ms", figure("opened"), "ms");
  }],
  [["page_still_ms"], async (desk) => row("page_still_ms", (await runs(() => still(desk)))("longest"), "ms")],
  [CATEGORIES.map((name) => `lighthouse_${name.replace("-", "_")}`), async (desk) => {
    const figure = await runs(() => lights(desk));
    for (const name of CATEGORIES)
      row(`lighthouse_${name.replace("-", "_")}`, figure(name), "of 100");
  }],
];

const only = process.argv[2];
const chosen = figures.filter(([names]) => only === undefined || names.includes(only));
if (chosen.length === 0) {
  console.error(`bench: no figure is called ${only}`);
  process.exit(1);
}
const desk = await Desk.open({ config: `languages all\nplain 1 ${plain}\n` });
try {
  for (const [, figure] of chosen)
    await figure(desk);
} finally {
  await desk.close();
}
