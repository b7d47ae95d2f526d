# SPDX-License-Identifier: GPL-3.0-or-later
#
# For the stories of a desk with several devices: a real relay, folders of devices, and commands as staff type them.
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

from reach import check, run


class Done:
    """What a command said, and how it ended."""

    def __init__(self, got):
        self.code, self.out = got.returncode, got.stdout
        self.said = (got.stdout + got.stderr).replace("\u2068", "").replace("\u2069", "")

    def json(self):
        return json.loads(self.out.splitlines()[-1])


def tell(fd, text):
    with os.fdopen(fd, "w") as pipe:
        pipe.write(text)


def line(process):
    return json.loads(process.stdout.readline())


class Story:
    """
    A desk's relay on a Unix socket, to be used by "with". With clock, cairnd and cairn must be those of the tests: their
    time is moved by pass_time().
    """

    def __init__(self, cairn, cairnd, clock=False):
        self.cairn, self.cairnd = cairn, cairnd
        self.root = tempfile.mkdtemp()
        self.sock, self.data = self.root + "/sock", self.root + "/relay"
        self.devices, self.relay, self.made, self.share = [], None, None, None
        self.clock, self.moved = self.root + "/clock" if clock else None, 0

    def __enter__(self):
        if self.clock is not None:
            self.pass_time(0)
            os.environ["CAIRN_TEST_CLOCK"] = self.clock
        os.mkdir(self.data)
        self.relay = self.serve(self.data, self.sock)
        self.relay_key = run(self.cairnd, "--data", self.data, "key").strip()
        return self

    def __exit__(self, *why):
        for device in self.devices:
            if device.open is not None:
                device.stop(signal.SIGKILL)
        self.relay.terminate()
        self.relay.wait()
        shutil.rmtree(self.root)

    def serve(self, data, sock):
        """A relay, which answers when this returns."""
        words = [self.cairnd, "--data", data, "--listen", "unix:" + sock]
        if self.clock is not None:
            words += ["--test-clock", self.clock]
        relay = subprocess.Popen(words + os.environ.get("CAIRND_FLAGS", "").split(), stderr=subprocess.DEVNULL)
        while not os.path.exists(sock):
            time.sleep(0.05)
        return relay

    def now(self):
        return time.time() + self.moved

    def pass_time(self, hours=0):
        """The clocks of relay and devices go on by so many hours."""
        self.moved += int(hours * 3600)
        if not os.path.exists(self.clock):
            with open(self.clock, "wb") as clock:
                clock.write(bytes(8))
        with open(self.clock, "r+b") as clock:
            clock.write(struct.pack("=q", self.moved))

    def device(self, name):
        self.devices.append(Device(self, name))
        return self.devices[-1]

    def found(self, device, roles, owner):
        """The desk, made on that device."""
        got = device.cairn("desk", "init", "--relay", "http://relay.example", "--name", "Desk", "--lang", "en", "--device",
                           device.name, "--owner", owner, "--roles", roles, "--vault-size", "16", "--shares",
                           self.root + "/shares", "--json", self.relay_key, relay=False)
        self.made = got.json()
        self.share = [self.root + "/shares/" + name for name in self.made["shares"]]
        run(self.cairnd, "--data", self.data, "desk", "add", self.made["desk_id"])

    def shares(self, *numbers):
        """The options that name these shares, by numbers from 0."""
        return [word for n in numbers or (0, 1) for word in ("--share", self.share[n])]

    def admit(self, admin, device, roles, owner, spoil=False, again=False):
        """
        Both sides of a joining; people read the digits to each other. spoil: one of them hears other digits. Returns both
        codes, whether the digits were the same, and all that was said.
        """
        one, heard = admin.begin("desk", "admit", "--json", "--roles", roles, "--owner", owner, *self.shares(),
                                 pipes=["digits-fd"])
        code = line(one)["code"]
        words = ["--again"] if again else ["--vault-size", "16", self.made["address"], self.relay_key]
        two, typed = device.begin("desk", "join", "--json", "--device", device.name, *words, pipes=["code-fd", "digits-fd"])
        tell(typed["code-fd"], code.upper().replace("-", " "))
        theirs, ours = line(two)["digits"], line(one)["digits"]
        tell(heard["digits-fd"], theirs if not spoil else "000000 000000")
        tell(typed["digits-fd"], ours if not spoil else "000000 000000")
        out = [p.communicate(timeout=60) for p in (one, two)]
        return one.returncode, two.returncode, ours == theirs, repr(out)

    def get(self, path):
        """What anybody reads of the desk at its relay."""
        with socket.socket(socket.AF_UNIX) as line_:
            line_.connect(self.sock)
            line_.sendall(("GET /d/%s/%s HTTP/1.1\r\nHost: relay.example\r\nConnection: close\r\n\r\n"
                           % (self.made["desk_id"], path)).encode())
            return b"".join(iter(lambda: line_.recv(65536), b"")).split(b"\r\n\r\n", 1)[1].decode()

    def person(self, words, what, *more, text=None):
        """cairn person WHAT, with the words in that file, made where there are none."""
        if not os.path.exists(words):
            with open(words, "w", encoding="utf-8") as made:
                made.write(run(self.cairn, "person", "new"))
        with open(words, encoding="utf-8") as typed:
            return Done(subprocess.run([self.cairn, "person", what, "--desk", self.made["address"], "--socket", self.sock,
                                        "--passphrase-fd", str(typed.fileno()), *more], input=text or "", text=True,
                                       capture_output=True, timeout=60, pass_fds=[typed.fileno()]))


