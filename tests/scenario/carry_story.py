# SPDX-License-Identifier: GPL-3.0-or-later
#
# A case carried by three devices on a real relay, by commands alone: two are admitted, a person is accompanied from first
# contact through two legs to closure, each device in what is its own; then what the desk must be able to say and do when
# somebody is taken. Prints TAP.
#
#	carry_story.py CAIRN CAIRND
import json
import os
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from carry import Story, compartments, members, synced, values  # noqa: E402
from reach import check, end, run  # noqa: E402


def joining():
    code = story.admit(first, third, "transport", "Oleg", spoil=True)
    check("digits that differ admit nobody", code[0] == 2 and code[1] == 2 and not os.path.exists(third.folder + "/vault"),
          code[3])
    got = first.cairn("desk", "admit", "--roles", "case", *story.shares(0, 0))
    check("shares that give no key are told before there is a code", got.code != 0 and "same share twice" in got.said and
          "this code" not in got.said, got.said)
    code = story.admit(first, second, "case,transport,security,publish", "Lena")
    check("a second device is admitted, by a code and digits", code[:3] == (0, 0, True), code[3])
    code = story.admit(first, third, "transport,shelter", "Oleg")
    check("a third one as well", code[:3] == (0, 0, True), code[3])
    second.start()
    third.start()
    synced(first, second, third, first)
    got = [d.look("desk", "devices").json() for d in (first, second, third)]
    names = {d["device"]: (d["owner"], d["standing"]) for d in got[2]["devices"]}
    check("all of them know all devices", names == {"first": ("Vera", "valid"), "second": ("Lena", "valid"),
                                                    "third": ("Oleg", "valid")}, repr(names))
    synced(first, second, third)
    got = [d.look("desk", "devices").json() for d in (first, second, third)]
    check("and show the same chain, to be compared by voice", len({(g["records"], g["chain"]) for g in got}) == 1, repr(got))


def contact():
    got = first.cairn("case", "new", "amber-heron", "--json")
    check("a first contact becomes a case", got.code == 0 and got.json()["sent"], got.said)
    got = first.cairn("case", "set", "amber-heron", "contact", "danger", text="today")
    check("a field is set", got.code == 0, got.said)
    got = first.cairn("case", "set", "amber-heron", "contact", "danger", text="tomorrow")
    check("a value that is none names those there are", got.code == 1 and "this week|today|now" in got.said, got.said)
    first.cairn("case", "add", "amber-heron", "contact", "need", text="a way out")
    first.cairn("case", "add", "amber-heron", "contact", "need", text="lawyer")
    got = first.cairn("case", "note", "amber-heron", "contact", text="Writes at night only.\nAlone.")
    check("a note is added", got.code == 0, got.said)
    items = compartments(first, "amber-heron")["contact"]["items"]
    lawyer = [i["item"] for i in items if i["value"] == "lawyer"]
    got = first.cairn("case", "drop", "amber-heron", "contact", lawyer[0])
    check("an element is taken out by its name", got.code == 0, got.said)
    danger = [i["item"] for i in items if i["field"] == "danger"]
    got = first.cairn("case", "retract", "amber-heron", "contact", danger[0], text="was made to say it")
    check("something is marked as taken back", got.code == 0, got.said)
    synced(second)
    there = compartments(second, "amber-heron")["contact"]
    check("who is a member reads all of it", values(there).get("alias") == "amber-heron" and
          [i["value"] for i in there["items"] if i["field"] == "need"] == ["a way out"] and
          any(i["retracted"] and i["reason"] == "was made to say it" for i in there["items"]) and
          "Writes at night only.\nAlone." in [i["value"] for i in there["items"]], repr(there))


