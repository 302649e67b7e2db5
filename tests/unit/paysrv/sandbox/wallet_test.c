/* What the sandbox wallet keeps, and what its journal brings back. */
#include "paysrv/sandbox/wallet.h"

#include "tests/support/test.h"

static const instant NOW = { INT64_C(1000000000) };

static struct wallet_payment *payment(struct wallet *w)
{
    return wallet_payment_enter(w, &(struct wallet_payment){ .id = STR("wp_1"),
                                                             .key = STR("cha_1"),
                                                             .reference = STR("pay_1"),
                                                             .currency = STR("EUR"),
                                                             .return_url = STR("https://shop.example"),
                                                             .amount_minor = 1000,
                                                             .status = WALLET_PENDING,
                                                             .expires_at = instant_add(NOW, MINUTES(30)) });
}

static enum wallet_status status(const struct wallet_payment *p, instant now, const char *code)
{
    str why;
    enum wallet_status s = wallet_status_at(p, now, &why);
    CHECK_STR(str_given(why) ? why : STR(""), str_of(code));
    return s;
}

TEST(a_wallet_payment_is_decided_once_and_ends_by_itself)
{
    struct wallet w;
    wallet_init(&w, arena);
    struct wallet_payment *p = payment(&w);
    CHECK_I64(status(p, NOW, ""), WALLET_PENDING);
    CHECK_I64(status(p, instant_add(NOW, MINUTES(30)), "expired"), WALLET_DECLINED);
    CHECK_STR(wallet_refund_refused(p, 1, NOW), STR("payment_not_succeeded"));
    wallet_payment_decide(&w, p,
                          &(struct wallet_payment){ .user = wallet_user_of(STR("late@wallet.example")),
                                                    .status = WALLET_SUCCEEDED,
                                                    .done_at = instant_add(NOW, SECONDS(5)) });
    CHECK_I64(status(p, NOW, ""), WALLET_PENDING);
    CHECK_I64(status(p, instant_add(NOW, SECONDS(5)), ""), WALLET_SUCCEEDED);
    CHECK_I64(status(p, instant_add(NOW, HOURS(5)), ""), WALLET_SUCCEEDED);
}

TEST(wallet_refunds_never_exceed_what_was_paid)
{
    struct wallet w;
    instant later = instant_add(NOW, SECONDS(9));
    wallet_init(&w, arena);
    struct wallet_payment *p = payment(&w);
    wallet_payment_decide(&w, p, &(struct wallet_payment){ .status = WALLET_SUCCEEDED, .done_at = NOW });
    struct wallet_refund r = { .id = STR("wr_1"),
                               .key = STR("re_1"),
                               .reference = STR("re_1"),
                               .payment = p,
                               .amount_minor = 600,
                               .status = WALLET_SUCCEEDED };
    CHECK(!str_given(wallet_refund_refused(p, 600, later)));
    wallet_refund_enter(&w, &r);
    CHECK_STR(wallet_refund_refused(p, 401, later), STR("amount_too_large"));
    CHECK(!str_given(wallet_refund_refused(p, 400, later)));
    p->user = wallet_user_of(STR("closed@wallet.example"));
    CHECK_STR(wallet_refund_refused(p, 400, later), STR("account_closed"));
}

static void replay(struct wallet *w, struct arena *a, str lines)
{
    const struct json_value *line;
    while (lines.n) {
        size_t n = 0;
        while (n < lines.n && lines.p[n] != '\n')
            n++;
        CHECK(json_parse(a, (str){ lines.p, n }, &line));
        wallet_apply(w, line);
        lines = (str){ lines.p + n + 1, lines.n - n - 1 };
    }
}

TEST(the_journal_brings_a_wallet_back)
{
    struct wallet w, again;
    struct buf lines;
    buf_init(&lines, arena, 65536);
    wallet_init(&w, arena);
    wallet_init(&again, arena);
    struct wallet_payment *p = payment(&w);
    wallet_payment_line(&lines, p);
    wallet_payment_decide(&w, p,
                          &(struct wallet_payment){ .user = wallet_user_of(STR("stuck@wallet.example")),
                                                    .status = WALLET_SUCCEEDED,
                                                    .done_at = NOW });
    wallet_decided_line(&lines, p);
    const struct wallet_refund r = { .id = STR("wr_1"),
                                     .key = STR("re_1"),
                                     .reference = STR("re_1"),
                                     .payment = p,
                                     .amount_minor = 250,
                                     .status = WALLET_SUCCEEDED };
    wallet_refund_line(&lines, &r);
    replay(&again, arena, buf_str(&lines));
    const struct wallet_payment *found = table_get(&again.payment_keys, STR("cha_1"));
    CHECK(found && found->amount_minor == 1000 && found->refunded_minor == 250);
    CHECK_I64(status(found, NOW, ""), WALLET_SUCCEEDED);
    CHECK(found->user && found->user->does == WALLET_REFUNDS_UNKNOWN);
    CHECK(table_get(&again.refund_keys, STR("re_1")) != NULL);
}
