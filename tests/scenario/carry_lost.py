# SPDX-License-Identifier: GPL-3.0-or-later
#
# The device that publishes is lost, with everything on it: what is left of the desk takes the board over, and whoever
# wrote before writes on and is answered, while the lost device is given nothing more. Prints TAP.
#
#	carry_lost.py CAIRN CAIRND: those of the tests
import glob
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from carry import Story, compartments, members, synced, values  # noqa: E402
from reach import check, end, run  # noqa: E402


def card(what):
    return [line.split(" ", 1)[1] for line in story.get("board/card").splitlines() if line.startswith(what + " ")]


def epochs():
    """The generation of each day's key, as people are told."""
    return {tuple(line.split(" ")[1:3]): int(line.split(" ")[3]) for line in story.get("board/epochs").splitlines()
            if line.startswith("epoch ")}


def before():
    """Somebody has written, and was answered, by the device that is lost then."""
    first.start()
    for device, roles, owner in ((second, "intake,case,security,publish,admin", "Lena"), (third, "intake,transport", "Oleg")):
        code = story.admit(first, device, roles, owner)
        check("%s is admitted" % device.name, code[:3] == (0, 0, True), code[3])
        device.start()
    story.person(words, "write", text="They ask for me at work.")
    first.again()
    alias = first.look("desk", "inbox").json()["conversations"][0]["alias"]
    first.cairn("desk", "reply", alias, text="We read you. Is tonight safe?", relay=False)
    first.again()
    got = story.person(words, "look")
    check("somebody has written, and was answered", "Is tonight safe?" in got.said, got.said)
    first.cairn("case", "new", "amber-heron")
    first.cairn("case", "open", "amber-heron", "leg", "--member", "third", "--leave")
    synced(second, third)
    second.cairn("case", "open", "amber-heron", "plan")
    second.cairn("case", "set", "amber-heron", "plan", "route", text="by the lake")
    second.cairn("case", "member", "amber-heron", "plan", "first")
    synced(first, second, third, first)
    check("the device knows a plan", values(compartments(first, "amber-heron")["plan"]) == {"route": "by the lake"})
    story.person(words, "write", text="They came to the house.")
    return alias


def lost():
    got = third.cairn("desk", "lost", "first", *(story.shares()[:2] * 2))
    check("one share twice is refused before anything is told", got.code == 2 and "twice" in got.said and
          "It knew of" not in got.out, got.said)
    got = third.cairn("desk", "lost", "first", *story.shares(0, 2))
    check("who has two shares and no role for it says it as well: the identity key has signed", got.code == 0, got.said)
    check("and is told what it knew and what follows", "amber-heron: contact" in got.said and
          "IT WAS THE PUBLISHER" in got.said and "--take-over" in got.said, got.said)
    for what in (["desk", "sync"], ["desk", "publish"], ["desk", "collect"]):
        got = first.cairn(*what)
        check("the relay refuses it at once: cairn %s" % " ".join(what), got.code == 2 and "not in the roster" in got.said,
              got.said)
    got = second.again()
    check("each round says that nobody publishes", got["unpublished"] and not got["round"]["published"]["appended"], repr(got))
    tasks = {(t["case"], t["compartment"]) for t in second.look_reach("desk", "tasks").json()["tasks"]}
    check("whoever depends on what it knew has a task", {("amber-heron", "contact"), ("amber-heron", "plan")} <= tasks,
          repr(tasks))
    got = third.look_reach("desk", "tasks").json()["tasks"]
    check("and nobody for what it did not know", all(t["compartment"] == "contact" for t in got), repr(got))
    there = compartments(second, "amber-heron")
    check("it is a member of nothing", members(there["contact"]) == ["second", "third"] and
          members(there["plan"]) == ["second"], repr(there))


def taken_over():
    key, serial, gens = card("board-key"), int(card("serial")[0]), epochs()
    got = third.cairn("desk", "publisher", "--take-over", *story.shares())
    check("who has not the role does not take the board over", got.code == 2 and "role publish" in got.said, got.said)
    got = second.cairn("desk", "publisher")
    check("what to do is said", "--take-over" in got.said, got.said)
    got = second.cairn("desk", "publisher", "--take-over", *story.shares(1, 2))
    check("who has it does, with two shares", got.code == 0, got.said)
    got = second.again()
    check("and the board goes on at once", got["round"]["published"]["appended"] and got["trouble"] == "", repr(got))
    check("with a new key, on the next card", card("board-key") != key and int(card("serial")[0]) == serial + 1)
    got = epochs()
    check("people write to keys of another generation", got.keys() == gens.keys() and
          all(got[day] > gens[day] for day in got), repr((gens, got)))
    got = run(story.cairn, "verify", "board", "--desk", story.made["address"], "--socket", story.sock, "--json")
    check("it is one board, for everybody", json.loads(got)["size"] == 4, got)


