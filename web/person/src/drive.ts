// SPDX-License-Identifier: GPL-3.0-or-later
import { Core, ERR, Machine, Step } from "./wasm.js";

/*
 * Drives a machine of the core over a broken line: does each request it names, again after a while where there
 * was no answer, and gives up after many times. A request is the same each time, so repeating is harmless.
 */

const TRIES = 6;
const FIRST_WAIT_MS = 1000;
const TIMEOUT_MS = 90_000;

export interface Line {
  base: string; /* ends in /d/<desk_id>/ */
  progress(part: string): void;
  signal: AbortSignal; /* aborted: whoever waits wants no more */
}

/* Sooner where it is to stop. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((wake) => {
    const timer = setTimeout(wake, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), wake()), { once: true });
  });
}

/* Between half and one and a half of it, so that many pages do not come back together. */
function jitter(ms: number): number {
  return ms / 2 + Math.random() * ms;
}

function request(core: Core, machine: Machine): { path: string; options: RequestInit; most: number } {
  const { call } = core;
  const method = core.takeText(call.web_request_method(machine));
  const path = core.takeText(call.web_request_path(machine));
  const work = core.takeText(call.web_request_work(machine));
  const body = core.view(call.web_request_body(machine), call.web_request_body_bytes(machine)).slice();
  return {
    path,
    most: call.web_request_answer_max(machine),
    options: {
      method,
      body: method === "GET" ? undefined : body,
      headers: work === "" ? {} : { "Cairn-Work": work },
      cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", redirect: "error",
    },
  };
}

async function once(line: Line, path: string, options: RequestInit, most: number) {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  const timer = setTimeout(giveUp, TIMEOUT_MS);
  line.signal.addEventListener("abort", giveUp);
  try {
    const answer = await fetch(line.base + path, { ...options, signal: stop.signal });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: bytes.length > most ? 0 : answer.status, bytes };
  } finally {
    clearTimeout(timer);
    line.signal.removeEventListener("abort", giveUp);
  }
}

async function ask(core: Core, machine: Machine, line: Line) {
  const { path, options, most } = request(core, machine);
  for (let tries = 0; tries < TRIES && !line.signal.aborted; tries++) {
    try {
      const answer = await once(line, path, options, most);
      /* What stands between page and relay may answer with these for it. */
      if (![0, 408, 429, 500, 502, 504].includes(answer.status))
        return answer;
    } catch {
      line.progress("again");
    }
    await sleep(jitter(FIRST_WAIT_MS << tries), line.signal);
  }
  return { status: 0, bytes: new Uint8Array() };
}

/* What a machine asks for beside requests: a piece of a file, for attach. */
export type Reader = (at: number, bytes: number) => Promise<Uint8Array>;

/* Runs the machine to its end; 0 or a cairn_err. */
export async function drive(core: Core, machine: Machine, line: Line, read?: Reader): Promise<number> {
  const { call } = core;
  for (;;) {
    const step = call.web_next(machine);
    if (step === Step.Done)
      return 0;
    if (step === Step.Failed || line.signal.aborted)
      return call.web_err(machine) || ERR.IO;
    if (step === Step.Request) {
      const answer = await ask(core, machine, line);
      const bytes = core.give(answer.bytes);
      call.web_answer(machine, bytes < 0 ? 0 : answer.status, Math.max(bytes, 0));
      line.progress("step");
    } else if (step === Step.Pause) {
      line.progress("pause");
      await sleep(call.web_pause_ms(machine), line.signal);
    } else if (step === Step.Read && read) {
      const piece = await read(call.web_piece_at(), call.web_piece_bytes());
      core.view(call.web_piece(), piece.length).set(piece);
      call.web_piece_read(piece.length);
    } else {
      /* Work goes a slice at a time: whoever wants to stop gets a word in between. */
      line.progress("work");
      await sleep(0, line.signal);
    }
  }
}
