// SPDX-License-Identifier: GPL-3.0-or-later
import type { Engine } from "./engine.js";
import type { Letter, Message } from "./talk.js";

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
  exit: string;
  deskName: string;
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
