/*
 * Partners, users and stores that do not stay what they were while money is on its way, told step by step (MONEY 6.A2,
 * B15, B18).
 */
#include "paysrv/faults.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/store/user.sql.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/parties.h"
#include "tests/sim/reader.h"

static str author;

static void world_begin(void)
{
    const struct user_insert_row *made;
    reader_begin();
    parties_begin();
    author = arena_printf(sim_memory(), "usr_author%d", sim_number());
    const struct user_insert_args user = { .partner = { client_seller()->partner },
                                           .user = { author },
                                           .name = STR("Author"),
                                           .email = arena_printf(sim_memory(), "%.*s@example.com", STR_ARG(author)),
                                           .email_verified = true };
    CHECK_OK(user_insert(sim_outside(), &user, &made));
}

static const char *shared(const char *more)
{
    return TEXT("%s,\"split\":[{\"party\":\"user\",\"user\":\"%.*s\",\"bp\":3000}]", more, STR_ARG(author));
}

static struct call *leaves(int status)
{
    return reader_post(TEXT("/v1/users/%.*s/close", STR_ARG(author)), "{}", status);
}

static bool says(const struct call *c, const char *what)
{
    return memmem(c->answer.p, c->answer.n, what, strlen(what));
}

static void end(void)
{
    judge_end();
    parties_judge();
    judge_invariants();
}

TEST(who_has_left_gets_no_share_of_a_new_payment)
{
    world_begin();
    leaves(200);
    struct call *c = payment_ask(shared(""));
    call_finish(c);
    CHECK_I64(c->status, 422);
    CHECK(says(c, "split[0]"));
    end();
}

/* Before it is paid he may leave, and then it is not; while it is on its way he stays. */
TEST(nobody_leaves_who_shares_in_a_payment_on_its_way_and_nothing_is_paid_to_who_has_left)
{
    world_begin();
    str payment = payment_make(shared(",\"capture_method\":\"manual\"")), other = payment_make(shared(""));
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    CHECK(says(leaves(409), "payments (1)"));
    CHECK_I64(client_post(payment, "cancel", NULL)->status, 200);
    judge_settle();
    leaves(200);
    const struct call *refused = client_post(other, "confirm", "{\"payment_token\":\"tok_ok\"}");
    CHECK_I64(refused->status, 409);
    CHECK(says(refused, "split"));
    CHECK_I64(acquirer_balance(), 0);
    end();
}

/* Its sales stop, as those of one that is suspended, until it has another split. */
TEST(a_store_that_shares_with_who_has_left_sells_nothing)
{
    world_begin();
    str rules = call_member(reader_post("/v1/split_profiles",
                                        TEXT("{\"name\":\"With an author\",\"rules\":[{\"party\":\"user\",\"user\":"
                                             "\"%.*s\",\"bp\":3000},{\"party\":\"seller\",\"rest\":true}]}",
                                             STR_ARG(author)),
                                        201),
                            "id");
    const char *store = TEXT("/v1/stores/%.*s/split_profile", STR_ARG(client_seller()->store));
    reader_post(store, TEXT("{\"split_profile\":\"%.*s\"}", STR_ARG(rules)), 200);
    leaves(200);
    struct call *c = payment_ask(",\"confirm\":{\"payment_token\":\"tok_ok\"}");
    call_finish(c);
    CHECK_I64(c->status, 409);
    CHECK_STR(call_member(c, "code"), STR("store_state"));
    reader_post(store, TEXT("{\"split_profile\":\"%.*s\"}", STR_ARG(rules)), 422);
    CHECK_I64(acquirer_balance(), 0);
    end();
}

/* ---- what was on its way before ---- */

static int64_t his_balance(void)
{
    QUESTION_ABOUT(sim_his_balance, "select coalesce(sum(b.posted), 0)::bigint from balance b join account a"
                                    " using (account_id) where a.user_id = $1 and a.kind = 'seller'");
    return question_about(sim_outside(), &sim_his_balance, author);
}

/* All that he has is paid to a card, and so he may leave; days later the card's bank brings it back. */
TEST(what_comes_back_to_who_has_left_and_is_erased_is_his_in_the_books)
{
    str requisites[SELLER_REQUISITES];
    world_begin();
    for (size_t i = 0; i < SELLER_REQUISITES; i++)
        requisites[i] = arena_printf(sim_memory(), "req_left%d_%zu", sim_number(), i);
    payees_make(sim_outside(), (partner_id){ client_seller()->partner }, (user_id){ author }, requisites);
    str payment = payment_make(shared(""));
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    const int64_t part = his_balance();
    CHECK(part > 0);
    struct call *asked = payout_ask_of(author, requisites, SELLER_ACCOUNTS + 2, part);
    call_finish(asked);
    CHECK(says(leaves(409), "payouts (1)"));
    struct call *confirmed = payout_confirm_ask(asked);
    call_finish(confirmed);
    CHECK_I64(confirmed->status, 200);
    CHECK(says(leaves(409), "payouts (1)"));
    judge_settle();
    CHECK_I64(his_balance(), 0);
    parties_leave(author);
    sim_pass(DAYS(3));
    judge_settle();
    CHECK_I64(his_balance(), part);
    end();
}

