// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"
int main(void) { return 0; }
