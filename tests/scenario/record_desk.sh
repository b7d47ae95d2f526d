#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A documentalist's night with the real program: entering, looking, taking back, and what may leave for whom.
#
#	record_desk.sh SOURCE BUILD
set -u
source=$1
cairn=$2/src/cli/cairn
vault_sql=$2/tests/vault_sql
root=$(mktemp -d /tmp/record-desk.XXXXXX) || exit 1
. "$1/tests/lib/tap.sh"
opened=
stop() {
	for pid in $opened; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$root"
}
trap stop EXIT
unset CAIRN_PROXY
relay_key=KioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKio=
CAIRN_DESK=$root/desk
export CAIRN_DESK

record() {
	what=$1
	shift
	"$cairn" record "$what" "$@"
}

# Left open, so that its vault is: without a relay, which it does not need here.
desk() {
	"$cairn" desk init --dir "$root/$1" --shares "$root/$1-shares" --relay http://relay.example --name "$1" --lang en \
	    --vault-fd 9 --vault-size 16 --json "$relay_key" >"$root/$1.json" 9<"$root/vault-words" || return 1
	"$cairn" desk open --dir "$root/$1" --vault-fd 9 --socket "$root/none" --tick 86400 >"$root/$1.log" 2>&1 \
	    9<"$root/vault-words" &
	opened="$opened $!"
	for _ in $(seq 300); do
		[ -S "$root/$1/unlock" ] && return 0
		sleep 0.1
	done
	return 1
}

"$cairn" person new >"$root/vault-words" || exit 1
desk desk && desk other || exit 1
id=$(json 'o["desk_id"]' <"$root/desk.json")

entered() {
	event=$(printf 'title: A night in March\nbegin: about 2017-03\ndescription: They came.\n They left.\nplaces: RU\n' |
	    record new event) &&
	    witness=$(printf '# who\nlabel: Witness 1\nname: Секретное Имя\n' | record new person) &&
	    account=$(printf 'consent: help\nconsent: internal record\ntext: I was there.\n' | record new account) &&
	    says_it=$(printf 'source: %s\nevent: %s\nsays: It happened.\naccounts: %s\nconnection: victim\n' \
		"$witness" "$event" "$account" | record new information) &&
	    act=$(printf 'victim: %s\nevent: %s\ntype: torture\nmethods: electric shocks\n' "$witness" "$event" |
		record new act)
}
check "an event, a witness, an account and what it says are entered" entered

shown() {
	record show "$event" --json >"$root/shown" &&
	    [ "$(json 'o["fields"]["begin"]' <"$root/shown")" = "2017-03~" ] &&
	    [ "$(json 'o["fields"]["description"]' <"$root/shown")" = "$(printf 'They came.\nThey left.')" ] &&
	    [ "$(json 'len(o["named_by"])' <"$root/shown")" = 2 ] &&
	    record show "$says_it" --json | json 'o["fields"]["source_grade"]+o["fields"]["information_grade"]' | grep -qx F6
}
check "it is shown as it was entered, and a newcomer is F and 6" shown

short() {
	code=$(echo "$event" | cut -c1-6 | tr A-Z a-z)
	says "A night in March" 0 "$cairn" record show "$code"
}
check "the beginning of a code is enough, in any case" short

wrong() {
	printf 'titel: x\n' | record new event 2>&1 | grep -q "record fields event" &&
	    printf 'title: x\nbegin: soon\n' | record new event 2>&1 | grep -q "line 2: begin is no date" &&
	    printf 'begin: 2017\n' | record new event 2>&1 | grep -q "title is needed" &&
	    printf 'event: %s\n' "$witness" | record set "$act" 2>&1 | grep -q "no code of what belongs there" &&
	    printf 'type: kill\n' | record set "$act" 2>&1 | grep -q "vocabulary" &&
	    says "is no code" 1 "$cairn" record show foo && says "nothing that this device has" 1 "$cairn" record show E-ZZZ
}
check "a slip is pointed out, with its line" wrong

