#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What setup does to a machine, tried with stand-ins for dpkg, apt, sudo, id and npm that only write down what they were asked.
#
#	setup.sh SETUP
set -u
setup=$1
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin"
export SAID="$root/said" MISSING="" USER_ID=0 IN_STEP=0
number=0
failed=0

# stand_in NAME LINES: a command that does LINES.
stand_in() {
	printf '#!/bin/sh\n%s\n' "$2" >"$root/bin/$1"
	chmod +x "$root/bin/$1"
}
stand_in dpkg-query 'for package; do :; done
case " $MISSING " in *" $package "*) exit 1 ;; esac
printf installed'
stand_in id 'echo "$USER_ID"'
stand_in apt-get 'echo "apt-get $*" >>"$SAID"'
stand_in sudo 'echo "sudo" >>"$SAID"; exec "$@"'
stand_in npm 'echo "npm $*" >>"$SAID"'
stand_in node 'exit "$IN_STEP"'

# case_is NAME WANT [GROUP...]: what was asked of the machine, in one line.
case_is() {
	name=$1
	want=$2
	shift 2
	number=$((number + 1))
	: >"$SAID"
	PATH="$root/bin:$PATH" "$setup" "$@" >/dev/null 2>&1
	said=$(tr '\n' ';' <"$SAID")
	if [ "$said" = "$want" ]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		echo "# asked for: $said"
		failed=1
	fi
}

install="apt-get install -q -y --no-install-recommends"
case_is "where all is there, nothing is asked of the network" ""
MISSING="ninja-build meson"
case_is "what is missing is installed, after one update, and no more" "apt-get update -q;$install meson ninja-build;"
USER_ID=1000
case_is "who is not root uses sudo" "sudo;apt-get update -q;sudo;$install meson ninja-build;"
USER_ID=0
MISSING="nginx-light valgrind clang-tidy-14"
case_is "what only tests, benchmarks or lint need waits until they are asked for" ""
case_is "and comes then" "apt-get update -q;$install valgrind;" check
MISSING=""
IN_STEP=1
case_is "npm packages that are not in step come by the lock file, without scripts" \
    "npm ci --ignore-scripts --no-audit --no-fund;"
echo "1..$number"
exit $failed
