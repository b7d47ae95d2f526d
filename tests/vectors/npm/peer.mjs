// SPDX-License-Identifier: GPL-3.0-or-later
// libcairn behind a pipe: one line of JSON for each request and each answer (crosscheck.c).
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export const hex = (bytes) => Buffer.from(bytes).toString('hex');
export const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'));

const encode = (value) => (value instanceof Uint8Array ? hex(value) : value);

export class Peer {
  constructor(program) {
    this.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    this.child.on('exit', (code) => {
      for (const { reject } of this.waiting) reject(new Error(`crosscheck ended with ${code}`));
      this.waiting = [];
    });
    createInterface({ input: this.child.stdout, crlfDelay: Infinity }).on('line', (line) => {
      this.waiting.shift().resolve(JSON.parse(line));
    });
  }

  /** Fields that are bytes go as hex. The answer's err is 0, or the request was refused. */
  ask(op, fields) {
    const line = { op };
    for (const [key, value] of Object.entries(fields)) line[key] = encode(value);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify(line)}\n`);
    });
  }

  end() {
    this.child.stdin.end();
  }
}
