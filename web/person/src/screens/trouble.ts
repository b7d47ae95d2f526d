// SPDX-License-Identifier: GPL-3.0-or-later
import { button, h, line, show } from "../dom.js";
import { hourText, t } from "../messages.js";
import type { Story } from "../state.js";
import { ERR } from "../wasm.js";

const memory = (): [string, string] =>
  [t("This device has too little memory"), t("Close other pages and try again, or use the page without scripts.")];

/* What went wrong, in words that say what to do. Nothing typed is lost. */
const said: Record<number, () => [string, string]> = {
  [ERR.IO]: () => [t("The line did not get through"), t("Nothing is lost. Wait a little and try again.")],
  [ERR.BUSY]: () => [t("Very many are writing now"), t("The desk may be under attack. Nothing is lost. Try again in some minutes.")],
  [ERR.UNKNOWN]: () => [t("The desk cannot take anything today"), t("It has left no key for today. Look at another way to reach it, or try again tomorrow.")],
  [ERR.STALE]: () => [t("This is an old picture of the desk"), t("Somebody may be hiding the new one. Please try another way to reach the desk.")],
  [ERR.CONFLICT]: () => [t("Something is wrong with this relay"), t("It showed two different things. Do not write here now. Please try another way to reach the desk.")],
  [ERR.CRYPTO]: () => [t("Something is wrong with this relay"), t("What it sent is not signed by the desk. Do not write here now. Please try another way to reach the desk.")],
  [ERR.SPACE]: () => [t("This is too long"), t("Please make it shorter, or send it in two.")],
  [ERR.RANGE]: () => [t("This cannot be sent"), t("A file is empty, larger than 50 MB, or cannot be read any more.")],
  [ERR.NOMEM]: memory,
  [ERR.STATE]: memory, /* the core stopped: so far that has had no other reason */
};

export function trouble(story: Story, err: number, boardHour: number, again: () => void, back?: () => void): void {
  if (err === ERR.CLOCK)
    return clock(story, boardHour, again);
  const [title, advice] = (said[err] ?? said[ERR.CRYPTO]!)();
  show(
    h("h1", {}, title),
    h("p", {}, advice),
    button(t("Try again"), again, "main"),
    back && button(t("Back to what you wrote"), back),
  );
}

/* The relay never chooses the date; the person does. */
function clock(story: Story, boardHour: number, again: () => void): void {
  const here = new Date();
  const [row, field] = line(t("The right date and time"), "", "datetime-local");
  const choose = (shift: number) => void story.engine.clock(shift, true).then(again);

  show(
    h("h1", {}, t("What is the date today?")),
    h("p", {}, t("This device says {here}. The desk was last seen {there}.",
      { here: hourText(Math.floor(here.getTime() / 3_600_000)), there: hourText(boardHour) })),
    button(t("This device is right"), () => choose(0), "main"),
    row,
    button(t("Use the date above"), () => field.value && choose(new Date(field.value).getTime() - here.getTime())),
  );
}
