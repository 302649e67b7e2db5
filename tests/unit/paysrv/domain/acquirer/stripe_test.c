/* Stripe's amounts, keys, signatures, objects and errors (SECURITY M 317 to 334, F-P17; MONEY 6.A 4). */
#include "paysrv/domain/acquirer/stripe.h"

#include <stdio.h>

#include "paysrv/domain/acquirer/stripe_dispute.h"
#include "paysrv/domain/money.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

#define MEMORY ((size_t)1 << 20)

/* ---- amounts ---- */

static int64_t amount_of(const char *currency, int64_t minor)
{
    int64_t ret = -1;
    return stripe_amount(str_of(currency), minor, &ret) ? -1 : ret;
}

TEST(stripe_amounts_are_of_its_own_units)
{
    static const struct {
        const char *currency;
        int64_t minor, theirs; /* -1: refused */
    } cases[] = {
        { "EUR", 1000, 1000 },
        { "JPY", 500, 500 },
        { "ISK", 5, 500 },
        { "UGX", 7, 700 },
        { "MGA", 500, 5 },
        { "MGA", 510, -1 },
        { "KWD", 5120, 5120 },
        { "KWD", 5124, -1 },
        { "TND", 10, 10 },
        { "HUF", 17501, 17501 },
        { "IQD", 1000, -1 },
        { "CLF", 1000, -1 },
        { "EUR", 99999999, 99999999 },
        { "EUR", 100000000, -1 },
        { "IDR", 100000000, 100000000 },
        { "ISK", 1000000, -1 },
        { "EUR", 0, -1 },
        { "EUR", -5, -1 },
    };
    int64_t back;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_I64(amount_of(cases[i].currency, cases[i].minor), cases[i].theirs);
        if (cases[i].theirs > 0) {
            CHECK(stripe_amount_ours(str_of(cases[i].currency), cases[i].theirs, &back));
            CHECK_I64(back, cases[i].minor);
        }
    }
    CHECK(!stripe_amount_ours(STR("ISK"), 550, &back));
    CHECK(!stripe_amount_ours(STR("IQD"), 1000, &back));
    CHECK(!stripe_amount_ours(STR("EUR"), 0, &back));
    CHECK(!stripe_amount_ours(STR("MGA"), MONEY_MAX_MINOR, &back));
    CHECK_I64(stripe_charge_least(STR("EUR")), 50);
    CHECK_I64(stripe_charge_least(STR("HUF")), 17500);
    CHECK_I64(stripe_charge_least(STR("XTS")), 0);
    CHECK(stripe_charge_grain(STR("XTS")).least_minor == 1 && stripe_charge_grain(STR("XTS")).step_minor == 1);
    CHECK(stripe_charge_grain(STR("EUR")).least_minor == 50 && stripe_charge_grain(STR("EUR")).step_minor == 1);
    CHECK(stripe_charge_grain(STR("KWD")).step_minor == 10 && stripe_charge_grain(STR("MGA")).step_minor == 100);
}

/* ---- keys ---- */

