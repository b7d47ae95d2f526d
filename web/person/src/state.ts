// SPDX-License-Identifier: GPL-3.0-or-later
import type { Engine } from "./engine.js";
import type { Letter, Message, Outcome } from "./talk.js";

/* What the page knows while it is open. Nothing of it is stored; wipe() empties it, and the worker ends. */

export interface Story {
  engine: Engine;
  words: string;      /* only until the keys are made */
  fresh: boolean;     /* words made here, not typed */
  open: boolean;      /* the keys are made: letters and looks can go */
  draft: Letter;
  messages: Message[];
  more: boolean;      /* the last look left something for the next */
  since: number | undefined; /* the first day to look from */
  boardHour: number;  /* of the newest checkpoint */
  base: string;       /* where the desk's paths lie: an address */
  exit: string;
  deskName: string;
  asks: string[];     /* what the desk never asks, by its card */
}

/* What a look or a sending has checked of the board counts from then on. */
export function learn(story: Story, { boardHour, deskName, neverAsks }: Outcome): void {
  Object.assign(story, { boardHour, deskName, asks: neverAsks });
}

export function emptyLetter(): Letter {
  return { text: "" };
}

export function wipe(story: Story): void {
  story.engine.end();
  story.words = "";
  story.open = false;
  story.draft = emptyLetter();
  story.messages = [];
}
