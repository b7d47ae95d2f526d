# SPDX-License-Identifier: GPL-3.0-or-later
#
# What scenarios in shell share: results as TAP. Sourced, with root set to a folder of the scenario's own; ends by done_all.
number=0
failed=0

# check NAME COMMAND...: one test, passed if the command succeeds. What it says is shown if it fails.
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

# says TEXT CODE COMMAND...: ends with that code, and tells that text.
says() {
	text=$1
	code=$2
	shift 2
	"$@" >"$root/out" 2>&1
	got=$?
	cat "$root/out"
	[ $got = "$code" ] && grep -qF -- "$text" "$root/out"
}

# json EXPRESSION: of the object o on stdin.
json() {
	python3 -c "import json,sys; o=json.load(sys.stdin); print($1)"
}

# The plan, and the end: fails if a test did.
done_all() {
	echo "1..$number"
	exit $failed
}
