# SPDX-License-Identifier: GPL-3.0-or-later
#
# Through a SOCKS proxy, as through Tor: the name of the relay is looked up there and nowhere else, and each run has a name and
# password of its own, by which Tor keeps circuits apart. Prints TAP.
#
#	reach_proxy.py CAIRN CAIRND
import os
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from reach import Reach, check, end, run  # noqa: E402

cairn, cairnd = sys.argv[1:3]


class Socks:
    """Speaks just enough of RFC 1928 and 1929, and connects all to one Unix socket."""

    def __init__(self, target):
        self.target = target
        self.names, self.logins, self.methods = [], [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "socks5h://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            threading.Thread(target=self.serve, args=(self.listener.accept()[0],), daemon=True).start()

    def serve(self, client):
        stream = client.makefile("rb")
        methods = stream.read(stream.read(2)[1])
        self.methods.append(methods)
        client.sendall(b"\5\2")
        name = stream.read(stream.read(2)[1])
        self.logins.append((name, stream.read(stream.read(1)[0])))
        client.sendall(b"\1\0")
        kind = stream.read(4)[3]
        self.names.append(stream.read(stream.read(1)[0]).decode() if kind == 3 else "kind %d" % kind)
        stream.read(2)
        client.sendall(b"\5\0\0\1\0\0\0\0\0\0")
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.target)
        threading.Thread(target=self.copy, args=(server, client), daemon=True).start()
        self.copy(client, server)

    @staticmethod
    def copy(source, to):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def look(reach, address, *more):
    return subprocess.run([cairn, "person", "look", "--desk", address, "--passphrase-fd", "0", *more],
                          input=reach.words, capture_output=True, text=True)


def main(reach):
    reach.words = run(cairn, "person", "new")
    proxy = Socks(reach.sock)
    done = look(reach, reach.address, "--proxy", proxy.url)
    check("a look goes through the proxy", done.returncode == 0 and "Nothing new" in done.stdout, done.stderr)
    check("the proxy is given the relay's name", set(proxy.names) == {"relay.example"}, repr(proxy.names))
    check("one run has one name and password", len(set(proxy.logins)) == 1, repr(proxy.logins))
    look(reach, reach.address, "--proxy", proxy.url)
    check("another run has another", len(set(proxy.logins)) == 2, repr(proxy.logins))

    onion = reach.address.replace("relay.example", "a" * 56 + ".onion")
    done = look(reach, onion, "--proxy", proxy.url)
    check("an onion address is handed to the proxy", done.returncode == 0 and proxy.names[-1].endswith(".onion"),
          done.stderr + repr(proxy.names))
    done = look(reach, onion)
    check("an onion address without a proxy is refused", done.returncode == 1 and "--proxy" in done.stderr, done.stderr)
    done = look(reach, reach.address, "--proxy", proxy.url.replace("socks5h", "socks5"))
    check("a proxy that leaves names to this machine is refused", done.returncode == 1, done.stderr)

    os.environ["all_proxy"] = proxy.url
    before = len(proxy.names)
    done = look(reach, reach.address)
    check("a proxy of the environment is used", done.returncode == 0 and len(proxy.names) > before, done.stderr)
    os.environ["all_proxy"] = proxy.url.replace("socks5h", "socks5")
    done = look(reach, reach.address)
    check("one that leaves names to this machine is refused there too", done.returncode == 1, done.stderr)


with Reach(cairn, cairnd) as reach:
    main(reach)
sys.exit(end())
