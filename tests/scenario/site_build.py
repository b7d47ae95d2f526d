#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Building a site: what changed little is as if all had been built anew, and what is wrong is told.

    site_build.py CAIRN SOURCE
"""
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

CAIRN, EXAMPLE = sys.argv[1], pathlib.Path(sys.argv[2]) / "examples/chechnya-2017"
CASES = []
LONG_AGO = 1_500_000_000


def case(function):
    CASES.append(function)
    return function


def assets(root):
    """Stands for web/site, which need not be built for this."""
    folder = root / "assets"
    folder.mkdir()
    for name in ["site.css", "site.js", "search.js", "campaign.js", "named.js", "core.wasm", "icon.svg"]:
        (folder / name).write_text(name)
    return folder


def age(folder):
    """As if nobody had touched it for long: what is fresh is always read again."""
    for path in folder.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


class World:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.assets = assets(self.root)
        self.source = self.root / "source"
        shutil.copytree(EXAMPLE, self.source)
        (self.source / "comments").mkdir(exist_ok=True)  # the example has none
        age(self.source)

    def run(self, out, *more, source=None):
        return subprocess.run(
            [CAIRN, "site", "build", source or self.source, self.root / out, "--assets", self.assets, "--no-pictures", "--json",
             "--date", "2026-11-26", *more], capture_output=True, text=True, check=False)

    def build(self, out, *more):
        ran = self.run(out, *more)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def fresh(w, *more):
    """The same sources, built where nothing was."""
    shutil.rmtree(w.root / "fresh", ignore_errors=True)
    (w.root / "fresh.cache").unlink(missing_ok=True)
    w.build("fresh", *more)
    return tree(w.root / "fresh")


@case
def the_same_sources_give_the_same_bytes(w):
    w.build("out", "--all-languages", "--threads", "1")
    assert tree(w.root / "out") == fresh(w, "--all-languages", "--threads", "4")
    assert w.build("out", "--all-languages")["written"] == 0


def entries(w):
    return sorted((w.source / "entries").glob("*.md"))


def change_text(w, dice):
    path = dice.choice(entries(w))
    path.write_text(path.read_text() + f"\nOne more line, {dice.random()}.\n")


def change_title(w, dice):
    path = dice.choice(entries(w))
    path.write_text(path.read_text().replace("title: ", f"title: Anew {dice.randrange(99)} ", 1))


def change_day(w, dice):
    path = dice.choice([p for p in entries(w) if p.name.count(".") == 1])
    lines = path.read_text().split("\n")
    path.write_text("\n".join(f"date: 20{dice.randrange(10, 30)}-0{dice.randrange(1, 10)}-1{dice.randrange(10)}" if l.startswith("date:") else l
                              for l in lines))


def change_tags(w, dice):
    path = dice.choice(entries(w))
    lines = path.read_text().split("\n")
    path.write_text("\n".join(f"tags: help, tag-{dice.randrange(5)}" if l.startswith("tags:") else l for l in lines))


def add_entry(w, dice):
    name = f"added-{dice.randrange(1000)}"
    (w.source / f"entries/{name}.md").write_text(
        f"---\ndate: 2018-01-{dice.randrange(10, 29)}\ntitle: {name}\ntags: help\nup: first-report\n---\nAdded.\n")


def remove_entry(w, dice):
    added = list((w.source / "entries").glob("added-*.md"))
    if added:
        dice.choice(added).unlink()


def change_claim(w, dice):
    path = w.source / "claims/wave-2019.json"
    claim = json.loads(path.read_text())
    claim["title"] = f"Claim {dice.random()}"
    path.write_text(json.dumps(claim))


def change_gatherings(w, dice):
    path = w.source / "gatherings.csv"
    path.write_text(path.read_text() + f"g-{dice.randrange(10**6)},T,DE,C,P,203{dice.randrange(10)}-05-17T18:00,,Europe/Berlin,S,,2026-01-01\n")


def change_comments(w, dice):
    (w.source / "comments/first-report.json").write_text(
        json.dumps({"comments": [{"date": "2026-01-01", "text": f"<b>{dice.random()}</b>"}]}))


def change_site(w, dice):
    path = w.source / "site.md"
    path.write_text(path.read_text().replace("title: ", f"title: {dice.randrange(9)}", 1))


@case
def what_changed_little_is_as_if_all_had_been_built_anew(w):
    dice = random.Random(7)
    changes = [change_text, change_title, change_day, change_tags, add_entry, remove_entry, change_claim, change_gatherings,
               change_comments, change_site]
    for turn in range(30):
        change = changes[turn % len(changes)]
        change(w, dice)
        w.build("out", "--all-languages")
        got, want = tree(w.root / "out"), fresh(w, "--all-languages")
        assert got == want, (change.__name__, [p for p in sorted(got.keys() | want.keys()) if got.get(p) != want.get(p)][:5])


@case
def a_changed_text_makes_few_files_anew(w):
    age(w.source)
    w.build("out", "--all-languages")
    change_text(w, random.Random(1))
    assert w.build("out", "--all-languages")["written"] <= 8


@case
def a_page_that_was_changed_by_hand_is_mended(w):
    page = w.root / "out/en/index.html"
    page.write_text("forged")
    w.build("out", "--all-languages")
    assert "forged" not in page.read_text()
    page.unlink()
    w.build("out", "--all-languages")
    assert page.exists()


@case
def a_cache_that_is_broken_is_none(w):
    cache = w.root / "out.cache"
    good = cache.read_bytes()
    want = fresh(w, "--all-languages")
    for broken in [b"", good[:100], good[:-1], good + b"x", b"x" + good[1:], os.urandom(len(good))]:
        cache.write_bytes(broken)
        w.build("out", "--all-languages")
        assert tree(w.root / "out") == want


@case
def words_that_are_broken_are_none(w):
    words = w.root / "out.cache.words"
    for broken in [None, b"", words.read_bytes()[:-1], b"x" * words.stat().st_size, words.read_bytes()[:-1] + b"x"]:
        words.unlink() if broken is None else words.write_bytes(broken)
        change_text(w, random.Random(7))
        w.build("out", "--all-languages")
        assert tree(w.root / "out") == fresh(w, "--all-languages")


@case
def words_of_no_use_do_not_fill_the_disk(w):
    words = w.root / "out.cache.words"
    most = 2 * (w.root / "fresh.cache.words").stat().st_size
    for i in range(60):
        change_title(w, random.Random(i))
        w.build("out", "--all-languages")
    assert words.stat().st_size <= most + 4096


@case
def figures_are_computed_from_what_relies_on_what(w):
    graph = json.loads((w.source / "reliance.json").read_text())
    page = w.root / "out/en/claims/round-up-2017.html"
    figures = re.compile(r"</dt><dd>(\d+)</dd>")
    w.build("out")
    assert figures.findall(page.read_text())[:2] == ["4", "4"]
    # Without the New York Times' own source one origin and one way are gone.
    graph["reliances"] = [r for r in graph["reliances"] if r[1] != "NYT-M"]
    kept = (w.source / "reliance.json").read_text()
    (w.source / "reliance.json").write_text(json.dumps(graph))
    w.build("out")
    assert figures.findall(page.read_text())[:2] == ["3", "3"]
    assert not any(code in text for text in (p.read_text() for p in (w.root / "out").rglob("*.html"))
                   for code in ("HRW-K", "NYT-M", "RLN-C"))
    (w.source / "reliance.json").write_text(kept)


@case
def only_reviewed_translations_are_shown_unless_asked(w):
    pages = fresh(w)
    assert not any(p.startswith(("ru/", "ar/")) for p in pages)
    assert any(p.startswith("ar/entries/") for p in fresh(w, "--all-languages"))


@case
def a_folder_with_other_things_in_it_is_left_alone(w):
    other = w.root / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    ran = w.run("other")
    assert ran.returncode == 2 and "not empty" in ran.stderr
    assert list(other.iterdir()) == [other / "thesis.txt"]


@case
def authors_cannot_put_scripts_into_a_page(w):
    (w.source / "entries/hostile.md").write_text(
        "---\ndate: 2020-01-01\ntitle: <script>alert(1)</script>\nsummary: \"><img src=x onerror=alert(1)>\nmood: <b>\n"
        "source: https://a.example/?<x | <i>t</i>\n---\n<script>alert(1)</script>\n")
    ran = w.run("out")
    assert ran.returncode == 2 and "hostile.md\u2069:6" in ran.stderr, ran.stderr
    path = w.source / "entries/hostile.md"
    path.write_text(path.read_text().replace("https://a.example/?<x", "https://a.example/"))
    (w.source / "comments/hostile.json").write_text(json.dumps({"comments": [
        {"date": "2026-01-01", "text": "</p><script>alert(1)</script>", "name": "<script>x</script>"}]}))
    w.build("out")
    page = (w.root / "out/en/entries/hostile.html").read_text()
    for bad in ["<script>alert", "<img src=x", "<b>", "<i>t", "<script>x"]:
        assert bad not in page.replace("<b dir=", ""), bad
    path.unlink()
    (w.source / "comments/hostile.json").unlink()


@case
def what_is_wrong_is_told_with_its_file(w):
    wrong = {
        "claims/bad.json": '{"title": "x"}', "claims/worse.json": "{", "comments/bad.json": '{"comments": [{"date": "x", "text": "y"}]}',
        "claims/twice.json": '{"title": "a", "title": "b"}', "events/bad.json": '{"title": "x", "unknown": 1}',
        "petitions/protect-them.marks": "00\n", "entries/Bad.md": "---\ndate: 2020-01-01\ntitle: x\n---\n",
        "entries/up.md": "---\ndate: 2020-01-01\ntitle: x\nup: nowhere\n---\n", "claims/round-up-2017.svg": "<html/>",
        "files/page.html": "<p>", "reliance.json": "{}",
        "claims/typed.json": '{"title": "x", "statement": "x", "before": "2017-08-01", "graph": "roundup", "ways": 9, "sources": []}',
        "claims/unknown.json": '{"title": "x", "statement": "x", "before": "2017-08-01", "graph": "none", "sources": []}',
        "claims/silent.json": '{"title": "x", "sources": []}', "claims/nobody.claim": "x",
    }
    for name, text in wrong.items():
        path = w.source / name
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        ran = w.run("out")
        assert ran.returncode == 2 and path.stem.split(".")[0] in ran.stderr, (name, ran.stderr)
        path.unlink() if before is None else path.write_bytes(before)
    w.build("out")


@case
def a_link_out_of_the_source_is_not_followed(w):
    secret = w.root / "secret.md"
    secret.write_text("---\ndate: 2020-01-01\ntitle: secret\n---\n")
    link = w.source / "entries/link.md"
    link.symlink_to(secret)
    assert w.run("out").returncode != 0
    link.unlink()


@case
def marks_are_published_in_files_by_their_first_digits(w):
    dice = random.Random(3)
    marks = sorted({f"{dice.getrandbits(128):032x}" for _ in range(5000)})
    (w.source / "petitions/protect-them.marks").write_text("\n".join(marks) + "\n")
    (w.source / "petitions/protect-them.json").write_text(
        json.dumps({"petition": "protect-them", "count": len(marks), "as-of": "2026-11-26"}))
    w.build("out")
    about = json.loads((w.root / "out/petition/protect-them.json").read_text())
    assert about["count"] == len(marks) and about["shard-digits"] == 1
    got = [line for digit in "0123456789abcdef" for line in (w.root / f"out/petition/protect-them/{digit}.txt").read_text().split()]
    assert got == marks


@case
def verify_finds_what_was_changed_added_or_taken_away(w):
    out = w.root / "out"
    good = subprocess.run([CAIRN, "verify", "site", out, "--json"], capture_output=True, text=True, check=True)
    manifest = json.loads(good.stdout)["manifest"]

    def verdict(*more):
        return subprocess.run([CAIRN, "verify", "site", out, *more], capture_output=True, check=False).returncode

    assert verdict("--manifest", manifest) == 0 and verdict("--manifest", "0" * 64) == 2
    page = out / "en/help/give-main.html"
    kept = page.read_bytes()
    page.write_bytes(kept.replace(b"XX00", b"XX01"))
    assert verdict() == 2
    page.unlink()
    assert verdict() == 2
    page.write_bytes(kept)
    (out / "en/extra.html").write_text("forged")
    assert verdict() == 2
    (out / "en/extra.html").unlink()
    assert verdict() == 0


@case
def a_site_stands_in_its_log_or_is_refused(w):
    out, key, desk = w.root / "out", w.root / "site.key", "ab" * 32
    subprocess.run([CAIRN, "claim", "key", key], capture_output=True, check=True)
    public = pathlib.Path(f"{key}.pub").read_text().strip()

    def publish():
        return subprocess.run([CAIRN, "site", "publish", out, "--desk-id", desk, "--site-key", key], capture_output=True, text=True,
                              check=True).stdout

    def verdict(site_key=public, desk_id=desk):
        return subprocess.run([CAIRN, "verify", "site", out, "--desk-id", desk_id, "--site-key", site_key], capture_output=True,
                              check=False).returncode

    assert verdict() == 2
    assert "entry 0" in publish() and verdict() == 0
    assert "of a log of 1" in publish()
    assert verdict(desk_id="cd" * 32) == 2 and verdict(site_key="A" * 43 + "=") == 2
    change_text(w, random.Random(5))
    w.build("out")
    assert verdict() == 2
    assert "entry 1" in publish() and verdict() == 0
    entries = next((out / "log/tile/entries").rglob("2"))
    entries.write_bytes(entries.read_bytes()[:-1] + b"x")
    assert verdict() == 2


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        world = World(root)
        for number, function in enumerate(CASES, 1):
            try:
                function(world)
                print(f"ok {number} - {function.__name__}", flush=True)
            except Exception as fault:  # every case is told, whatever it died of
                failed += 1
                print(f"not ok {number} - {function.__name__}\n# {fault!r}", flush=True)
    print(f"1..{len(CASES)}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
