# SPDX-License-Identifier: GPL-3.0-or-later
#
# From what a person tells to a public claim, and to a court: three devices of a desk on a real relay, by the commands
# that staff give. Testimony is taken in a case and linked under a code, evidence is sealed and time-stamped, a claim is
# drafted, agreed to by two devices out of their vaults, published in the site's log, and checked by a stranger who has
# nothing but files. Prints TAP.
#
#	record_story.py CAIRN CAIRND
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from carry import Done, Story, compartments, synced  # noqa: E402
from reach import check, end, run  # noqa: E402
from tsa import Authority  # noqa: E402

GIVEN = "help\ninternal record\ncourt or UN\npublication, anonymous".splitlines()


def at(device, *words, text=None):
    """A command that asks no relay."""
    return device.cairn(*words, relay=False, text=text)


def path(name):
    return story.root + "/" + name


def put(name, text):
    with open(path(name), "w", encoding="utf-8") as out:
        out.write(text)
    return path(name)


def stranger(*words):
    """By somebody who has no desk, no key, and no network."""
    return Done(subprocess.run(["unshare", "--net", "--map-root-user", story.cairn, *words] if lonely else
                               [story.cairn, *words], capture_output=True, text=True, timeout=60, cwd=story.root))


def form(**fields):
    return "".join("%s: %s\n" % (name, value) for name, values in fields.items()
                   for value in (values if isinstance(values, list) else [values]))


def codes(device, kind):
    return {entity["code"] for entity in device.look("record", "list", kind).json()["entities"]}


# ---- a person, a case, three devices ----

def joining():
    first.start()
    for device, roles, owner in ((second, "case,documentation", "Lena"), (third, "documentation", "Ivan")):
        code = story.admit(first, device, roles, owner)
        check("%s is admitted" % device.name, code[:3] == (0, 0, True), code[3])
    got = at(second, "evidence", "authority", "--tsa", authority.url, "--tsa-ca", authority.ca, "--pace", "1")
    check("the device that takes testimony knows who stamps it", got.code == 0, got.said)
    second.start()
    third.start()
    synced(first, second, third, first)


def case():
    """A person has written; the documentalist gets a compartment of the case, and nothing else of it."""
    story.person(path("words"), "write", text="They let me go in April. I want to tell it.")
    first.again()
    name = first.look("case", "list").json()["cases"][0]["case"]
    got = at(third, "record", "new", "link", "--case", name, text="")
    check("who was told of no case is not in it", got.code == 1, got.said)
    got = first.cairn("case", "open", name, "testimony", "--member", "second", "--leave")
    check("intake opens a testimony for the documentalist, and leaves", got.code == 0, got.said)
    synced(second, first, second, third)
    got = at(second, "record", "list")
    here = second.look("case", "list").json()["cases"]
    check("who knows the case by digits alone", [c["case"] for c in here] == [c["id"] for c in here] and len(here) == 1 and
          second.look("desk", "inbox").json()["conversations"] == [], repr(here) + got.said)
    return here[0]["case"]


# ---- testimony ----

def account(device, number, consents):
    """An account under a code, the file that it is in as evidence, and its hash."""
    got = at(device, "record", "new", "account", text=form(text="Account %d, of a man who was there." % number,
             consent=consents, taken="2017-06", custody="known throughout"))
    code = got.said.strip().splitlines()[-1]
    check("account %d is taken down" % number, got.code == 0 and code.startswith("T-"), got.said)
    file = put("account-%d.txt" % number, "What he said, word by word: account %d.\n" % number)
    got = at(device, "evidence", "add", "--json", "--no-name", "--from", code, file)
    check("and what was written down is sealed", got.code == 0, got.said)
    os.remove(file)
    item = got.json()
    return {"code": code, "sha256": item["sha256"], "item": item["item"], "device": device}


def link(told, number):
    got = at(second, "record", "new", "link", "--case", number, text=form(account=told["code"]))
    check("in the case stands the code of the account", got.code == 0 and got.said.startswith("L-"), got.said)
    synced(second, first, third, second)
    check("the other documentalist has the account, and no link", told["code"] in codes(third, "account") and
          codes(third, "link") == set() and len(codes(second, "link")) == 1)
    got = at(third, "record", "show", told["code"])
    check("nor does the account say whose it is", got.code == 0 and got.said.count("L-") == 0, got.said)
    check("intake, who knows the person, has neither", codes(first, "account") == set() and codes(first, "link") == set())
    got = at(third, "record", "new", "link", "--case", number, text=form(account=told["code"]))
    check("who is not in the testimony links nothing", got.code == 2 and "no testimony compartment" in got.said, got.said)


