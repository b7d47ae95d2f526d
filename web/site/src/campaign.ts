// SPDX-License-Identifier: GPL-3.0-or-later
import { drive, type Line } from "../../person/src/drive.js";
import { Core, ERR, Machine, OK, Type } from "../../person/src/wasm.js";
import { countries, hex, codeText, codeBytes } from "./forms.js";
import { giveComment, nameMe, type Named, type Words } from "./naming.js";

/*
 * The forms of the campaign door: what is filled in is sealed by the core, in this page, to the desk's key, and goes to
 * the desk's relay as one cell of the size of all others. This script carries and knows no cryptography.
 */

const CELL_TEXT_MAX = 5500;
const TOKEN_USUAL = 1500; /* what is left for a token before there is one */
const HOME_PAGE = "home_page"; /* as a way of being shown: no issuer can have that name */
const utf8 = new TextEncoder();

type Record = [type: Type, value: Uint8Array];
interface Cell { records: Record[]; text: string }

let core: Core | undefined;

async function load(form: HTMLFormElement): Promise<Core> {
  if (!core) {
    const answer = await fetch(form.dataset["core"]!, { credentials: "omit" });
    core = await Core.load(await answer.arrayBuffer());
  }
  return core;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
}

function say(form: HTMLFormElement, what: string): void {
  form.querySelector(".status")!.textContent = form.querySelector<HTMLElement>(".status")!.dataset[what] ?? "";
}

function value(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name) as HTMLInputElement | null;
  return field && !field.closest("[hidden]") ? field.value.trim() : "";
}

const optional = (type: Type, text: string): Record[] => text === "" ? [] : [[type, utf8.encode(text)]];

/* ---- sending ---- */

function client(loaded: Core, form: HTMLFormElement): number {
  const desk = bytesOf(form.dataset["desk"]!), identity = bytesOf(form.dataset["identity"]!);
  const both = new Uint8Array(desk.length + identity.length);
  both.set(desk);
  both.set(identity, desk.length);
  loaded.give(both);
  return loaded.call.web_client(both.length, Math.floor(Date.now() / 3_600_000), 0);
}

function fill(loaded: Core, { records, text }: Cell): number {
  const { call } = loaded;
  let err = call.web_letter_begin(0);
  for (const [type, bytes] of records)
    if (err === OK)
      err = call.web_letter_put(0, type, loaded.give(bytes));
  if (err === OK && text !== "")
    err = Math.min(call.web_letter_text(loaded.giveText(text)), 0);
  return err;
}

/* A cell that could not be sent goes again as it was, so that the desk counts it once. */
const waiting = new WeakMap<HTMLFormElement, string>();

async function send(form: HTMLFormElement, cell: Cell): Promise<number> {
  const loaded = await load(form);
  const line: Line = { base: form.dataset["relay"]!, progress: () => undefined, signal: new AbortController().signal };
  const what = JSON.stringify(cell.records.map(([type, bytes]) => [type, hex(bytes)])) + cell.text;
  let err = client(loaded, form);
  if (err === OK && waiting.get(form) !== what)
    err = fill(loaded, cell);
  if (err !== OK)
    return err;
  waiting.set(form, what);
  loaded.call.web_send_unnamed(1);
  err = await drive(loaded, Machine.Send, line);
  if (err === OK)
    waiting.delete(form);
  return err;
}

async function sendAndSay(form: HTMLFormElement, cell: Cell): Promise<boolean> {
  const fields = form.querySelector("fieldset")!;
  say(form, "sending");
  fields.disabled = true;
  let err: number = ERR.IO;
  try {
    err = await send(form, cell);
  } catch {
    /* Told below. */
  }
  fields.disabled = false;
  say(form, err === OK ? "sent" : err === ERR.UNKNOWN ? "later" : "failed");
  return err === OK;
}

/* ---- petitions ---- */

/* Drawn once for each form: whoever presses twice is one signer. */
const codes = new WeakMap<HTMLFormElement, Uint8Array>();

