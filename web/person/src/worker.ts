// SPDX-License-Identifier: GPL-3.0-or-later
import { drive, type Line, sleep } from "./drive.js";
import type { Call, Desk, Letter, Message, Outcome, Reply } from "./talk.js";
import { Core, ERR, Machine, OK, Type } from "./wasm.js";

/*
 * The page's other half: the core runs here, so that the screen stays alive while it works. Every secret stands in
 * this one worker; ending it, or forget, is the end of them.
 */

const INTAKE = 1;
const WAIT_MS = 5000; /* before a file goes on over a line that broke for long */

let core: Core;
let line: Line;
let desk: Desk;
let stopping = new AbortController();
let ready = 0; /* letters that are made and wait to be sent */

const utf8 = new TextEncoder();

function report(part: string): void {
  self.postMessage({ progress: part, sent: core.call.web_attach_sent(), count: core.call.web_attach_count() });
}

function begin(bytes: ArrayBuffer, of: Desk): Promise<number> {
  desk = of;
  line = { base: of.base, progress: report, signal: stopping.signal };
  return Core.load(bytes).then((loaded) => {
    core = loaded;
    return OK;
  });
}

function starts(): void {
  stopping = new AbortController();
  line.signal = stopping.signal;
}

/* Before each machine: which desk, and the hour that the browser's clock, or the person, says. */
function client(): number {
  const id = new Uint8Array(desk.identity.length + desk.id.length);
  id.set(desk.id);
  id.set(desk.identity, desk.id.length);
  core.give(id);
  return core.call.web_client(id.length, Math.floor((Date.now() + desk.clockShift) / 3_600_000), desk.clockRight ? 1 : 0);
}

/* ---- words ---- */

function wordsNew(list: number): string {
  return core.takeText(core.call.web_words_new(list));
}

function wordsRead(words: string): { err: number; bad: number } {
  const err = core.call.web_words_read(...core.giveTyped(words));
  return { err, bad: core.call.web_words_bad() };
}

function wordsOpen(words: string): number {
  client();
  const { err } = wordsRead(words);
  return err === OK ? core.call.web_words_open() : err;
}

/* ---- sending ---- */

function u32(n: number): Uint8Array {
  return new Uint8Array([n >>> 24, n >>> 16, n >>> 8, n]);
}

function put(type: Type, value: Uint8Array): number {
  return core.call.web_letter_put(0, type, core.give(value));
}

function putNumbered(type: Type, number: number[], words: string): number {
  const tail = utf8.encode(words);
  const value = new Uint8Array(number.length + tail.length);
  value.set(number);
  value.set(tail, number.length);
  return put(type, value);
}

/* What goes beside the text, into the first cell. The first thing that does not fit is told. */
function putRecords(letter: Letter): number {
  const steps: (() => number)[] = [];
  if (letter.language)
    steps.push(() => put(Type.Language, utf8.encode(letter.language)));
  if (letter.needs?.length)
    steps.push(() => put(Type.Need, new Uint8Array(letter.needs!)));
  if (letter.urgency)
    steps.push(() => put(Type.Urgency, new Uint8Array([letter.urgency!])));
  for (const w of letter.windows ?? [])
    steps.push(() => put(Type.AnswerWindow, new Uint8Array([w.from >> 8, w.from, w.to >> 8, w.to, w.days])));
  if (letter.checkIn)
    steps.push(() => put(Type.CheckIn, u32(letter.checkIn!)));
  if (letter.allClear)
    steps.push(() => put(Type.AllClear, utf8.encode(letter.allClear)));
  for (const s of letter.statements ?? [])
    steps.push(() => putNumbered(Type.Statement, [s.slot], s.text));
  for (const a of letter.answers ?? [])
    if (a.text.trim() !== "")
      steps.push(() => putNumbered(Type.Answer, [a.id >> 8, a.id], a.text));
  if (letter.second)
    steps.push(() => core.call.web_letter_put_second(0, ...core.giveTyped(letter.second!)));
  for (const step of steps) {
    const err = step();
    if (err !== OK)
      return err;
  }
  return OK;
}

async function attach(file: { bytes: Blob; type: string }): Promise<number> {
  const err = core.call.web_attach(INTAKE, file.bytes.size, core.giveText(file.type));
  if (err !== OK)
    return err;
  let gone = false; /* moved, changed, or on a card that was taken out */
  const read = async (at: number, bytes: number) => {
    try {
      return new Uint8Array(await file.bytes.slice(at, at + bytes).arrayBuffer());
    } catch {
      gone = true;
      return new Uint8Array();
    }
  };
  for (;;) {
    const end = await drive(core, Machine.Attach, line, read);
    if (gone)
      return ERR.RANGE;
    if (end !== ERR.IO && end !== ERR.BUSY || line.signal.aborted)
      return end;
    /* The line broke for long: the person sees so, and may stop; until then it goes on where it was. */
    report("waiting");
    await sleep(WAIT_MS, line.signal);
    core.call.web_attach_resume();
  }
}

