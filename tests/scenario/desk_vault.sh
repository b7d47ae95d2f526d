#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The vault of a desk, by the commands: its passphrase, its state, a larger one, two desks in one, a backup.
#
#	desk_vault.sh SOURCE BUILD
set -u
build=$2
cairn=$build/src/cli/cairn
vault_sql=$build/tests/vault_sql
root=$(mktemp -d /tmp/desk-vault.XXXXXX) || exit 1
. "$1/tests/lib/tap.sh"
unset http_proxy https_proxy all_proxy CAIRN_DESK CAIRN_PROXY
relay_key=KioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKio=
trap 'rm -rf "$root"' EXIT

# desk WORDS COMMAND...: a command of the desk, its vault opened by the words in that file.
desk() {
	words=$1
	what=$2
	shift 2
	"$cairn" desk "$what" --dir "$root/desk" --vault-fd 9 "$@" 9<"$root/$words"
}

# name WORDS: which desk do these words open?
name() {
	desk "$1" card | sed -n 's/^name //p'
}

for words in first second third backup; do
	"$cairn" person new >"$root/$words" || exit 1
done

made() {
	desk first init --relay http://relay.example --name First --lang en --shares "$root/shares" --vault-size 2 \
	    --json "$relay_key" && [ "$(name first)" = First ]
}
check "a desk is made in a vault of two MiB" made

full() {
	desk first vault && [ "$(desk first vault --json | json 'o["used_pages"] < o["pages"]')" = True ] &&
	    says " 0 damaged" 0 desk first vault --check
}
check "the vault tells how full it is, and is whole" full

changed() {
	desk first passphrase --new-fd 8 8<"$root/third" && says "opens nothing" 2 desk first vault &&
	    [ "$(name third)" = First ] && desk third passphrase --new-fd 8 8<"$root/first"
}
check "another passphrase takes the place of the old" changed

second() {
	says "opens the other part" 2 desk first init --second --beside-fd 8 --relay http://relay.example --name Second \
	    --lang en --shares "$root/shares2" "$relay_key" 8<"$root/first" &&
	    desk second init --second --beside-fd 8 --relay http://relay.example --name Second --lang en \
		--shares "$root/shares2" "$relay_key" 8<"$root/first" &&
	    [ "$(name first)" = First ] && [ "$(name second)" = Second ] &&
	    [ "$(stat -c %s "$root/desk/vault")" = 2097152 ]
}
check "a second desk lies in the other part, and each has its own words" second

grown() {
	says "does not fit" 2 desk first grow --vault-size 1 && [ ! -e "$root/desk/vault.new" ] &&
	    desk first grow --vault-size 4 && [ "$(name first)" = First ] &&
	    [ "$(stat -c %s "$root/desk/vault")" = 4194304 ] && says "opens nothing" 2 desk second vault
}
"$vault_sql" "$root/desk" "CREATE TABLE ballast (b BLOB); INSERT INTO ballast VALUES (zeroblob(300000))" <"$root/first" || exit 1
check "the desk moves into a larger vault" grown

followed() {
	desk second grow --from "$root/desk/vault.old" --beside-fd 8 8<"$root/first" && [ "$(name second)" = Second ] &&
	    [ "$(name first)" = First ] && says " 0 damaged" 0 desk second vault --check
}
check "and the other one follows" followed

forgotten() {
	mkdir -m 700 "$root/was" && mv "$root/desk/vault.old" "$root/was/vault" || return 1
	for words in first second; do
		says "opens nothing" 2 "$cairn" desk vault --dir "$root/was" --vault-fd 9 9<"$root/$words" || return 1
	done
}
check "nothing opens the old vault any more" forgotten

seeded() {
	cat >"$root/talk" <<-'END'
		# what two people asked
		= en
		2026-02-03 10:15 < Do you lend the projector to schools?
		2026-02-03 16:40 > Yes, on weekdays. When do you need it?
		2026-02-05 09:00 < Next Tuesday, if that is possible.
		= ru
		2026-03-01 18:20 < Когда открыта библиотека?
	END
	desk second seed-cover "$root/talk" && desk second inbox --all --json >"$root/inbox" &&
	    [ "$(json 'len(o["conversations"])' <"$root/inbox")" = 2 ] && desk second read 1 --peek >"$root/read" &&
	    grep -q 'projector' "$root/read" && grep -q '2026-02-03 16:40 UTC  desk (published)' "$root/read" &&
	    [ "$(desk first inbox --all --json | json 'len(o["conversations"])')" = 0 ] &&
	    printf '= en\n2026-02-03 10:15 > first\n' >"$root/bad" &&
	    says "before anybody wrote" 1 desk second seed-cover "$root/bad" &&
	    printf '= en\n2999-02-03 10:15 < late\n' >"$root/bad" &&
	    says "none is still to come" 1 desk second seed-cover "$root/bad" &&
	    printf '= en\n2026-02-03 10:15 < first\n2026-02-02 10:15 > before\n' >"$root/bad" &&
	    says "line 3: times go forward" 1 desk second seed-cover "$root/bad" &&
	    [ "$(desk second inbox --all --json | json 'len(o["conversations"])')" = 2 ]
}
check "the second desk is given a past" seeded

