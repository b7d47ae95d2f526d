// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenSMTPD on loopback: takes mail for a few domains and keeps each in a folder by its whole address. It must begin as
// root, and has one queue and socket on a machine; why() says what keeps it from running here.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";

const SMTPD = "/usr/sbin/smtpd", SOCKET = "/var/run/smtpd.sock";

const reached = (where) => new Promise((told) => {
  const socket = createConnection(where, () => told(true) || socket.destroy());
  socket.on("error", () => told(false));
});

export async function why() {
  if (!existsSync(SMTPD))
    return "there is no opensmtpd here";
  if (process.getuid() !== 0)
    return "opensmtpd begins as root only";
  return await reached(SOCKET) ? "another opensmtpd runs here" : "";
}

export class Smtpd {
  static async open(folder, domains) {
    const mail = new Smtpd();
    const server = createServer();
    const id = (what) => Number(execFileSync("id", [what, "mail"], { encoding: "utf8" }));
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    mail.port = server.address().port;
    mail.folder = join(folder, "mail");
    await new Promise((closed) => server.close(closed));
    mkdirSync(mail.folder);
    chmodSync(folder, 0o755);
    chownSync(mail.folder, id("-u"), id("-g"));
    writeFileSync(join(folder, "smtpd.conf"), `listen on 127.0.0.1 port ${mail.port} hostname mail.example\n` +
      `table users { ${domains.map((one) => `"@${one}" = "mail"`).join(", ")} }\n` +
      `action "in" maildir "${mail.folder}/%{dest}" virtual <users>\n` +
      `match from any for domain { ${domains.map((one) => `"${one}"`).join(", ")} } action "in"\n`);
    const log = openSync(join(folder, "smtpd.log"), "w");
    mail.process = spawn(SMTPD, ["-d", "-f", join(folder, "smtpd.conf")], { stdio: ["ignore", log, log] });
    for (let i = 0; i < 100 && !await reached({ port: mail.port, host: "127.0.0.1" }); i++)
      await new Promise((wake) => setTimeout(wake, 100));
    return mail;
  }

  get url() {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /* What came for that address, in capitals or not, once there are so many. */
  async inbox(address, wanted) {
    for (let i = 0; i < 100; i++) {
      const folders = readdirSync(this.folder).filter((name) => name.toLowerCase() === address);
      const files = folders.map((name) => join(this.folder, name, "new")).filter((name) => existsSync(name))
        .flatMap((name) => readdirSync(name).map((file) => join(name, file)));
      if (files.length >= wanted)
        return files.map((file) => readFileSync(file, "utf8"));
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error(`no mail for ${address}`);
  }

  /* By another hand than libcurl's. */
  send(from, to, subject, text) {
    execFileSync("python3", ["-c", "import smtplib,sys; s = smtplib.SMTP('127.0.0.1', int(sys.argv[1])); " +
      "s.sendmail(sys.argv[2], [sys.argv[3]], 'From: %s\\r\\nTo: %s\\r\\nSubject: %s\\r\\n\\r\\n%s\\r\\n' % tuple(sys.argv[2:6])); s.quit()",
      String(this.port), from, to, subject, text]);
  }

  async close() {
    this.process.kill("SIGTERM");
    await new Promise((ended) => this.process.once("exit", ended));
  }
}
