# SPDX-License-Identifier: GPL-3.0-or-later
#
# What one device alone must not do, and what happens when a person is taken: an export that another consents to, two
# compartments of one case seen together, a case frozen by two, and what is destroyed on a device that was away. Prints TAP.
#
#	carry_consent.py CAIRN CAIRND: those of the tests
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from carry import Story, compartments, members, synced, values  # noqa: E402
from reach import check, end  # noqa: E402


def staffed():
    first.start()
    for device, roles, owner in ((second, "case,security", "Lena"), (third, "transport,shelter", "Oleg")):
        code = story.admit(first, device, roles, owner)
        check("%s is admitted" % device.name, code[:3] == (0, 0, True), code[3])
        device.start()
    synced(first, second, third, first)


def export(purpose="internal"):
    got = first.cairn("record", "export", "--purpose", purpose, "--out", "-", relay=False)
    return got.code, got.said


def exported():
    for text in ("I was there.", "Another."):
        first.cairn("record", "new", "account", text="consent: help\nconsent: internal record\ntext: %s\n" % text, relay=False)
    code, said = export()
    check("more than one case does not leave by one person", code == 2 and "needs two people" in said, said)
    check("nor a second time before anybody has consented", export()[0] == 2)
    synced(first, second)
    got = second.cairn("desk", "consent", "--json").json()["asks"]
    check("another is shown what would leave", [a["device"] for a in got] == ["first"] and
          got[0]["reason"].startswith("export of 2 cases for internal, digest "), repr(got))
    got = second.cairn("desk", "consent", got[0]["ask"][:8])
    check("and consents", got.code == 0, got.said)
    code, said = export()
    check("which the first device has to hear of", code == 2, said)
    synced(first)
    code, said = export()
    check("then it leaves", code == 0 and "I was there." in said and "Another." in said, said)
    code, said = export("help")
    check("consent to one purpose is none to another", code == 2 and "needs two people" in said, said)
    first.cairn("record", "new", "account", text="consent: internal record\ntext: A third.\n", relay=False)
    code, said = export()
    check("nor to more than was asked for", code == 2 and "3 cases" in said, said)
    got = first.cairn("desk", "ask", "export", text="for the court")
    check("a reason in words is none either: the export asks by itself", got.code == 1 and "asks by itself" in got.said,
          got.said)


def exported_later():
    synced(first, second)
    asks = second.cairn("desk", "consent", "--json").json()["asks"]
    ask = [a["ask"] for a in asks if "3 cases for internal" in a["reason"]]
    second.cairn("desk", "consent", ask[0])
    synced(first)
    check("the larger one leaves with a consent of its own", export()[0] == 0)
    story.pass_time(hours=1.1)
    code, said = export()
    check("after an hour it does not", code == 2 and "needs two people" in said, said)


def together():
    first.cairn("case", "new", "amber-heron")
    synced(second)
    second.cairn("case", "open", "amber-heron", "leg", "--member", "third", "--leave")
    synced(third, second)
    got = second.cairn("case", "open", "amber-heron", "stay", "--member", "fourth", "--leave")
    check("a stay is opened for who lets them stay", got.code == 0, got.said)
    synced(fourth, second, third, fourth)
    case = next(c["case"] for c in third.look("case", "list").json()["cases"] if len(c["compartments"]) == 3)
    fourth.cairn("case", "set", case, "stay", "address", text="the house by the mill")
    got = fourth.cairn("case", "member", case, "stay", "third")
    check("who drives is not told the address", got.code == 2 and "--together" in got.said, got.said)
    got = fourth.cairn("case", "member", case, "stay", "third", "--together")
    check("unless it is said openly", got.code == 0, got.said)
    synced(third, fourth, third, first)
    check("then it is read", values(compartments(third, case)["stay"]) == {"address": "the house by the mill"})
    got = first.look("desk", "exposure", "third").json()["known"]
    check("and exposure shows it", ("stay", True) in [(k["compartment"], k["together"]) for k in got], repr(got))
    got = first.cairn("desk", "exposure", "third", relay=False)
    check("in words as well", "SEEN TOGETHER" in got.said, got.said)
    return case


