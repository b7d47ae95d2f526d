// SPDX-License-Identifier: GPL-3.0-or-later
import type { Call, Desk, Letter, Message, Outcome, Reply } from "./talk.js";

/* The worker, as calls that can be awaited. The words go there and are kept nowhere else. */

type Progress = (part: string, sent: number, count: number) => void;

export class Engine {
  private worker: Worker;
  private waiting = new Map<number, (reply: Reply) => void>();
  private last = 0;
  private begun: () => void = () => undefined;
  private ready = new Promise<void>((resolve) => (this.begun = resolve));
  progress: Progress = () => undefined;

  constructor(source: string) {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.onmessage = ({ data }) => {
      if (data.progress)
        return this.progress(data.progress, data.sent, data.count);
      this.waiting.get(data.id)?.(data.reply);
      this.waiting.delete(data.id);
    };
  }

  /* On a slow line the core may still be coming while somebody types: what needs it waits. */
  private async ask<T extends Reply>(call: Call): Promise<T> {
    if (call.name !== "begin")
      await this.ready;
    return new Promise((resolve) => {
      const id = ++this.last;
      this.waiting.set(id, resolve as (reply: Reply) => void);
      this.worker.postMessage({ id, call });
    });
  }

  async begin(core: ArrayBuffer, desk: Desk): Promise<void> {
    if (await this.ask<number>({ name: "begin", core, desk }) !== 0)
      throw new Error("the core does not run here");
    this.begun();
  }

  clock(shift: number, right: boolean) { return this.ask<number>({ name: "clock", shift, right }); }
  wordsNew(list: number) { return this.ask<string>({ name: "wordsNew", list }); }
  wordsRead(words: string) { return this.ask<{ err: number; bad: number }>({ name: "wordsRead", words }); }
  wordsOpen(words: string) { return this.ask<number>({ name: "wordsOpen", words }); }
  send(letter: Letter, again: boolean) { return this.ask<Outcome>({ name: "send", letter, again }); }
  look(since: number | undefined, all: boolean) {
    return this.ask<Outcome & { messages: Message[]; more: boolean }>({ name: "look", since, all });
  }
  stop() { return this.ask<number>({ name: "stop" }); }

  /* Ends everything at once, also in the middle of work. */
  end(): void {
    this.worker.terminate();
  }
}
