#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The manual pages and the shell completion say what the program does: held against its table of commands.
#
#	manual.sh SOURCE CAIRN
set -u
source=$1
cairn=$2
number=0
failed=0
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

# check NAME COMMAND...: one case.
check() {
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$root/said" 2>&1; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		sed 's/^/# /' "$root/said"
		failed=1
	fi
}

# The names of all commands, a line each.
commands() {
	"$cairn" help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)   *.*/\1/p' | sed 's/  .*//'
}

# The options of a command, without hyphens.
options() {
	"$cairn" $1 --help | sed -n 's/^  --\([a-z-]*\).*/\1/p'
}

well_formed() {
	if ! command -v mandoc >/dev/null; then
		echo "mandoc is not installed"
		return 1
	fi
	! for page in "$source"/docs/man/*.[158]; do
		mandoc -T lint -W warning "$page"
	done | grep .
}

every_command() {
	[ "$(commands | wc -l)" -gt 10 ] && commands | while read -r name; do
		page=$source/docs/man/cairn-${name%% *}.1
		grep -q "^\.Cm $name\|^\.Ss $name" "$page" || { echo "$page lacks $name"; exit 1; }
	done
}

every_option() {
	commands | while read -r name; do
		page=$source/docs/man/cairn-${name%% *}.1
		for option in $(options "$name"); do
			cat "$page" "$source/docs/man/cairn.1" | grep -qE "(Fl|,) -$option( |\$)" ||
			    { echo "$page lacks --$option of $name"; exit 1; }
		done
	done
}

exit_codes() {
	sed -n 's/.*X([A-Z]*, \([0-9]*\), "\(.*\)").*/\1 \2/p' "$source/src/cli/exit.h" >"$root/header"
	sed -n '/^\.Sh EXIT STATUS/,/^\.El/p' "$source/docs/man/cairn.1" | sed -n '/^\.It/{s/^\.It //;N;s/\n/ /;p;}' >"$root/page"
	[ -s "$root/header" ] && cmp "$root/header" "$root/page"
}

completion_is_made() {
	"$cairn" help --completion | cmp - "$source/packaging/completion/cairn"
}

# completes WORDS... WANT: completing the last of the words gives WANT among others.
completes() {
	bash -c '. "$1"; shift; want=${!#}; COMP_WORDS=("${@:1:$#-1}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_cairn; printf "%s\n" "${COMPREPLY[@]}" | grep -qxF -- "$want"' - "$source/packaging/completion/cairn" "$@"
}

check "the pages are well-formed" well_formed
check "every command has its place in a page" every_command
check "every option stands in a page" every_option
check "the exit codes are those of the program" exit_codes
check "the completion is made from the table" completion_is_made
check "a first word is completed" completes cairn per person
check "a second word is completed" completes cairn person wr write
check "an option is completed" completes cairn person write --urg --urgency
check "an option of a command of one word is completed" completes cairn demo --st --stop
echo "1..$number"
exit $failed
