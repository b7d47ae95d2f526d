#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry posted elsewhere, changed there and deleted there, by the command, against services on loopback.

    site_post.py CAIRN
"""
import email
import email.policy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import elsewhere  # noqa: E402
from reach import check, end  # noqa: E402

CAIRN = sys.argv[1]
SITE = "https://site.example/"
LINK = SITE + "en/entries/a-day.html"
ENTRY = """---
date: 2017-04-01
title: Ten men & <one> word
tags: press, a-count
mood: grave
---
What **was** published: [who](b.html) said "no" — Грозный.
"""


class World:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.journal, self.mastodon, port = elsewhere.serve()
        self.sink, mail_port, self.mail = elsewhere.serve_mail()
        (self.root / "entries").mkdir()
        (self.root / "site.md").write_text(f"---\ntitle: A site\nlang: en\nbase: {SITE}\n---\n")
        self.entry("a-day", ENTRY)
        self.secret("dw.secret", elsewhere.SECRET)
        self.secret("m.secret", elsewhere.TOKEN)
        rpc = f"http://127.0.0.1:{port}/interface/xmlrpc"
        self.conf = f"""# accounts
[dw]
service = dreamwidth
server = {rpc}
user = desk
secret-file = {self.root}/dw.secret

[lj]
service = livejournal
server = {rpc}
user = desk
secret-file = {self.root}/dw.secret

[m]
service = mastodon
server = http://127.0.0.1:{port}
secret-file = {self.root}/m.secret

[list]
service = mail
server = smtp://127.0.0.1:{mail_port}
from = desk@desk.example
to = list@lists.example, other@lists.example