async function drawn(form: HTMLFormElement): Promise<Uint8Array> {
  let both = codes.get(form);
  if (!both) {
    const loaded = await load(form);
    both = loaded.take(loaded.call.web_code_new(loaded.giveText(form.dataset["petition"]!)));
    codes.set(form, both);
  }
  return both;
}

async function sign(form: HTMLFormElement): Promise<void> {
  const both = await drawn(form);
  const petition = utf8.encode(form.dataset["petition"]!);
  const signature = new Uint8Array(32 + petition.length);
  signature.set(both.slice(16, 48));
  signature.set(petition, 32);
  const sent = await sendAndSay(form, { text: "", records: [
    [Type.Signature, signature], ...optional(Type.Name, value(form, "name")), ...optional(Type.Country, value(form, "country")),
    ...optional(Type.EMail, value(form, "e-mail")),
  ] });
  if (!sent)
    return;
  form.querySelector<HTMLElement>(".code")!.hidden = false;
  form.querySelector(".code output")!.textContent = codeText(both.slice(0, 16));
  form.querySelector<HTMLFieldSetElement>("fieldset")!.disabled = true;
}

/* In a country that the desk listed nothing is asked that could name anybody, and it is said what is safe. */
function watchCountry(form: HTMLFormElement): void {
  const chosen = form.elements.namedItem("country") as HTMLSelectElement;
  const hostile = (form.dataset["hostile"] ?? "").split(/[ ,]+/).filter((code) => code !== "");
  const mail = form.querySelector<HTMLElement>(".e-mail");
  const warning = form.querySelector<HTMLElement>(".hostile");
  const follow = () => {
    const danger = hostile.includes(chosen.value);
    if (warning)
      warning.hidden = !danger;
    /* Who does not say where he is might be there. */
    if (mail)
      mail.hidden = danger || chosen.value === "" || form.dataset["eMail"] !== "yes";
  };
  chosen.addEventListener("change", follow);
  follow();
}

async function marks(form: HTMLFormElement, code: Uint8Array): Promise<boolean> {
  const loaded = await load(form);
  const petition = utf8.encode(form.dataset["petition"]!);
  const both = new Uint8Array(16 + petition.length);
  both.set(code);
  both.set(petition, 16);
  const mark = hex(loaded.take(loaded.call.web_mark(loaded.give(both)))).slice(0, 32);
  const about = await fetch(`${form.dataset["marks"]}.json`, { cache: "no-cache", credentials: "omit" });
  if (!about.ok)
    return false;
  const digits = ((await about.json()) as { "shard-digits": number })["shard-digits"];
  const file = await fetch(`${form.dataset["marks"]}/${digits > 0 ? mark.slice(0, digits) : "all"}.txt`,
    { cache: "no-cache", credentials: "omit" });
  return file.ok && (await file.text()).split("\n").includes(mark);
}

async function withCode(form: HTMLFormElement, what: string): Promise<void> {
  const code = codeBytes(value(form, "code"));
  if (!code)
    return say(form, "bad");
  if (what === "look")
    return say(form, await marks(form, code) ? "counted" : "absent");
  const petition = utf8.encode(form.dataset["petition"]!);
  const withdrawal = new Uint8Array(16 + petition.length);
  withdrawal.set(code);
  withdrawal.set(petition, 16);
  await sendAndSay(form, { text: "", records: [[Type.Withdrawal, withdrawal]] });
}

/* ---- comments and gatherings ---- */

/* Which entry is behind the #, as the entry's page has linked here. */
function entry(): string {
  const id = location.hash.slice(1);
  return /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(id) ? id : "";
}

/* A name that was typed, and whose field is not shown any more, does not go along. */
const words = (form: HTMLFormElement): Words => ({ entry: entry(), text: value(form, "text"),
  name: form.querySelector<HTMLElement>(".as-name")!.hidden ? "" : value(form, "name") });
