# SPDX-License-Identifier: GPL-3.0-or-later
#
# A device that was away for so long that it understands nothing any more: it says what to do, is admitted again, and then
# has all that it may have, no more, and what it had not sent goes out. Prints TAP.
#
#	carry_away.py CAIRN CAIRND: those of the tests
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from carry import Story, compartments, members, synced  # noqa: E402
from reach import check, end, run  # noqa: E402


def said(device, case, part):
    """The texts there, each as often as it stands there."""
    return sorted(item["value"] for item in compartments(device, case)[part]["items"])


def before():
    first.start()
    for device, roles, owner in ((second, "intake,case,security,publish,admin", "Lena"), (third, "case,transport", "Oleg"),
                                 (fourth, "transport", "Inge")):
        code = story.admit(first, device, roles, owner)
        check("%s is admitted" % device.name, code[:3] == (0, 0, True), code[3])
        if device is not fourth:
            device.start()
    synced(first, second, third)
    for case in ("amber-heron", "grey-owl"):
        second.cairn("case", "new", case)
        second.cairn("case", "open", case, "plan", "--member", "third")
        second.cairn("case", "note", case, "plan", text="from the beginning")
    second.cairn("case", "open", "amber-heron", "leg", "--member", "third", "--leave")
    synced(third, second, third)
    cases = [c["case"] for c in third.look("case", "list").json()["cases"]]
    case = next(c for c in cases if "leg" in compartments(third, c))
    third.cairn("case", "note", case, "leg", text="the second bridge")
    third.cairn("case", "note", case, "plan", "--offline", text="said on the way, not sent")
    check("a device has two plans and a leg", said(third, case, "plan") ==
          ["from the beginning", "said on the way, not sent"] and len(cases) == 2)
    return case, next(c for c in cases if c != case)


def away():
    """Sixteen days, in which keys change, and much is said."""
    third.stop()
    story.pass_time(hours=24 * 8)
    synced(first, second)
    second.cairn("case", "note", "amber-heron", "plan", text="after a week")
    story.pass_time(hours=24 * 8)
    synced(first, second)
    got = first.cairn("desk", "lost", "fourth", *story.shares())
    check("meanwhile another device is lost, and all keys change", got.code == 0, got.said)
    synced(second, first)
    second.cairn("case", "note", "amber-heron", "plan", text="after two weeks")
    second.cairn("case", "close", "grey-owl", "--officer", "Lena")
    second.cairn("case", "new", "blue-otter")
    second.cairn("case", "open", "blue-otter", "plan", "--member", "third")
    second.cairn("case", "note", "blue-otter", "plan", text="a new one")
    synced(first, second)


def back(case, closed):
    got = third.start()
    check("its first round says plainly what to do", "away for too long" in got["trouble"] and "'cairn desk admit'" in
          got["trouble"] and "join --again" in got["trouble"] and "not sent goes out then" in got["trouble"], repr(got))
    check("it has what it had, and what it could still read", said(third, case, "plan") ==
          ["after a week", "from the beginning", "said on the way, not sent"], repr(said(third, case, "plan")))
    code = story.admit(second, third, "case,transport", "Oleg", again=True)
    check("it is admitted again", code[:3] == (0, 0, True), code[3])
    synced(second, third, second, third)
    check("what was said meanwhile is there, and what it had not sent, once", said(third, case, "plan") ==
          ["after a week", "after two weeks", "from the beginning", "said on the way, not sent"],
          repr(said(third, case, "plan")))
    check("the others have it as well", said(second, "amber-heron", "plan") == said(third, case, "plan"),
          repr(said(second, "amber-heron", "plan")))
    there = compartments(third, case)["leg"]
    check("it keeps what no other device has", members(there) == ["third"] and
          "the second bridge" in [item["value"] for item in there["items"]], repr(there))
    got = third.look("case", "list").json()["cases"]
    check("what was closed meanwhile is gone", all(c["destroyed"] for g in got if g["case"] == closed for c in
                                                   g["compartments"] if c["name"] == "plan"), repr(got))
    new = [c["case"] for c in got if c["case"] not in (case, closed)]
    check("it is in what it was made a member of while it was away", len(new) == 1 and
          said(third, new[0], "plan") == ["a new one"], repr((new, said(third, new[0], "plan"))))


def goes_on(case):
    got = third.cairn("case", "note", case, "leg", text="over the pass")
    check("it says on in what is its alone", got.code == 0, got.said)
    got = third.cairn("case", "note", case, "plan", text="back again")
    check("and with the others", got.code == 0, got.said)
    synced(second, first, third)
    check("who hear of it", "back again" in said(second, "amber-heron", "plan"))
    chains = {(d.look("desk", "devices").json()["records"], d.look("desk", "devices").json()["chain"])
              for d in (first, second, third)}
    check("all show the same chain", len(chains) == 1, repr(chains))


def moved(case):
    """Another passphrase and a larger vault: the keys that are erased by the day move with the rest."""
    third.stop()
    words = story.root + "/other-words"
    with open(words, "w", encoding="utf-8") as made:
        made.write(run(story.cairn, "person", "new"))
    got = third.cairn("desk", "passphrase", relay=False, fds={"--new-fd": words})
    check("another passphrase takes the place of the old", got.code == 0, got.said)
    third.words = words
    got = third.cairn("desk", "grow", "--vault-size", "24", relay=False)
    check("a larger vault takes all of it", got.code == 0 and os.path.getsize(third.folder + "/vault") == 24 << 20, got.said)
    got = third.start()
    check("it is opened, and in step", got["trouble"] == "", repr(got))
    second.cairn("case", "note", "amber-heron", "plan", text="after the move")
    synced(third)
    check("it reads what it had and what comes", {"from the beginning", "after the move"} <= set(said(third, case, "plan")))
    got = third.cairn("case", "note", case, "leg", text="still here")
    check("and says on", got.code == 0, got.said)


with Story(*sys.argv[1:3], clock=True) as story:
    first, second, third, fourth = [story.device(name) for name in ("first", "second", "third", "fourth")]
    story.found(first, "intake,security,publish,admin", "Vera")
    known, over = before()
    away()
    back(known, over)
    goes_on(known)
    moved(known)
sys.exit(end())
