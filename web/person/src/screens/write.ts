// SPDX-License-Identifier: GPL-3.0-or-later
import { area, button, choice, h, show, shown } from "../dom.js";
import { fileList } from "../files.js";
import { language, languages, t } from "../messages.js";
import type { Story } from "../state.js";
import type { Letter } from "../talk.js";
import { which } from "./begin.js";
import { news } from "./news.js";
import { more } from "./more.js";
import { deliver } from "./deliver.js";
import { newWords, wordsProblem } from "./words.js";

const needs: [number, () => string][] = [
  [1, () => t("a safe place to stay")],
  [2, () => t("a way out")],
  [3, () => t("a doctor")],
  [4, () => t("a lawyer")],
  [5, () => t("money")],
  [6, () => t("papers")],
  [7, () => t("someone to talk to")],
  [8, () => t("it is for somebody else")],
];

const urgencies: [number, () => string][] = [
  [0, () => t("I do not want to say")],
  [1, () => t("this week")],
  [2, () => t("today")],
  [3, () => t("now")],
];

function urgencyField(story: Story): HTMLElement {
  return h("fieldset", {}, h("legend", {}, t("How soon do you need help?")),
    ...urgencies.map(([value, label]) => {
      const [row, field] = choice("radio", "urgency", label(), (story.draft.urgency ?? 0) === value);
      field.addEventListener("change", () => (story.draft.urgency = value));
      return row;
    }));
}

function needsField(story: Story): HTMLElement {
  return h("fieldset", {}, h("legend", {}, t("What do you need?")),
    ...needs.map(([value, label]) => {
      const [row, field] = choice("checkbox", "need", label(), story.draft.needs?.includes(value) ?? false);
      field.addEventListener("change", () => {
        const others = (story.draft.needs ?? []).filter((need) => need !== value);
        story.draft.needs = field.checked ? [...others, value] : others;
      });
      return row;
    }));
}

function languageField(story: Story): HTMLElement {
  const select = h("select", { autocomplete: "off" },
    ...languages().map(({ tag, name }) => h("option", { value: tag, lang: tag }, name)));
  select.value = story.draft.language ?? language();
  select.addEventListener("change", () => (story.draft.language = select.value));
  return h("label", {}, h("span", {}, t("In which language shall we answer?")), select);
}

const ANSWER_MOST = 340; /* characters */

/* Also what is left beside the text, by itself: somebody may come back for that alone. */
function something({ text, answers, files, windows, checkIn, allClear, statements, second }: Letter): boolean {
  return text.trim() !== "" || answers?.some((answer) => answer.text.trim() !== "") ||
    [files, windows, statements].some((list) => list && list.length > 0) ||
    checkIn !== undefined || allClear !== undefined || second !== undefined;
}

export function write(story: Story): void {
  const [field, text] = area(t("Write as much or as little as you want."), story.draft.text, 9);
  const problem = h("p", { role: "alert" });
  const answers = story.draft.answers ?? [];
  const first = !story.open;
  const next = async () => {
    story.draft.language ??= language();
    if (!something(story.draft))
      return problem.replaceChildren(t("There is nothing to send yet."));
    const wrong = story.draft.second && await wordsProblem(story, story.draft.second);
    if (wrong)
      return problem.replaceChildren(wrong);
    if (story.open)
      deliver(story);
    else
      void newWords(story);
  };

  text.addEventListener("input", () => (story.draft.text = text.value));
  show(
    h("h1", {}, first ? t("What has happened, and what do you need?") : t("Write")),
    h("p", { class: "hint" }, t("Please leave out the names of other people.")),
    ...answers.map((answer) => {
      const [row, reply] = area(shown(answer.question), answer.text, 3, ANSWER_MOST);
      reply.addEventListener("input", () => (answer.text = reply.value));
      return row;
    }),
    field,
    h("details", {}, h("summary", {}, t("How soon, and what")), urgencyField(story), needsField(story), languageField(story)),
    h("details", {}, h("summary", {}, t("Add a picture or a file")), fileList(story)),
    h("details", {}, h("summary", {}, t("Other things we can agree on")), more(story)),
    problem,
    button(first ? t("Go on") : t("Send"), () => void next(), "main"),
    button(t("Back"), () => (story.open ? news(story) : which(story)), "quiet"),
  );
}