const who = (form: HTMLFormElement) => (form.elements.namedItem("who") as RadioNodeList).value;
const box = (form: HTMLFormElement) => [...form.querySelectorAll<HTMLElement>(".as")].find((one) => one.dataset["who"] === who(form));

/* What an issuer said, and how to forget it. */
interface Naming { named?: Named; undo: () => void }
const naming = new WeakMap<HTMLFormElement, Naming>();

/* A token holds for these words alone: while there is one, or one is on its way, they stay as they are. */
function freeze(form: HTMLFormElement, frozen: boolean): void {
  (form.elements.namedItem("text") as HTMLTextAreaElement).readOnly = frozen;
  for (const radio of form.querySelectorAll<HTMLInputElement>('[name="who"]'))
    radio.disabled = frozen;
  const shown = box(form);
  for (const [part, hidden] of [[".name-me", frozen], [".waits", !frozen], [".undo", !frozen], [".is", true]] as const)
    shown?.querySelector<HTMLElement>(part)?.toggleAttribute("hidden", hidden);
}

function unname(form: HTMLFormElement): void {
  naming.get(form)?.undo();
  naming.delete(form);
  freeze(form, false);
}

/* Within a click, and so without waiting for anything: the button is there once the core is. */
function startNaming(form: HTMLFormElement, issuer: HTMLElement): void {
  const said = words(form);
  if (!core || said.entry === "" || said.text === "")
    return say(form, "missing");
  if (utf8.encode(said.text).length > CELL_TEXT_MAX - TOKEN_USUAL)
    return say(form, "long");
  freeze(form, true);
  const undo = nameMe(core, issuer.dataset, said, new URL(form.dataset["return"]!, location.href).href, (named) => {
    if (!named) {
      unname(form);
      return say(form, "refused");
    }
    naming.set(form, { named, undo });
    issuer.querySelector(".is output")!.textContent = named.name;
    issuer.querySelector<HTMLElement>(".is")!.hidden = false;
    issuer.querySelector<HTMLElement>(".waits")!.hidden = true;
  });
  naming.set(form, { undo });
}

async function pageCode(form: HTMLFormElement): Promise<void> {
  const said = words(form), shown = form.querySelector<HTMLElement>(".page-code")!;
  const there = who(form) === HOME_PAGE && said.entry !== "" && said.text !== "";
  if (there) {
    const loaded = await load(form);
    const hash = hex(loaded.take(loaded.call.web_comment(...giveComment(loaded, said))));
    shown.querySelector("output")!.textContent = `cairn-${hash.slice(0, 32)}`;
  }
  shown.hidden = !there;
}

/* What goes with each way of being shown; undefined, and it was said why: not yet. */
function proofOf(form: HTMLFormElement): Record[] | undefined {
  const kind = who(form), page = value(form, "page"), named = naming.get(form)?.named;
  if (kind === "")
    return [];
  if (kind === HOME_PAGE && /^https:\/\/[!-~]+$/.test(page))
    return [[Type.Proof, utf8.encode(`\u0002${page}`)]];
  if (kind !== HOME_PAGE && named) {
    const proof = new Uint8Array(17 + named.token.length);
    proof[0] = 1;
    proof.set(named.blind, 1);
    proof.set(utf8.encode(named.token), 17);
    return [[Type.Proof, proof]];
  }
  say(form, kind === HOME_PAGE ? "missing" : "unnamed");
  return undefined;
}

async function comment(form: HTMLFormElement): Promise<void> {
  const { entry: id, name, text } = words(form);
  if (id === "" || text === "")
    return say(form, "missing");
  const proof = proofOf(form);
  if (!proof)
    return;
  if (utf8.encode(text).length > CELL_TEXT_MAX - (proof[0]?.[1].length ?? 0))
    return say(form, "long");
  if (!await sendAndSay(form, { text, records: [[Type.Comment, utf8.encode(id)], ...optional(Type.Name, name), ...proof] }))
    return;
  unname(form);
  form.reset();
  watchWho(form);
}

