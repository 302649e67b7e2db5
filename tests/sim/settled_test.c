/* What the acquirer never settles, told step by step (MONEY 6.A14): somebody is told of each. */
#include "paysrv/jobs.h"
#include "shared/base/buf.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"

#define REGISTRY_MAX_BYTES 4096
#define NEVER HOURS(100)

struct registry {
    struct buf text;
    int64_t gross, fee;
    const char *kind; /* of what is in it; NULL: all */
};

static void add(void *context, const struct settled_effect *e)
{
    struct registry *r = context;
    if (!r->kind || strcmp(r->kind, e->kind) != 0)
        return;
    r->gross += e->gross_minor;
    r->fee += e->fee_minor;
    buf_printf(&r->text, "S%dX%s,%s,%.*s,%.*s,,EUR,%lld,%lld,%lld,\r\n", sim_number(), r->kind, e->kind, STR_ARG(e->id),
               STR_ARG(e->key), (long long)e->gross_minor, (long long)e->fee_minor,
               (long long)(e->gross_minor - e->fee_minor));
}

/* Of all that happened it has one kind. */
static void registry_comes(const char *kind)
{
    struct registry r = { .kind = kind };
    buf_init(&r.text, sim_memory(), REGISTRY_MAX_BYTES);
    buf_add(&r.text, STR("settlement,type,id,key,charge,currency,gross,fee,net,created\r\n"));
    acquirer_effects(add, &r);
    buf_printf(&r.text, "S%dX%s,payout,S%dX%s,,,EUR,%lld,%lld,%lld,\r\n", sim_number(), kind, sim_number(), kind,
               (long long)r.gross, (long long)r.fee, (long long)(r.gross - r.fee));
    struct call *c = call_make("/v1/operator/settlements", NULL);
    c->key = STR_NONE;
    c->body = buf_str(&r.text);
    call_finish(c);
    CHECK_I64(c->status, 201);
}

static int64_t missing(str op)
{
    QUESTION_ABOUT(sim_missing, "select count(*) from bank_break where kind = 'missing' and ref = $1");
    return question_about(sim_outside(), &sim_missing, op);
}

TEST(a_charge_is_missing_in_the_registries_also_when_its_chargeback_is_not)
{
    struct paid_charge charge;
    reader_begin();
    CHECK_I64(client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    CHECK(acquirer_paid_charge(0, &charge));
    registry_comes("nothing");
    CHECK(bank_disputes(false));
    judge_settle();
    CHECK_I64(missing(charge.key), 0);
    registry_comes("chargeback");
    sim_pass(NEVER);
    CHECK_OK(settlements_run(sim_outside()));
    CHECK_I64(missing(charge.key), 1);
}
