/*
 * /v1/disputes: how a buyer's bank is made to complain and to decide (POST /v1/disputes, .../decide: for tests and
 * demonstrations), and what a merchant answers (files, evidence, accept). Both answers are idempotent by the state.
 */
#include "paysrv/sandbox/objects.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"

#define EVIDENCE_TIME DAYS(7)
#define FILE_MAX_BYTES ((size_t)2 << 20)
#define TEXT_MAX 20000
#define FILES_MAX 20

/* ---- changes ---- */

struct bank_dispute dispute_of_charge(struct task *t, struct charge *charge, bool is_chargeback)
{
    return (struct bank_dispute){ .id = random_id(t->arena, "dis_"),
                                  .reason = is_chargeback ? STR("fraudulent") : STR("unrecognized"),
                                  .text = STR(""),
                                  .charge = charge,
                                  .amount_minor =
                                      charge->is_authorization ? charge->captured_minor : charge->amount_minor,
                                  .sequence = 1,
                                  .is_chargeback = is_chargeback,
                                  .state = DISPUTE_NEEDS_RESPONSE,
                                  .evidence_due = instant_add(t->now, EVIDENCE_TIME) };
}

void dispute_prepare(struct task *t, struct app *app, const struct bank_dispute *d, struct notice *notice,
                     struct buf *lines)
{
    bank_write_dispute(lines, d);
    notice_prepare(t, app, NULL, d->id, notice, lines);
}

const struct bank_dispute *dispute_enter(struct app *app, const struct bank_dispute *d, struct notice *notice)
{
    const struct bank_dispute *entered = bank_dispute(&app->bank, d);
    notice->dispute = entered;
    notice_post(app, notice);
    return entered;
}

