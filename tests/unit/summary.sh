#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The counting of test cases, which everything else is judged by: it must never take a fault for a pass.
#
#	summary.sh SUMMARY
set -u
summary=$1
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
number=0
failed=0

# case NAME RESULT STDOUT WANT: a log of one program of that result and output gives the last line WANT.
# STDOUT is as it stands in JSON.
case_is() {
	number=$((number + 1))
	printf '{"name": "x", "result": "%s", "stdout": "%s"}\n' "$2" "$3" >"$root/log"
	"$summary" "$root/log" >"$root/said"
	status=$?
	said=$(tail -n 1 "$root/said")
	case $4 in
	*" 0 failed"*) good=0 ;;
	*) good=1 ;;
	esac
	if [ "$said" = "$4" ] && [ "$status" -eq "$good" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "# said \"$said\", exit $status"
		failed=1
	fi
}

case_is "each line of TAP is a case" OK '1..2\nok 1 - a\nok 2 - b\n' "2 passed, 0 failed"
case_is "a failed line is a failed case" FAIL '1..2\nok 1 - a\nnot ok 2 - b\n' "1 passed, 1 failed"
case_is "a failed line counts although the program says it is good" OK '1..1\nnot ok 1 - a\n' "0 passed, 1 failed"
case_is "a crash behind good lines fails" ERROR '1..1\nok 1 - a\n' "1 passed, 1 failed"
case_is "cases that the plan has and the output lacks fail" OK '1..3\nok 1 - a\n' "1 passed, 2 failed"
case_is "two groups in one program add up" OK '1..1\nok 1 - a\n1..2\nok 1 - b\nok 2 - c\n' "3 passed, 0 failed"
case_is "a skipped case is neither" OK '1..2\nok 1 - a\nok 2 - b # SKIP no network\n' "1 passed, 0 failed, 1 skipped"
case_is "a closing line counts" OK 'row 1\n40 passed, 0 failed\n' "40 passed, 0 failed"
case_is "a closing line with a failure fails" FAIL '39 passed, 1 failed\n' "39 passed, 1 failed"
case_is "a closing line without a failure from a failed program fails" FAIL '40 passed, 0 failed\n' "40 passed, 1 failed"
case_is "a program without cases is one" OK 'hello\n' "1 passed, 0 failed"
case_is "a time-out fails" TIMEOUT '' "0 passed, 1 failed"
case_is "a killed program fails" FAIL '' "0 passed, 1 failed"

number=$((number + 1))
: >"$root/log"
if "$summary" "$root/log" >"$root/said" || [ "$(cat "$root/said")" != "0 passed, 0 failed" ]; then
	echo "not ok $number - no test at all is not a pass"
	failed=1
else
	echo "ok $number - no test at all is not a pass"
fi
echo "1..$number"
exit $failed
