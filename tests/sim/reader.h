/*
 * A reader who subscribes at a store, and what happens around that: for recurring_test.c and debts_test.c.
 */
#pragma once

#include "paysrv/store/subscription.rows.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"

#define TEXT(...) arena_cstr(sim_memory(), arena_printf(sim_memory(), __VA_ARGS__))

void reader_begin(void); /* a world */
struct call *reader_post_any(const char *path, const char *body);
struct call *reader_post(const char *path, const char *body, int status);
struct call *reader_act(str subscription, const char *step, const char *body, int status);
/* As one that there is, of which nothing is paid; more: of its members. */
str reader_subscribe(str like, const char *more);
const struct subscription_find_row *reader_row(str subscription);
/* What is charged without the buyer is declined, as the card of each subscription is one that has ended now; and he
 * brings one that is good: the one of before. */
void reader_card_ends(void);
void reader_card_comes(str subscription);
void reader_days(int64_t n);
void reader_end(str subscription); /* the world's, too */
