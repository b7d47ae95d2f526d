#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A time-stamping authority on loopback, by OpenSSL's own: makes its certificates in a folder, prints its port, and
appends the size of each request to the file "asked". "tsa.py FOLDER"; it ends with its standard input."""
import http.server
import os
import pathlib
import subprocess
import sys
import threading

CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


def openssl(folder, *args):
    subprocess.run(["openssl", *args], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make(folder, name="Time of Nobody"):
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01")
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days",
            "3650", "-subj", f"/CN={name} CA", "-config", "/etc/ssl/openssl.cnf", "-extensions", "v3_ca")
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj",
            f"/CN={name}", "-config", "/etc/ssl/openssl.cnf")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            "tsa.pem", "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "signer")


class Handler(http.server.BaseHTTPRequestHandler):
    folder = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(self.folder / "asked", "a", encoding="ascii") as asked:
            asked.write(f"{len(body)} {self.headers.get('User-Agent')} {self.headers['Content-Type']}\n")
        (self.folder / "query.tsq").write_bytes(body)
        openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa1", "-queryfile", "query.tsq", "-out",
                "reply.tsr")
        reply = (self.folder / "reply.tsr").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format, *args):
        pass


class Authority:
    """This as a process of its own, for the scenarios. To be used by "with"."""

    def __init__(self, folder):
        self.folder = folder
        os.mkdir(folder)

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, __file__, self.folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = "http://127.0.0.1:%s/" % self.process.stdout.readline().strip()
        self.ca = self.folder + "/ca.pem"
        return self

    def __exit__(self, *why):
        self.process.communicate("")

    def asked(self):
        """The size of each request so far."""
        try:
            with open(self.folder + "/asked", encoding="ascii") as asked:
                return [line.split()[0] for line in asked]
        except FileNotFoundError:
            return []


def main():
    folder = pathlib.Path(sys.argv[1])
    make(folder)
    Handler.folder = folder
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "port").write_text(str(server.server_port))
    print(server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
