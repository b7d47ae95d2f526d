#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What another program gets of libcairn: installs into an empty folder, and builds against that alone.
#
#	install.sh SOURCE BUILD
set -u
source=$1
build=$2
root=$(mktemp -d) || exit 1
. "$1/tests/lib/tap.sh"
trap 'rm -rf "$root"' EXIT
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY CAIRN_DESK

cat >"$root/use.c" <<'END'
#include <sodium.h>
#include <stdio.h>

#include <cairn/cairn.h>

int
main(void)
{
	uint8_t hash[CAIRN_HASH_BYTES];

	if (sodium_init() < 0)
		return 1;
	cairn_hash(hash, "abc", 3);
	printf("%02x%02x %s\n", hash[0], hash[1], cairn_strerror(CAIRN_OK));
	return 0;
}
END

installs() {
	DESTDIR=$root meson install -C "$build" --no-rebuild --quiet &&
	    pc=$(find "$root" -name libcairn.pc) && [ -n "$pc" ] &&
	    export PKG_CONFIG_PATH="$(dirname "$pc")" PKG_CONFIG_SYSROOT_DIR="$root" &&
	    lib=$(dirname "$(find "$root" -name libcairn.a)")
}

# RFC 7693 has no 32-byte vector for "abc"; the first bytes are those of b2sum -l 256.
says_hash() {
	[ "$("$@")" = "$(printf abc | b2sum -l 256 | cut -c1-4) no error" ]
}

shared() {
	cc -o "$root/shared" "$root/use.c" $(pkg-config --cflags --libs libcairn) -lsodium &&
	    LD_LIBRARY_PATH=$lib says_hash "$root/shared"
}

static() {
	cc -o "$root/static" "$root/use.c" $(pkg-config --cflags libcairn) "$lib/libcairn.a" -lsodium &&
	    says_hash "$root/static"
}

own_names_only() {
	! { nm -D --defined-only "$lib/libcairn.so"; nm -g --defined-only "$lib/libcairn.a"; } |
	    awk 'NF == 3 && $3 !~ /^cairn_/' | grep .
}

# What the headers call a function, in declarations and comments, less what the library has.
all_declared() {
	grep -h -v '^typedef' "$source"/include/cairn/*.h | grep -oE '\bcairn_[a-z0-9_]+\(' | tr -d '(' | sort -u >"$root/declared"
	nm -D --defined-only "$lib/libcairn.so" | awk '{ print $3 }' | sort -u >"$root/defined"
	[ -s "$root/declared" ] && ! comm -23 "$root/declared" "$root/defined" | grep .
}

# What the relay serves, where the page was built: its parts, the single file, and the program for who has no scripts.
has_page() {
	[ -f "$build/web/person/index.html" ] || return 0
	page=$(find "$root" -path '*/share/cairn/page') && plain=$(find "$root" -path '*/libexec/cairn/cairn-plain') &&
	    for file in index.html page.js page.js.gz page.css page.css.gz core.wasm core.wasm.gz single.html; do
		    cmp "$page/$file" "$build/web/person/$file" || return 1
	    done && [ -x "$plain" ] && [ -f "$(dirname "$plain")/plain/write.html" ]
}

# The installed programs find each other, the page and the forms.
demonstrates() {
	cairn=$(find "$root" -path '*/bin/cairn')
	"$cairn" demo --dir "$root/demo" >"$root/told" || return 1
	{ [ ! -f "$build/web/person/index.html" ] || grep -q 'scripts off' "$root/told"; }
	found=$?
	"$cairn" demo --stop --dir "$root/demo" && return $found
}

check "it installs, with a pkg-config file" installs
check "a program builds against the shared library and runs" shared
check "a program builds against the static library and runs" static
check "no names leave the libraries but cairn_ ones" own_names_only
check "every function that the headers declare is there" all_declared
check "the page is there, and the program without scripts" has_page
check "what is installed tells the demonstration" demonstrates

done_all
