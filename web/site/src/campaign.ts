// SPDX-License-Identifier: GPL-3.0-or-later
import { drive, type Line } from "../../person/src/drive.js";
import { Core, ERR, Machine, OK, Type } from "../../person/src/wasm.js";
import { countries, hex, codeText, codeBytes } from "./forms.js";

/*
 * The forms of the campaign door: what is filled in is sealed by the core, in this page, to the desk's key, and goes to
 * the desk's relay as one cell of the size of all others. This script carries and knows no cryptography.
 */

const CELL_TEXT_MAX = 5500;
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

async function comment(form: HTMLFormElement): Promise<void> {
  const id = entry(), text = value(form, "text"), page = value(form, "page");
  if (id === "" || text === "" || (page !== "" && !/^https:\/\/[!-~]+$/.test(page)))
    return say(form, "missing");
  if (utf8.encode(text).length > CELL_TEXT_MAX - utf8.encode(page).length)
    return say(form, "long");
  const proof: Record[] = page === "" ? [] : [[Type.Proof, utf8.encode(`\u0002${page}`)]];
  if (await sendAndSay(form, { text, records: [[Type.Comment, utf8.encode(id)], ...optional(Type.Name, value(form, "name")), ...proof] }))
    form.reset();
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
