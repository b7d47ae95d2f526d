// SPDX-License-Identifier: GPL-3.0-or-later

/*
 * Leaving: by the link in the corner, or Escape three times. The screen is empty at once, also while the
 * network hangs; then the browser goes to a dull site, in place of this page in its history.
 */

const PRESSES = 3;
const WITHIN_MS = 1500;

export function leave(exit: string, wipe: () => void): void {
  document.documentElement.replaceChildren();
  wipe();
  location.replace(exit);
}

export function listen(exit: string, wipe: () => void): void {
  let presses: number[] = [];
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape")
      return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (presses.length < PRESSES)
      return;
    /* Else the browser takes the key for "stop loading", and stays. */
    event.preventDefault();
    leave(exit, wipe);
  }, { capture: true });
  document.getElementById("leave")!.addEventListener("click", (event) => {
    event.preventDefault();
    leave(exit, wipe);
  });
  /* A page that the browser kept to go back to would show what was typed. */
  window.addEventListener("pagehide", wipe);
  window.addEventListener("pageshow", (event) => event.persisted && location.replace(exit));
}
