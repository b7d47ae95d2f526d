// SPDX-License-Identifier: GPL-3.0-or-later

/*
 * core.wasm with its types: web/wasm/exports.h in the words of this language. All bytes go through one room.
 * Nothing here is cryptography; it only carries.
 */

export const OK = 0;
export const ERR = {
  FORMAT: -1, RANGE: -2, CRYPTO: -3, KEY: -4, UNKNOWN: -5, STALE: -6, CONFLICT: -7, CLOCK: -8,
  SPACE: -9, NOMEM: -10, IO: -11, DENIED: -12, BUSY: -13, STATE: -14,
} as const;

export const enum Machine { Look, Send, Attach }
export const enum Step { Request, Pause, Work, Read, Store, Done, Failed }

/* What a cell is made of (include/cairn/tlv.h). */
export const enum Type {
  Text = 0x0005, Language = 0x0006, AnswerWindow = 0x0007, Need = 0x0008, Urgency = 0x0009, Statement = 0x000c,
  CheckIn = 0x000d, AllClear = 0x000e, Retraction = 0x800f, Answer = 0x0010, Question = 0x0020,
  Received = 0x0022, CheckInDue = 0x0023, AnswerBy = 0x0024, Msgid = 0x8003,
  Signature = 0x8040, Name = 0x0041, Country = 0x0042, EMail = 0x0043, Comment = 0x8044, Proof = 0x0045,
  Gathering = 0x8046, Place = 0x0047, Title = 0x0048, Withdrawal = 0x8049,
}

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  web_begin(): number;
  web_forget(): void;
  web_io(): number;
  web_io_bytes(): number;
  web_client(bytes: number, hour: number, confirmed: number): number;
  web_words_new(list: number): number;
  web_words_read(typed: number, folded: number): number;
  web_words_bad(): number;
  web_words_open(): number;
  web_letter_begin(i: number): number;
  web_letter_put(i: number, type: number, bytes: number): number;
  web_letter_put_manifest(i: number): number;
  web_letter_put_second(i: number, typed: number, folded: number): number;
  web_letter_text(bytes: number): number;
  web_look(hasNamed: number, named: number, all: number): void;
  web_send(door: number, count: number): void;
  web_send_unnamed(count: number): void;
  web_code_new(bytes: number): number;
  web_mark(bytes: number): number;
  web_comment(entry: number, name: number, words: number): number;
  web_openid_new(entry: number, name: number, words: number): number;
  web_attach(door: number, size: number, typeBytes: number): number;
  web_next(machine: Machine): Step;
  web_answer(machine: Machine, status: number, bytes: number): void;
  web_err(machine: Machine): number;
  web_pause_ms(machine: Machine): number;
  web_request_method(machine: Machine): number;
  web_request_path(machine: Machine): number;
  web_request_work(machine: Machine): number;
  web_request_body(machine: Machine): number;
  web_request_body_bytes(machine: Machine): number;
  web_request_answer_max(machine: Machine): number;
  web_piece(): number;
  web_piece_at(): number;
  web_piece_bytes(): number;
  web_piece_read(got: number): void;
  web_attach_resume(): void;
  web_attach_sent(): number;
  web_attach_count(): number;
  web_found(): number;
  web_found_more(): number;
  web_found_hour(i: number): number;
  web_found_open(i: number): number;
  web_record_next(): number;
  web_record_bytes(): number;
  web_sent(): number;
  web_board_hour(machine: Machine): number;
  web_card_name(machine: Machine): number;
  web_card_never_asks(machine: Machine, i: number): number;
}

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: false });

/* The six calls of WASI that the C library is linked with; only the first is ever needed. */
function wasi(memory: () => WebAssembly.Memory): WebAssembly.ModuleImports {
  const fail = () => 52; /* ENOSYS */
  return {
    random_get(at: number, bytes: number): number {
      for (let done = 0; done < bytes; done += 65536)
        crypto.getRandomValues(new Uint8Array(memory().buffer, at + done, Math.min(65536, bytes - done)));
      return 0;
    },
    proc_exit(): never {
      throw new Error("core stopped");
    },
    clock_time_get: fail, fd_close: fail, fd_seek: fail, fd_write: fail, fd_read: fail, fd_fdstat_get: fail,
    environ_get: fail, environ_sizes_get: fail, poll_oneoff: fail, path_open: fail, fd_prestat_get: fail,
    fd_prestat_dir_name: fail, sched_yield: fail, fd_fdstat_set_flags: fail,
  };
}

export class Core {
  readonly call: Exports;

  private constructor(call: Exports) {
    this.call = call;
  }

  static async load(bytes: BufferSource): Promise<Core> {
    let memory: WebAssembly.Memory;
    const { instance } = await WebAssembly.instantiate(bytes, { wasi_snapshot_preview1: wasi(() => memory) });
    const call = instance.exports as unknown as Exports;
    memory = call.memory;
    call._initialize();
    if (call.web_begin() !== OK)
      throw new Error("core does not begin");
    return new Core(call);
  }

  /* A view; gone when the memory grows, so never kept. */
  view(at: number, bytes: number): Uint8Array {
    return new Uint8Array(this.call.memory.buffer, at, bytes);
  }

  give(bytes: Uint8Array): number {
    if (bytes.length > this.call.web_io_bytes())
      return -1;
    this.view(this.call.web_io(), bytes.length).set(bytes);
    return bytes.length;
  }

  giveText(words: string): number {
    return this.give(utf8.encode(words));
  }

  take(bytes: number): Uint8Array {
    return this.view(this.call.web_io(), Math.max(bytes, 0)).slice();
  }

  takeText(bytes: number): string {
    return text.decode(this.take(bytes));
  }

  /* As typed, and behind it folded, which is how the core wants words. Returns both lengths. */
  giveTyped(words: string): [number, number] {
    const typed = utf8.encode(words);
    const folded = utf8.encode(words.normalize("NFKC").toLowerCase());
    const both = new Uint8Array(typed.length + folded.length);
    both.set(typed);
    both.set(folded, typed.length);
    this.give(both);
    return [typed.length, folded.length];
  }
}
