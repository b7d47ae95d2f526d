#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# packaging/torrc with Debian's tor: the lines are good, and tor makes the onion service's address in front of a Unix
# socket. Without the network, so that nobody is asked for anything. Prints TAP.
#
#	relay_tor.sh SOURCE BUILD
set -u
source=$1
if ! command -v tor >/dev/null || ! id debian-tor >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
	echo "1..0 # SKIP needs tor, its user and root"
	exit 0
fi
folder=$(mktemp -d /tmp/relay-tor-XXXXXX)
tor=
trap '[ -z "$tor" ] || kill $tor; wait; rm -rf "$folder"' EXIT
sed "s|/var/lib/tor|$folder|; s|/run/cairn|$folder|" "$source/packaging/torrc" >"$folder/torrc"
printf 'DataDirectory %s/data\nDisableNetwork 1\nSocksPort 0\n' "$folder" >>"$folder/torrc"
chown -R debian-tor "$folder"

as_tor() {
	runuser -u debian-tor -- tor -f "$folder/torrc" --defaults-torrc /dev/null "$@"
}

check() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		failed=1
	fi
}

echo 1..3
number=0
failed=0
as_tor --verify-config >"$folder/log" 2>&1
check $? "tor takes the lines"
grep -q "\[warn\]" "$folder/log"
check $((1 - $?)) "and warns of none"
# The process itself, not the shell around it, so that it can be ended.
runuser -u debian-tor -- tor -f "$folder/torrc" --defaults-torrc /dev/null --hush >"$folder/log" 2>&1 &
tor=$!
tries=0
until [ -s "$folder/cairn/hostname" ] || [ "$tries" -ge 100 ]; do
	sleep 0.2
	tries=$((tries + 1))
done
grep -q '^[a-z2-7]\{56\}\.onion$' "$folder/cairn/hostname"
check $? "tor makes an address"
exit $failed
