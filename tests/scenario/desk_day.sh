#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A staff device with the real programs, on the days when something is not as it should be: what staff are told, and
# that nothing is lost.
#
#	desk_day.sh SOURCE BUILD
set -u
build=$2
cairn=$build/src/cli/cairn
cairnd=$build/src/relay/cairnd
root=$(mktemp -d /tmp/desk-day.XXXXXX) || exit 1
. "$1/tests/lib/tap.sh"
relay=
open=
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY CAIRN_DESK CAIRN_PROXY

stop() {
	for pid in $open $relay; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$root"
}
trap stop EXIT

desk() {
	what=$1
	shift
	"$cairn" desk "$what" --dir "$root/desk" --vault-fd 9 "$@" 9<"$root/vault-words"
}

tick() {
	desk open --socket "$root/sock" --once
}

start_relay() {
	"$cairnd" --data "$root/relay" --listen "unix:$root/sock" ${CAIRND_FLAGS-} 2>>"$root/relay.log" &
	relay=$!
	for _ in $(seq 100); do
		[ -S "$root/sock" ] && return 0
		sleep 0.1
	done
	return 1
}

init() {
	desk init --relay http://relay.example --name Здесь --lang ru --shares "$root/shares" --vault-size 8 "$@" "$key"
}

say() {
	"$cairn" person write --desk "$address" --socket "$root/sock" --passphrase-fd 3 3<"$root/words" >/dev/null
}

mkdir -m 700 "$root/relay" && "$cairn" person new >"$root/vault-words" || exit 1
key=$("$cairnd" --data "$root/relay" key 2>/dev/null) && start_relay || exit 1

shares_beside_the_desk() {
	says "whoever gets that would have both" 1 "$cairn" desk init --dir "$root/one" --shares "$root/one" \
	    --relay http://relay.example --name x --lang en "$key" && [ ! -e "$root/one" ]
}
check "shares in the desk's own folder are refused" shares_beside_the_desk

asks_first() {
	says "must begin with http" 1 setsid "$cairn" desk init --dir "$root/one" --shares "$root/two" \
	    --relay relay.example --name x --lang en "$key" </dev/null && [ ! -e "$root/one" ]
}
check "what is not fit is told before a passphrase is asked for" asks_first

made() {
	init --json >"$root/init" && address=$(json 'o["address"]' <"$root/init") &&
	    [ "$(stat -c %a "$root/desk")" = 700 ] && [ "$(stat -c %a "$root/desk/vault")" = 600 ] &&
	    [ "$(ls "$root/shares" | wc -l)" = 3 ]
}
check "a desk is made, and only its owner can read it" made
address=$(json 'o["address"]' <"$root/init")

check "a second desk in the same folder is refused, and told when that may go" \
    says "no desk was ever in it, remove it" 4 init

no_terminal() {
	says "or --vault-fd for a vault" 1 setsid -w "$cairn" desk init --dir "$root/none" --shares "$root/shares" \
	    --vault-size 1 --relay http://relay.example --name x --lang en "$key" && [ ! -e "$root/none/vault" ]
}
check "without a terminal it says where the vault's passphrase can come from" no_terminal

check "a relay that does not know the desk yet is told so" says "cairnd desk add" 2 tick

added() {
	"$cairnd" --data "$root/relay" desk add "$(json 'o["desk_id"]' <"$root/init")" && tick
}
check "once it is added, people can write" added
"$cairn" person new >"$root/words"
echo "Помогите" | say || exit 1

others() {
	chmod 755 "$root/desk"
	says "may be read by others" 4 desk inbox
	result=$?
	chmod 700 "$root/desk"
	return $result
}
check "a folder that others may read is not opened" others

away() {
	kill "$relay" && wait "$relay"
	relay=
	rm -f "$root/sock"
	says "nothing is lost" 3 tick
}
check "a relay that does not answer is told so" away

back() {
	start_relay && tick && [ "$(desk inbox --json | json 'len(o["conversations"])')" = 1 ]
}
check "and once it is back, nothing is lost" back

