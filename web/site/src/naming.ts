// SPDX-License-Identifier: GPL-3.0-or-later
import type { Core } from "../../person/src/wasm.js";
import { hex } from "./forms.js";

/*
 * Naming oneself by an OpenID Connect issuer: the authorization-code flow with PKCE, in another tab, so that the comment
 * stays where it is and nothing is kept in the browser. The core draws what is secret. What comes back is carried to the
 * desk unread, but for the name, which the writer is shown before anything is sent: whether it is true is the desk's to tell.
 */

export interface Return { code: string; issuer: string }
export interface Named { blind: Uint8Array; token: string; name: string }
export interface Words { entry: string; name: string; text: string }

const ANSWER_MAX = 65536;
const TOKEN_MAX = 4079; /* beside the blind, in its record */
const NAME_MAX = 200;

const utf8 = new TextEncoder();

export const channelOf = (state: string) => `cairn-named-${state}`;

/* One part behind the other, as the core wants a comment. Their sizes. */
export function giveComment(core: Core, words: Words): [number, number, number] {
  const parts = [words.entry, words.name, words.text].map((part) => utf8.encode(part)) as [Uint8Array, Uint8Array, Uint8Array];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  core.give(all);
  return [parts[0].length, parts[1].length, parts[2].length];
}

interface Drawn { blind: Uint8Array; nonce: string; state: string; verifier: string; challenge: string }

function draw(core: Core, words: Words): Drawn {
  const all = core.take(core.call.web_openid_new(...giveComment(core, words)));
  const letters = (from: number, to: number) => String.fromCharCode(...all.slice(from, to));
  return { blind: all.slice(0, 16), nonce: hex(all.slice(16, 48)), state: hex(all.slice(48, 64)),
    verifier: letters(64, 107), challenge: letters(107, 150) };
}

/* ---- the issuer ---- */

function addressOf(issuer: DOMStringMap, drawn: Drawn, back: string): string {
  const url = new URL(issuer["authorize"]!);
  const said: { [name: string]: string } = {
    response_type: "code", client_id: issuer["client"]!, redirect_uri: back, scope: issuer["scope"]!,
    state: drawn.state, nonce: drawn.nonce, code_challenge: drawn.challenge, code_challenge_method: "S256",
  };
  if (issuer["asks"] === "yes")
    said["claims"] = JSON.stringify({ id_token: { [issuer["claim"]!]: { essential: true } } });
  for (const [name, value] of Object.entries(said))
    url.searchParams.set(name, value);
  return url.href;
}

async function exchange(issuer: DOMStringMap, drawn: Drawn, back: string, code: string): Promise<string> {
  const answer = await fetch(issuer["token"]!, {
    method: "POST", credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer",
    body: new URLSearchParams({
      grant_type: "authorization_code", code, redirect_uri: back, client_id: issuer["client"]!, code_verifier: drawn.verifier,
    }),
  });
  const text = answer.ok ? await answer.text() : "";
  if (text === "" || text.length > ANSWER_MAX)
    throw new Error("no token");
  return (JSON.parse(text) as { id_token: string }).id_token;
}

/* What the desk will find in it; a token that cannot be for this comment is not sent at all. */
function nameIn(token: string, claim: string, nonce: string): string {
  const base64 = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as { [name: string]: unknown };
  const name = claims[claim];
  if (claims["nonce"] !== nonce || typeof name !== "string" || name === "" || utf8.encode(name).length > NAME_MAX ||
      claim === "email" && claims["email_verified"] !== true || token.length > TOKEN_MAX || !/^[!-~]+$/.test(token))
    throw new Error("not such a token");
  return name;
}

/* The issuer's answer, once, from whichever tab it comes to; undone by the function that is given back. */
function answerTo(state: string, then: (answer: Return) => void): () => void {
  const channel = new BroadcastChannel(channelOf(state));
  channel.addEventListener("message", (event) => {
    channel.postMessage("");
    channel.close();
    then(event.data as Return);
  }, { once: true });
  return () => channel.close();
}

/*
 * Opens the issuer in another tab, at once: a browser lets that happen only within a click. Undo with what is given back.
 */
export function nameMe(core: Core, issuer: DOMStringMap, words: Words, back: string,
  done: (named: Named | undefined) => void): () => void {
  const drawn = draw(core, words);
  let wanted = true;
  const tell = (named: Named | undefined) => wanted && done(named);
  const close = answerTo(drawn.state, (answer) => {
    const wrong = answer.code === "" || answer.issuer !== issuer["issuer"] && (answer.issuer !== "" || issuer["says"] === "yes");
    if (wrong)
      return tell(undefined);
    exchange(issuer, drawn, back, answer.code)
      .then((token) => tell({ blind: drawn.blind, token, name: nameIn(token, issuer["claim"]!, drawn.nonce) }))
      .catch(() => tell(undefined));
  });
  window.open(addressOf(issuer, drawn, back), "_blank", "noopener,noreferrer");
  return () => {
    wanted = false;
    close();
  };
}
