#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The whole of reaching a desk, with the real programs: two persons and a desk, in Russian and Arabic, a file, a line
# that is lost in the middle, wrong words, a relay that is killed.
#
#	reach_story.sh SOURCE BUILD
set -u
build=$2
cairn=$build/src/cli/cairn
cairnd=$build/src/relay/cairnd
proxy=$build/tests/flaky_proxy
root=$(mktemp -d /tmp/reach.XXXXXX) || exit 1
. "$1/tests/lib/tap.sh"
relay=
line=
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY CAIRN_DESK

stop() {
	for pid in $relay $line; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$root"
}
trap stop EXIT

# What a person's device is left with: commands run in an empty folder, as an empty user.
person() (
	cd "$root/device" || exit 9
	HOME=$root/device XDG_CACHE_HOME=$root/device XDG_CONFIG_HOME=$root/device TMPDIR=$root/device
	export HOME XDG_CACHE_HOME XDG_CONFIG_HOME TMPDIR
	what=$1
	shift
	exec "$cairn" person "$what" --desk "$address" --socket "$root/${through:-sock}" --passphrase-fd 3 "$@"
)

desk() {
	what=$1
	shift
	"$cairn" desk "$what" --dir "$root/desk" --vault-fd 9 "$@" 9<"$root/vault-words"
}

# One tick of the desk.
tick() {
	desk open --socket "$root/sock" --once
}

start_relay() {
	"$cairnd" --data "$root/relay" --listen "unix:$root/sock" ${CAIRND_FLAGS-} 2>>"$root/relay.log" &
	relay=$!
	for i in $(seq 100); do
		[ -S "$root/sock" ] && kill -0 "$relay" 2>/dev/null && "$cairnd" --data "$root/relay" key >"$root/key" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}

# bad_line NAME BYTES TIMES
bad_line() {
	[ -z "$line" ] || kill "$line"
	"$proxy" "$root/$1" "$root/sock" "$2" "$3" "$root/$1.log" &
	line=$!
	for i in $(seq 50); do
		[ -S "$root/$1" ] && return
		sleep 0.1
	done
	return 1
}

begins() {
	mkdir "$root/relay" "$root/device" "$root/shares" && start_relay &&
	    "$cairn" person new >"$root/vault-words" &&
	    desk init --relay http://relay.example --name Здесь --lang ru --lang ar --vault-size 16 \
	        --shares "$root/shares" --json "$(cat "$root/key")" >"$root/init" &&
	    "$cairnd" --data "$root/relay" desk add "$(json 'o["desk_id"]' <"$root/init")" && tick
}

russian='Я в городе, но домой нельзя.
Со мной сестра. Что делать?'
arabic='أنا بخير الآن، لكنهم يعرفون أين أسكن. متى تجيبون؟'

# The passphrases of the two, and a third that nobody has used.
passphrases() {
	"$cairn" person new >"$root/first" && "$cairn" person new --list russian >"$root/second" &&
	    "$cairn" person new --list digits >"$root/third"
}

russian_is_sent() {
	printf '%s\n' "$russian" | person write --language ru --need shelter --need somebody-else --urgency now \
	    --answer-window 18:00-20:30@mon,tue --receipt "$root/receipt" --json 3<"$root/first" >"$root/sent" &&
	    [ "$(json 'len(o["kept"])' <"$root/sent")" = 1 ]
}

receipt_holds() {
	"$cairn" verify receipt "$root/receipt" --relay-key "$(cat "$root/key")" \
	    --cell-hash "$(json 'o["kept"][0]["cell_hash"]' <"$root/sent")"
}

receipt_of_another_relay() {
	"$cairn" verify receipt "$root/receipt" --relay-key "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	[ $? -eq 2 ]
}

arabic_is_sent() {
	printf '%s' "$arabic" | person write --language ar --statement 0:5 --all-clear-fd 6 3<"$root/second" \
	    5<<-END 6<<-END2
	اسم أول معلم لي
	END
	الغيم أزرق
	END2
}

collected() {
	tick && desk inbox --all --json >"$root/inbox" && [ "$(json 'len(o["conversations"])' <"$root/inbox")" = 2 ]
}

# alias_of LANGUAGE
alias_of() {
	json "[c['alias'] for c in o['conversations'] if c['language'] == '$1'][0]" <"$root/inbox"
}

