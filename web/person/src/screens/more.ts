// SPDX-License-Identifier: GPL-3.0-or-later
import { area, h, line } from "../dom.js";
import { t } from "../messages.js";
import type { Story } from "../state.js";

/*
 * What a person may leave beside the text. Each is explained in one sentence that would not give its purpose
 * away to somebody who reads along (docs/protocol.md, section 9).
 */

const STATEMENTS = 4;
const STATEMENT_MOST = 340;
const GREETING_MOST = 80;
const MINUTES_PER_DAY = 1440;

/* Minutes of the UTC day, from a time of day here. */
function minutes(time: string): number {
  const [hours = 0, mins = 0] = time.split(":").map(Number);
  return (((hours * 60 + mins + new Date().getTimezoneOffset()) % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
}

function timeOf(utc: number | undefined): string {
  if (utc === undefined)
    return "";
  const here = (((utc - new Date().getTimezoneOffset()) % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return `${String(Math.floor(here / 60)).padStart(2, "0")}:${String(here % 60).padStart(2, "0")}`;
}

function windowField(story: Story): HTMLElement {
  const known = story.draft.windows?.[0];
  const [fromRow, from] = line(t("from"), timeOf(known?.from), "time");
  const [toRow, to] = line(t("until"), timeOf(known?.to), "time");
  const set = () => (story.draft.windows = from.value && to.value
    ? [{ from: minutes(from.value), to: minutes(to.value), days: 127 }] : []);

  from.addEventListener("change", set);
  to.addEventListener("change", set);
  return h("fieldset", {}, h("legend", {}, t("When do you usually have time?")), h("div", { class: "row" }, fromRow, toRow));
}

function checkInField(story: Story): HTMLElement {
  const [row, field] = line(t("When will you write next?"), "", "datetime-local");

  field.addEventListener("change", () =>
    (story.draft.checkIn = field.value ? Math.floor(new Date(field.value).getTime() / 3_600_000) : undefined));
  return row;
}

function greetingField(story: Story): HTMLElement {
  const [row, field] = line(t("A greeting that you would like us to know"), story.draft.allClear, "text", GREETING_MOST);

  field.addEventListener("input", () => (story.draft.allClear = field.value.trim() || undefined));
  return row;
}

function sentencesField(story: Story): HTMLElement {
  const known = story.draft.statements ?? [];
  const rows = Array.from({ length: STATEMENTS }, (_, slot) => {
    const [row, field] = area(t("Sentence {n}", { n: slot + 1 }), known.find((s) => s.slot === slot)?.text ?? "", 2, STATEMENT_MOST);
    field.addEventListener("input", () => {
      const others = (story.draft.statements ?? []).filter((s) => s.slot !== slot);
      const text = field.value.trim();
      story.draft.statements = text === "" ? others : [...others, { slot, text }];
    });
    return row;
  });
  return h("details", {}, h("summary", {}, t("Something about you")),
    h("p", { class: "hint" }, t("Up to four sentences about things you remember well. We may come back to one of them.")), ...rows);
}

function otherWordsField(story: Story): HTMLElement {
  const [row, field] = area(t("Other words or digits that you use here"), story.draft.second ?? "", 2);

  field.addEventListener("input", () => (story.draft.second = field.value.trim() || undefined));
  return row;
}

export function more(story: Story): HTMLElement {
  return h("div", {}, windowField(story), checkInField(story), greetingField(story), otherWordsField(story),
    sentencesField(story));
}