no_secret() {
	! printf 'name: Секретное Имя\nbegin: x\n' | record new person 2>&1 | grep -q Секретное &&
	    ! printf 'sex: Секретное Имя\n' | record set "$witness" 2>&1 | grep -q Секретное
}
check "no message repeats what was entered" no_secret

found() {
	echo секретное | record search | grep -q "$witness" && echo ELECTRIC | record search | grep -q "$act" &&
	    [ -z "$(echo nowhere | record search)" ]
}
check "a text is found in any case and script, a term by its words" found

changed() {
	printf 'places-: RU\nplaces: Chechnya\nend: 2017-04\nbegin:\n' | record set "$event" &&
	    record show "$event" --json >"$root/shown" &&
	    [ "$(json 'o["fields"]["places"]' <"$root/shown")" = "['Chechnya']" ] &&
	    [ "$(json '"begin" in o["fields"]' <"$root/shown")" = False ]
}
check "fields change, sets get and lose elements" changed

taken_back() {
	echo "He was elsewhere" | record note "$event" && echo "he was not" | record retract "$event" --note 1 &&
	    echo "a mistake" | record retract "$says_it" && record show "$says_it" | grep -q "It happened." &&
	    record show "$says_it" | grep -q "a mistake" && record show "$event" | grep -q "He was elsewhere" &&
	    record retract "$says_it" --undo && ! record show "$says_it" | grep -q "a mistake"
}
check "a retraction marks and deletes nothing" taken_back

leaves() {
	record export --purpose "$1" --out - 2>"$root/held"
}
held_back() {
	leaves help | grep -q "It happened" && ! leaves court | grep -q "It happened" &&
	    grep -q "held back" "$root/held" && ! leaves public-anonymous | grep -qE "It happened|Секретное|$account" &&
	    leaves internal | grep -q Секретное
}
check "nothing leaves for a purpose it was not given for" held_back

withdrawn() {
	printf 'consent: court or UN\n' | record set "$account" && leaves court | grep -q "It happened" &&
	    printf 'consent_withdrawn: court or UN\n' | record set "$account" && ! leaves court | grep -q "It happened"
}
check "consent that is taken back holds at once" withdrawn

partner() {
	printf 'consent: named partner\nconsent_partners: Clinic\n' | record set "$account" &&
	    echo Clinic | record export --purpose partner --partner-fd 0 --out - 2>/dev/null | grep -q "It happened" &&
	    ! echo Clinics | record export --purpose partner --partner-fd 0 --out - 2>/dev/null | grep -q "It happened"
}
check "a partner gets it who was named, and no other" partner

levels() {
	record set "$event" --no-form --level title=desk && ! leaves court | grep -q "A night in March" &&
	    record set "$event" --no-form --level title=open && leaves court | grep -q "A night in March"
}
check "a field is closed and opened" levels

purpose() {
	says "Consent was given for one" 1 "$cairn" record export --out - &&
	    says "must name a new file" 1 "$cairn" record export --purpose court
}
check "an export says what for, and where to" purpose

two_people() {
	printf 'consent: internal record\ntext: Another.\n' | record new account >"$root/second" &&
	    says "needs two people" 2 "$cairn" record export --purpose internal --out - &&
	    record export --purpose internal --only "$event" --out - | grep -q "It happened"
}
check "more than one case does not leave by one person" two_people

file_kept() {
	record export --purpose internal --only "$event" --out "$root/out.json" && [ "$(stat -c %a "$root/out.json")" = 600 ] &&
	    says "File exists" 4 "$cairn" record export --purpose internal --only "$event" --out "$root/out.json"
}
check "an export is its owner's alone, and overwrites nothing" file_kept