def plan():
    got = first.cairn("case", "open", "amber-heron", "plan")
    check("who has no role for it is no member of it", got.code != 0, got.said)
    got = first.cairn("case", "open", "amber-heron", "plan", "--member", "second", "--leave")
    check("but may open it for others, and leave", got.code == 0, got.said)
    synced(second, first, second)
    got = second.cairn("case", "set", "amber-heron", "plan", "route", text="by the lake")
    check("the officer of the case writes the plan", got.code == 0, got.said)
    second.cairn("case", "set", "amber-heron", "plan", "consent to help", text="given")
    synced(first)
    there = compartments(first, "amber-heron")["plan"]
    check("who opened it reads nothing in it", not there["readable"] and there["items"] == [] and
          members(there) == ["second"], repr(there))
    got = first.cairn("case", "note", "amber-heron", "plan", text="anything")
    check("and says nothing in it", got.code == 2 and "no member" in got.said, got.said)


def legs():
    got = second.cairn("case", "open", "amber-heron", "leg", "--member", "third", "--leave")
    check("a first leg is opened for its driver", got.code == 0, got.said)
    synced(third, second, third)
    third.stop()
    got = second.cairn("case", "open", "amber-heron", "leg")
    check("a second leg, while the first driver is away", got.code == 0, got.said)
    second.cairn("case", "set", "amber-heron", "leg 2", "point", text="the second bridge")
    got = third.cairn("case", "list", "--json", relay=False).json()["cases"]
    case = got[0]["case"]
    check("a driver sees no alias, only digits", case == got[0]["id"], repr(got))
    got = third.cairn("case", "set", case, "leg", "state", "--offline", text="under way")
    check("a driver without a line says how the leg stands", got.code == 0 and "waits on this device" in got.said, got.said)
    third.start()
    there = compartments(third, case)
    check("and knows of the second leg that there is one", not there["leg 2"]["readable"] and
          members(there["leg 2"]) == ["second"] and values(there["leg"])["state"] == "under way", repr(there))
    third.stop(signal.SIGKILL)
    third.start()
    got = third.cairn("case", "set", case, "leg", "state", text="arrived")
    check("killed and started again, it goes on", got.code == 0, got.said)
    synced(second)
    there = compartments(second, "amber-heron")
    check("three memberships: each device in what is its own", (members(there["contact"]), members(there["plan"]),
          members(there["leg"]), members(there["leg 2"])) == (["first", "second"], ["second"], ["third"], ["second"]),
          repr(there))
    check("who opened the leg does not read it", not there["leg"]["readable"], repr(there["leg"]))
    got = second.cairn("case", "member", "amber-heron", "leg 2", "second", "--remove")
    check("nobody takes the last one out", got.code == 1 and "nobody would be left" in got.said and
          members(compartments(second, "amber-heron")["leg 2"]) == ["second"], got.said)
    got = second.cairn("case", "open", "amber-heron", "stay", "--member", "third", "--leave")
    check("the driver of a leg gets no address of the same person", got.code == 2 and "apart" in got.said, got.said)
    return case


def closure(case):
    got = third.cairn("case", "close", case, "leg", "--mark", "arrived")
    check("what destroys is said by name", got.code == 1 and "--officer" in got.said, got.said)
    got = third.cairn("case", "close", case, "leg", "--mark", "arrived", "--officer", "Oleg")
    check("an officer marks the arrival", got.code == 0, got.said)
    got = {c["compartment"]: c for c in third.look("desk", "retention").json()["compartments"] if c["case"] == case}
    check("the leg goes after three days, and nothing else", got["leg"]["at"] is not None and 71 * 3600 <
          got["leg"]["at"] - time.time() < 73 * 3600 and got["contact"]["at"] is None, repr(got))
    synced(second)
    got = second.cairn("case", "state", "amber-heron", "silent")
    check("a person who is silent stops the time", got.code == 0, got.said)
    got = {c["compartment"]: c for c in second.look("desk", "retention").json()["compartments"]}
    check("and the list says what holds it", got["leg"]["held"] and "silent" in got["leg"]["goes"], repr(got))
    second.cairn("case", "state", "amber-heron", "open")
    got = second.cairn("desk", "retention", "--set", "leg", "--hours", "24")
    check("less time is chosen by an admin", got.code == 2 and "admin" in got.said, got.said)
    got = first.cairn("desk", "retention", "--set", "leg", "--hours", "100")
    check("never more", got.code == 1, got.said)
    got = first.cairn("desk", "retention", "--set", "leg", "--hours", "24")
    check("a desk chooses less time", got.code == 0, got.said)
    synced(second, first, third)
    got = {c["compartment"]: c for c in third.look("desk", "retention").json()["compartments"] if c["case"] == case}
    check("and it is so on each device", 23 * 3600 < got["leg"]["at"] - time.time() < 25 * 3600, repr(got["leg"]))
    got = second.cairn("case", "close", "amber-heron", "--officer", "Lena")
    check("the case is closed", got.code == 0, got.said)
    synced(second, first, third)
    got = compartments(second, "amber-heron")
    check("the plan is destroyed with it", got["plan"]["destroyed"] and got["plan"]["items"] == [], repr(got["plan"]))
    check("the contact stays its thirty days", not got["contact"]["destroyed"] and got["contact"]["goes"].startswith("goes 2"),
          repr(got["contact"]))
    check("no record of the feed is missing by it", second.cairn("desk", "sync", "--json").json()["missing"] is None)