/* What is to be sent waits, what has been sent comes back, what is disputed is decided, and a month is not charged. */
TEST(a_suspended_partner_sets_out_for_nothing_and_then_goes_on)
{
    world_begin();
    str subscription = client_subscribe();
    for (int i = 0; i < 2; i++)
        CHECK_I64(client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    struct call *asked = payout_ask(0, 300);
    call_finish(asked);
    sim_pass(DAYS(27));
    asked = payout_ask(0, 300);
    call_finish(asked);
    struct call *confirmed = payout_confirm_ask(asked);
    call_finish(confirmed);
    CHECK_I64(confirmed->status, 200);
    const int64_t before = acquirer_balance();
    parties_suspend();
    CHECK_I64(acquirer_balance(), before);
    judge_settle();
    judge_settle();
    struct call read = { .method = GET };
    read.path = arena_printf(sim_memory(), "/v1/payouts/%.*s", STR_ARG(call_member(asked, "id")));
    call_finish(&read);
    CHECK_STR(call_member(&read, "status"), STR("paid"));
    reader_end(subscription);
    parties_judge();
    judge_invariants();
}

/* ---- a store that moves ---- */

TEST(what_was_begun_in_a_store_that_moved_is_paid_and_goes_back_where_it_was)
{
    world_begin();
    str taken = payment_make(",\"capture_method\":\"manual\""), begun = payment_make(""), paid = payment_make("");
    CHECK_I64(client_post(taken, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    CHECK_I64(client_post(paid, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    struct call *asked = payout_ask(0, 300);
    call_finish(asked);
    parties_store_moves();
    CHECK_I64(client_post(begun, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    CHECK_I64(client_post(taken, "capture", "{\"amount\":500}")->status, 200);
    CHECK_I64(client_post(paid, "refunds", "{\"amount\":334}")->status, 200);
    struct call *confirmed = payout_confirm_ask(asked);
    call_finish(confirmed);
    CHECK_I64(confirmed->status, 200);
    CHECK(bank_disputes(false));
    struct call *refused = payment_ask("");
    call_finish(refused);
    CHECK_I64(refused->status, 409);
    judge_settle();
    end();
}

/* Nobody but the owner: whoever asks for it and guesses has nothing. */
TEST(a_store_does_not_move_by_a_code_that_its_owner_was_not_mailed)
{
    QUESTION(sim_moved_stores, "select count(*) from store where moved_to is not null");
    world_begin();
    const int64_t before = question_ask(sim_outside(), &sim_moved_stores);
    client_as(TOKEN_OF_ANOTHER_PARTNER);
    struct call *asked = reader_post(
        "/v1/store_connections",
        TEXT("{\"store\":\"%.*s\",\"user\":\"usr_new%dp\"}", STR_ARG(client_seller()->store), sim_number()), 202);
    const char *path = TEXT("/v1/confirmations/%.*s/confirm", STR_ARG(call_inner(asked, "confirmation", "id")));
    for (int i = 0; i < 6; i++)
        CHECK(reader_post_any(path, TEXT("{\"code\":\"%08d\"}", i))->status >= 400);
    CHECK(reader_post_any(path, TEXT("{\"code\":\"%.*s\"}", STR_ARG(asked->mailed)))->status >= 400);
    client_as(TOKEN_OF_PARTNER);
    CHECK_I64(question_ask(sim_outside(), &sim_moved_stores), before);
    end();
}

/* ---- what was answered ---- */

/* His answer got lost; meanwhile what he asked for would not be allowed any more, or would be on other terms. */
TEST(who_asks_again_under_his_key_is_answered_as_before_whatever_has_changed)
{
    world_begin();
    struct call *paid = payment_ask(shared(",\"confirm\":{\"payment_token\":\"tok_no\"}"));
    struct call *made = payment_ask(shared(""));
    call_finish(paid);
    call_finish(made);
    CHECK_I64(paid->status, 402);
    CHECK_I64(made->status, 201);
    const str said = paid->answer, told = made->answer;
    leaves(200);
    struct call *again[] = { paid, made };
    for (int i = 0; i < 2; i++) {
        again[i]->ended = false;
        again[i]->tries = 0;
        call_finish(again[i]);
    }
    CHECK_STR(paid->answer, said);
    CHECK_STR(made->answer, told);
    end();
}

/* ---- the judge ---- */

static void judged(void *unused)
{
    (void)unused;
    parties_judge();
}

TEST(a_judge_sees_a_share_of_who_has_left)
{
    QUESTION_ABOUT(sim_is_back, "with back as (update pay_user set closed_at = null, closed_reason = null, erased_at = "
                                "null where erased_at is not null and partner_id = $1"
                                " returning 1) select count(*) from back");
    world_begin();
    str payment = payment_make(shared(""));
    parties_leave(author);
    CHECK(question_about(sim_outside(), &sim_is_back, client_seller()->partner) > 0);
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    CHECK(!test_holds(judged, NULL));
    judge_end();
}
