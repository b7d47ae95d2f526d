# SPDX-License-Identifier: GPL-3.0-or-later
#
# A device's machine dies, and what is left of it is a backup: what comes back, what does not, and that no number of an
# operation is ever given to two of them, also where the old machine turns up again. Prints TAP.
#
#	carry_restore.py CAIRN CAIRND: those of the tests
import os
import shutil
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from carry import Story, compartments, synced, values  # noqa: E402
from reach import check, end  # noqa: E402

ROLES = "intake,case,documentation,security,publish,admin"


def notes(device, case, part):
    """The texts said there, by the names of what was said."""
    return {item["item"]: item["value"] for item in compartments(device, case)[part]["items"]}


def before():
    first.start()
    code = story.admit(first, second, ROLES, "Lena")
    check("a second device is admitted", code[:3] == (0, 0, True), code[3])
    second.start()
    story.person(words, "write", text="They ask for me at work.")
    first.again()
    alias = first.look("desk", "inbox").json()["conversations"][0]["alias"]
    first.cairn("desk", "read", alias, relay=False)
    first.cairn("desk", "reply", alias, text="We read you.", relay=False)
    first.again()
    for case in ("amber-heron", "grey-owl"):
        first.cairn("case", "new", case)
        first.cairn("case", "open", case, "plan", "--member", "second")
    first.cairn("case", "note", "amber-heron", "contact", text="from before")
    synced(second, first)
    second.cairn("case", "note", "grey-owl", "plan", text="by the lake")
    synced(first)
    return alias


def backed_up():
    first.cairn("case", "note", "amber-heron", "contact", "--offline", text="not sent when the backup was made")
    got = first.cairn("desk", "backup", "--out", story.root + "/backup", "--shares", story.root + "/bshares", relay=False,
                      fds={"--backup-fd": bwords})
    check("a backup is made, and says what is not in it", got.code == 0 and "NOT SENT" in got.said, got.said)
    synced(first)


def account(text):
    """Something of the record, which counts its own operations."""
    return first.cairn("record", "new", "account", text="consent: internal record\ntext: %s\n" % text, relay=False)


def since():
    """What the backup knows nothing of."""
    account("Taken down since the backup.")
    first.cairn("case", "note", "amber-heron", "contact", text="since the backup")
    first.cairn("case", "close", "grey-owl", "--officer", "Vera")
    story.person(words, "write", text="They came to the house.")
    first.again()
    synced(second, first)
    os.mkdir(old.folder, 0o700)
    shutil.copy(first.folder + "/vault", old.folder)
    shutil.copy(first.words, old.words)
    first.cairn("case", "note", "amber-heron", "contact", "--offline", text="never sent")
    first.stop(signal.SIGKILL)
    shutil.rmtree(first.folder)


def restored():
    shares = sorted(os.listdir(story.root + "/bshares"))
    got = first.cairn("desk", "restore", story.root + "/backup", "--vault-size", "16", "--share",
                      story.root + "/bshares/" + shares[0], "--share", story.root + "/bshares/" + shares[2], relay=False,
                      fds={"--backup-fd": bwords})
    check("a backup and two shares give the device back, and it says what to do", got.code == 0 and
          "join --again" in got.said and "--take-over" in got.said, got.said)
    got = first.start()
    check("it says that it has to be admitted again, and publishes nothing", "join --again" in got["trouble"] and
          not got["round"]["published"]["appended"], repr(got))
    got = first.cairn("desk", "card", "--renew", *story.shares(), relay=False)
    check("nor makes a card that names a key it has not", got.code == 2 and "is not on this device" in got.said, got.said)
    got = first.look("case", "list").json()["cases"]
    check("it knows of cases, and reads nothing in them", len(got) == 3 and
          not any(c["readable"] and c["items"] for case in got for c in compartments(first, case["case"]).values()), repr(got))
    case = next(c["case"] for c in got if len(c["compartments"]) == 2)
    got = first.cairn("case", "note", case, "contact", "--offline", text="said before it was admitted again")
    check("what is said on it already is kept", got.code == 0, got.said)
    got = account("Taken down before it was admitted again.")
    check("and what is taken down for the record", got.code == 0, got.said)