def consent():
    got = first.cairn("case", "destroy", "amber-heron", "contact")
    check("nobody destroys alone before the time", got.code == 2 and "consent" in got.said, got.said)
    got = first.cairn("desk", "ask", "destroy", "amber-heron", "contact", "--json", text="the person asks for it")
    check("a device asks", got.code == 0, got.said)
    ask = got.json()["ask"]
    got = first.cairn("desk", "consent", ask[:8])
    check("whoever asks does not consent", got.code == 2, got.said)
    got = second.cairn("desk", "consent", "--json").json()["asks"]
    check("the others are shown what and why", [(a["ask"], a["case"], a["compartment"], a["reason"]) for a in got] ==
          [(ask, "amber-heron", "contact", "the person asks for it")], repr(got))
    got = second.cairn("desk", "consent", ask[:8])
    check("another consents", got.code == 0, got.said)
    got = first.cairn("case", "destroy", "amber-heron", "contact")
    check("and it is destroyed", got.code == 0, got.said)
    synced(second)
    got = second.look("case", "list").json()["cases"]
    check("on the other device too, name and all", all(c["case"] != "amber-heron" for c in got), repr(got))


def threshold():
    first.cairn("case", "new", "grey-owl")
    got = first.cairn("case", "open", "grey-owl", "money", "--member", "second", "--threshold", "2")
    check("a compartment is made that two must open", got.code == 0, got.said)
    synced(second)
    got = second.cairn("case", "note", "grey-owl", "money", text="paid in Tbilisi")
    check("writing in it needs nobody", got.code == 0, got.said)
    synced(first)
    there = compartments(first, "grey-owl")["money"]
    check("a member alone does not read it", not there["readable"] and there["consents"] == 2, repr(there))
    ask = first.cairn("desk", "ask", "open", "grey-owl", "money", "--json", text="the books").json()["ask"]
    got = second.cairn("desk", "consent", ask)
    check("the other consents, by hand", got.code == 0, got.said)
    synced(first)
    there = compartments(first, "grey-owl")["money"]
    check("then it opens", [i["value"] for i in there["items"]] == ["paid in Tbilisi"], repr(there))
    check("on the device that asked, and on no other", not compartments(second, "grey-owl")["money"]["readable"])


def exposure():
    got = second.cairn("case", "open", "grey-owl", "leg", "--member", "third")
    check("a leg of two", got.code == 0, got.said)
    synced(third, second, first)
    got = first.look("desk", "exposure", "third").json()
    check("what a device exposes, by the names that one may see", (got["people"], got["legs"]) == (2, 1) and
          ("grey-owl", "leg", True) in [(k["case"], k["compartment"], k["to_come"]) for k in got["known"]], repr(got))
    got = third.look("desk", "exposure", "Lena").json()
    check("a person's devices, and no name for who may not see it", got["people"] >= 1 and
          "grey-owl" not in [k["case"] for k in got["known"]], repr(got))
    got = first.look("desk", "exposure").json()
    check("the figure for the desk as a whole", got["one_exposes"] >= 1 and got["two_expose"] >= got["one_exposes"] and
          got["people"] >= got["two_expose"], repr(got))