TEST(stripe_descriptors_leave_room_for_the_prefix)
{
    static const struct {
        const char *ours, *suffix;
    } cases[] = {
        { "Ada's", "Ada's" },
        { "ASA AND SONS", "ASA AND" },
        { "STATIONERY", "STATIONERY" },
        { "STATIONERYSHOP", "STATIONERY" },
        { "24 365 78 ABC SHOP", "24 365 78" }, /* no letter in the whole words that fit: nor in what is cut */
        { "24 365 7ABC", "24 365 7AB" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str got = stripe_descriptor_suffix(str_of(cases[i].ours));
        if (i == 4)
            CHECK(!str_given(got));
        else
            CHECK_STR(got, str_of(cases[i].suffix));
    }
    CHECK(!str_given(stripe_descriptor_suffix(STR_NONE)));
}

TEST(stripe_keys_tell_their_mode_and_samples_are_none)
{
    CHECK_I64(stripe_key_mode(STR("sk_test_0123456789abcdefABCDEF")), STRIPE_MODE_TEST);
    CHECK_I64(stripe_key_mode(STR("rk_live_0123456789abcdefABCDEF")), STRIPE_MODE_LIVE);
    static const char *const none[] = { "",
                                        "sk_test_",
                                        "sk_test_...",
                                        "pk_test_0123456789abcdefABCDEF",
                                        "sk_test_short",
                                        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
                                        "sk_live_0123456789abcdef ABCDEF" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK_I64(stripe_key_mode(str_of(none[i])), STRIPE_MODE_NONE);
    CHECK(stripe_secret_is_good(STR("whsec_0123456789abcdefABCDEF")));
    CHECK(!stripe_secret_is_good(STR("whsec_")) && !stripe_secret_is_good(STR("whsec_...")) &&
          !stripe_secret_is_good(STR("")));
}

/* ---- signatures ---- */

static const str BODY = { "{\"id\":\"evt_1\"}", 14 };
static const str SECRET = { "whsec_0123456789abcdefABCDEF", 28 };
#define NOW_S 1700000000

static str signed_by(struct arena *a, str key, const char *t)
{
    str text = arena_printf(a, "%s.%.*s", t, STR_ARG(BODY));
    digest mac = hmac_sha256(bytes_of(key), bytes_of(text));
    return hex_encode(a, digest_bytes(&mac));
}

static enum stripe_signature judged(struct arena *a, str header, str body)
{
    return stripe_signature_judge(a, SECRET, header, body, instant_of_seconds(NOW_S));
}

TEST(stripe_signature_is_over_the_bytes_and_the_time)
{
    struct arena *a = arena_create(4096, MEMORY);
    str good = signed_by(a, SECRET, "1700000000"), other = signed_by(a, STR("whsec_other"), "1700000000");
    str header = arena_printf(a, "t=1700000000,v1=%.*s", STR_ARG(good));
    CHECK_I64(judged(a, header, BODY), STRIPE_SIGNED);
    CHECK_I64(judged(a, header, STR("{\"id\": \"evt_1\"}")), STRIPE_SIGNATURE_BAD);
    CHECK_I64(judged(a, arena_printf(a, "t=1700000001,v1=%.*s", STR_ARG(good)), BODY), STRIPE_SIGNATURE_BAD);
    CHECK_I64(judged(a, arena_printf(a, "t=1700000000,v1=%.*s,v1=%.*s,v0=00", STR_ARG(other), STR_ARG(good)), BODY),
              STRIPE_SIGNED);
    CHECK_I64(judged(a, arena_printf(a, "t=1700000000,v1=%.*s", STR_ARG(other)), BODY), STRIPE_SIGNATURE_BAD);
    CHECK_I64(judged(a, arena_printf(a, "t=1700000000,v0=%.*s", STR_ARG(good)), BODY), STRIPE_SIGNATURE_MALFORMED);
    CHECK_I64(judged(a, arena_printf(a, "t=1700000000,t=1700000000,v1=%.*s", STR_ARG(good)), BODY),
              STRIPE_SIGNATURE_MALFORMED);
    static const char *const malformed[] = { "", "t=1700000000", "v1=00", "t=x,v1=00", "t=-1,v1=00", ",,,", "t" };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        CHECK_I64(judged(a, str_of(malformed[i]), BODY), STRIPE_SIGNATURE_MALFORMED);
    CHECK_I64(judged(a, STR_NONE, BODY), STRIPE_SIGNATURE_MALFORMED);
    CHECK_I64(stripe_signature_judge(a, STR(""), header, BODY, instant_of_seconds(NOW_S)), STRIPE_SIGNATURE_MALFORMED);
    arena_destroy(a);
}

TEST(stripe_signature_is_good_for_five_minutes)
{
    struct arena *a = arena_create(4096, MEMORY);
    str header = arena_printf(a, "t=1700000000,v1=%.*s", STR_ARG(signed_by(a, SECRET, "1700000000")));
    static const struct {
        int64_t later_s;
        enum stripe_signature verdict;
    } cases[] = {
        { 300, STRIPE_SIGNED }, { 301, STRIPE_SIGNATURE_OLD }, { -60, STRIPE_SIGNED }, { -61, STRIPE_SIGNATURE_OLD }
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_I64(stripe_signature_judge(a, SECRET, header, BODY, instant_of_seconds(NOW_S + cases[i].later_s)),
                  cases[i].verdict);
    arena_destroy(a);
}

/* ---- objects ---- */

static struct stripe_verdict intent_says(struct arena *a, enum call_op op, const char *more)
{
    const struct stripe_wanted wanted = { op, STR("cha_1"), STR("pay_1"), STR("EUR"), STR("pi_1"), 1000, false };
    struct stripe_wanted w = wanted;
    const struct json_value *v;
    struct stripe_intent i;
    if (op == OP_CAPTURE)
        w.key = STR("cap_1");
    str text = arena_printf(a,
                            "{%s,\"object\":\"payment_intent\",\"id\":\"pi_1\",\"currency\":\"eur\",\"amount\":1000,"
                            "\"livemode\":false}",
                            more);
    CHECK(json_parse(a, text, &v));
    CHECK(stripe_intent_read(v, &i));
    return stripe_intent_judge(&i, &w);
}

#define OURS "\"metadata\":{\"stoa_key\":\"cha_1\",\"stoa_reference\":\"pay_1\"}"
#define CAPTURED "\"metadata\":{\"stoa_key\":\"cha_1\",\"stoa_reference\":\"pay_1\",\"stoa_capture\":\"cap_1\"}"
#define STATUS(s) ",\"status\":\"" s "\""
#define AUTO ",\"capture_method\":\"automatic\""
#define MANUAL ",\"capture_method\":\"manual\""

TEST(stripe_intent_means_one_thing_for_each_operation)
{
    static const struct {
        enum call_op op;
        const char *more;
        enum stripe_says says;
    } cases[] = {
        { OP_CHARGE, OURS STATUS("succeeded") AUTO ",\"amount_received\":1000", STRIPE_SUCCEEDED },
        { OP_CHARGE, OURS STATUS("succeeded") AUTO ",\"amount_received\":999", STRIPE_WRONG },
        { OP_CHARGE, OURS STATUS("succeeded") MANUAL ",\"amount_received\":1000", STRIPE_WRONG },
        { OP_CHARGE, OURS STATUS("requires_capture") MANUAL, STRIPE_WRONG },
        { OP_CHARGE, OURS STATUS("processing") AUTO, STRIPE_UNKNOWN },
        { OP_CHARGE, OURS STATUS("requires_confirmation") AUTO, STRIPE_FAILED },
        { OP_CHARGE, OURS STATUS("something_new") AUTO, STRIPE_UNKNOWN },
        { OP_CHARGE, OURS STATUS("requires_payment_method") AUTO, STRIPE_FAILED },
        { OP_CHARGE, OURS STATUS("canceled") AUTO, STRIPE_DECLINED },
        { OP_CHARGE, OURS STATUS("requires_action") AUTO, STRIPE_FAILED },
        { OP_CHARGE,
          OURS STATUS("requires_action") ",\"next_action\":{\"type\":\"redirect_to_url\",\"redirect_to_url\":{\"url\":"
                                         "\"https://x.example/\"}}",
          STRIPE_ACTION },
        { OP_CHARGE, "\"metadata\":{}" STATUS("succeeded") AUTO ",\"amount_received\":1000", STRIPE_WRONG },
        { OP_CHARGE, "\"metadata\":{\"stoa_key\":\"cha_2\",\"stoa_reference\":\"pay_1\"}" STATUS("succeeded"),
          STRIPE_WRONG },
        { OP_AUTHORIZE, OURS STATUS("requires_capture") MANUAL ",\"latest_charge\":{\"created\":1000}",
          STRIPE_SUCCEEDED },
        { OP_AUTHORIZE, OURS STATUS("requires_capture") MANUAL, STRIPE_UNKNOWN },
        { OP_AUTHORIZE, OURS STATUS("requires_capture") MANUAL ",\"latest_charge\":{\"created\":9223372036854775807}",
          STRIPE_UNKNOWN },
        { OP_AUTHORIZE, CAPTURED STATUS("succeeded") MANUAL, STRIPE_SUCCEEDED },
        { OP_AUTHORIZE, OURS STATUS("succeeded") MANUAL, STRIPE_WRONG },
        { OP_AUTHORIZE, OURS STATUS("succeeded") AUTO, STRIPE_WRONG },
        { OP_CAPTURE, CAPTURED STATUS("succeeded") ",\"amount_received\":1000", STRIPE_SUCCEEDED },
        { OP_CAPTURE, CAPTURED STATUS("succeeded") ",\"amount_received\":900", STRIPE_WRONG },
        { OP_CAPTURE, OURS STATUS("succeeded") ",\"amount_received\":1000", STRIPE_WRONG },
        { OP_CAPTURE, OURS STATUS("requires_capture"), STRIPE_ABSENT },
        { OP_CAPTURE, OURS STATUS("canceled"), STRIPE_DECLINED },
        { OP_VOID, OURS STATUS("canceled"), STRIPE_SUCCEEDED },
        { OP_VOID, OURS STATUS("requires_capture"), STRIPE_ABSENT },
        { OP_LATE_VOID, OURS STATUS("succeeded"), STRIPE_DECLINED },
        { OP_REFUND, OURS STATUS("succeeded"), STRIPE_WRONG },
    };
    struct arena *a = arena_create(4096, MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stripe_verdict v = intent_says(a, cases[i].op, cases[i].more);
        if (v.says != cases[i].says)
            printf("# case %zu\n", i);
        CHECK_I64(v.says, cases[i].says);
    }
    arena_destroy(a);
}

TEST(stripe_refund_is_final_only_when_it_says_so)
{
    static const struct {
        const char *status;
        int64_t amount;
        enum stripe_says says;
    } cases[] = { { "succeeded", 300, STRIPE_SUCCEEDED },     { "pending", 300, STRIPE_UNKNOWN },
                  { "requires_action", 300, STRIPE_UNKNOWN }, { "failed", 300, STRIPE_DECLINED },
                  { "canceled", 300, STRIPE_DECLINED },       { "succeeded", 301, STRIPE_WRONG } };
    const struct stripe_wanted wanted = { OP_REFUND, STR("re_1"), STR("re_1"), STR("EUR"), STR("pi_1"), 300, false };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stripe_refund r = { STR("re_x"), str_of(cases[i].status), STR("eur"),     STR("re_1"), STR("re_1"),
                                   STR("pi_1"), STR("unknown"),          cases[i].amount };
        CHECK_I64(stripe_refund_judge(&r, &wanted).says, cases[i].says);
        struct stripe_refund bad[] = { r, r, r, r };
        bad[0].intent = STR("pi_2");
        bad[1].key = STR("re_2");
        bad[2].reference = STR("re_2");
        bad[3].currency = STR("usd");
        for (size_t j = 0; j < sizeof bad / sizeof bad[0]; j++)
            CHECK_I64(stripe_refund_judge(&bad[j], &wanted).says, STRIPE_WRONG);
    }
}

TEST(stripe_refund_of_what_was_not_captured_is_a_release)
{
    static const struct {
        const char *method, *status;
        int64_t received, refunded;
        bool is_first, is_release;
    } cases[] = {
        { "manual", "canceled", 0, 1000, true, true },
        { "manual", "canceled", 0, 1000, false, true },
        { "manual", "succeeded", 300, 700, true, true },
        { "manual", "succeeded", 300, 700, false, false }, /* the same amount again is somebody's refund */
        { "manual", "succeeded", 300, 300, true, false },
        { "manual", "succeeded", 1000, 1000, true, false },
        { "manual", "requires_capture", 0, 1000, true, true },
        { "automatic", "succeeded", 300, 700, true, false },
        { "automatic", "canceled", 0, 1000, true, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stripe_refund r = { .intent = STR("pi_1"), .amount = cases[i].refunded };
        struct stripe_intent of = { .id = STR("pi_1"),
                                    .capture_method = str_of(cases[i].method),
                                    .status = str_of(cases[i].status),
                                    .amount = 1000,
                                    .amount_received = cases[i].received };
        CHECK_I64(stripe_refund_is_release(&r, &of, cases[i].is_first), cases[i].is_release);
        r.intent = STR("pi_2");
        CHECK(!stripe_refund_is_release(&r, &of, cases[i].is_first));
    }
}

TEST(stripe_authorization_ends_when_it_says_or_at_the_documented_least)
{
    struct stripe_intent i = { .charged_at_s = 1000, .capture_before_s = 5000 };
    CHECK_I64(instant_seconds(stripe_capture_before(&i)), 5000);
    i.capture_before_s = 0;
    CHECK_I64(instant_seconds(stripe_capture_before(&i)), 1000 + 114 * 3600);
    i.charged_at_s = INT64_MAX;
    CHECK_I64(instant_seconds(stripe_capture_before(&i)), 0);
}

TEST(stripe_three_d_secure_is_that_of_the_charge)
{
    static const struct {
        const char *theirs, *ours;
    } cases[] = {
        { "{\"authentication_flow\":\"challenge\",\"result\":\"authenticated\"}", "challenge authenticated" },
        { "{\"authentication_flow\":null,\"result\":\"attempt_acknowledged\"}", "untold attempted" },
        { "{\"result\":\"exempted\"}", "untold exempted" },
        { "{\"authentication_flow\":\"frictionless\",\"result\":\"failed\",\"result_reason\":\"rejected\"}",
          "frictionless rejected" },
        { "{\"result\":\"failed\",\"result_reason\":\"canceled\"}", "untold failed" },
        { "{\"result\":\"processing_error\",\"result_reason\":\"protocol_error\"}", "untold unavailable" },
        { "{\"result\":\"not_supported\"}", "untold unavailable" },
        { "{\"result\":\"something_new\"}", NULL },
        { "null", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct json_value *v;
        struct stripe_intent intent;
        str text = arena_printf(arena,
                                "{" OURS STATUS("succeeded") AUTO
                                ",\"object\":\"payment_intent\",\"id\":\"pi_1\",\"currency\":\"eur\",\"amount\":1000,"
                                "\"livemode\":false,\"latest_charge\":{\"payment_method_details\":{\"card\":{"
                                "\"brand\":\"amex\",\"last4\":\"0005\",\"three_d_secure\":%s}}}}",
                                cases[i].theirs);
        CHECK(json_parse(arena, text, &v) && stripe_intent_read(v, &intent));
        CHECK_STR(three_d_secure_text(arena, intent.three_d_secure), str_of(cases[i].ours));
        CHECK(str_eq(intent.card_brand, STR("amex")) && str_eq(intent.card_last4, STR("0005")));
    }
}

/* ---- errors ---- */

#define ERROR(type, more) "{\"error\":{\"type\":\"" type "\"" more "}}"

struct error_case {
    int status;
    const char *text;
    enum call_op op;
    enum stripe_says says;
    const char *code;
};

static void errors_check(const struct error_case *cases, size_t n)
{
    struct arena *a = arena_create(4096, MEMORY);
    for (size_t i = 0; i < n; i++) {
        const struct json_value *v;
        CHECK(json_parse(a, str_of(cases[i].text), &v));
        struct stripe_verdict said = stripe_error_judge(cases[i].status, v, cases[i].op);
        if (said.says != cases[i].says)
            printf("# case %zu\n", i);
        CHECK_I64(said.says, cases[i].says);
        if (cases[i].code)
            CHECK_STR(said.decline_code, str_of(cases[i].code));
    }
    arena_destroy(a);
}

TEST(stripe_errors_of_a_card_are_final_and_say_whether_to_try_again)
{
    static const struct {
        const char *error, *code;
    } declines[] = {
        { "\"code\":\"card_declined\",\"decline_code\":\"insufficient_funds\"", "insufficient_funds" },
        { "\"code\":\"expired_card\"", "expired_card" },
        { "\"code\":\"incorrect_number\"", "token_unusable" },
        { "\"code\":\"card_declined\",\"decline_code\":\"pickup_card\"", "do_not_retry" },
        { "\"decline_code\":\"mobile_device_authentication_required\"", "authentication_required" },
        { "\"decline_code\":\"do_not_honor\",\"network_decline_code\":\"05\"", "do_not_honor" },
        { "\"decline_code\":\"do_not_honor\",\"advice_code\":\"try_again_later\"", "do_not_honor" },
        { "\"decline_code\":\"do_not_honor\",\"advice_code\":\"do_not_try_again\"", "do_not_retry" },
        { "\"decline_code\":\"lost_card\",\"advice_code\":\"do_not_try_again\"", "lost_card" },
        { "\"code\":null", "generic_decline" },
    };
    for (size_t i = 0; i < sizeof declines / sizeof declines[0]; i++) {
        str text = arena_printf(arena, "{\"error\":{\"type\":\"card_error\",%s}}", declines[i].error);
        const struct error_case one = { 402, arena_cstr(arena, text), OP_CHARGE, STRIPE_DECLINED, declines[i].code };
        errors_check(&one, 1);
    }
}

TEST(stripe_errors_of_a_request_are_final_only_where_their_reason_stays)
{
    static const struct error_case cases[] = {
        { 402, ERROR("api_error", ""), OP_CHARGE, STRIPE_UNKNOWN, NULL },
        { 400, ERROR("invalid_request_error", ",\"code\":\"resource_missing\",\"param\":\"payment_method\""), OP_CHARGE,
          STRIPE_DECLINED, "token_unusable" },
        { 400, ERROR("invalid_request_error", ",\"code\":\"amount_too_small\",\"param\":\"amount\""), OP_CHARGE,
          STRIPE_DECLINED, "amount_too_small" },
        { 400, ERROR("invalid_request_error", ",\"code\":\"url_invalid\",\"param\":\"return_url\""), OP_CHARGE,
          STRIPE_DECLINED, "acquirer_refuses" },
        { 400, ERROR("invalid_request_error", ",\"param\":\"currency\""), OP_CAPTURE, STRIPE_WRONG, NULL },
        { 400, ERROR("invalid_request_error", ",\"code\":\"parameter_unknown\""), OP_CHARGE, STRIPE_WRONG, NULL },
        { 400, ERROR("invalid_request_error", ",\"code\":\"charge_already_refunded\""), OP_REFUND, STRIPE_DECLINED,
          "charge_already_refunded" },
        { 400, ERROR("invalid_request_error", ",\"param\":\"amount\""), OP_REFUND, STRIPE_DECLINED,
          "amount_too_large" },
        { 400, ERROR("invalid_request_error", ",\"code\":\"charge_disputed\""), OP_LATE_REFUND, STRIPE_DECLINED,
          "charge_disputed" },
        { 400, ERROR("invalid_request_error", ",\"code\":\"charge_not_refundable\""), OP_REFUND, STRIPE_DECLINED,
          "charge_not_refundable" },
        { 400, ERROR("invalid_request_error", ",\"code\":\"charge_disputed\""), OP_CAPTURE, STRIPE_WRONG, NULL },
        { 400, ERROR("invalid_request_error", ",\"code\":\"payment_intent_unexpected_state\""), OP_CAPTURE,
          STRIPE_UNKNOWN, NULL },
        { 400, ERROR("invalid_request_error", ",\"code\":\"charge_expired_for_capture\""), OP_CAPTURE, STRIPE_UNKNOWN,
          NULL },
        { 400, ERROR("idempotency_error", ""), OP_CHARGE, STRIPE_WRONG, NULL },
        { 401, ERROR("invalid_request_error", ""), OP_CHARGE, STRIPE_UNKNOWN, NULL },
        { 409, ERROR("invalid_request_error", ",\"code\":\"idempotency_key_in_use\""), OP_CHARGE, STRIPE_UNKNOWN,
          NULL },
        { 409, ERROR("idempotency_error", ",\"code\":\"idempotency_key_in_use\""), OP_CHARGE, STRIPE_UNKNOWN, NULL },
        { 429, ERROR("invalid_request_error", ",\"code\":\"lock_timeout\""), OP_CHARGE, STRIPE_UNKNOWN, NULL },
        { 429, ERROR("invalid_request_error", ",\"code\":\"rate_limit\""), OP_CHARGE, STRIPE_UNKNOWN, NULL },
        { 500, ERROR("card_error", ",\"code\":\"card_declined\""), OP_CHARGE, STRIPE_UNKNOWN, NULL },
        { 500, "{}", OP_REFUND, STRIPE_UNKNOWN, NULL },
    };
    errors_check(cases, sizeof cases / sizeof cases[0]);
    CHECK_I64(stripe_error_judge(502, NULL, OP_CHARGE).says, STRIPE_UNKNOWN);
}

/* ---- disputes ---- */

static bool dispute_of(struct arena *arena, const char *status, const char *more, struct stripe_dispute *ret)
{
    const struct json_value *object;
    str text = arena_printf(arena,
                            "{\"object\":\"dispute\",\"id\":\"du_1\",\"amount\":1000,\"currency\":\"eur\",\"livemode\":"
                            "false,\"status\":\"%s\"%s}",
                            status, more);
    CHECK(json_parse(arena, text, &object));
    return stripe_dispute_read(object, ret);
}

#define TAKEN "{\"amount\":-1000,\"fee\":1500,\"currency\":\"eur\"}"
#define MOVES(moves) ",\"balance_transactions\":[" moves "]"

TEST(stripe_dispute_goes_one_way_and_turns_are_newer)
{
    static const struct {
        const char *status, *more;
        enum dispute_phase phase;
        enum dispute_status ours;
        int64_t fee;
    } way[] = {
        { "warning_needs_response", "", DISPUTE_INQUIRY, DISPUTE_NEEDS_RESPONSE, 0 },
        { "warning_under_review", "", DISPUTE_INQUIRY, DISPUTE_UNDER_REVIEW, 0 },
        { "needs_response", "", DISPUTE_CHARGEBACK, DISPUTE_NEEDS_RESPONSE, 0 },
        { "needs_response", MOVES(TAKEN), DISPUTE_CHARGEBACK, DISPUTE_NEEDS_RESPONSE, 1500 },
        { "under_review", MOVES(TAKEN), DISPUTE_CHARGEBACK, DISPUTE_UNDER_REVIEW, 1500 },
        { "lost", MOVES(TAKEN), DISPUTE_CHARGEBACK, DISPUTE_LOST, 1500 },
        { "won", MOVES(TAKEN ",{\"amount\":1000,\"fee\":0,\"currency\":\"eur\"}"), DISPUTE_CHARGEBACK, DISPUTE_WON,
          1500 },
        { "lost", MOVES(TAKEN ",{},{\"fee\":700,\"currency\":\"usd\"}"), DISPUTE_CHARGEBACK, DISPUTE_LOST, 1500 },
    };
    struct stripe_dispute d;
    int64_t before = 0;
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        CHECK(dispute_of(arena, way[i].status, way[i].more, &d));
        CHECK_I64(d.state.phase, way[i].phase);
        CHECK_I64(d.state.status, way[i].ours);
        CHECK(dispute_is_possible(d.state.phase, d.state.status));
        CHECK_I64(d.fee_minor, way[i].fee); /* one that is said in another currency is not known in this one */
        CHECK(d.state.sequence > before);
        before = d.state.sequence;
    }
    CHECK(dispute_of(arena, "warning_closed", "", &d) && d.state.status == DISPUTE_CLOSED);
    CHECK(!dispute_of(arena, "something_new", "", &d));
}

TEST(stripe_dispute_names_our_charge_where_it_is_expanded)
{
    struct stripe_dispute d;
    CHECK(dispute_of(arena, "lost", ",\"payment_intent\":{\"id\":\"pi_1\",\"metadata\":{\"stoa_key\":\"chg_1\"}}", &d));
    CHECK_STR(d.intent, STR("pi_1"));
    CHECK_STR(d.key, STR("chg_1"));
    CHECK_STR(d.currency, STR("EUR"));
    CHECK(dispute_of(arena, "lost", ",\"payment_intent\":\"pi_1\"", &d));
    CHECK_STR(d.intent, STR("pi_1"));
    CHECK(!str_given(d.key));
    CHECK(dispute_of(arena, "lost", ",\"payment_intent\":null", &d));
    CHECK(!str_given(d.intent));
}
