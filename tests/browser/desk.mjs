// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real relay with the page, and a real desk beside it, in a folder of their own that goes away at the end.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const build = resolve(process.env.CAIRN_BUILD ?? "build");
export const cairn = join(build, "src/cli/cairn");
export const plain = join(build, "src/plain/cairn-plain");
const cairnd = join(build, "src/relay/cairnd");

export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function until(what, tries = 100) {
  for (let i = 0; i < tries; i++) {
    if (await what())
      return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error("waited too long");
}

export class Desk {
  static async open({ config = "languages all\n", asks = [], vault = 16 } = {}) {
    const desk = new Desk();
    desk.folder = mkdtempSync(join(tmpdir(), "cairn-browser-"));
    desk.port = await freePort();
    desk.relay = `http://127.0.0.1:${desk.port}`;
    desk.config = join(desk.folder, "cairnd.conf");
    desk.vault = join(desk.folder, "vault-words");
    writeFileSync(desk.vault, execFileSync(cairn, ["person", "new"]), { mode: 0o600 });
    writeFileSync(desk.config, `data ${desk.folder}/relay\nlisten 127.0.0.1:${desk.port}\npage ${build}/web/person\n` +
      `exit https://exit.example/\n${config}`);
    await desk.start();
    const key = execFileSync(cairnd, ["--config", desk.config, "key"]).toString().trim();
    const made = JSON.parse(desk.cairn("init", "--relay", desk.relay, "--name", "Северный маяк", "--lang", "en", "--shares",
      join(desk.folder, "shares"), "--vault-size", String(vault), ...asks.flatMap((ask) => ["--never-asks", ask]), "--json", key));
    desk.id = made.desk_id ?? made.desk;
    execFileSync(cairnd, ["--config", desk.config, "desk", "add", desk.id]);
    desk.cairn("open", "--once");
    desk.cairn("publish");
    desk.address = `${desk.relay}/d/${desk.id}/`;
    return desk;
  }

  async start() {
    const log = openSync(join(this.folder, "relay.log"), "a");
    this.process = spawn(cairnd, ["--config", this.config], { stdio: ["ignore", log, log] });
    await until(() => fetch(this.relay).then(() => true, () => false));
  }

  /* cairn <words>, of the desk; what it prints. */
  staff(...words) {
    const vault = openSync(this.vault, "r");
    try {
      return execFileSync(cairn, [...words, "--dir", join(this.folder, "desk"), "--vault-fd", "3"],
        { encoding: "utf8", stdio: ["ignore", "pipe", "pipe", vault] });
    } finally {
      closeSync(vault);
    }
  }

  cairn(command, ...words) {
    return this.staff("desk", command, ...words);
  }

  /* cairn person <words> */
  person(command, ...words) {
    return execFileSync(cairn, ["person", command, ...words], { encoding: "utf8" });
  }

  inbox() {
    return JSON.parse(this.cairn("inbox", "--json"));
  }

  /* Everything that a program may read of a conversation. */
  read(name) {
    return JSON.parse(this.cairn("read", "--json", name));
  }

  reply(name, text, ...words) {
    const file = join(this.folder, "reply.txt");
    writeFileSync(file, text);
    const fd = openSync(file, "r");
    const vault = openSync(this.vault, "r");
    execFileSync(cairn, ["desk", "reply", "--dir", join(this.folder, "desk"), "--vault-fd", "4", "--text-fd", "3", ...words,
      name], { stdio: ["ignore", "ignore", "inherit", fd, vault] });
    closeSync(fd);
    closeSync(vault);
  }

  log() {
    return readFileSync(join(this.folder, "relay.log"), "utf8");
  }

  async close() {
    this.process.kill("SIGTERM");
    await new Promise((ended) => this.process.once("exit", ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
