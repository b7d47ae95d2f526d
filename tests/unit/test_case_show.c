// SPDX-License-Identifier: GPL-3.0-or-later
/* What the screens of a case say of an item besides its value: who gives it, who lies, what was set at once. */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "carry/membership.h"
#include "cli/case_show.h"
#include "lib/many.h"

#define FIELD_ALIAS 0x0101U

struct scene {
	struct many *m;
	struct many_device *admin, *bad, *other;
	uint8_t case_id[OP_ID_BYTES], contact[OP_ID_BYTES];
};

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->m = many_new("case");
	s->admin = &s->m->devices[0];
	s->bad = many_join(s->m, "intake,case");
	s->other = many_join(s->m, "intake");
	many_settle(s->m);
	many_contact(s->m, s->contact, s->case_id);
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;

	many_free(s->m);
	free(s);
	return 0;
}

static void
set_alias(struct scene *s, struct many_device *d, const char *value)
{
	const struct op_set said = {FIELD_ALIAS, {value, strlen(value)}};

	assert_ok(carry_say(d->carry, s->contact, OP_SET, &said, s->m->now, NULL));
}

/* What a device shows of the contact compartment: the item as JSON, and the screen in text[4096]. */
static json_t *
shown(struct scene *s, struct many_device *d, char *text)
{
	struct engine e = {.carry = d->carry, .now = s->m->now};
	struct carry_compartment c;
	json_t *all, *item;
	int out = dup(STDOUT_FILENO);
	FILE *screen = tmpfile();
	size_t bytes;

	assert_ok(compartment_get(d->carry, &c, s->contact));
	assert_ok(compartment_json(&e, &all, &c, true));
	item = json_deep_copy(json_array_get(json_object_get(all, "items"), 0));
	json_decref(all);
	fflush(stdout);
	dup2(fileno(screen), STDOUT_FILENO);
	assert_ok(compartment_tell(&e, &c, true));
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(screen);
	bytes = fread(text, 1, 4095, screen);
	text[bytes] = '\0';
	fclose(screen);
	return item;
}

static const char *
word(const json_t *item, const char *name)
{
	return json_string_value(json_object_get(item, name));
}

static void
two_values_set_at_once_are_both_shown(void **state)
{
	struct scene *s = *state;
	char text[4096];
	json_t *item, *other;

	set_alias(s, s->admin, "Heron");
	set_alias(s, s->other, "Stork");
	many_settle(s->m);
	item = shown(s, s->bad, text);
	other = json_object_get(item, "at_once");
	assert_non_null(other);
	assert_non_null(strstr(text, "SET AT ONCE"));
	assert_non_null(strstr(text, "Heron"));
	assert_non_null(strstr(text, "Stork"));
	assert_string_not_equal(word(item, "value"), word(other, "value"));
	assert_string_not_equal(word(item, "device"), word(other, "device"));
	json_decref(item);
	set_alias(s, s->bad, "Crane");
	many_settle(s->m);
	item = shown(s, s->admin, text);
	assert_null(json_object_get(item, "at_once"));
	assert_null(strstr(text, "SET AT ONCE"));
	json_decref(item);
}

static void
who_gives_again_what_another_said_is_named(void **state)
{
	struct scene *s = *state;
	struct many_device *late;
	char text[4096], *given;
	json_t *item;

	set_alias(s, s->other, "Heron");
	many_settle(s->m);
	late = many_join(s->m, "case");
	s->bad->cut_off = s->other->cut_off = true; /* so the first gives it */
	assert_ok(carry_member_add(s->admin->carry, s->contact, late->self.device, false, s->m->now));
	many_settle(s->m);
	item = shown(s, late, text);
	assert_string_equal(word(item, "device"), "device-2");
	assert_string_equal(word(item, "giver"), "device-0");
	given = strstr(text, ", as given by ");
	assert_non_null(given);
	assert_non_null(strstr(given, "device-0"));
	json_decref(item);
	item = shown(s, s->admin, text);
	assert_null(word(item, "giver"));
	assert_null(strstr(text, "as given by"));
	json_decref(item);
}

static void
who_lies_about_what_another_said_is_told(void **state)
{
	struct scene *s = *state;
	struct op_again lie = {.type = OP_NOTE, .lamport = 1, .time = s->m->now, .body = {"\0\3lie", 5}};
	const struct op_note said = {.text = {"true", 4}};
	char text[4096];
	json_t *item;

	assert_ok(carry_say(s->admin->carry, s->contact, OP_NOTE, &said, s->m->now, &lie.counter));
	many_settle(s->m);
	memcpy(lie.device, s->admin->self.device, OP_ID_BYTES);
	assert_ok(carry_say(s->bad->carry, s->contact, OP_AGAIN, &lie, s->m->now, NULL));
	many_settle(s->m);
	item = shown(s, s->other, text);
	assert_true(json_is_true(json_object_get(item, "conflict")));
	assert_string_equal(word(item, "value"), "true");
	assert_non_null(strstr(text, "TWO VERSIONS: somebody lies"));
	json_decref(item);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set, scene_end)
	const struct CMUnitTest tests[] = {
	    SCENE(two_values_set_at_once_are_both_shown),
	    SCENE(who_gives_again_what_another_said_is_named),
	    SCENE(who_lies_about_what_another_said_is_told),
	};
	return RUN_TESTS(tests);
}
