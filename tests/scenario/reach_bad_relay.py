# SPDX-License-Identifier: GPL-3.0-or-later
#
# A relay that misbehaves: answers without end, sends elsewhere, hands out cookies, hangs up, is busy. Prints TAP.
#
#	reach_bad_relay.py CAIRN CAIRND
import http.client
import os
import resource
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from reach import Reach, check, end, run  # noqa: E402

cairn, cairnd = sys.argv[1:3]


class Unix(http.client.HTTPConnection):
    """To the real relay."""

    def __init__(self, path):
        super().__init__("relay.example")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class BadRelay:
    """Stands before the real one. behave(bad, client, path) answers in its stead, or returns None."""

    def __init__(self, reach, name, behave):
        self.reach, self.behave, self.heads = reach, behave, []
        self.sock = reach.root + "/" + name
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.sock)
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            threading.Thread(target=self.serve, args=(self.listener.accept()[0],), daemon=True).start()

    def serve(self, client):
        try:
            self.answer(client)
        except OSError:
            pass
        client.close()

    def answer(self, client):
        stream = client.makefile("rb")
        while True:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = stream.readline()
                if not line:
                    return
                head += line
            self.heads.append(head.decode())
            path = head.split(b" ")[1].decode()
            said = self.behave(self, client, path)
            if said is None:
                said = self.ask(path)
            if said == b"":
                return
            client.sendall(said)

    def ask(self, path, extra=b""):
        real = Unix(self.reach.sock)
        real.request("GET", path)
        answer = real.getresponse()
        body = answer.read()
        return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n%s\r\n" % (answer.status, len(body), extra) + body

    def look(self, *more):
        began = time.time()
        done = subprocess.run([cairn, "person", "look", "--desk", self.reach.address, "--socket", self.sock,
                               "--passphrase-fd", "0", "--patience", "5", *more],
                              input=self.reach.words, capture_output=True, text=True)
        done.seconds = time.time() - began
        return done


def endless(bad, client, path):
    client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        client.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")


def claims_much(bad, client, path):
    return b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n" + bytes(100000)


def elsewhere(bad, client, path):
    return b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"


def cookies(bad, client, path):
    return bad.ask(path, b"Set-Cookie: who=you; Path=/\r\nETag: \"you\"\r\n")


def hangs_up_twice(bad, client, path):
    return b"" if len(bad.heads) <= 2 else None


def cuts_off(bad, client, path):
    return b"" if client.sendall(bad.ask(path)[:-1]) is None else b""


def busy_twice(bad, client, path):
    if len(bad.heads) <= 2:
        return b"HTTP/1.1 503 x\r\nRetry-After: 1\r\nContent-Length: 6\r\n\r\nlater\n"
    return None


def no_http(bad, client, path):
    return b"220 mail.example ESMTP\r\n" * 1000


def main(reach):
    reach.words = run(cairn, "person", "new")
    BadRelay(reach, "good", lambda bad, client, path: None).look()
    for name, behave in (("an answer without end", endless), ("an answer that claims to be huge", claims_much)):
        bad = BadRelay(reach, behave.__name__, behave)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        done = bad.look()
        check(name + " is given up at once", done.returncode == 3 and len(bad.heads) == 1 and done.seconds < 5,
              "%s%r %d" % (done.stderr, done, len(bad.heads)))
        check("and takes no room", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < before + 8192)

    bad = BadRelay(reach, "elsewhere", elsewhere)
    done = bad.look()
    check("nobody is sent elsewhere", done.returncode == 2, done.stderr)

    bad = BadRelay(reach, "cookies", cookies)
    done = bad.look()
    check("a relay that hands out cookies is good enough", done.returncode == 0, done.stderr)
    check("and gets none of them back", not any("you" in head for head in bad.heads), "".join(bad.heads))

    bad = BadRelay(reach, "hangs_up_twice", hangs_up_twice)
    done = bad.look()
    check("a relay that hangs up twice is asked again", done.returncode == 0, done.stderr)

    bad = BadRelay(reach, "busy_twice", busy_twice)
    done = bad.look()
    check("a relay that is busy twice is asked again", done.returncode == 0, done.stderr)

    bad = BadRelay(reach, "cuts_off", cuts_off)
    done = bad.look()
    check("answers that are cut off are none", done.returncode == 3, done.stderr)
    check("and the tries are few", 2 <= len(bad.heads) <= 8, repr(len(bad.heads)))

    bad = BadRelay(reach, "no_http", no_http)
    done = bad.look()
    check("what is not HTTP is no answer", done.returncode == 3, done.stderr)


with Reach(cairn, cairnd) as reach:
    main(reach)
sys.exit(end())
