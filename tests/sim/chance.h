// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_SIM_CHANCE_H
#define TESTS_SIM_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * All the chance of a simulation comes from its seed, libsodium's too, so that a seed that fails fails again, at the
 * same step.
 */
void chance_seed(uint64_t seed);

/* 0 to below - 1 */
uint32_t chance(uint32_t below);
bool chance_percent(uint32_t percent);

#endif
