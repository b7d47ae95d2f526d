// SPDX-License-Identifier: GPL-3.0-or-later
import { button, h, show } from "../dom.js";
import { leave } from "../leave.js";
import { hourText, t } from "../messages.js";
import { emptyLetter, learn, type Story } from "../state.js";
import { OK } from "../wasm.js";
import { lookNow } from "./news.js";
import { trouble } from "./trouble.js";
import { write } from "./write.js";

/* again: the same letter once more, after a failure. */
export function deliver(story: Story, again = false): void {
  const bar = h("progress", { "aria-label": t("Sending") });
  const note = h("p", { "aria-live": "polite" }, t("You can wait here. Nothing is lost if the line breaks."));

  let back = false;
  const stop = button(t("Back to what you wrote"), () => {
    back = stop.disabled = true;
    void story.engine.stop();
  }, "quiet");

  show(h("h1", {}, t("Sending")), bar, note, stop);
  story.engine.progress = (part, sent, count) => {
    if (count > 0) {
      bar.max = count + 1;
      bar.value = sent;
    }
    if (part === "again" || part === "waiting")
      note.replaceChildren(t("The line is bad. Trying again; nothing is lost."));
  };
  void story.engine.send(story.draft, again).then((outcome) => {
    if (outcome.err !== OK && back)
      return write(story);
    if (outcome.err !== OK)
      return trouble(story, outcome.err, outcome.boardHour, () => deliver(story, true), () => write(story));
    story.draft = emptyLetter();
    learn(story, outcome);
    sent(story);
  });
}

/* Never more than is known. */
function sent(story: Story): void {
  const now = Math.floor(Date.now() / 3_600_000);

  show(
    h("h1", {}, t("It is kept for the desk")),
    h("p", {}, t("The relay has given a receipt: {when}.", { when: hourText(now) })),
    h("p", {}, t("Nobody has read it yet. When somebody has, the answer says so. Come back with your words and look.")),
    story.fresh && h("p", {}, t("Without the words nobody can read the answer.")),
    button(t("Look for an answer"), () => lookNow(story), "main"),
    button(t("Write more"), () => write(story)),
    button(t("Leave this page"), () => leave(story), "quiet"),
  );
}
