# SPDX-License-Identifier: GPL-3.0-or-later
#
# For the scenarios in Python: TAP, and a real relay with a desk on it, in a temporary folder.
import json
import os
import shutil
import subprocess
import tempfile
import time

for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "CAIRN_DESK"):
    os.environ.pop(name, None)

count = failed = 0


def check(name, good, said=""):
    """One case."""
    global count, failed
    count += 1
    print("ok" if good else "not ok", count, "-", name, flush=True)
    if not good:
        failed += 1
        print("".join("# %r\n" % line for line in said.splitlines()), end="", flush=True)


def end():
    """The plan; returns the exit code."""
    print("1..%d" % count)
    return int(failed > 0)


def run(*words, **how):
    return subprocess.run(words, capture_output=True, text=True, check=True, **how).stdout


class Reach:
    """A relay on a Unix socket, and a desk that has opened once. To be used by "with"."""

    def __init__(self, cairn, cairnd):
        self.cairn, self.cairnd = cairn, cairnd
        self.root = tempfile.mkdtemp()
        self.data, self.sock = self.root + "/relay", self.root + "/sock"
        self.desk = self.root + "/desk"

    def __enter__(self):
        os.mkdir(self.data)
        os.mkdir(self.root + "/shares")
        self.relay = subprocess.Popen([self.cairnd, "--data", self.data, "--listen", "unix:" + self.sock,
                                       *os.environ.get("CAIRND_FLAGS", "").split()], stderr=subprocess.DEVNULL)
        while not os.path.exists(self.sock):
            time.sleep(0.05)
        key = run(self.cairnd, "--data", self.data, "key").strip()
        with open(self.root + "/vault-words", "w", encoding="utf-8") as words:
            words.write(run(self.cairn, "person", "new"))
        made = json.loads(self.staff("init", "--relay", "http://relay.example", "--name", "Desk", "--lang", "en",
                                     "--vault-size", "16", "--shares", self.root + "/shares", "--json", key))
        run(self.cairnd, "--data", self.data, "desk", "add", made["desk_id"])
        self.address = made["address"]
        self.tick()
        return self

    def __exit__(self, *why):
        self.relay.terminate()
        self.relay.wait()
        shutil.rmtree(self.root)

    def staff(self, what, *words, **how):
        """cairn desk WHAT, with the vault's passphrase."""
        with open(self.root + "/vault-words", encoding="utf-8") as vault:
            return run(self.cairn, "desk", what, "--dir", self.desk, "--vault-fd", str(vault.fileno()), *words,
                       pass_fds=[vault.fileno()], **how)

    def tick(self):
        return self.staff("open", "--socket", self.sock, "--once")