def custody(accounts):
    """All devices of the record have the logs; the files stay where they are."""
    second.again()
    synced(second, third, second)
    got = {item["item"] for item in third.look("evidence", "list").json()["items"]}
    check("each device of the record has the custody of all", {a["item"] for a in accounts} <= got, repr(got))
    theirs = [a for a in accounts if a["device"] is not third][0]
    got = at(third, "evidence", "open", theirs["item"], "--out", path("not-here"))
    check("but not their files, and no line says that it gave one out", got.code == 2 and "not on this device" in got.said and
          "opened" not in at(third, "evidence", "show", theirs["item"]).said, got.said)
    check("the open desk has had them stamped", at(third, "evidence", "show", theirs["item"]).said.count("under root") == 2,
          at(third, "evidence", "show", theirs["item"]).said)


# ---- a claim ----

def draft(accounts, name, **more):
    sealed = [{"code": a["code"], "sha256": a["sha256"]} for a in accounts]
    return put(name, json.dumps({"cairn": "claim draft 1", "accounts": 5, "ways": 2, "before": "2017-05", "place":
               {"level": "country", "name": "Russia"}, "says": {"en": "Men were held in secret and tortured"},
               "sealed": sealed, **more}))


def graph(accounts):
    """Three heard of it by one informant, two by another."""
    vertices = [{"code": "claim", "type": "claim", "date": "2017", "label": "Men were held and tortured"}]
    vertices += [{"code": "informant-%d" % i, "type": "informant"} for i in (1, 2)]
    vertices += [{"code": a["code"], "type": "origin"} for a in accounts]
    relies = [["claim", "informant-1"], ["claim", "informant-2"]]
    relies += [["informant-%d" % (1 + i % 2), a["code"]] for i, a in enumerate(accounts)]
    return put("graph.json", json.dumps({"cairn": "reliance 1", "vertices": vertices, "reliances": relies}))


def drafting(accounts):
    relies = graph(accounts)
    words = ["claim", "draft", "--graph", relies, "--out", path("text"), "--secrets", path("secrets")]
    got = at(second, *words, draft(accounts, "draft-all"))
    check("an account without consent to publication stands behind no claim", got.code == 2 and
          "do not allow publication" in got.said and "1 of 6" in got.said and not os.path.exists(path("text")), got.said)
    got = at(second, *words, draft(accounts[:5], "draft-ways", ways=3))
    check("more ways than the sources have are refused", got.code == 2 and "the sources have" in got.said, got.said)
    wrong = [dict(accounts[0], sha256="0" * 64)] + accounts[1:5]
    got = at(second, *words, draft(wrong, "draft-wrong"))
    check("an account that is not sealed here as well", got.code == 2 and "no original" in got.said, got.said)
    short = [dict(accounts[0], code=accounts[0]["code"][:6])] + accounts[1:5]
    got = at(second, *words, draft(short, "draft-short"))
    check("and an account by less than its whole code, which could be counted twice", got.code == 2 and "1 of 5" in got.said,
          got.said)
    got = at(second, "record", "set", accounts[5]["code"], text=form(consent="publication, anonymous"))
    check("the sixth is asked, and consents", got.code == 0, got.said)
    got = at(second, *words, draft(accounts, "draft"))
    check("then the claim is written", got.code == 0 and "at least 5 accounts, from at least 2 independent ways" in got.said and
          os.stat(path("secrets")).st_mode & 0o777 == 0o600, got.said)


def publishing():
    run(story.cairn, "claim", "key", path("site.key"))
    with open(path("site.key.pub"), encoding="utf-8") as key:
        got = at(first, "desk", "card", "--renew", "--site-key", key.read().strip(), *story.shares())
    check("the card names the key of the site", got.code == 0, got.said)
    put("card", at(first, "desk", "card").out)
    put("roster", at(first, "desk", "card", "--roster").out)
    words = ["claim", "publish", "--desk-id", story.made["desk_id"], "--card", path("card"), "--roster", path("roster"),
             "--site-key", path("site.key"), "--log", path("log"), "--out", path("claim")]
    got = at(first, "claim", "approve", "--out", path("one"), path("text"))
    check("the publisher agrees, after reading it", got.code == 0 and "This would be public:" in got.said, got.said)
    got = stranger(*words, path("one"))
    check("one device alone publishes nothing", got.code == 2 and "two devices" in got.said, got.said)
    got = at(first, "claim", "approve", "--out", path("again"), path("one"))
    check("nor the same device twice", got.code == 2, got.said)
    got = at(second, "claim", "approve", "--out", path("two"), path("one"))
    check("who answers for the sources agrees as well", got.code == 0, got.said)
    got = stranger(*words, path("two"))
    check("and it is in the log of the site", got.code == 0 and "a log of 1 entries" in got.said, got.said)