def admitted(alias):
    code = story.admit(second, first, ROLES, "Vera", again=True)
    check("it is admitted again", code[:3] == (0, 0, True), code[3])
    synced(second, first, second, first)
    got = first.cairn("desk", "read", alias, "--peek", relay=False)
    check("words come back from the other device, also those that it had told itself", "at work" in got.said and
          "came to the house" in got.said, got.said)
    check("but for the answers that it wrote alone", "We read you." not in got.said, got.said)
    here, there = [notes(device, "amber-heron", "contact") for device in (first, second)]
    check("both have the same, with the same names", here == there, repr((here, there)))
    check("all that was sent, once", sorted(here.values()) == sorted(
        ["amber-heron", "from before", "not sent when the backup was made", "since the backup",
         "said before it was admitted again"]), repr(here))
    lists = [device.look("record", "list", "account").json()["entities"] for device in (first, second)]
    check("and both accounts", len(lists[0]) == 2 and sorted(map(repr, lists[0])) == sorted(map(repr, lists[1])), repr(lists))
    numbers = sorted(int(name.split("-")[1]) for name in here)
    check("what it says now has numbers that it has never come near", numbers[-1] > numbers[-2] + (1 << 32), repr(numbers))
    plan = compartments(first, "grey-owl")["plan"]
    check("what was destroyed since does not come back", plan["destroyed"] and plan["items"] == [], repr(plan))


def taken_over(alias):
    got = first.again()
    check("it says that the board has to be taken over", "--take-over" in got["trouble"], repr(got))
    got = first.cairn("desk", "publisher", "--take-over", *story.shares(1, 2))
    check("two shares take the board over", got.code == 0, got.said)
    got = first.again()
    check("and it goes on, on a new key", got["round"]["published"]["appended"] and got["trouble"] == "", repr(got))
    first.cairn("desk", "reply", alias, text="Go to the neighbours.", relay=False)
    first.again()
    got = story.person(words, "look")
    check("whoever wrote is answered", "Go to the neighbours." in got.said, got.said)
    got = story.person(words, "write", text="I am there.")
    second.again()
    got = second.cairn("desk", "read", alias, relay=False)
    check("and writes on", "I am there." in got.said, got.said)


def old_turns_up():
    """The old machine was not broken after all: another life of the same device."""
    got = old.cairn("case", "note", "amber-heron", "contact", text="said on the old machine")
    check("an old machine that turns up sends nothing: a copy of it is in use", got.code != 0 and "a copy of it" in got.said,
          got.said)
    got = old.cairn("desk", "publish")
    check("nor does it publish", got.code != 0, got.said)
    synced(first, second)
    check("and the others hear nothing of it", "said on the old machine" not in notes(second, "amber-heron", "contact").values())


def twice():
    """The same backup once more, beside the device that was restored from it."""
    shares = sorted(os.listdir(story.root + "/bshares"))
    got = again.cairn("desk", "restore", story.root + "/backup", "--vault-size", "16", "--share",
                      story.root + "/bshares/" + shares[1], "--share", story.root + "/bshares/" + shares[2], relay=False,
                      fds={"--backup-fd": bwords})
    again.start()
    code = story.admit(second, again, ROLES, "Vera", again=True)
    check("a backup that is restored twice can be admitted", got.code == 0 and code[:3] == (0, 0, True), got.said + code[3])
    synced(second, again)
    got = again.cairn("case", "note", "amber-heron", "contact", text="by the third life")
    check("and goes on", got.code == 0, got.said)
    got = first.cairn("case", "note", "amber-heron", "contact", text="by the second life")
    check("the one before it notices, and sends nothing", got.code != 0 and "a copy of it" in got.said, got.said)
    synced(second)
    there = notes(second, "amber-heron", "contact")
    check("no two of them have said different things by one number", "by the third life" in there.values() and
          "by the second life" not in there.values() and len({name.split("-")[1] for name in there}) == len(there), repr(there))


def nothing_since():
    """A backup that knows all of the feed: no record that it cannot read tells that the keys are gone."""
    synced(second)
    shares = story.root + "/lastshares"
    os.mkdir(shares)
    got = second.cairn("desk", "backup", "--out", story.root + "/last-backup", "--shares", shares, relay=False,
                       fds={"--backup-fd": bwords})
    check("a backup is made, and nothing said after it", got.code == 0, got.said)
    got = last.cairn("desk", "restore", story.root + "/last-backup", "--vault-size", "16",
                     *[word for name in sorted(os.listdir(shares))[:2] for word in ("--share", shares + "/" + name)],
                     relay=False, fds={"--backup-fd": bwords})
    check("and restored", got.code == 0, got.said)
    got = last.cairn("desk", "sync")
    check("it is told to be admitted again, not that it is damaged", got.code != 0 and "--again" in got.said and
          "damaged" not in got.said, got.said)


with Story(*sys.argv[1:3], clock=True) as story:
    first, second, old, again, last = [story.device(name) for name in ("first", "second", "old", "again", "last")]
    words, bwords = story.root + "/person", second.words
    story.found(first, ROLES, "Vera")
    talk = before()
    backed_up()
    since()
    restored()
    admitted(talk)
    taken_over(talk)
    old_turns_up()
    twice()
    nothing_since()
sys.exit(end())