class Device:
    """A folder, and the process that holds it open."""

    def __init__(self, story, name):
        self.story, self.name, self.folder, self.open = story, name, story.root + "/" + name, None
        self.sock = story.sock
        self.words = story.root + "/" + name + "-words"
        with open(self.words, "w", encoding="utf-8") as words:
            words.write(run(story.cairn, "person", "new"))

    def begin(self, *words, pipes=()):
        """Without waiting for its end; the vault's passphrase, then one pipe for each of the options named."""
        vault = os.open(self.words, os.O_RDONLY)
        fds, ends, options = [vault], {}, []
        for name in pipes:
            fd, ends[name] = os.pipe()
            fds.append(fd)
            options += ["--" + name, str(fd)]
        process = subprocess.Popen([self.story.cairn, *words, "--dir", self.folder, "--vault-fd", str(vault), "--socket",
                                    self.sock, *options], pass_fds=fds, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        for fd in fds:
            os.close(fd)
        return process, ends

    def cairn(self, *words, text=None, relay=True, fds=None):
        """A command. While the device is open it needs no passphrase. fds: options that take a file, by its path."""
        more = ["--dir", self.folder] + (["--socket", self.sock] if relay else [])
        files = [open(path, encoding="utf-8") for path in (fds or {}).values()]
        for option, file in zip(fds or {}, files):
            more += [option, str(file.fileno())]
        if self.open is None:
            files.append(open(self.words, encoding="utf-8"))
            more += ["--vault-fd", str(files[-1].fileno())]
        got = subprocess.run([self.story.cairn, *words, *more], input=text or "", capture_output=True, text=True, timeout=60,
                             pass_fds=[file.fileno() for file in files])
        for file in files:
            file.close()
        return Done(got)

    def look(self, *words):
        """What a command that asks no relay shows, as JSON."""
        return self.cairn(*words, "--json", relay=False)

    def look_reach(self, *words):
        return self.cairn(*words, "--json")

    def start(self):
        """The desk open here: when this returns the first round is over, and the vault can be asked for."""
        self.open, _ = self.begin("desk", "open", "--json", "--tick", "86400")
        return json.loads(self.open.stdout.readline() or "{}")

    def stop(self, how=signal.SIGTERM):
        self.open.send_signal(how)
        self.open.communicate()
        self.open = None

    def again(self):
        """Closed and opened: one more round."""
        self.stop()
        return self.start()


def compartments(device, case):
    return {c["name"]: c for c in device.look("case", "show", case).json()["compartments"]}


def values(compartment):
    return {i["field"]: i["value"] for i in compartment["items"]}


def members(compartment):
    return sorted(m["device"] for m in compartment["members"])


def synced(*devices):
    for device in devices:
        got = device.cairn("desk", "sync", "--json")
        if got.code != 0 or got.json()["waiting"] or got.json()["missing"] is not None:
            check("%s is in step" % device.name, False, got.said)