backed_up() {
	says "this desk has one device" 0 desk first backup --out "$root/backup.cairn" --shares "$root/bshares" --backup-fd 8 8<"$root/backup" &&
	    [ "$(ls "$root/bshares" | wc -l)" = 3 ] && [ ! -e "$root/backup.cairn.part" ] &&
	    [ "$(stat -c %a "$root/backup.cairn")" = 600 ]
}
check "a backup is made, with three shares" backed_up

# As a vault: the backup's own database, for somebody who has its passphrase.
mkdir -m 700 "$root/open" && cp "$root/backup.cairn" "$root/open/vault"
in_backup() {
	"$vault_sql" "$root/open" "CREATE TEMP TABLE wrong (n CHECK (n = 0)); INSERT INTO wrong $1" <"$root/backup"
}

keyless() {
	in_backup "SELECT count(*) FROM epoch_key" && in_backup "SELECT count(*) FROM tag_key" &&
	    in_backup "SELECT sign_secret <> zeroblob(64) OR board_secret <> zeroblob(64) FROM self" &&
	    in_backup "SELECT count(*) FROM sqlite_schema WHERE name = 'erasure'" && ! in_backup "SELECT 1"
}
check "it has no key of a day, and none of the device's own" keyless

restored() {
	set -- "$root"/bshares/*1-of* "$root"/bshares/*3-of*
	says "not both of this backup" 2 "$cairn" desk restore --dir "$root/back" --vault-fd 9 --vault-size 4 \
	    --backup-fd 8 --share "$1" --share "$root"/shares2/*3-of* "$root/backup.cairn" 9<"$root/third" \
	    8<"$root/backup" && [ ! -e "$root/back/vault" ] &&
	    says "had no other device" 0 "$cairn" desk restore --dir "$root/back" --vault-fd 9 --vault-size 4 --backup-fd 8 \
		--share "$1" --share "$2" "$root/backup.cairn" 9<"$root/third" 8<"$root/backup" &&
	    "$cairn" desk card --dir "$root/back" --vault-fd 9 9<"$root/third" | grep -qx 'name First'
}
check "two shares and the backup give the desk back" restored

whole_again() {
	[ "$("$cairn" desk card --dir "$root/back" --vault-fd 9 --json 9<"$root/third")" = "$(desk first card --json)" ] &&
	    says " 0 damaged" 0 "$cairn" desk vault --dir "$root/back" --vault-fd 9 --check 9<"$root/third" &&
	    "$vault_sql" "$root/back" "CREATE TEMP TABLE wrong (n CHECK (n = 0));
		INSERT INTO wrong SELECT count(*) FROM epoch_key;
		INSERT INTO wrong SELECT sign_secret = zeroblob(64) OR board_secret <> zeroblob(64) FROM self;
		INSERT INTO wrong SELECT counter < 4294967296 FROM feed;
		INSERT INTO wrong SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM log)" <"$root/third"
}
check "with its own keys, none of the board's or a day's, and a counter that was never near" whole_again

damaged() {
	cp "$root/desk/vault" "$root/good"
	python3 - "$root/desk/vault" <<-'END'
		import sys
		f = open(sys.argv[1], "r+b")
		size = f.seek(0, 2)
		region = (size // 4096 - 1) // 2
		for r in range(2):
		    at = 4096 * (1 + r * region + 8 + 4) + 77
		    f.seek(at)
		    byte = f.read(1)[0] ^ 4
		    f.seek(at)
		    f.write(bytes([byte]))
	END
	says "1 damaged: 5" 2 desk first vault --check
	result=$?
	cp "$root/good" "$root/desk/vault"
	return $result
}
check "a flipped bit is found and named" damaged

done_all