def checked(accounts):
    words = ["verify", "claim", "--card", path("card"), "--desk-id", story.made["desk_id"]]
    got = stranger(*words, path("claim"))
    check("a stranger checks it without a network", got.code == 0 and "entry 0 of 1" in got.said, got.said)
    got = stranger(*words, "--roster", path("roster"), path("claim"))
    check("who has the roster sees that two devices agreed", got.code == 0 and "2 devices of the roster" in got.said, got.said)
    with open(path("claim"), encoding="utf-8") as claim:
        text = claim.read()
    check("it names no account", all(a["code"] not in text and a["sha256"] not in text for a in accounts), text)
    got = stranger(*words, put("forged", text.replace("ways 2", "ways 4")))
    check("a claim that says more is found out", got.code == 2, got.said)


# ---- for a court ----

def court(accounts):
    shown = [accounts[0], accounts[4]]
    for i, a in enumerate(shown):
        got = at(a["device"], "evidence", "export", a["item"], "--to", "court", "--out", path("bundle-%d" % i))
        check("account %d is handed to the court" % i, got.code == 0, got.said)
        got = stranger("verify", "evidence", "--desk-id", story.made["desk_id"], "--tsa-ca", authority.ca,
                       path("bundle-%d" % i))
        check("which checks its custody", got.code == 0 and "DOES NOT HOLD" not in got.said, got.said)
        if i == 0:
            check("and when it was there at the latest", "at the latest, says the authority" in got.said, got.said)
    with open(path("bundle-0/content"), "a", encoding="utf-8") as content:
        content.write("more")
    got = stranger("verify", "evidence", "--desk-id", story.made["desk_id"], path("bundle-0"))
    check("a content that was changed is found out", got.code == 2, got.said)
    put("bundle-0/content", "What he said, word by word: account 0.\n")
    for key in ("court", "other"):
        run(story.cairn, "claim", "key", "--court", path(key))
    got = stranger("claim", "open", "--secrets", path("secrets"), "--court", path("court.pub"), "--out", path("opening"),
                   "--code", shown[0]["code"], "--code", shown[1]["code"], path("claim"))
    check("chosen accounts are opened to its key", got.code == 0, got.said)
    words = ["verify", "opening", "--claim", path("claim"), "--key", path("court")]
    got = stranger(*words, "--account", path("bundle-0/content"), "--account", path("bundle-1/content"), path("opening"))
    check("it sees that they stood behind the claim", got.code == 0 and "Opened: 2 accounts" in got.said and
          got.said.count("is one of them, unaltered") == 2, got.said)
    got = stranger(*words, "--account", put("never-told", "Nobody said this.\n"), path("opening"))
    check("and that another text did not", got.code == 2, got.said)
    got = stranger("verify", "opening", "--claim", path("claim"), "--key", path("other"), path("opening"))
    check("another court's key opens nothing", got.code == 2 and "not sealed to this key" in got.said, got.said)


# ---- consent taken back ----

def withdrawn(accounts, number):
    code = accounts[0]["code"]
    got = at(second, "record", "set", code, text=form(consent_withdrawn="publication, anonymous"))
    check("consent is taken back", got.code == 0, got.said)
    got = at(second, "claim", "draft", "--graph", path("graph.json"), "--out", path("text2"), "--secrets", path("secrets2"),
             path("draft"))
    check("no further claim stands on that account", got.code == 2 and "1 of 6" in got.said, got.said)
    got = stranger("verify", "claim", "--card", path("card"), path("claim"))
    check("and the claim that stands is as it was", got.code == 0, got.said)
    got = second.cairn("case", "close", number, "testimony", "--mark", "withdrawn", "--officer", "Lena")
    check("the testimony goes from the case", got.code == 0, got.said)
    synced(second, first, second)
    there = compartments(second, number)
    check("and the link with it", there["testimony"]["destroyed"] and codes(second, "link") == set(), repr(there))


lonely = subprocess.run(["unshare", "--net", "--map-root-user", "true"], capture_output=True).returncode == 0
with Story(*map(os.path.abspath, sys.argv[1:3])) as story, Authority(story.root + "/tsa") as authority:
    first, second, third = story.device("first"), story.device("second"), story.device("third")
    story.found(first, "intake,security,publish,admin", "Vera")
    joining()
    digits = case()
    told = [account(second, 0, GIVEN)]
    link(told[0], digits)
    told += [account(second, 1, GIVEN), account(second, 2, GIVEN), account(third, 3, GIVEN), account(third, 4, GIVEN)]
    told += [account(second, 5, GIVEN[:3])]
    custody(told)
    drafting(told)
    publishing()
    checked(told)
    court(told)
    withdrawn(told, digits)
sys.exit(end())
