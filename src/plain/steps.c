// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/turn.h"

/* The first is taken where a form names none: the page's own button does. */
const struct step steps[] = {
    {"begin", false, step_begin},
    {"wait", false, step_wait},
    {"before", false, step_before},
    {"which", false, step_which},
    {"write", false, step_write},
    {"words", false, step_words},
    {"list", false, step_list},
    {"digits", false, step_digits},
    {"again", true, step_again},
    {"typed", true, step_typed},
    {"send", true, step_send},
    {"enter", false, step_enter},
    {"open", false, step_open},
    {"look", true, step_look},
    {"since", true, step_since},
    {"further", true, step_further},
};
const size_t step_count = sizeof(steps) / sizeof(steps[0]);