bundle() {
	record key --dir "$root/other" >"$root/other.key" &&
	    record bundle --purpose internal --only "$event" --to "$root/other.key" --out "$root/bundle" --json >"$root/made" &&
	    says "sealed to another device" 2 "$cairn" record open "$root/bundle" &&
	    record open --dir "$root/other" "$root/bundle" --json >"$root/opened" &&
	    [ "$(json 'o["desk"]' <"$root/opened")" = "$id" ] && [ "$(json 'o["sealed"]' <"$root/opened")" = True ] &&
	    ! grep -q "It happened" "$root/bundle"
}
check "a bundle opens at the desk it is sealed to, and nowhere else" bundle

bundle_in() {
	says "say with --from" 1 "$cairn" record open --dir "$root/other" "$root/bundle" --import &&
	    says "another desk" 2 "$cairn" record open --dir "$root/other" "$root/bundle" --import \
		--from "$(json 'o["desk_id"]' <"$root/other.json")" &&
	    record open --dir "$root/other" "$root/bundle" --import --from "$id" &&
	    record export --dir "$root/other" --purpose internal --out "$root/back.json" &&
	    python3 - "$root/out.json" "$root/back.json" <<-'END'
		import json, sys
		def read(path):
		    entities = json.load(open(path))["entities"]
		    for entity in entities:
		        entity["fields"].pop("entered_from", None)
		    return entities
		sys.exit(read(sys.argv[1]) != read(sys.argv[2]))
	END
}
check "what is taken in from a bundle is what was given out" bundle_in

altered() {
	record bundle --purpose internal --only "$event" --not-sealed --out "$root/plain" &&
	    sed 's/It happened/It happenex/' "$root/plain" >"$root/forged" &&
	    says "altered since it was signed" 2 "$cairn" record open "$root/forged" &&
	    head -c 3000 "$root/plain" >"$root/cut" && says "does not open" 2 "$cairn" record open "$root/cut"
}
check "an altered bundle is refused" altered

csv() {
	record export --purpose internal --only "$event" --csv information --out "$root/information.csv" &&
	    head -1 "$root/information.csv" | grep -q "^id,source,event" &&
	    record import --check --csv information "$root/information.csv" | grep -q "0 new, 0 changed, 1 as they were" &&
	    printf 'id,title\r\n1\r\n' >"$root/bad.csv" &&
	    says "nothing was imported" 2 "$cairn" record import --csv event "$root/bad.csv"
}
check "CSV goes out and comes in" csv

example() {
	desk third && CAIRN_DESK=$root/third && record import "$source/examples/chechnya-2017/record.json" --json >"$root/in" &&
	    [ "$(json 'o["new"]>70' <"$root/in")" = True ] &&
	    record export --purpose public-named --out "$root/public.json" &&
	    python3 - "$source/examples/chechnya-2017/record.json" "$root/public.json" <<-'END' &&
		import json, sys
		read = lambda path: {e["id"]: e for e in json.load(open(path))["entities"]}
		first, public = read(sys.argv[1]), read(sys.argv[2])
		assert first.keys() == public.keys()
		for id, entity in public.items():
		    for name, value in entity["fields"].items():
		        given = first[id]["fields"][name]
		        same = sorted(given) == value if isinstance(given, list) else given == value
		        assert same, (name, value, given)
		    assert "code" not in entity["fields"] and "levels" not in entity
		denials = [e for e in public.values() if e["fields"].get("stance") == "02"]
		assert len(denials) == 3
	END
	    record import "$root/public.json" --check | grep -q "0 new, 0 changed"
	result=$?
	CAIRN_DESK=$root/desk
	return $result
}
check "the worked example comes in, and its public part goes out" example

signed() {
	record verify --json >"$root/verified" && [ "$(json 'o["ok"] and o["bad"]==0' <"$root/verified")" = True ] &&
	    "$vault_sql" "$root/desk" "UPDATE record_op SET bytes = CAST(replace(CAST(bytes AS TEXT), 'A night', 'A fight')
		AS BLOB) WHERE counter = 1" <"$root/vault-words" &&
	    says "somebody has written into the desk's file" 2 "$cairn" record verify
}
check "what somebody writes into the desk's file is found out" signed

done_all