def case_taken(case):
    third.cairn("case", "set", case, "leg", "state", text="arrived")
    got = third.cairn("case", "close", case, "leg", "--mark", "arrived", "--officer", "Oleg")
    check("a leg that is over goes after three days", got.code == 0, got.said)
    synced(second, first)
    got = first.cairn("desk", "captured", "--case", "amber-heron")
    check("a first security device says that the person was taken, and sees what is known of", got.code == 0 and
          "may know of" in got.said and "leg: third" in got.said and "stay: third (together), fourth" in got.said and
          "DOES NOT HOLD YET" in got.said, got.said)
    synced(second)
    number = second.look_reach("desk", "captured").json()["waiting"][0]["number"]
    got = second.cairn("desk", "captured", "--confirm", str(number))
    check("a second one says it too, without the identity key", got.code == 0, got.said)
    synced(first, third, fourth)
    tasks = sorted((t["device"], t["compartment"]) for t in second.look_reach("desk", "tasks", "--all").json()["tasks"])
    check("everyone who depends on the person has a task", tasks == sorted(
        [("first", "contact"), ("second", "contact"), ("third", "leg"), ("third", "stay"), ("fourth", "stay")]), repr(tasks))
    got = first.look("case", "show", "amber-heron").json()["state"]
    check("the case is captured", got == "captured", got)
    got = third.cairn("case", "note", case, "leg", text="he did not come")
    check("its compartments have new keys, and go on", got.code == 0, got.said)
    story.pass_time(hours=80)
    synced(first, second, third)
    there = compartments(third, case)["leg"]
    check("no time runs: what was to go is there", not there["destroyed"] and "stands still" in there["goes"] and
          "he did not come" in [i["value"] for i in there["items"]], repr(there))


def away(case):
    """The officer closes, the driver is away, the time passes."""
    second.cairn("case", "state", "amber-heron", "open")
    synced(third)
    third.stop()
    got = second.look("desk", "retention").json()["compartments"]
    check("when it goes on, the time counts anew, and the list says until when", [71 < (c["at"] - story.now()) / 3600 < 73
          for c in got if c["compartment"] == "leg"] == [True], repr(got))
    got = second.cairn("case", "close", "amber-heron", "--officer", "Lena")
    check("a named officer closes the case", got.code == 0, got.said)
    synced(fourth)
    there = compartments(fourth, case)["stay"]
    check("what goes with that is gone at once", there["destroyed"] and there["items"] == [], repr(there))
    story.pass_time(hours=80)
    got = third.look("case", "show", case)
    check("a device that was away shows nothing of what had to go meanwhile", "he did not come" not in got.said and
          not {c["name"]: c for c in got.json()["compartments"]}["leg"]["readable"], got.said)
    got = third.cairn("case", "show", case, relay=False)
    check("and says why", "its time is over" in got.said and "he did not come" not in got.said, got.said)
    got = third.cairn("case", "note", case, "leg", text="He came after all.", relay=False)
    check("nor is anything said there any more", got.code != 0 and "its time is over" in got.said, got.said)
    third.start()
    there = compartments(third, case)
    check("its first round erases it", there["leg"]["destroyed"] and there["stay"]["destroyed"], repr(there))
    synced(second)
    there = compartments(second, "amber-heron")
    check("the contact stays its thirty days, the leg is destroyed for all", there["leg"]["destroyed"] and
          not there["contact"]["destroyed"] and members(there["contact"]) == ["first", "second"], repr(there))
    story.pass_time(hours=24 * 8)
    synced(first, second)
    story.pass_time(hours=24 * 9)
    synced(first, second)
    story.pass_time(hours=24 * 10)
    synced(first, second)
    got = second.look("case", "list").json()["cases"]
    check("then that goes as well, name and all", "amber-heron" not in repr(got), repr(got))
    got = second.cairn("desk", "sync", "--json").json()
    check("and no record is missing by it", got["missing"] is None, repr(got))


def forgotten():
    """A conversation, on a device that was away when its time was over."""
    first.again()
    got = story.person(story.root + "/person", "write", text="They ask for me at work.")
    check("somebody writes", got.code == 0, got.said)
    first.again()
    alias = first.look("desk", "inbox").json()["conversations"][-1]["alias"]
    case = [c["case"] for c in first.look("case", "list").json()["cases"]][-1]
    synced(second)
    second.cairn("case", "close", case, "--officer", "Lena")
    synced(first)
    got = first.cairn("desk", "read", alias, relay=False)
    check("a contact that was closed is read until it goes", got.code == 0 and "at work" in got.said, got.said)
    first.stop()
    story.pass_time(hours=24 * 31)
    got = first.cairn("desk", "read", alias, relay=False)
    check("then not, on a device that was away as well", got.code == 2 and "its time is over" in got.said and
          "at work" not in got.said, got.said)
    got = first.cairn("desk", "file", alias, "1", "--out", story.root + "/file", relay=False)
    check("nor is a file of it given out", got.code == 2 and "its time is over" in got.said, got.said)


with Story(*sys.argv[1:3], clock=True) as story:
    first, second, third, fourth = [story.device(name) for name in ("first", "second", "third", "fourth")]
    story.found(first, "intake,documentation,security,publish,admin", "Vera")
    staffed()
    exported()
    exported_later()
    made = story.admit(first, fourth, "shelter", "Inge")
    check("a fourth one is admitted", made[:3] == (0, 0, True), made[3])
    fourth.start()
    synced(second, third, first)
    name = together()
    case_taken(name)
    away(name)
    forgotten()
sys.exit(end())
