// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a site of 10,000 entries takes, beside what Hugo takes for the same entries in the same minutes, and how large
// a page of the worked example is:
//	node bench/site.mjs [NAME]
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ENTRIES = 10_000;
const RUNS = 3;
const cairn = resolve("build/src/cli/cairn");
mkdirSync("build/bench", { recursive: true });
const root = mkdtempSync("build/bench/site-");
const wanted = process.argv[2];

function row(name, value, unit, compared) {
  if (wanted && wanted !== name)
    return;
  const beside = compared === undefined ? "" : compared.toPrecision(6);
  const ratio = compared === undefined ? "" : (value / compared).toPrecision(6);
  console.log(`${name.padEnd(26)} ${value.toPrecision(6).padStart(12)} ${unit.padEnd(10)} ${beside.padStart(12)} ${ratio.padStart(10)}`);
  if (process.env.BENCH_TSV)
    appendFileSync(process.env.BENCH_TSV, [name, value.toPrecision(6), unit, beside, ratio].join("\t") + "\n");
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/* How long it took, and how much of processors' time: what a machine that others use as well says nothing of. */
function measure(program, ...words) {
  const before = process.hrtime.bigint();
  const said = execFileSync("sh", ["-c", '"$@" >/dev/null && times', "sh", program, ...words], { encoding: "utf8" });
  const wall = Number(process.hrtime.bigint() - before) / 1e6;
  const processor = [...said.split("\n")[1].matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + 60e3 * m + 1e3 * s, 0);
  return { wall, processor };
}

/* The same numbers in each run. */
let seed = 12345;
const dice = (n) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % n;
const vocabulary = Array.from({ length: 5000 }, () => Array.from({ length: 3 + dice(7) }, () => String.fromCharCode(97 + dice(26))).join(""));
const sentence = (n) => Array.from({ length: n }, () => vocabulary[dice(vocabulary.length)]).join(" ") + ".";

function entry(i) {
  const day = new Date(Date.UTC(2000, 0, 1 + Math.floor(i * 2 / 3))).toISOString().slice(0, 10);
  const paragraphs = Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => sentence(6 + dice(9))).join(" "));
  return { day, title: sentence(7).slice(0, -1), summary: sentence(18), tags: [`tag${dice(40)}`, `tag${dice(40)}`],
    body: `${paragraphs.join("\n\n")}\n\n## ${sentence(3)}\n\n* ${sentence(5)}\n* ${sentence(5)}\n\nA [link](https://a.example/${i}).\n` };
}

const here = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

function write() {
  for (const folder of ["ours/entries", "hugo/content/entries", "hugo/layouts/_default"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "ours/site.md"), "---\ntitle: Bench\nlang: en\nbase: https://site.example/\n---\nAbout.\n");
  writeFileSync(join(root, "hugo/config.toml"), 'baseURL = "https://site.example/"\ntitle = "Bench"\n');
  for (const name of ["single", "list"])
    writeFileSync(join(root, `hugo/layouts/_default/${name}.html`), here(`hugo/${name}.html`));
  for (let i = 0; i < ENTRIES; i++) {
    const { day, title, summary, tags, body } = entry(i);
    const name = `e${String(i).padStart(5, "0")}.md`;
    const ours = join(root, "ours/entries", name);
    writeFileSync(ours, `---\ndate: ${day}\ntitle: ${title}\ntags: ${tags.join(", ")}\nsummary: ${summary}\n` +
      `source: https://s.example/${i} | Source ${i} | a newspaper\n---\n${body}`);
    utimesSync(ours, 1_500_000_000, 1_500_000_000);
    writeFileSync(join(root, "hugo/content/entries", name),
      `---\ntitle: "${title}"\ndate: ${day}\ntags: [${tags.join(", ")}]\nsummary: "${summary}"\n---\n${body}`);
  }
}

function speed() {
  const full = [], hugo = [], one = [];
  write();
  /* Each into a folder of its own: to delete ten thousand files takes the disk's time afterwards. */
  for (let i = 0; i < RUNS; i++) {
    full.push(measure(cairn, "site", "build", join(root, "ours"), join(root, `ours-${i}`), "--no-pictures"));
    hugo.push(measure("hugo", "--quiet", "-s", join(root, "hugo"), "-d", resolve(root, `hugo-${i}`)));
  }
  for (let i = 0; i < 2 * RUNS + 1; i++) {
    appendFileSync(join(root, `ours/entries/e0${5000 + i}.md`), "\nOne more line.\n");
    one.push(measure(cairn, "site", "build", join(root, "ours"), join(root, "ours-0"), "--no-pictures"));
  }
  const wall = (runs) => median(runs.map((run) => run.wall));
  const processor = (runs) => median(runs.map((run) => run.processor));
  row("site_build_full", wall(full), "ms");
  row("site_build_one", wall(one), "ms");
  row("site_vs_hugo", wall(full), "ms", wall(hugo));
  row("site_full_processor", processor(full), "ms", processor(hugo));
  row("site_one_processor", processor(one), "ms");
}

/* An entry's page with all that it names to be loaded, pictures apart. */
function bytes() {
  const out = join(root, "example");
  execFileSync(cairn, ["site", "build", "examples/chechnya-2017", out, "--no-pictures"], { stdio: "ignore" });
  const page = "en/entries/they-have-long-arms.html";
  const loads = [...readFileSync(join(out, page), "utf8").matchAll(/<(?:script src|link rel="(?:icon|stylesheet)" href)="([^"]+)"/g)];
  const files = [page, ...loads.map(([, url]) => new URL(url, `http://x/${page}`).pathname)];
  row("site_bytes", files.reduce((sum, file) => sum + statSync(join(out, file)).size, 0) / 1024, "KB");
}

try {
  if (!wanted || wanted !== "site_bytes")
    speed();
  if (!wanted || wanted === "site_bytes")
    bytes();
} finally {
  rmSync(root, { recursive: true, force: true });
}
