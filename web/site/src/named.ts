// SPDX-License-Identifier: GPL-3.0-or-later
import { channelOf, type Return } from "./naming.js";

/*
 * Where an issuer leads back to: hands what it answered to the tab in which the comment waits, which has the secret that
 * the answer is worth nothing without, and is done. Nothing is kept, and the address bar forgets it.
 */

const WAIT_MS = 5000;

const line = document.getElementById("named")!;
const query = new URLSearchParams(location.search);
history.replaceState(null, "", location.pathname);

const say = (what: string) => (line.textContent = line.dataset[what] ?? "");

const state = query.get("state") ?? "";
if (/^[0-9a-f]{32}$/.test(state)) {
  const channel = new BroadcastChannel(channelOf(state));
  const answer: Return = { code: query.get("code") ?? "", issuer: query.get("iss") ?? "" };
  const lost = setTimeout(() => say("lost"), WAIT_MS);
  channel.addEventListener("message", () => {
    clearTimeout(lost);
    say("back");
  });
  channel.postMessage(answer);
} else {
  say("lost");
}
