# SPDX-License-Identifier: GPL-3.0-or-later
#
# An open desk has its evidence time-stamped without anybody thinking of it: one request in each step of time, whether
# there is anything or not, to a time-stamping authority on loopback. Prints TAP.
#
#	evidence_pace.py CAIRN CAIRND
import json
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from reach import Reach, check, end  # noqa: E402
from tsa import Authority  # noqa: E402

cairn, cairnd = sys.argv[1:3]
DAY = 86400


class Desk:
    def __init__(self, reach):
        self.reach = reach

    def cairn(self, *words, wait=True):
        vault = os.open(self.reach.root + "/vault-words", os.O_RDONLY)
        process = subprocess.Popen([cairn, *words, "--dir", self.reach.desk, "--vault-fd", str(vault)], pass_fds=[vault],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        os.close(vault)
        if not wait:
            return process
        out, wrong = process.communicate(timeout=60)
        return process.returncode, out, wrong

    def round(self):
        """One round, in a second of its own."""
        time.sleep(1)
        code, out, wrong = self.cairn("desk", "open", "--once", "--json", "--socket", self.reach.sock)
        return code, json.loads(out) if out else wrong

    def add(self, name):
        path = self.reach.root + "/" + name
        with open(path, "w", encoding="utf-8") as out:
            out.write(name)
        return self.cairn("evidence", "add", path)[1].strip()

    def keep(self, authority, pace):
        code, out, wrong = self.cairn("evidence", "authority", "--tsa", authority.url, "--tsa-ca", authority.ca, "--pace",
                                      str(pace), "--json")
        return code == 0 and json.loads(out) == {"tsa": authority.url, "pace": pace}, wrong

    def stamps(self, item):
        """Lines of an item's log that have a time stamp."""
        return self.cairn("evidence", "show", item)[1].count("under root")


def nothing_kept(desk, authority):
    code, got = desk.round()
    check("a desk that keeps no authority asks nobody", code == 0 and got["besides"] == "" and authority.asked() == [],
          repr(got))
    code, _, wrong = desk.cairn("evidence", "authority", "--tsa", "ftp://127.0.0.1/", "--tsa-ca", authority.ca)
    check("what is no authority's address is not kept", code == 1, wrong)
    code, _, wrong = desk.cairn("evidence", "authority", "--tsa", authority.url, "--tsa-ca", authority.folder + "/tsa.key")
    check("nor is a file without certificates", code == 1, wrong)
    good, wrong = desk.keep(authority, DAY)
    check("an authority is kept", good, wrong)


def fixed_pace(desk, authority):
    code, got = desk.round()
    check("a round asks it, with nothing to stamp", code == 0 and got["besides"].startswith("0 lines") and
          len(authority.asked()) == 1, repr(got))
    day = time.time() // DAY
    item = desk.add("one")
    code, got = desk.round()
    if time.time() // DAY == day:
        check("what comes in meanwhile asks for no other request", code == 0 and got["besides"] == "" and
              len(authority.asked()) == 1 and desk.stamps(item) == 0, repr(got))
    before = len(authority.asked())
    good, wrong = desk.keep(authority, 1)
    code, got = desk.round()
    check("the next step stamps what waited", good and got["besides"].startswith("2 lines") and desk.stamps(item) == 2,
          repr(got) + wrong)
    code, got = desk.round()
    check("a step with nothing to stamp sends a request that looks the same", got["besides"].startswith("0 lines") and
          len(authority.asked()) == before + 2 and len(set(authority.asked())) == 1, repr(authority.asked()))


def while_open(desk, authority):
    before = len(authority.asked())
    process = desk.cairn("desk", "open", "--json", "--tick", "2", "--socket", desk.reach.sock, wait=False)
    rounds, item = [], None
    while len(rounds) < 12 and (item is None or not any(r["besides"].startswith("2 lines") for r in rounds)):
        rounds.append(json.loads(process.stdout.readline()))
        if len(rounds) == 2:
            item = desk.add("two")
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    rounds += [json.loads(line) for line in out.splitlines()]
    said = [r["besides"] for r in rounds if r["besides"] != ""]
    check("an open desk stamps what is taken in beside it", desk.stamps(item) == 2, repr(rounds))
    check("by one request a step, of one size", len(authority.asked()) - before == len(said) and len(said) > 2 and
          len(set(authority.asked())) == 1, repr((said, authority.asked())))


def no_answer(desk, authority):
    code, got = desk.round()
    check("an authority that does not answer is told to staff", code == 3 and "time-stamping authority" in got["trouble"],
          repr(got))
    check("and the rest of the round was done", got["round"]["published"]["appended"], repr(got))
    code, out, wrong = desk.cairn("evidence", "authority", "--none")
    code, got = desk.round()
    check("an authority that is kept no more is not asked", code == 0 and got["besides"] == "", repr(got) + wrong)


with Reach(cairn, cairnd) as reach:
    staff = Desk(reach)
    with Authority(reach.root + "/tsa") as time_of_nobody:
        nothing_kept(staff, time_of_nobody)
        fixed_pace(staff, time_of_nobody)
        while_open(staff, time_of_nobody)
        kept = staff.add("three")
    no_answer(staff, time_of_nobody)
    check("what was not stamped waits", staff.stamps(kept) == 0)
sys.exit(end())