def captured():
    got = third.cairn("desk", "captured", "second")
    check("who has not the role does not say it", got.code == 2, got.said)
    got = first.cairn("desk", "captured", "third")
    check("a first device says it, and sees what was known", got.code == 0 and "grey-owl: leg" in got.said and
          "DOES NOT HOLD YET" in got.said, got.said)
    got = third.cairn("desk", "sync")
    check("which does not hold yet", got.code == 0, got.said)
    synced(second)
    number = second.look_reach("desk", "captured").json()["waiting"][0]["number"]
    got = first.cairn("desk", "captured", "--confirm", str(number))
    check("the same device does not confirm it", got.code == 2, got.said)
    got = second.cairn("desk", "captured", "--confirm", str(number))
    check("a second one does, and sees what is to be done", got.code == 0 and "change what it knew" in got.said, got.said)
    got = third.cairn("desk", "sync")
    check("the relay refuses the device at once", got.code == 2, got.said)
    synced(first, second)
    there = compartments(second, "grey-owl")["leg"]
    check("its compartment has one member, and goes on", members(there) == ["second"], repr(there))
    tasks = second.look_reach("desk", "tasks").json()["tasks"]
    check("a task is there for who depends on it", [(t["case"], t["compartment"]) for t in tasks] == [("grey-owl", "leg")],
          repr(tasks))
    got = second.cairn("desk", "tasks", "--done", tasks[0]["task"][:8])
    check("and is said as done", got.code == 0 and second.look_reach("desk", "tasks").json()["tasks"] == [], got.said)
    got = first.cairn("desk", "lost", "third", *story.shares(0, 2))
    check("two shares take it off the roster", got.code == 0 and "new key" in got.said, got.said)
    synced(second)
    got = {d["device"]: d["standing"] for d in second.look("desk", "devices").json()["devices"]}
    check("and all know it", got["third"] in ("gone", "suspended") and got["first"] == "valid", repr(got))


def publisher():
    got = second.cairn("desk", "publisher", "second")
    check("nobody follows before the publisher has stopped", got.code == 2, got.said)
    got = second.cairn("desk", "publisher", "--stop")
    check("who does not publish does not stop it", got.code == 2, got.said)
    got = first.cairn("desk", "publisher", "--stop")
    check("the publisher stops", got.code == 0 and first.look_reach("desk", "publisher").json()["stopped"], got.said)
    got = first.cairn("desk", "publish")
    check("and signs nothing any more, by hand either", got.code == 2 and "does not publish" in got.said, got.said)
    got = second.cairn("desk", "publish")
    check("nor does who has not taken it over", got.code == 2 and "does not publish" in got.said, got.said)
    got = first.cairn("desk", "publisher", "third")
    check("nobody follows who is the desk's no more", got.code == 2, got.said)
    got = second.cairn("desk", "publisher", "--take-over", *story.shares())
    check("two shares take the board over", got.code == 0 and second.look_reach("desk", "publisher").json()["term"] == 2,
          got.said)
    got = second.cairn("desk", "publish")
    check("and it goes on there", got.code == 0, got.said)
    got = run(story.cairn, "verify", "board", "--desk", story.made["address"], "--socket", story.sock, "--json")
    check("as one board, for everybody", json.loads(got)["size"] >= 2, got)


with Story(*sys.argv[1:3]) as story:
    first, second, third = [story.device(name) for name in ("first", "second", "third")]
    story.found(first, "intake,security,publish,admin", "Vera")
    first.start()
    joining()
    contact()
    plan()
    closure(legs())
    consent()
    threshold()
    exposure()
    captured()
    publisher()
sys.exit(end())
