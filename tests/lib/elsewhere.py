#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services on loopback to which entries are posted, as strict as their documentation: a journal (XML-RPC, LJ.XMLRPC.*),
a Mastodon server, and a mail server (aiosmtpd). What a client may not do is answered as the real ones answer it; what no
client of ours may ever say is kept in "sins"."""
import hashlib
import http.server
import json
import re
import secrets
import threading
import xmlrpc.client
from xml.etree import ElementTree

USER, SECRET = "desk", "an api key of the desk"
TOKEN = "a-token"
PROPS = {"taglist", "current_mood", "opt_preformatted", "opt_screening", "opt_backdated"}
LIFE_S = 60


class Journal:
    """The clock is its own: now moves only when a test says so."""

    def __init__(self):
        self.now = 0
        self.challenges = {}
        self.used = set()
        self.again = 0     # so many times a challenge is given that was used already
        self.events = {}
        self.next = 1
        self.fault = None  # to be given for the next call that logs in
        self.expire = 0    # so many challenges are too old when they come back
        self.drop = False  # the next post is done, and no answer comes
        self.sins = []
        self.calls = []

    def call(self, method, args):
        self.calls.append(method)
        if method == "LJ.XMLRPC.getchallenge":
            if self.again > 0:
                self.again -= 1
                return {"auth_scheme": "c0", "challenge": sorted(self.used)[0], "expire_time": self.now + LIFE_S,
                        "server_time": self.now}
            challenge = f"c0:{self.now}:{secrets.token_hex(8)}"
            self.challenges[challenge] = self.now - (LIFE_S + 1 if self.expire > 0 else 0)
            self.expire -= 1
            return {"auth_scheme": "c0", "challenge": challenge, "expire_time": self.now + LIFE_S, "server_time": self.now}
        self.log_in(args)
        if self.fault:
            code, self.fault = self.fault, None
            raise xmlrpc.client.Fault(code, "Refused, as the test wants it")
        done = {"LJ.XMLRPC.postevent": self.post, "LJ.XMLRPC.editevent": self.edit, "LJ.XMLRPC.getevents": self.get}
        if method not in done:
            raise xmlrpc.client.Fault(201, "Unknown method")
        return done[method](args)

    def log_in(self, args):
        if args.get("auth_method") != "challenge" or "password" in args or "hpassword" in args:
            self.sins.append("a login without a challenge")
            raise xmlrpc.client.Fault(200, "Missing required argument(s)")
        if args.get("username") != USER:
            raise xmlrpc.client.Fault(100, "Invalid username")
        made = self.challenges.pop(args["auth_challenge"], None)
        self.used.add(args["auth_challenge"])
        if made is None or self.now - made > LIFE_S:
            raise xmlrpc.client.Fault(105, "Challenge expired")
        hashed = hashlib.md5(SECRET.encode()).hexdigest()
        if args["auth_response"] != hashlib.md5((args["auth_challenge"] + hashed).encode()).hexdigest():
            raise xmlrpc.client.Fault(101, "Invalid password")
        if args.get("ver") != 1:
            raise xmlrpc.client.Fault(207, "Protocol version mismatch")

    def take(self, args):
        for name, kind in {"event": str, "subject": str, "year": int, "mon": int, "day": int, "hour": int, "min": int}.items():
            if type(args.get(name)) is not kind:
                raise xmlrpc.client.Fault(200, f"Missing required argument(s): {name}")
        if len(args["subject"]) > 100 or not 1 <= args["mon"] <= 12:
            raise xmlrpc.client.Fault(203, "Invalid argument(s)")
        for name in args.get("props", {}):
            if "location" in name or "coords" in name:
                self.sins.append(f"a location: {name}")
            if name not in PROPS:
                raise xmlrpc.client.Fault(205, f"Unknown metadata: {name}")
        return dict(args)

    def place(self, number):
        return {"itemid": number, "anum": 7, "url": f"https://{USER}.dreamwidth.example/{number * 256 + 7}.html"}

    def post(self, args):
        if not args.get("event"):
            raise xmlrpc.client.Fault(200, "Missing required argument(s): event")
        number, self.next = self.next, self.next + 1
        self.events[number] = self.take(args)
        if self.drop:
            self.drop = False
            raise ConnectionAbortedError
        return self.place(number)

    def edit(self, args):
        number = int(args["itemid"])
        if number not in self.events:
            raise xmlrpc.client.Fault(302, "Can't edit post from requested journal")
        if args.get("event") == "":
            del self.events[number]
        else:
            self.events[number] = self.take(args)
        return self.place(number)

    def get(self, args):
        if args.get("selecttype") != "day":
            raise xmlrpc.client.Fault(203, "Invalid argument(s)")
        day = [args["year"], args["mon"], args["day"]]
        # As the real ones do, what is not ASCII goes out as base64.
        return {"events": [self.place(n) | {"event": e["event"] if e["event"].isascii() else
                                            xmlrpc.client.Binary(e["event"].encode()), "subject": "x"}
                           for n, e in self.events.items() if [e["year"], e["mon"], e["day"]] == day]}


class Mastodon:
    def __init__(self):
        self.statuses = {}
        self.keys = {}
        self.next = 100
        self.drop = False
        self.asked = []

    def answer(self, method, path, headers, body):
        self.asked.append((method, path))
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "The access token is invalid"}
        found = re.fullmatch(r"/api/v1/statuses(?:/(\d+))?", path)
        if not found:
            return 404, {"error": "Record not found"}
        data = json.loads(body) if body else {}
        if method in ("POST", "PUT") and (headers.get("Content-Type") != "application/json" or not data.get("status") or
                                          self.length(data["status"]) > 500):
            return 422, {"error": "Validation failed: Text character limit of 500 exceeded"}
        if method == "POST" and not found[1]:
            return self.post(data, headers.get("Idempotency-Key"))
        number = found[1]
        if number not in self.statuses:
            return 404, {"error": "Record not found"}
        if method == "DELETE":
            return 200, self.shown(number) | {"gone": bool(self.statuses.pop(number))}
        if method == "PUT" and "visibility" not in data:
            self.statuses[number].update(data)
            return 200, self.shown(number)
        return 422, {"error": "Validation failed"}

    @staticmethod
    def length(status):
        return len(re.sub(r"https?://\S+", "x" * 23, status))

    def shown(self, number):
        return {"id": number, "url": f"https://social.example/@desk/{number}", "content": self.statuses[number]["status"]}

    def post(self, data, key):
        if key and key in self.keys:
            return 200, self.shown(self.keys[key])
        number, self.next = str(self.next), self.next + 1
        self.statuses[number] = data
        self.keys[key] = number
        if self.drop:
            self.drop = False
            raise ConnectionAbortedError
        return 200, self.shown(number)


def typed(value):
    """Only what the specification has: each value in a struct with its type."""
    kinds = {"string": lambda e: e.text or "", "int": lambda e: int(e.text), "struct": members}
    assert value.tag == "value" and len(value) == 1 and value[0].tag in kinds, ElementTree.tostring(value)
    return kinds[value[0].tag](value[0])


def members(struct):
    out = {}
    for member in struct:
        name, value = member
        assert member.tag == "member" and name.tag == "name" and name.text not in out
        out[name.text] = typed(value)
    return out


def read_call(body):
    root = ElementTree.fromstring(body)
    method, params = root
    assert root.tag == "methodCall" and method.tag == "methodName" and params.tag == "params" and len(params) == 1
    return method.text, typed(params[0][0])


class Handler(http.server.BaseHTTPRequestHandler):
    journal = mastodon = None
    agents = set()  # what clients said they are, by the path's first word

    def answer(self):
        self.agents.add((self.path.split("/")[1], self.headers.get("User-Agent")))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if self.path == "/interface/xmlrpc":
                self.send(200, "text/xml; charset=utf-8", self.rpc(body))
            else:
                status, data = self.mastodon.answer(self.command, self.path, self.headers, body)
                self.send(status, "application/json; charset=utf-8", json.dumps(data))
        except ConnectionAbortedError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def rpc(self, body):
        try:
            method, args = read_call(body)
            return xmlrpc.client.dumps((self.journal.call(method, args),), methodresponse=True)
        except xmlrpc.client.Fault as fault:
            return xmlrpc.client.dumps(fault, methodresponse=True)

    def send(self, status, kind, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


def serve():
    """(journal, mastodon, port)"""
    Handler.journal, Handler.mastodon = Journal(), Mastodon()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Handler.journal, Handler.mastodon, server.server_port


class Sink:
    """Mail as it came. refuse: an answer instead of taking it."""

    def __init__(self):
        self.mails = []
        self.hosts = []
        self.refuse = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.hosts.append(hostname)
        return responses

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return self.refuse
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"


def serve_mail():
    """(sink, port, controller)"""
    from aiosmtpd.controller import Controller
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    return sink, port, controller