twice() {
	"$cairn" desk open --dir "$root/desk" --vault-fd 9 --socket "$root/sock" --tick 1 >"$root/open" 2>&1 \
	    9<"$root/vault-words" &
	open=$!
	for _ in $(seq 100); do
		grep -q "on the board" "$root/open" && break
		sleep 0.1
	done
	says "is open already" 4 tick
}
check "a desk is open once" twice

beside() {
	beside=$cairn\ desk
	$beside inbox --dir "$root/desk" >/dev/null && $beside read --dir "$root/desk" 1 >/dev/null &&
	    echo "Мы здесь" | $beside reply --dir "$root/desk" 1 || return 1
	for _ in $(seq 100); do
		$beside read --dir "$root/desk" 1 --peek | grep -q "desk (published)" && break
		sleep 0.1
	done
	"$cairn" person look --desk "$address" --socket "$root/sock" --passphrase-fd 3 3<"$root/words" |
	    grep -q "Мы здесь"
}
check "while it is open one reads and answers beside it, without the passphrase" beside

private() {
	[ "$(stat -c %a "$root/desk/unlock")" = 600 ] && "$cairn" person new >"$root/wrong" &&
	    says "opens nothing" 2 "$cairn" desk inbox --dir "$root/desk" --vault-fd 9 9<"$root/wrong"
}
check "a passphrase that is given counts, and the socket is its owner's" private

closed() {
	kill -TERM "$open" && wait "$open" && grep -q "The desk is closed" "$root/open"
}
check "it closes at once and cleanly" closed
open=

locked() {
	[ ! -e "$root/desk/unlock" ] && says "no terminal" 1 setsid "$cairn" desk inbox --dir "$root/desk" </dev/null
}
check "then the vault is locked" locked

sealed() {
	! grep -qaF "Помогите" "$root/desk/vault" && ! grep -qaF "Мы здесь" "$root/desk/vault" &&
	    ! grep -qaF "SQLite" "$root/desk/vault" && [ "$(ls -A "$root/desk" | tr '\n' ' ')" = "open.lock vault " ]
}
check "the folder holds the vault and nothing that can be read" sealed

slip() {
	says "not of the same conversation" 1 desk read 1-no-such
}
check "a slip in an alias is caught" slip

shared_anew() {
	set -- "$root"/shares/*1-of* "$root"/shares/*3-of* "$root"/shares/*2-of*
	says "own folder" 1 desk shares --share "$1" --share "$2" --out "$root/desk" &&
	    says "twice" 2 desk shares --share "$1" --share "$1" --out "$root/anew" && [ ! -e "$root/anew" ] &&
	    says "there is a share already" 2 desk shares --share "$1" --share "$2" --out "$root/shares" &&
	    [ "$(ls "$root/shares" | wc -l)" = 3 ] &&
	    says "destroy every old one" 0 desk shares --share "$1" --share "$2" --out "$root/anew" &&
	    [ "$(ls "$root/anew" | wc -l)" = 3 ] && [ "$(stat -c %a "$root"/anew/*2-of*)" = 600 ] &&
	    says "do not give" 2 desk card --renew --share "$3" --share "$root"/anew/*1-of*
}
check "two shares make three new ones, and an old and a new one give nothing" shared_anew

renewed() {
	set -- "$root"/anew/*1-of* "$root"/anew/*2-of*
	says "twice" 2 desk card --renew --share "$1" --share "$1" &&
	    says "in base64" 1 desk card --renew --share "$1" --share "$2" --site-key short &&
	    desk card --renew --share "$1" --share "$2" --card-days 10 --witness "w.example $key" --site-key "$key" &&
	    tick >"$root/ticked" &&
	    grep -q "runs out in 11 days" "$root/ticked" &&
	    grep -rqsx "serial 2" "$root/relay/desks"
}
check "two of the new shares make the next card, which everybody gets" renewed

copy() {
	cp -a "$root/desk" "$root/copy" && tick && tick &&
	    says "did not write" 6 "$cairn" desk publish --dir "$root/copy" --vault-fd 9 --socket "$root/sock" 9<"$root/vault-words" &&
	    says "did not write" 0 "$cairn" desk inbox --dir "$root/copy" --vault-fd 9 9<"$root/vault-words" &&
	    tick
}
check "an old copy of the folder is stopped, and its staff alarmed" copy

done_all