/* Shows what belongs to the way of being shown that was chosen. */
function watchWho(form: HTMLFormElement): void {
  const kind = who(form);
  for (const one of form.querySelectorAll<HTMLElement>(".as"))
    one.hidden = one.dataset["who"] !== kind;
  form.querySelector<HTMLElement>(".as-name")!.hidden = kind !== "" && kind !== HOME_PAGE;
  const button = box(form)?.querySelector<HTMLButtonElement>(".name-me");
  if (button)
    load(form).then(() => (button.disabled = false), () => say(form, "failed"));
}

function prepareComment(form: HTMLFormElement): void {
  for (const radio of form.querySelectorAll('[name="who"]'))
    radio.addEventListener("change", () => watchWho(form));
  for (const one of form.querySelectorAll<HTMLElement>(".as")) {
    one.querySelector(".name-me")?.addEventListener("click", () => startNaming(form, one));
    one.querySelector(".undo button")?.addEventListener("click", () => unname(form));
  }
  form.addEventListener("input", () => void pageCode(form).catch(() => say(form, "failed")));
  watchWho(form);
}

async function gathering(form: HTMLFormElement): Promise<void> {
  const [begins, zone, title, place, country] = ["begins", "zone", "title", "place", "country"].map((name) => value(form, name));
  const text = value(form, "text");
  if (!begins || !zone || !title || !place || !country)
    return say(form, "missing");
  if (utf8.encode(text).length > CELL_TEXT_MAX)
    return say(form, "long");
  const sent = await sendAndSay(form, { text, records: [
    [Type.Gathering, utf8.encode(begins.slice(0, 16) + zone)], ...optional(Type.Title, title), ...optional(Type.Place, place),
    ...optional(Type.Country, country),
  ] });
  if (sent)
    form.reset();
}

/* ---- the page ---- */

function fillCountries(select: HTMLSelectElement): void {
  const names = new Intl.DisplayNames([document.documentElement.lang, "en"], { type: "region" });
  const all = countries.map((code) => ({ code, name: names.of(code) ?? code }));
  all.sort((a, b) => a.name.localeCompare(b.name, document.documentElement.lang));
  select.append(...all.map(({ code, name }) => new Option(name, code)));
}

function fillZones(select: HTMLSelectElement): void {
  const zones = (Intl as unknown as { supportedValuesOf?: (what: string) => string[] }).supportedValuesOf?.("timeZone") ?? [];
  select.append(...zones.filter((zone) => zone !== "UTC").map((zone) => new Option(zone, zone)));
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zones.includes(own))
    select.value = own;
}

const kinds: { [kind: string]: (form: HTMLFormElement, what: string) => Promise<void> } = {
  signature: sign, code: withCode, comment, gathering,
};

document.documentElement.classList.add("script");
for (const form of document.querySelectorAll<HTMLFormElement>("form.campaign")) {
  const act = kinds[form.dataset["kind"] ?? ""];
  const country = form.elements.namedItem("country"), zone = form.elements.namedItem("zone");
  if (country)
    fillCountries(country as HTMLSelectElement);
  if (zone)
    fillZones(zone as HTMLSelectElement);
  if (form.dataset["kind"] === "signature")
    watchCountry(form);
  if (form.dataset["kind"] === "comment")
    prepareComment(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter as HTMLButtonElement | null;
    act?.(form, button?.value ?? "").catch(() => say(form, "failed"));
  });
  form.querySelector<HTMLFieldSetElement>("fieldset")!.disabled = false;
}
for (const button of document.querySelectorAll(".copy-code"))
  button.addEventListener("click", () => void navigator.clipboard?.writeText(button.previousElementSibling!.textContent ?? ""));
for (const name of document.querySelectorAll<HTMLElement>(".entry-name")) {
  const link = name.querySelector("a")!;
  if (entry() !== "") {
    link.href = `../entries/${entry()}.html`;
    link.append(`: ${entry()}`);
  }
}