def goes_on(alias):
    synced(third, second, third)
    got = second.cairn("desk", "read", alias, relay=False)
    check("what was written to the old keys is read", "at work" in got.said and "came to the house" in got.said, got.said)
    second.cairn("desk", "reply", alias, text="Go to the neighbours.", relay=False)
    second.again()
    got = story.person(words, "look")
    check("who was there before is answered", "Go to the neighbours." in got.said, got.said)
    got = story.person(words, "write", text="I am there.")
    third.again()
    got = third.cairn("desk", "read", alias, relay=False)
    check("and writes on, to any device of the intake", "I am there." in got.said, got.said)
    third.cairn("desk", "reply", alias, text="Wait for Oleg.", relay=False)
    third.again()
    second.again()
    got = story.person(words, "look")
    check("which answers through the new publisher", "Wait for Oleg." in got.said, got.said)


def other_roles():
    """Whoever is left gets what only the lost device's owner could do."""
    got = third.cairn("desk", "roles", "third", "intake,king", *story.shares(0, 1))
    check("a role that there is not is refused", got.code == 1 and "docs/carry.md" in got.said, got.said)
    got = third.cairn("desk", "roles", "nobody", "intake", *story.shares(0, 1))
    check("so is a device that there is not", got.code != 0, got.said)
    got = third.cairn("desk", "roles", "third", "intake,transport,admin", *story.shares(0, 1))
    check("two shares give a device other roles", got.code == 0, got.said)
    synced(third, second)
    got = {d["device"]: d["roles"] for d in second.look("desk", "devices").json()["devices"]}
    check("which the others know", got["third"] == "intake,transport,admin", repr(got))
    got = third.cairn("desk", "card", "--renew", "--roster", *story.shares(0, 1), relay=False)
    synced(third, second)
    check("and a roster that is renewed as it is", got.code == 0 and
          second.cairn("desk", "card", "--roster", relay=False).out == got.out, got.said)


def handed_over():
    """To a device that only publishes, and was given no key of a day."""
    code = story.admit(second, fourth, "publish", "Inge")
    check("a device that only publishes is admitted", code[:3] == (0, 0, True), code[3])
    got = second.cairn("desk", "publisher", "--stop")
    check("the one that publishes stops", got.code == 0, got.said)
    synced(second, fourth)
    gens = epochs()
    got = fourth.cairn("desk", "publisher", "--take-over", *story.shares())
    check("the other does not name itself: nobody would hear it", got.code == 2 and "role admin or security" in got.said,
          got.said)
    got = second.cairn("desk", "publisher", "fourth")
    check("it is named", got.code == 0, got.said)
    got = fourth.cairn("desk", "publisher", "--take-over", *story.shares())
    check("and takes the board over", got.code == 0, got.said)
    got = fourth.start()
    check("and publishes", got["round"]["published"]["appended"] and got["trouble"] == "", repr(got))
    got = epochs()
    check("keys of another generation again, behind those that it never had", got.keys() == gens.keys() and
          all(got[day] > gens[day] for day in got), repr((gens, got)))
    synced(second)


def nothing_more():
    """A relay in wrong hands, which goes on letting the lost device in."""
    second.cairn("case", "set", "amber-heron", "plan", "route", text="over the pass")
    second.cairn("case", "note", "amber-heron", "contact", text="Moved on Tuesday.")
    shutil.copytree(story.data, story.root + "/other")
    for path in roster:
        shutil.copy(story.root + "/old-roster", path.replace(story.data, story.root + "/other"))
    other = story.serve(story.root + "/other", story.root + "/other-sock")
    first.sock = story.root + "/other-sock"
    got = first.cairn("desk", "sync")
    check("a relay that lets it in gives it no key", got.code == 2 and "it has erased what it had" in got.said, got.said)
    got = first.look("case", "list")
    check("it knows of no case any more, nor has what it had", "by the lake" not in got.said and
          "over the pass" not in got.said and all(not c["readable"] for case in got.json()["cases"]
                                                  for c in case["compartments"]), got.said)
    other.terminate()
    other.wait()


def alone():
    """A driver, who is the only one in his leg."""
    synced(third, second)
    check("a leg has one driver", members(compartments(second, "amber-heron")["leg"]) == ["third"])
    got = second.cairn("desk", "lost", "third", *story.shares())
    check("he is lost", got.code == 0, got.said)
    tasks = [(t["case"], t["compartment"]) for t in second.look_reach("desk", "tasks").json()["tasks"]]
    check("whoever has the plan has a task for the leg", tasks.count(("amber-heron", "leg")) == 1, repr(tasks))


with Story(*sys.argv[1:3], clock=True) as story:
    first, second, third, fourth = [story.device(name) for name in ("first", "second", "third", "fourth")]
    words = story.root + "/person"
    story.found(first, "intake,case,security,publish,admin", "Vera")
    talk = before()
    roster = glob.glob(story.data + "/**/roster", recursive=True)
    shutil.copy(roster[0], story.root + "/old-roster")
    lost()
    taken_over()
    goes_on(talk)
    other_roles()
    handed_over()
    nothing_more()
    alone()
sys.exit(end())
