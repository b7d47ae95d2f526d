// SPDX-License-Identifier: GPL-3.0-or-later
import { Engine } from "./engine.js";
import { h } from "./dom.js";
import { listen } from "./leave.js";
import { chooseLanguage, language, languages, offer, setLanguage, t } from "./messages.js";
import { begin } from "./screens/begin.js";
import { trouble } from "./screens/trouble.js";
import { emptyLetter, type Story } from "./state.js";
import { ERR } from "./wasm.js";
import { coreBytes, workerSource } from "parts"; /* made by build.mjs: fetched, or within the single file */

/* <meta name="cairn" content="desk=<hex> identity=<hex> languages=all|reviewed name=<percent-encoded> asks=<the same>,... base=<url> exit=<url>"> */
function told(): Record<string, string> {
  const content = document.querySelector<HTMLMetaElement>('meta[name="cairn"]')?.content ?? "";
  return Object.fromEntries(content.split(" ").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

function unhex(text = ""): Uint8Array {
  return new Uint8Array((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

function footer(story: Story): void {
  const select = h("select", { "aria-label": "Language", autocomplete: "off" },
    ...languages().map(({ tag, name, reviewed }) =>
      h("option", { value: tag, lang: tag }, reviewed ? name : `${name} *`)));

  select.value = language();
  select.addEventListener("change", () => {
    setLanguage(select.value);
    dress();
    begin(story);
  });
  document.querySelector("footer")!.replaceChildren(select);
}

/* What stands around every screen. */
function dress(): void {
  document.title = t("Write");
  document.getElementById("leave")!.textContent = t("Leave");
}

const LONGEST_WAIT_MS = 15_000;

/* Until it is there: the line may be bad, and somebody may be typing already. */
async function patiently(base: string): Promise<ArrayBuffer> {
  for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await coreBytes(base);
    } catch {
      await new Promise<void>((wake) => setTimeout(wake, wait));
    }
  }
}

async function start(): Promise<void> {
  const { desk, identity, base: from, exit, name, asks, languages: offered } = told();
  const base = new URL(from || ".", location.href).href;
  const engine = new Engine(workerSource);
  const story: Story = {
    engine, words: "", fresh: false, open: false, draft: emptyLetter(), messages: [], more: false, since: undefined, boardHour: 0,
    exit: exit ?? "about:blank", base, deskName: decodeURIComponent(name ?? ""),
    asks: (asks ?? "").split(",").filter((ask) => ask !== "").map(decodeURIComponent),
  };

  offer(offered === "all");
  chooseLanguage();
  listen(story);
  dress();
  footer(story);
  begin(story);
  try {
    await engine.begin(await patiently(base),
      { id: unhex(desk), identity: unhex(identity), base, clockShift: 0, clockRight: false });
  } catch {
    /* No memory for it, or a browser that is set not to run it. */
    trouble(story, ERR.NOMEM, 0, () => location.reload());
  }
}

/* Within another page's frame the other could lie about what is asked here. The relay forbids it; a file cannot. */
if (window.top === window)
  void start();
else
  document.documentElement.replaceChildren();