[nowhere]
service = mastodon
server = http://127.0.0.1:1
secret-file = {self.root}/m.secret
"""
        self.set_conf(self.conf)

    def set_conf(self, text):
        (self.root / "posting.conf").write_text(text)

    def secret(self, name, text):
        (self.root / name).write_text(text + "\n")
        (self.root / name).chmod(0o600)

    def entry(self, name, text):
        (self.root / f"entries/{name}.md").write_text(text)

    def posted(self):
        path = self.root / "posted"
        return path.read_text().splitlines()[1:] if path.exists() else []

    def age(self, seconds):
        """What was begun was so long ago."""
        path = self.root / "posted"
        lines = [line.split(" ") for line in path.read_text().splitlines()]
        for fields in lines[1:]:
            if fields[5] != "0":
                fields[5] = str(int(fields[5]) - seconds)
        path.write_text("".join(" ".join(fields) + "\n" for fields in lines))

    def run(self, to, *args, entry="a-day", **how):
        done = subprocess.run([CAIRN, "site", "post", f"{self.root}/entries/{entry}.md", "--to", to, *args],
                              capture_output=True, text=True, timeout=60, check=False, **how)
        return done.returncode, done.stdout + done.stderr


def journals(w):
    code, said = w.run("dw")
    event = w.journal.events.get(1, {})
    check("an entry is posted to a journal", code == 0 and "dreamwidth.example" in said, said)
    check("its title, day and words are as they were", event.get("subject") == "Ten men & <one> word" and
          [event.get(k) for k in ("year", "mon", "day", "hour", "min")] == [2017, 4, 1, 12, 0] and
          "<strong>was</strong>" in event["event"] and "Грозный" in event["event"], str(event))
    check("links within the site lead to the site", f'href="{SITE}en/entries/b.html"' in event["event"], event["event"])
    check("it says where it was first published", f'First published at <a href="{LINK}">' in event["event"], event["event"])
    check("tags, mood, form and screening go along", event["props"] == {"taglist": "press, a-count", "current_mood": "grave",
          "opt_preformatted": 1, "opt_screening": "A"}, str(event["props"]))
    calls = len(w.journal.calls)
    code, said = w.run("dw")
    check("what has not changed is not posted again", code == 0 and "Nothing has changed" in said and
          len(w.journal.calls) == calls, said)
    w.entry("a-day", ENTRY.replace("Ten", "Eleven"))
    code, said = w.run("dw", "--json")
    check("a change is a change of the same post", code == 0 and json.loads(said)["did"] == "changed" and
          list(w.journal.events) == [1] and w.journal.events[1]["subject"].startswith("Eleven"), said)
    (w.root / "entries/a-day.md").rename(w.root / "away")
    code, said = w.run("dw", "--delete")
    check("it is deleted there, though the entry is gone here", code == 0 and not w.journal.events and not w.posted(), said)
    (w.root / "away").rename(w.root / "entries/a-day.md")
    code, said = w.run("dw", "--delete")
    check("what was not posted is not deleted", code == 2 and "nothing was posted" in said, said)
    w.entry("a-day", ENTRY)


def faults(w):
    wanted = {100: "no such user", 101: "API key", 203: "one of the values", 205: "properties", 405: "wait an hour",
              999: "Refused, as the test wants it"}
    for number, words in wanted.items():
        w.journal.fault = number
        code, said = w.run("dw")
        check(f"fault {number} says what to do", code == 2 and words in said and str(number) in said, said)
    check("after a refusal nothing is remembered", not w.posted() and not w.journal.events, str(w.posted()))
    w.secret("dw.secret", "wrong")
    code, said = w.run("dw")
    check("a wrong secret is told", code == 2 and "101" in said and "API key" in said, said)
    w.secret("dw.secret", elsewhere.SECRET)
    w.journal.expire = 1
    code, said = w.run("dw")
    check("a challenge that expired is asked for anew", code == 0 and len(w.journal.events) == 1, said)
    w.journal.expire = 4
    w.entry("a-day", ENTRY + "\nmore\n")
    code, said = w.run("dw")
    check("but not for ever", code == 2 and "105" in said, said)
    w.journal.expire = 0
    w.journal.again = 1
    code, said = w.run("dw")
    check("a challenge that was used once is asked for anew", code == 0 and "more" in list(w.journal.events.values())[0]["event"], said)
    w.journal.again = 4
    w.entry("a-day", ENTRY)
    code, said = w.run("dw")
    check("but that too not for ever", code == 2 and "105" in said, said)
    w.journal.again = 0
    w.journal.events.clear()
    code, said = w.run("dw")
    check("a post that somebody deleted there is told", code == 2 and "not there any more" in said, said)
    code, said = w.run("dw", "--delete")
    check("and forgotten by --delete", code == 0 and not w.posted(), said)
    w.entry("a-day", ENTRY)


def broken_off(w):
    w.journal.drop = True
    code, said = w.run("dw")
    check("a journal that does not answer is no success", code == 3 and "begun" in w.posted()[0], said)
    code, said = w.run("dw")
    check("the next try finds the post, and makes no second", code == 0 and len(w.journal.events) == 1 and
          " posted " in w.posted()[0], said)
    (w.root / "posted").unlink()
    code, said = w.run("dw")
    check("so it does where the memory is lost", code == 0 and len(w.journal.events) == 1, said)
    w.mastodon.drop = True
    code, said = w.run("m")
    check("a server that does not answer is no success", code == 3 and any("begun" in line for line in w.posted()), said)
    code, said = w.run("m")
    check("the same key makes no second status", code == 0 and len(w.mastodon.statuses) == 1, said)
    code, said = w.run("m", "--delete")
    w.mastodon.drop = True
    code, said = w.run("m")
    w.entry("a-day", ENTRY.replace("Ten", "Eleven"))
    code, said = w.run("m")
    check("words that changed meanwhile are there in the end", code == 0 and
          [s["status"][:6] for s in w.mastodon.statuses.values()] == ["Eleven"], said)
    code, said = w.run("m", "--delete")
    w.mastodon.drop = True
    w.run("m")
    w.age(7200)
    asked = len(w.mastodon.asked)
    code, said = w.run("m")
    check("once the key is forgotten there, nobody guesses", code == 2 and "--again" in said and
          len(w.mastodon.asked) == asked, said)
    w.mastodon.statuses.clear()
    code, said = w.run("m", "--again")
    check("until somebody has looked", code == 0 and len(w.mastodon.statuses) == 1, said)
    w.run("m", "--delete")
    w.run("dw", "--delete")
    code, said = w.run("nowhere")
    check("where nobody was reached nothing is remembered", code == 3 and not w.posted(), said)
    w.entry("a-day", ENTRY)


def mastodon(w):
    w.entry("long", ENTRY.replace("What", "слово " * 300))
    code, said = w.run("m", entry="long")
    status = list(w.mastodon.statuses.values())[0]
    check("a long entry is cut to what fits", code == 0 and elsewhere.Mastodon.length(status["status"]) <= 500 and
          "…" in status["status"], said)
    check("with tags, link, language and visibility", "#press #a_count" in status["status"] and
          status["status"].endswith("First published at " + LINK.replace("a-day", "long")) and
          status["language"] == "en" and status["visibility"] == "public", str(status))
    w.entry("long", ENTRY)
    code, said = w.run("m", entry="long")
    status = list(w.mastodon.statuses.values())
    check("a status is changed", code == 0 and len(status) == 1 and "Грозный" in status[0]["status"], said)
    code, said = w.run("m", "--delete", entry="long")
    check("a status is deleted", code == 0 and not w.mastodon.statuses, said)
    w.secret("m.secret", "wrong")
    code, said = w.run("m")
    check("a wrong token is told", code == 2 and "write:statuses" in said and "wrong" not in said, said)
    read, write = os.pipe()
    os.write(write, elsewhere.TOKEN.encode())
    os.close(write)
    code, said = w.run("m", "--secret-fd", str(read), pass_fds=[read])
    check("a secret comes through a descriptor", code == 0, said)
    os.close(read)
    w.secret("m.secret", elsewhere.TOKEN)
    w.run("m", "--delete")


def mail(w):
    code, said = w.run("list")
    sender, to, content = w.sink.mails[0]
    first = email.message_from_bytes(content, policy=email.policy.default)
    check("an entry is mailed to each list", code == 0 and sender == "desk@desk.example" and
          to == ["list@lists.example", "other@lists.example"], said)
    check("its subject and words are whole", first["Subject"] == "Ten men & <one> word" and
          first.get_content().replace("\r", "").endswith(f"Грозный.\n\n\nFirst published at {LINK}\n"), str(content))
    check("this machine's name is not told", w.sink.hosts == ["localhost"] and not first["User-Agent"], str(w.sink.hosts))
    w.entry("a-day", ENTRY.replace("Ten men & <one> word", "Слова, которые длиннее одной строки заголовка письма"))
    code, said = w.run("list")
    second = email.message_from_bytes(w.sink.mails[1][2], policy=email.policy.default)
    check("a change is a message that answers the first", code == 0 and second["In-Reply-To"] == first["Message-ID"] and
          second["Subject"] == "Changed: Слова, которые длиннее одной строки заголовка письма", str(second["Subject"]))
    code, said = w.run("list", "--delete")
    third = email.message_from_bytes(w.sink.mails[2][2], policy=email.policy.default)
    check("a withdrawal too", code == 0 and third["In-Reply-To"] == first["Message-ID"] and not w.posted(), said)
    w.sink.refuse = "554 no"
    code, said = w.run("list")
    check("a server that says no is told, and nothing remembered", code == 2 and "554" in said and not w.posted(), said)
    w.sink.refuse = None
    w.entry("a-day", ENTRY)


def refusals(w):
    code, said = w.run("lj")
    check("LiveJournal is off, and the warning says why", code == 1 and "Russia" in said and not w.journal.events, said)
    code, said = w.run("lj", "--livejournal-is-in-russia-i-know")
    check("who knows may choose it, and is told again", code == 0 and "Russia" in said and len(w.journal.events) == 1, said)
    w.run("lj", "--livejournal-is-in-russia-i-know", "--delete")
    (w.root / "dw.secret").chmod(0o640)
    code, said = w.run("dw")
    check("a secret that others may read is refused", code == 4 and "chmod 600" in said, said)
    (w.root / "dw.secret").chmod(0o600)
    w.entry("t.ru", ENTRY.replace("title", "lang: ru\ntranslation-of: a-day\ntitle"))
    code, said = w.run("dw", entry="t.ru")
    check("a translation that nobody reviewed is not posted", code == 2 and "reviewed-by" in said, said)
    w.entry("t.ru", ENTRY.replace("title", "lang: ru\nreviewed-by: N.\ntranslation-of: a-day\ntitle"))
    code, said = w.run("dw", entry="t.ru")
    check("one that was says so in its language, with its own link", code == 0 and
          f'Впервые опубликовано: <a href="{SITE}ru/entries/a-day.html"' in list(w.journal.events.values())[0]["event"], said)
    w.run("dw", "--delete", entry="t.ru")
    for what, bad in (("a server without TLS", "service = mastodon\nserver = http://social.example\n"),
                      ("a key that nobody knows", "service = mastodon\nserver = https://a.example\npassword = x\n"),
                      ("a key of another service", "service = mastodon\nserver = https://a.example\nfrom = a@b.c\n"),
                      ("a service that nobody knows", "service = vk\n"),
                      ("an address with a line of its own", "service = mail\nserver = smtps://a.example\nfrom = a@b\nto = c d\n")):
        w.set_conf(w.conf + "\n[bad]\n" + bad)
        code, said = w.run("dw")
        check(f"posting.conf: {what} is refused", code == 2 and "[bad]" in said, said)
    w.set_conf(w.conf)
    (w.root / "posted").write_text("cairn posted 1\ndw a-day nonsense\n")
    code, said = w.run("dw")
    check("a memory that is not whole stops all", code == 2 and "no line that was written here" in said and not w.journal.events, said)
    (w.root / "posted").unlink()


def main():
    with tempfile.TemporaryDirectory() as root:
        w = World(root)
        for part in (journals, faults, broken_off, mastodon, mail, refusals):
            part(w)
        check("no login was plain, and nothing ever said where anybody is", not w.journal.sins, str(w.journal.sins))
        version = subprocess.run([CAIRN, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        check("journals and Mastodon are told which program posts, and nothing of the machine", elsewhere.Handler.agents ==
              {("interface", f"Cairn/{version}"), ("api", f"Cairn/{version}")}, str(elsewhere.Handler.agents))
        w.mail.stop()
    return end()


if __name__ == "__main__":
    sys.exit(main())
