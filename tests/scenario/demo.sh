#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The demonstration, twice in a row, and stopped.
#
#	demo.sh SOURCE BUILD
set -u
build=$2
cairn=$2/src/cli/cairn
root=$(mktemp -d) || exit 1
. "$1/tests/lib/tap.sh"
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY CAIRN_DESK

stop() {
	"$cairn" demo --stop --dir "$root/demo" >/dev/null
	rm -rf "$root"
}
trap stop EXIT

tells() {
	"$cairn" demo --dir "$root/demo" >"$root/first" && grep -q 'Text and answer are invented' "$root/first" &&
	    grep -q 'to the letter' "$root/first"
}

# In order: a process, and what it runs for.
running() {
	[ "$(wc -l <"$root/demo/running")" = 2 ] && while read -r pid rest; do
		kill -0 "$pid" || return 1
	done <"$root/demo/running"
}

again_with_own_words() {
	cp "$root/demo/running" "$root/before"
	"$cairn" demo --dir "$root/demo" --text 'Мне нужен врач, сегодня.' --answer 'الطبيب في الطريق.' >"$root/second" &&
	    grep -q 'Мне нужен врач' "$root/second" && grep -q 'الطبيب' "$root/second" &&
	    ! grep -q 'answer are invented' "$root/second"
}

# The public site is there where its parts were built, and then it is whole.
site_is_served() {
	[ -d "$2/web/site" ] || { ! grep -q 'The public site' "$root/second"; return; }
	address=$(grep -A2 'The public site' "$root/second" | grep -o 'http://127.0.0.1:[0-9]*/') &&
	    "$cairn" verify site "$address"
}

# Whoever starts these tests may take a moment to notice that a process has ended.
ended() {
	for i in $(seq 50); do
		case $(ps -o stat= -p "$1") in
		'' | Z*) return 0 ;;
		esac
		sleep 0.1
	done
	return 1
}

first_is_stopped() {
	while read -r pid rest; do
		ended "$pid" || return 1
	done <"$root/before"
}

# The commands that it prints to go on by hand are good as they stand.
goes_on() {
	eval "$(sed -n "s/^ *\(export CAIRN_DESK=.*\)/\1/p; s/^ *\(DESK='.*\)/\1/p" "$root/second")" &&
	    "$cairn" desk inbox && echo 'Ещё одно.' | "$cairn" desk reply 1 &&
	    "$cairn" verify board --desk "$DESK"
}

# The address that it prints has the page, and the forms for who has no scripts; where the page was built.
has_page() {
	page=$(sed -n 's|^ *\(http://127.0.0.1:[0-9]*/d/[0-9a-f]*/\)$|\1|p' "$root/second")
	[ -f "$build/web/person/index.html" ] || return 0
	python3 - "$page" <<'END'
import sys
from urllib.request import urlopen
assert b"Go on without scripts" in urlopen(sys.argv[1]).read()
assert b"Can anybody else see this screen?" in urlopen(sys.argv[1], b"").read()
END
}

stops() {
	cp "$root/demo/running" "$root/before"
	"$cairn" demo --stop --dir "$root/demo" && first_is_stopped && "$cairn" demo --stop --dir "$root/demo" |
	    grep -q 'Nothing was running'
}

check "it tells the story to its end, and says what is invented" tells
check "relay and desk keep running" running
check "it runs again at once, with other texts" again_with_own_words
check "what the first run had left is stopped" first_is_stopped
check "the commands to go on by hand are good" goes_on
check "the worked example's site is served" site_is_served "$1" "$2"
check "its address has the page, and the forms without scripts" has_page
check "it stops" stops

done_all
