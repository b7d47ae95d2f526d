// SPDX-License-Identifier: GPL-3.0-or-later
import { type Story, wipe } from "./state.js";

/*
 * Leaving: by the link in the corner, or Escape three times. The screen is empty at once, also while the
 * network hangs; then the browser goes to a dull site, in place of this page in its history.
 */

const PRESSES = 3;
const WITHIN_MS = 1500;

/*
 * The answer tells the browser to forget what it kept of this origin (Clear-Site-Data). Nobody waits for it. It goes with
 * the origin's credentials, of which there are none: without, browsers do not obey.
 */
function forget(base: string): void {
  if (new URL(base).origin === location.origin)
    fetch(`${base}leave`, { method: "POST", keepalive: true, cache: "no-store", credentials: "same-origin" }).catch(() => undefined);
}

export function leave(story: Story): void {
  document.documentElement.replaceChildren();
  wipe(story);
  forget(story.base);
  location.replace(story.exit);
}

export function listen(story: Story): void {
  let presses: number[] = [];
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape")
      return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (presses.length < PRESSES)
      return;
    /* Else the browser takes the key for "stop loading", and stays. */
    event.preventDefault();
    leave(story);
  }, { capture: true });
  document.getElementById("leave")!.addEventListener("click", (event) => {
    event.preventDefault();
    leave(story);
  });
  /* A page that the browser kept to go back to would show what was typed. */
  window.addEventListener("pagehide", () => wipe(story));
  window.addEventListener("pageshow", (event) => event.persisted && location.replace(story.exit));
}