# desk_has LANGUAGE TEXT: the text stands in that conversation, to the letter.
desk_has() {
	desk read --peek --json "$(alias_of "$1")" >"$root/read" &&
	    text=$2 python3 -c 'import json,os,sys; sys.exit(os.environ["text"] not in json.dumps(json.load(open(sys.argv[1])), ensure_ascii=False).replace("\\n", "\n"))' "$root/read"
}

answers() {
	desk read "$(alias_of ru)" >/dev/null && desk read "$(alias_of ar)" >/dev/null &&
	    echo 'Мы прочли. Ждите до вечера.' | desk reply "$(alias_of ru)" --answer-by +3 &&
	    echo 'نحن معكم. انتظروا.' | desk reply "$(alias_of ar)" --question 5 5<<-END && tick
	هل أنت وحدك؟
	END
}

# has WHO TEXT / has_not WHO TEXT: what that person's look shows.
has() {
	person look 3<"$root/$1" | grep -qF "$2"
}
has_not() {
	person look 3<"$root/$1" >"$root/look" && ! grep -qF "$2" "$root/look"
}

own_letter_is_read() {
	has first "has read the letter $(json 'o["kept"][0]["letter"]' <"$root/sent")"
}

# Words that were never used, and a conversation in which there is nothing new since: the same bytes.
same_for_wrong_words() {
	"$cairn" person new | { exec 3<&0; person look >"$root/wrong" 3<&3; } && person look 3<"$root/third" >"$root/empty" &&
	    cmp "$root/wrong" "$root/empty" && grep -q 'Nothing new is here' "$root/empty"
}

misspelt() {
	printf 'zoom zoom zoom zooom zoom zoom\n' | { exec 3<&0; person look 3<&3; } 2>"$root/error"
	[ $? -eq 1 ] && grep -q 'word 4 is not on the list' "$root/error"
}

answered_question() {
	echo 'لا، معي أختي' | { exec 5<&0; person write --no-text --answer 1:5 3<"$root/second" 5<&5; } && tick &&
	    desk_has ar 'لا، معي أختي'
}

# 21 pieces; the line is lost three times, in the middle of a piece.
file_comes_through() {
	head -c 5242880 /dev/urandom >"$root/photo.jpg"
	bad_line flaky 700000 3 && through=flaky person attach "$root/photo.jpg" 3<"$root/first" && tick && tick
}

file_is_the_same() {
	desk file "$(alias_of ru)" 1 --out "$root/out.jpg" &&
	    [ "$(sha256sum <"$root/photo.jpg")" = "$(sha256sum <"$root/out.jpg")" ]
}

long_text_comes_whole() {
	long=$(python3 -c 'print("".join("Слово %d. " % i for i in range(1100)))')
	bad_line flaky2 9000 2 && printf '%s' "$long" | through=flaky2 person write 3<"$root/first" && tick &&
	    desk_has ru "$long"
}

# What the line saw of the client: nothing that is not the protocol's.
says_no_more() {
	tr -d '\r' <"$root/flaky2.log" | grep -aE '^[A-Za-z-]+: ' | cut -d: -f1 | sort -u >"$root/headers"
	printf 'Content-Length\nContent-Type\nHost\n' | cmp - "$root/headers"
}

# Whatever was acknowledged is there after the relay was killed.
survives_kill() {
	echo 'Пишу ещё раз.' | person write 3<"$root/first" && kill -9 "$relay" && wait "$relay"
	rm -f "$root/sock"
	start_relay && tick && desk_has ru 'Пишу ещё раз.'
}

survives_restart() {
	kill "$relay" && wait "$relay"
	start_relay && person look 3<"$root/first" >"$root/look" && has second 'نحن معكم. انتظروا.'
}

no_relay() {
	kill "$relay" && wait "$relay"
	"$cairn" person look --desk "$address" --patience 2 --socket "$root/nothing" --passphrase-fd 3 3<"$root/first"
	code=$?
	start_relay && [ $code -eq 3 ]
}

no_such_desk() {
	other=http://relay.example/d/$(printf '%064d' 7)/
	"$cairn" person look --desk "$other" --socket "$root/sock" --passphrase-fd 3 3<"$root/first"
	[ $? -eq 2 ]
}