/* Files first, then the cells' contents. Returns how many letters there are now, or a cairn_err. */
async function make(letter: Letter): Promise<number> {
  let err = core.call.web_letter_begin(0);
  if (err === OK)
    err = putRecords(letter);
  for (const file of letter.files ?? []) {
    if (err === OK)
      err = await attach(file);
    if (err === OK)
      err = core.call.web_letter_put_manifest(0);
  }
  if (err !== OK)
    return err;
  if (letter.text === "")
    return 1;
  const bytes = core.giveText(letter.text);
  return bytes < 0 ? ERR.SPACE : core.call.web_letter_text(bytes);
}

/*
 * Sends a letter. Again is the same one, as it was made: the desk knows its cells by their numbers and drops
 * those that had come, so that nothing is there twice.
 */
async function send(letter: Letter, again: boolean): Promise<Outcome> {
  let err = client();
  starts();
  if (err === OK && !(again && ready > 0)) {
    ready = 0;
    ready = await make(letter);
  }
  if (err === OK && ready <= 0)
    err = ready;
  if (err === OK) {
    core.call.web_send(INTAKE, ready);
    err = await drive(core, Machine.Send, line);
  }
  const count = Math.max(ready, 0);
  if (err === OK)
    ready = 0;
  return { err, sent: core.call.web_sent(), count, ...board(Machine.Send) };
}

/* ---- looking ---- */

function board(machine: Machine): { boardHour: number; deskName: string; neverAsks: string[] } {
  const neverAsks: string[] = [];
  for (let i = 0; i < 32; i++) {
    const bytes = core.call.web_card_never_asks(machine, i);
    if (bytes < 0)
      break;
    neverAsks.push(core.takeText(bytes));
  }
  return {
    boardHour: core.call.web_board_hour(machine),
    deskName: core.takeText(core.call.web_card_name(machine)),
    neverAsks,
  };
}

const text = new TextDecoder("utf-8");

function record(message: Message, type: number, value: Uint8Array): void {
  const view = new DataView(value.buffer);
  if (type === Type.Text)
    message.texts.push({
      group: Array.from(value.slice(0, 8), (b) => b.toString(16).padStart(2, "0")).join(""),
      part: value[8]!, parts: value[9]!, text: text.decode(value.slice(10)),
    });
  else if (type === Type.Question)
    message.questions.push({ id: view.getUint16(0), text: text.decode(value.slice(2)) });
  else if (type === Type.Received)
    message.received++;
  else if (type === Type.CheckInDue)
    message.checkInDue = view.getUint32(0);
  else if (type === Type.AnswerBy)
    message.answerBy = view.getUint32(0);
}

function message(i: number): Message {
  const found: Message = { hour: core.call.web_found_hour(i), texts: [], questions: [], received: 0 };
  core.call.web_found_open(i);
  for (let type; (type = core.call.web_record_next()) !== 0;)
    record(found, type, core.take(core.call.web_record_bytes()));
  return found;
}

async function look(since: number | undefined, all: boolean): Promise<Outcome & { messages: Message[]; more: boolean }> {
  let err = client();
  starts();
  core.call.web_look(since === undefined ? 0 : 1, since ?? 0, all ? 1 : 0);
  if (err === OK)
    err = await drive(core, Machine.Look, line);
  const messages = err === OK ? Array.from({ length: core.call.web_found() }, (_, i) => message(i)) : [];
  return { err, sent: 0, count: 0, messages, more: core.call.web_found_more() !== 0, ...board(Machine.Look) };
}

/* ---- the page calls ---- */

async function answer(call: Call): Promise<Reply> {
  switch (call.name) {
    case "begin": return begin(call.core, call.desk);
    case "clock": desk.clockShift = call.shift; desk.clockRight = call.right; return OK;
    case "wordsNew": return wordsNew(call.list);
    case "wordsRead": return wordsRead(call.words);
    case "wordsOpen": return wordsOpen(call.words);
    case "send": return send(call.letter, call.again);
    case "look": return look(call.since, call.all);
    case "stop": stopping.abort(); return OK;
    case "forget": stopping.abort(); core?.call.web_forget(); return OK;
  }
}

self.onmessage = async (event: MessageEvent<{ id: number; call: Call }>) => {
  const { id, call } = event.data;
  try {
    self.postMessage({ id, reply: await answer(call) });
  } catch {
    self.postMessage({ id, reply: ERR.STATE });
  }
};
