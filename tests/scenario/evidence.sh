#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A file's way through a desk, by the commands: taken in, copied, redacted, time-stamped, handed over, exported, and
# checked by somebody who has nothing but the bundle.
#
#	evidence.sh SOURCE BUILD
set -u
source=$1
cairn=$2/src/cli/cairn
root=$(mktemp -d /tmp/evidence.XXXXXX) || exit 1
. "$1/tests/lib/tap.sh"
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY CAIRN_PROXY
export CAIRN_DESK="$root/desk"

mkfifo "$root/end"
mkdir "$root/tsa"
python3 "$source/tests/lib/tsa.py" "$root/tsa" <"$root/end" >"$root/tsa/log" 2>&1 &
tsa=$!
exec 9>"$root/end"

stop() {
	exec 9>&-
	wait "$tsa" 2>/dev/null
	rm -rf "$root"
}
trap stop EXIT

evidence() {
	what=$1
	shift
	"$cairn" evidence "$what" --vault-fd 8 "$@" 8<"$root/vault-words"
}

verify() {
	"$cairn" verify evidence --desk-id "$desk" --tsa-ca "$root/tsa/ca.pem" "$@"
}

init() {
	key=$(head -c 32 /dev/urandom | base64)
	"$cairn" person new >"$root/vault-words" || return 1
	"$cairn" desk init --dir "$root/desk" --vault-fd 8 --vault-size 16 --relay http://relay.example --name Here --lang en \
	    --shares "$root/shares" --json "$key" >"$root/init" 8<"$root/vault-words" || return 1
	desk=$("$cairn" desk card --vault-fd 8 8<"$root/vault-words" | sed -n 's/^desk \([0-9a-f]\{64\}\)$/\1/p')
	[ ${#desk} = 64 ]
}

take_in() {
	printf 'Statement of A.: on 1 March four men took him to Argun.\n' >"$root/statement.txt"
	original=$(evidence add --from courier-7 "$root/statement.txt") || return 1
	[ ${#original} = 32 ]
}

comes_out() {
	evidence open "$original" --out "$root/again.txt" && cmp "$root/statement.txt" "$root/again.txt"
}

redacts() {
	redacted=$(evidence redact "$original" --span 14-14 --span 50-54) || return 1
	evidence open "$redacted" --out "$root/redacted.txt" || return 1
	cat "$root/redacted.txt"
	! grep -q Argun "$root/redacted.txt" && grep -q 'four men' "$root/redacted.txt"
}

wait_for_tsa() {
	for _ in $(seq 200); do
		[ -s "$root/tsa/port" ] && return 0
		sleep 0.1
	done
	return 1
}

stamp() {
	evidence stamp --tsa "http://127.0.0.1:$(cat "$root/tsa/port")/" --tsa-ca "$root/tsa/ca.pem" --pace "$1"
}

stamps() {
	stamp 1 | grep 'Stamped: [1-9]'
}

says_nothing_of_itself() {
	cat "$root/tsa/asked"
	[ "$(cut -d' ' -f2- "$root/tsa/asked")" = "None application/timestamp-query" ]
}

stamps_as_much_when_nothing_waits() {
	before=$(wc -l <"$root/tsa/asked")
	sleep 1
	stamp 1 && [ "$(wc -l <"$root/tsa/asked")" = $((before + 1)) ] &&
	    [ "$(cut -d' ' -f1 "$root/tsa/asked" | sort -u | wc -l)" = 1 ]
}

keeps_its_pace() {
	before=$(wc -l <"$root/tsa/asked")
	stamp 86400 | grep 'Not due yet' && [ "$(wc -l <"$root/tsa/asked")" = "$before" ]
}

hands_over() {
	evidence give "$redacted" --to lawyer-2 --note 'on a stick, in person'
}

exports() {
	evidence export "$redacted" --sources --out "$root/bundle" --to court && ls "$root/bundle" &&
	    [ "$(ls "$root/bundle" | tr '\n' ' ')" = "README.txt content custody " ]
}

verifies() {
	says 'was made of item' 0 verify "$root/bundle" && grep -q 'at the latest' "$root/out" &&
	    ! grep -q 'DOES NOT HOLD' "$root/out"
}

verifies_in_json() {
	verify --json "$root/bundle" | python3 -c 'import json,sys; o=json.load(sys.stdin)
assert o["ok"] and o["stamped"] > 0 and o["findings"], o'
}

checks_with_openssl_alone() {
	evidence show "$original" | sed -n 's/.*under root: //p' | head -1 >"$root/rootline"
	python3 - "$root/bundle/custody" "$(cat "$root/rootline")" "$root/one.tsr" <<'END'
import sys
data, root = open(sys.argv[1], "rb").read(), bytes.fromhex(sys.argv[2])
at = len(b"cairn evidence 1\n")
while at < len(data):
    kind, size = data[at], int.from_bytes(data[at + 1:at + 5], "big")
    value = data[at + 5:at + 5 + size]
    if kind == 5 and value[:32] == root:
        open(sys.argv[3], "wb").write(value[32:])
    at += 5 + size
END
	openssl ts -verify -digest "$(cat "$root/rootline")" -in "$root/one.tsr" -CAfile "$root/tsa/ca.pem"
}

tells_a_changed_content() {
	cp -r "$root/bundle" "$root/changed" && printf x >>"$root/changed/content" &&
	    says 'The content is not what the first line describes' 2 verify "$root/changed"
}

tells_a_changed_line() {
	rm -rf "$root/changed"
	cp -r "$root/bundle" "$root/changed"
	python3 - "$root/changed/custody" <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
at = data.index(b"lawyer-2")
data[at:at + 8] = b"lawyer-9"
open(sys.argv[1], "wb").write(data)
END
	says 'DOES NOT HOLD' 2 verify "$root/changed" && grep -q 'signature of line' "$root/out"
}

tells_other_certificates() {
	mkdir "$root/other" && cp "$source/tests/lib/tsa.py" "$root/other/" &&
	    python3 -c "import sys, pathlib; sys.path.insert(0, '$root/other'); import tsa; tsa.make(pathlib.Path('$root/other'))" &&
	    says 'does not hold under the certificates given' 2 "$cairn" verify evidence --desk-id "$desk" \
		--tsa-ca "$root/other/ca.pem" "$root/bundle"
}

tells_another_desk() {
	says 'The bundle is of another desk' 2 "$cairn" verify evidence \
	    --desk-id "$(printf %064d 1)" "$root/bundle"
}

says_what_it_did_not_check() {
	says 'not checked' 0 "$cairn" verify evidence "$root/bundle/custody"
}

erases() {
	evidence erase "$original" --note 'consent withdrawn' && says 'erased' 2 evidence open "$original" --out "$root/gone"
}

check "a desk is made" init
check "a file is taken in" take_in
check "it comes out as it went in" comes_out
check "a copy lacks its spans" redacts
check "the authority starts" wait_for_tsa
check "the logs are stamped" stamps
check "a request tells nothing of who asks" says_nothing_of_itself
check "a tick with nothing to stamp looks the same" stamps_as_much_when_nothing_waits
check "a tick that is not due sends nothing" keeps_its_pace
check "handing over is noted" hands_over
check "a bundle has content, custody and words" exports
check "a stranger verifies it" verifies
check "and gets it as JSON" verifies_in_json
check "a stamp holds by OpenSSL alone" checks_with_openssl_alone
check "a changed content is told" tells_a_changed_content
check "a changed line is told" tells_a_changed_line
check "a stamp of another authority is told" tells_other_certificates
check "another desk is told" tells_another_desk
check "what was not checked is said" says_what_it_did_not_check
check "what was erased does not come out" erases

done_all
