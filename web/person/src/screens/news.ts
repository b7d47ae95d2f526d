// SPDX-License-Identifier: GPL-3.0-or-later
import { button, h, line, show, shown } from "../dom.js";
import { dayText, hourText, t } from "../messages.js";
import { learn, type Story } from "../state.js";
import type { Message } from "../talk.js";
import { OK } from "../wasm.js";
import { neverAsks } from "./begin.js";
import { trouble } from "./trouble.js";
import { write } from "./write.js";

const DESK_SEEN_HOURS = 1; /* three ticks, and some more */
const WINDOW_DAYS = 7;

export function lookNow(story: Story, all = false): void {
  const note = h("p", { "aria-live": "polite" }, t("This takes a moment, whether there is an answer or not."));

  show(h("h1", {}, t("Looking")), h("progress", { "aria-label": t("Looking") }), note);
  story.engine.progress = (part) =>
    part === "again" && note.replaceChildren(t("The line is bad. Trying again; nothing is lost."));
  void story.engine.look(story.since, all).then((outcome) => {
    if (outcome.err !== OK)
      return trouble(story, outcome.err, outcome.boardHour, () => lookNow(story, all));
    story.messages.push(...outcome.messages);
    /* Never by itself: how often somebody looks must not depend on what there is. */
    story.more = outcome.more;
    learn(story, outcome);
    news(story);
  });
}

/* The parts of a text, put together; a missing one is said, not hidden. */
function texts(messages: Message[]): { hour: number; text: string }[] {
  const groups = new Map<string, { hour: number; parts: (string | undefined)[] }>();
  for (const message of messages)
    for (const { group, part, parts, text } of message.texts) {
      const known = groups.get(group) ?? { hour: message.hour, parts: Array<string | undefined>(parts).fill(undefined) };
      known.parts[part] = text;
      groups.set(group, known);
    }
  return [...groups.values()].map(({ hour, parts }) =>
    ({ hour, text: parts.map((part) => part ?? `[${t("a part has not come yet")}]`).join("") }));
}

function notes(message: Message): string[] {
  return [
    ...(message.received ? [t("A person at the desk has read what you wrote.")] : []),
    ...(message.answerBy ? [t("They plan to answer by {when}.", { when: hourText(message.answerBy) })] : []),
    ...(message.checkInDue ? [t("They wait for a word from you by {when}.", { when: hourText(message.checkInDue) })] : []),
  ];
}

function question(story: Story, id: number, text: string): HTMLElement {
  return h("div", { class: "message" }, h("span", { class: "when" }, t("A question for you")), h("span", { dir: "auto" }, shown(text)),
    button(t("Answer this"), () => {
      story.draft.answers = [...(story.draft.answers ?? []).filter((a) => a.id !== id), { id, question: text, text: "" }];
      write(story);
    }));
}

function list(story: Story): HTMLElement[] {
  const said = texts(story.messages).map(({ hour, text }) =>
    h("div", { class: "message" }, h("span", { class: "when" }, hourText(hour)), h("span", { dir: "auto" }, shown(text))));
  const asked = story.messages.flatMap((m) => m.questions.map((q) => question(story, q.id, q.text)));
  const told = story.messages.flatMap((m) => notes(m).map((note) =>
    h("p", {}, h("span", { class: "when" }, hourText(m.hour)), note)));
  return [...said, ...asked, ...told];
}

export function news(story: Story): void {
  const age = Math.floor(Date.now() / 3_600_000) - story.boardHour;

  show(
    h("h1", {}, story.messages.length > 0 ? t("For you") : t("Nothing for these words so far")),
    story.messages.length === 0 && h("p", {}, t("It looks just like this when no answer has come yet, and when a word is not the right one.")),
    ...list(story),
    story.more && h("p", {}, t("There is more. Look again.")),
    age > DESK_SEEN_HOURS && h("p", {}, t("The desk was last seen {when}. It may answer later than usual.", { when: hourText(story.boardHour) })),
    h("details", {}, h("summary", {}, t("Here nobody will ever ask you:")), neverAsks(story)),
    button(t("Look again"), () => lookNow(story), story.messages.length > 0 ? "" : "main"),
    button(t("Write"), () => write(story), story.messages.length > 0 ? "main" : ""),
    button(t("Look further back"), () => further(story), "quiet"),
  );
}

function further(story: Story): void {
  const [row, field] = line(t("From which day on?"), "", "date");
  const today = Math.floor(Date.now() / 86_400_000);
  const go = (all: boolean) => {
    story.since = field.value ? Math.floor(Date.parse(field.value) / 86_400_000) : undefined;
    lookNow(story, all);
  };

  show(
    h("h1", {}, t("Look further back")),
    h("p", {}, t("Usually we look back to {day}. Answers are kept for 30 days.", { day: dayText(today - WINDOW_DAYS + 1) })),
    row,
    button(t("Look"), () => go(false), "main"),
    button(t("Fetch everything of these days (needs a good line)"), () => go(true)),
    button(t("Back"), () => news(story), "quiet"),
  );
}
