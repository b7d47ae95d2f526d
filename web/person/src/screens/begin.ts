// SPDX-License-Identifier: GPL-3.0-or-later
import { button, h, show, shown } from "../dom.js";
import { leave } from "../leave.js";
import { t } from "../messages.js";
import type { Story } from "../state.js";
import { enterWords } from "./words.js";
import { write } from "./write.js";

export function begin(story: Story): void {
  show(
    h("h1", {}, t("Can anybody else see this screen?")),
    h("p", {}, t("Take your time. Nothing has been sent.")),
    button(t("Nobody can see it"), () => before(story), "main"),
    button(t("Somebody could"), () => wait(story)),
  );
}

function wait(story: Story): void {
  show(
    h("h1", {}, t("Then it is better to wait.")),
    h("p", {}, t("Come back when nobody can see the screen. This page will look the same.")),
    button(t("Leave this page"), () => leave(story), "main"),
    button(t("Back"), () => begin(story), "quiet"),
  );
}

/* What no desk asks, and behind it what this one says of itself, in its own words. */
export function neverAsks(story: Story): HTMLElement {
  return h("ul", {},
    h("li", {}, t("for the names of other people")),
    h("li", {}, t("for intimate pictures")),
    h("li", {}, t("for money")),
    h("li", {}, t("to come somewhere alone")),
    ...story.asks.map((ask) => h("li", {}, h("span", { dir: "auto" }, shown(ask)))));
}

function before(story: Story): void {
  show(
    h("h1", {}, t("Before you write")),
    story.deskName !== "" && h("p", {}, t("This page is for writing to {desk}.", { desk: shown(story.deskName) })),
    h("p", {}, t("Here nobody will ever ask you:")),
    neverAsks(story),
    h("p", {}, t("Who asks for these is not us. You can stop at any time.")),
    h("p", {}, t("This page keeps nothing on this device. But the browser may keep the address in its history, and somebody may find it there.")),
    h("p", {}, t("To go to another site at once, press Leave, or Escape three times.")),
    button(t("Go on"), () => which(story), "main"),
  );
}

export function which(story: Story): void {
  show(
    h("h1", {}, t("Have you written here before?")),
    button(t("No, this is the first time"), () => write(story), "main"),
    button(t("Yes, I have words or digits"), () => enterWords(story)),
    button(t("Back"), () => before(story), "quiet"),
  );
}
