// SPDX-License-Identifier: GPL-3.0-or-later

/* What page and worker say to each other. */

export interface Desk {
  id: Uint8Array;
  identity: Uint8Array; /* empty where it is not known */
  base: string;
  clockShift: number;   /* milliseconds to add to the browser's clock: what the person said */
  clockRight: boolean;  /* the person said that the clock is right */
}

export interface Window { from: number; to: number; days: number } /* minutes of the UTC day; bit 0 Monday */

export interface Letter {
  text: string;
  language?: string;
  needs?: number[];
  urgency?: number;
  windows?: Window[];
  checkIn?: number;
  allClear?: string;
  statements?: { slot: number; text: string }[];
  answers?: { id: number; question: string; text: string }[];
  second?: string;
  files?: { bytes: Blob; type: string }[];
}

export interface Message {
  hour: number;
  texts: { group: string; part: number; parts: number; text: string }[];
  questions: { id: number; text: string }[];
  received: number;
  checkInDue?: number;
  answerBy?: number;
}

export interface Outcome {
  err: number; /* 0 or a cairn_err */
  sent: number;
  count: number;
  boardHour: number;
  deskName: string;
  neverAsks: string[];
}

export type Call =
  | { name: "begin"; core: ArrayBuffer; desk: Desk }
  | { name: "clock"; shift: number; right: boolean }
  | { name: "wordsNew"; list: number }
  | { name: "wordsRead"; words: string }
  | { name: "wordsOpen"; words: string }
  | { name: "send"; letter: Letter; again: boolean }
  | { name: "look"; since?: number; all: boolean }
  | { name: "stop" }
  | { name: "forget" };

export type Reply = number | string | { err: number; bad: number } | Outcome
  | (Outcome & { messages: Message[]; more: boolean });