another_identity() {
	other=$(echo "$address" | sed 's/#.*/#AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA/')
	"$cairn" person look --desk "$other" --socket "$root/sock" --passphrase-fd 3 3<"$root/first"
	[ $? -eq 2 ]
}

board_holds() {
	"$cairn" verify board --desk "$address" --socket "$root/sock" --save "$root/checkpoint" && tick &&
	    "$cairn" verify board --desk "$address" --socket "$root/sock" --against "$root/checkpoint" --json >"$root/verified" &&
	    [ "$(json 'o["extends"]' <"$root/verified")" = True ]
}

# fetch PATH: one file of the board into the mirror.
fetch() {
	mkdir -p "$root/mirror/$(dirname "$1")" &&
	    curl -sf --noproxy '*' --unix-socket "$root/sock" -o "$root/mirror/$1" "${address%%#*}$1"
}

mirror_holds() {
	size=$(json 'o["size"]' <"$root/verified")
	for file in checkpoint identity card days epochs "tile/0/000.p/$size" "tile/entries/000.p/$size"; do
		fetch "board/$file" || return
	done
	grep '^epoch ' "$root/mirror/board/epochs" | while read -r word door day gen rest; do
		fetch "board/epoch/$door/$day.$gen" || return
	done
	for n in $(seq 0 $((size - 1))); do
		fetch "board/batch/$n" || return
	done
	"$cairn" verify board "$root/mirror"
}

altered_mirror() {
	printf x | dd of="$root/mirror/board/batch/1" bs=1 seek=5000 conv=notrunc
	"$cairn" verify board "$root/mirror"
	[ $? -eq 2 ]
}

card_holds() {
	id=$(json 'o["desk_id"]' <"$root/init")
	"$cairn" verify card "$root/mirror/board/card" --desk-id "$id" | grep -q Здесь &&
	    sed 's/^name .*/name Другие/' "$root/mirror/board/card" >"$root/forged" &&
	    ! "$cairn" verify card "$root/forged" --desk-id "$id"
}

relay_knows_nothing() {
	! grep -raqF -e 'домой нельзя' -e 'يعرفون' -e "$(cat "$root/first")" "$root/relay" "$root/relay.log"
}

nothing_stays() {
	[ -z "$(find "$root/device" -mindepth 1)" ]
}

check "a relay and a desk begin" begins
address=$(json 'o["address"]' <"$root/init")
check "passphrases of words and digits are made" passphrases
check "a person writes in Russian, and it is kept" russian_is_sent
check "the receipt holds" receipt_holds
check "a receipt of another relay is refused" receipt_of_another_relay
check "another person writes in Arabic" arabic_is_sent
check "the desk gets both" collected
check "the Russian text is what was written" desk_has ru "$russian"
check "the Arabic text is what was written" desk_has ar "$arabic"
check "the desk answers both" answers
check "the first reads the answer" has first 'Мы прочли. Ждите до вечера.'
check "the second reads the answer" has second 'نحن معكم. انتظروا.'
check "nobody reads the other's" has_not first 'انتظروا'
check "the first learns that the letter was read" own_letter_is_read
check "the second is asked" has second 'هل أنت وحدك؟'
check "wrong words and an empty conversation show the same" same_for_wrong_words
check "a misspelt word is pointed out by its number" misspelt
check "a question is answered" answered_question
check "a file of 5 MiB gets through a line that is lost" file_comes_through
check "the desk's file is the same" file_is_the_same
check "a long text gets through a line that is lost, whole" long_text_comes_whole
check "the line sees no header but the protocol's" says_no_more
check "what was acknowledged outlives kill -9 of the relay" survives_kill
check "answers outlive a restart of the relay" survives_restart
check "without a relay the exit code is 3" no_relay
check "a desk that is not there is refused" no_such_desk
check "another identity key is refused" another_identity
check "the whole board holds, and goes on from an earlier checkpoint" board_holds
check "a mirror of the board holds" mirror_holds
check "an altered mirror is refused" altered_mirror
check "the card holds, and a forged one does not" card_holds
check "the relay's folder and log hold no text and no passphrase" relay_knows_nothing
check "the persons' device is as empty as before" nothing_stays

done_all
