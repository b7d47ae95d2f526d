#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The public site on its own listener of a real cairnd, and the desk's page on another: neither is reachable through
the other's.

    site_serve.py CAIRND
"""
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

DESK = "ab" * 32
CONFIG = pathlib.Path(tempfile.mkdtemp()) / "empty.conf"
CASES = []


def case(function):
    CASES.append(function)
    return function


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class World:
    def __init__(self, cairnd, root):
        self.root = pathlib.Path(root)
        site = self.root / "site"
        (site / "en").mkdir(parents=True)
        (self.root / "beside").mkdir()
        (self.root / "beside/secret.html").write_text("secret")
        (site / "index.html").write_text("<p>front")
        (site / "en/index.html").write_text("<p>english")
        (site / "core.wasm").write_bytes(b"\0asm")
        (site / ".cache").write_text("hidden")
        (site / "link.html").symlink_to(self.root / "beside/secret.html")
        (site / "out").symlink_to(self.root / "beside")
        self.page, self.site = port(), port()
        flags = os.environ.get("CAIRND_FLAGS", "").split()
        subprocess.run([cairnd, "--config", CONFIG, "--data", self.root / "data", "key"], check=True, capture_output=True)
        subprocess.run([cairnd, "--config", CONFIG, "--data", self.root / "data", "desk", "add", DESK], check=True,
                       capture_output=True)
        with open(self.root / "log", "w", encoding="utf-8") as log:
            self.daemon = subprocess.Popen(
                [cairnd, "--config", CONFIG, "--data", self.root / "data", "--listen", f"127.0.0.1:{self.page}",
                 "--site", site, "--site-listen", f"127.0.0.1:{self.site}", *flags], stdout=log, stderr=log)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.site)).close()
                break
            except OSError:
                time.sleep(0.05)

    def log(self):
        return (self.root / "log").read_text()

    def raw(self, where, request):
        """Exactly these bytes as the first line; the answer's status and body."""
        with socket.create_connection(("127.0.0.1", where), timeout=10) as s:
            s.sendall(request.encode("latin-1") + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            got = b""
            while piece := s.recv(65536):
                got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        return int(head.split()[1]) if head else 0, body

    def get(self, path, method="GET", headers=None, where=None):
        connection = http.client.HTTPConnection("127.0.0.1", where or self.site, timeout=10)
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@case
def pages_and_folders_are_served(w):
    assert w.get("/")[1] == b"<p>front"
    assert w.get("/en/")[1] == b"<p>english"
    assert w.get("/en/?utm=1")[1] == b"<p>english"
    answer, body = w.get("/core.wasm")
    assert answer.getheader("Content-Type") == "application/wasm" and body == b"\0asm"


@case
def head_has_no_body_and_what_is_not_there_is_not_found(w):
    answer, body = w.get("/", "HEAD")
    assert answer.status == 200 and body == b"" and answer.getheader("Content-Length") == "8"
    assert w.get("/absent.html")[0].status == 404
    assert w.get("/en")[0].status == 404


@case
def every_answer_is_strict(w):
    for path in ["/", "/absent"]:
        answer, _ = w.get(path)
        assert "frame-ancestors 'none'" in answer.getheader("Content-Security-Policy")
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Set-Cookie") is None and answer.getheader("Access-Control-Allow-Origin") is None


@case
def a_copy_that_is_still_good_is_not_sent_again(w):
    tag = w.get("/")[0].getheader("ETag")
    answer, body = w.get("/", headers={"If-None-Match": tag})
    assert answer.status == 304 and body == b""
    assert w.get("/", headers={"If-None-Match": '"other"'})[0].status == 200


@case
def nothing_is_written_or_taken(w):
    for method in ["POST", "PUT", "DELETE", "OPTIONS"]:
        assert w.raw(w.site, f"{method} / HTTP/1.1")[0] == 405, method


@case
def no_way_leads_out_of_the_folder(w):
    for path in ["/../beside/secret.html", "/en/../../beside/secret.html", "/%2e%2e/beside/secret.html", "/.cache",
                 "/link.html", "/out/secret.html", "//etc/passwd", "/en/..", "/..%5cbeside", "/\\..\\beside"]:
        status, body = w.raw(w.site, f"GET {path} HTTP/1.1")
        assert status in (400, 404) and b"secret" not in body and b"hidden" not in body, path


@case
def the_desk_is_not_reachable_where_the_site_is(w):
    for path in [f"/d/{DESK}/", f"/d/{DESK}/board/checkpoint", f"/d/{DESK}/drop/intake", f"/d/{DESK}/page.js"]:
        assert w.get(path)[0].status == 404, path


@case
def the_site_is_not_reachable_where_the_desk_is(w):
    assert w.get(f"/d/{DESK}/drop/intake", where=w.page)[0].status == 200
    for path in ["/en/", "/core.wasm", "/en/index.html"]:
        answer, body = w.get(path, where=w.page)
        assert answer.status == 404 and b"english" not in body, path
    assert b"front" not in w.get("/", where=w.page)[1]


@case
def nobody_is_logged(w):
    before = w.log()
    w.get("/en/")
    w.get("/absent-thing.html")
    assert w.log() == before and "absent-thing" not in before


@case
def one_without_the_other_is_refused(w):
    cairnd = w.daemon.args[0]
    for flags in [["--site", str(w.root / "site")], ["--site-listen", "127.0.0.1:1"]]:
        run = subprocess.run([cairnd, "--config", CONFIG, "--listen", "127.0.0.1:2", *flags, "--check-config"],
                             capture_output=True, text=True, check=False)
        assert run.returncode != 0 and "site" in run.stderr, run.stderr


def main():
    failed = 0
    CONFIG.touch()
    with tempfile.TemporaryDirectory() as root:
        world = World(sys.argv[1], root)
        try:
            for number, function in enumerate(CASES, 1):
                try:
                    function(world)
                    print(f"ok {number} - {function.__name__}", flush=True)
                except Exception as fault:  # every case is told, whatever it died of
                    failed += 1
                    print(f"not ok {number} - {function.__name__}\n# {fault!r}", flush=True)
        finally:
            world.daemon.send_signal(signal.SIGTERM)
            world.daemon.wait(20)
            if failed:
                print("# " + world.log().replace("\n", "\n# "))
    print(f"1..{len(CASES)}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