static err change(struct task *t, struct app *app, const struct bank_dispute *next)
{
    struct notice notice = { NULL };
    struct buf lines;
    buf_init(&lines, t->arena, 262144);
    dispute_prepare(t, app, next, &notice, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    dispute_enter(app, next, &notice);
    return OK;
}

/* What a handler does to a dispute that is there; the lock is held. */
typedef err (*dispute_act)(struct task *t, struct app *app, const struct bank_dispute *d, const void *in);

static err with_dispute(struct task *t, const struct request *rq, struct response *rs, dispute_act act)
{
    struct app *app = sandbox_enter(t);
    const struct bank_dispute *d = table_get(&app->bank.disputes, request_path_param(rq, "dispute"));
    err e = !d ? FAIL(t, NOT_FOUND, "no such dispute") : act ? act(t, app, d, rq->in) : OK;
    if (!e)
        dispute_write(reply_json(rs, 200), d);
    sandbox_leave(app);
    return e;
}

static err dispute_show(struct task *t, const struct request *rq, struct response *rs)
{
    return with_dispute(t, rq, rs, NULL);
}

/* ---- the buyer's bank ---- */

struct dispute_in {
    str charge;
    int64_t amount;
    int64_t due_in;
    str reason;
    bool inquiry;
};

static const struct param dispute_params[] = {
    P_STR(struct dispute_in, charge, .need = REQUIRED, .set = ID, .max = 100),
    P_I64(struct dispute_in, amount, .need = OPTIONAL, .low = 1, .high = INT64_C(999999999999)),
    P_I64(struct dispute_in, due_in, .need = OPTIONAL, .low = -1000000, .high = 10000000, .fallback = 604800),
    P_STR(struct dispute_in, reason, .need = OPTIONAL, .set = ID, .min = 1, .max = 50),
    P_BOOL(struct dispute_in, inquiry, .need = OPTIONAL),
};

static err complain(struct task *t, struct app *app, const struct dispute_in *in, struct response *rs)
{
    struct charge *charge = table_get(&app->bank.charges, in->charge);
    struct notice notice = { NULL };
    struct buf lines;
    if (!charge || charge->captured_minor == 0)
        return FAIL_PARAM(t, NOT_FOUND, STR("charge"), STR("is not a charge of this merchant that took money"));
    if (in->amount > charge->captured_minor)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("amount"), STR("is more than was charged"));
    struct bank_dispute d = dispute_of_charge(t, charge, !in->inquiry);
    if (in->amount)
        d.amount_minor = in->amount;
    d.evidence_due = instant_add(t->now, SECONDS(in->due_in));
    if (str_given(in->reason))
        d.reason = in->reason;
    buf_init(&lines, t->arena, 65536);
    dispute_prepare(t, app, &d, &notice, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    dispute_write(reply_json(rs, 200), dispute_enter(app, &d, &notice));
    return OK;
}

static err dispute_make(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    err e = complain(t, app, rq->in, rs);
    sandbox_leave(app);
    return e;
}

struct decide_in {
    str outcome;
};
static const struct param decide_params[] = {
    P_STR(struct decide_in, outcome, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
};

static err decide(struct task *t, struct app *app, const struct bank_dispute *d, const void *arg)
{
    const struct decide_in *in = arg;
    struct bank_dispute next = *d;
    bool is_open = d->state == DISPUTE_NEEDS_RESPONSE || d->state == DISPUTE_UNDER_REVIEW;
    next.sequence++;
    if (is_open && !d->is_chargeback && str_eq(in->outcome, STR("chargeback"))) {
        next.is_chargeback = true;
        next.state = DISPUTE_NEEDS_RESPONSE;
        next.evidence_due = instant_add(t->now, EVIDENCE_TIME);
    } else if (is_open && !d->is_chargeback && str_eq(in->outcome, STR("closed"))) {
        next.state = DISPUTE_CLOSED;
    } else if (is_open && d->is_chargeback && str_eq(in->outcome, STR("won"))) {
        next.state = DISPUTE_WON;
    } else if (is_open && d->is_chargeback && str_eq(in->outcome, STR("lost"))) {
        next.state = DISPUTE_LOST;
    } else {
        return FAIL_PARAM(t, INVALID_REQUEST, STR("outcome"), STR("cannot follow the dispute's state"));
    }
    return change(t, app, &next);
}

static err dispute_decided(struct task *t, const struct request *rq, struct response *rs)
{
    return with_dispute(t, rq, rs, decide);
}

/* ---- the merchant ---- */

/* The content is looked at by nobody: that it came is enough. */
static err file_put(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    bool known = table_get(&app->bank.disputes, request_path_param(rq, "dispute")) != NULL;
    sandbox_leave(app);
    if (!known || rq->body.n == 0)
        return FAIL(t, NOT_FOUND, "no such dispute, or no content");
    json_i64(reply_json(rs, 200), "size", (int64_t)rq->body.n);
    return OK;
}

struct evidence_file {
    str id, name;
};
static const struct param file_params[] = {
    P_STR(struct evidence_file, id, .need = REQUIRED, .set = ID, .max = 100),
    P_STR(struct evidence_file, name, .need = REQUIRED, .set = LINE, .max = 200),
};
struct evidence_in {
    str text;
    struct list files;
};
static const struct param evidence_params[] = {
    P_STR(struct evidence_in, text, .need = OPTIONAL, .set = TEXT, .max = TEXT_MAX, .in_characters = true),
    P_OBJECTS(struct evidence_in, files, struct evidence_file, file_params, .need = OPTIONAL, .max = FILES_MAX),
};

/* The journal keeps no more of the text than decides. */
static err evidence_take(struct task *t, struct app *app, const struct bank_dispute *d, const void *arg)
{
    const struct evidence_in *in = arg;
    struct bank_dispute next = *d;
    if (d->state != DISPUTE_NEEDS_RESPONSE || !instant_before(t->now, d->evidence_due))
        return OK;
    next.sequence++;
    next.text = str_given(in->text) && in->text.n < 200 ? in->text : STR("");
    next.files = (int64_t)in->files.n;
    next.state = DISPUTE_UNDER_REVIEW;
    if (str_eq(next.text, STR("winning_evidence")))
        next.state = d->is_chargeback ? DISPUTE_WON : DISPUTE_CLOSED;
    else if (str_eq(next.text, STR("losing_evidence")) && d->is_chargeback)
        next.state = DISPUTE_LOST;
    return change(t, app, &next);
}

static err evidence_post(struct task *t, const struct request *rq, struct response *rs)
{
    return with_dispute(t, rq, rs, evidence_take);
}

static err accept_take(struct task *t, struct app *app, const struct bank_dispute *d, const void *arg)
{
    struct bank_dispute next = *d;
    (void)arg;
    if (d->state != DISPUTE_NEEDS_RESPONSE || !d->is_chargeback)
        return OK;
    next.sequence++;
    next.state = DISPUTE_LOST;
    return change(t, app, &next);
}

static err accept_post(struct task *t, const struct request *rq, struct response *rs)
{
    return with_dispute(t, rq, rs, accept_take);
}

#define DISPUTE_ROUTE(METHOD, PATH)                                                                                    \
    .method = METHOD, .path = PATH, .guard = &GUARD_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route dispute_create_route = { DISPUTE_ROUTE(POST, "/v1/disputes"), .body = BODY_JSON,
                                            INPUT(struct dispute_in, dispute_params), .handle = dispute_make,
                                            .summary = "A buyer's bank complains of a charge." };
const struct route dispute_get_route = { DISPUTE_ROUTE(GET, "/v1/disputes/{dispute}"), .body = BODY_NONE,
                                         .handle = dispute_show, .summary = "One dispute." };
const struct route dispute_decide_route = { DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/decide"), .body = BODY_JSON,
                                            INPUT(struct decide_in, decide_params), .handle = dispute_decided,
                                            .summary = "The buyer's bank decides: won, lost, closed, or chargeback." };
const struct route dispute_file_put_route = { DISPUTE_ROUTE(PUT, "/v1/disputes/{dispute}/files/{file}"),
                                              .body = BODY_RAW,
                                              .max_body_bytes = FILE_MAX_BYTES,
                                              .ignore_unknown = true,
                                              .handle = file_put,
                                              .summary = "A file that evidence may name." };
const struct route dispute_evidence_route = { DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/evidence"),
                                              .body = BODY_JSON,
                                              .max_body_bytes = 262144,
                                              INPUT(struct evidence_in, evidence_params),
                                              .handle = evidence_post,
                                              .summary = "The merchant's evidence, once." };
const struct route dispute_accept_route = { DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/accept"), .body = BODY_JSON,
                                            .handle = accept_post, .summary = "The merchant accepts a chargeback." };
