// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "speed.h"

/* The mixed workload on SQLCipher, which brings a SQLite of its own and so needs a program of its own: seconds. */
int
main(int argc, char **argv)
{
	sqlite3 *db;
	double took;

	if (argc != 2)
		return 1;
	db = speed_open(argv[1], NULL, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	if (db == NULL)
		return 1;
	took = speed_mixed(db);
	sqlite3_close(db);
	printf("%.6f\n", took);
	return took < 0;
}
