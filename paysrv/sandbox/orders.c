/* POST /v1/bank/orders, POST /v1/bank/days, GET /v1/bank/files, GET /v1/bank/files/{file}: the sandbox bank's channel.
 */
#include "paysrv/sandbox/sandbox.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"

#define FILES_MAX 100

/* The order as it is known now. *fresh false: it was known before. ORDER_DUPLICATE: other bytes under its name. */
static err order_take(struct task *t, struct app *app, const struct iso_order *o, bool *fresh)
{
    const struct iso_order *known = table_get(&app->iso_bank.orders, o->msg_id);
    *fresh = known == NULL;
    if (known)
        return equal_digest(&known->hash, &o->hash) ? OK : FAIL(t, ORDER_DUPLICATE, "other bytes under a known MsgId");
    struct buf lines;
    buf_init(&lines, t->arena, (size_t)4 << 20);
    iso_write_order(&lines, o);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    iso_order_enter(&app->iso_bank, o);
    return OK;
}

static err order_post(struct task *t, const struct request *rq, struct response *rs)
{
    struct iso_order order;
    str why = STR_NONE;
    bool is_text = text_order_is(rq->body);
    if (is_text ? !text_order_read(t->arena, rq->body, &order, &why)
                : !iso_order_read(t->arena, rq->body, &order, &why))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("body"), why);
    order.at = t->now;
    bool fresh;
    struct app *app = sandbox_enter(t);
    err e = order_take(t, app, &order, &fresh);
    sandbox_leave(app);
    TRY(e);
    if (fresh && order.times_out) {
        reply_drop(rs);
        return OK;
    }
    struct json *j = reply_json(rs, fresh ? 201 : 200);
    json_str(j, "order", order.msg_id);
    json_i64(j, "transfers", (int64_t)order.n);
    return OK;
}

const struct route order_create_route = {
    .method = POST,
    .path = "/v1/bank/orders",
    .guard = &GUARD_MERCHANT,
    .body = BODY_RAW,
    .max_body_bytes = (size_t)2 << 20,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .ignore_unknown = true,
    .handle = order_post,
    .summary = "Takes a pain.001 or a 1CClientBankExchange; the same bytes again are the same order.",
};

struct day_in {
    str statement;
};

static const struct param day_params[] = {
    P_STR(struct day_in, statement, .need = OPTIONAL, .set = ID, .min = 1, .max = 10),
};

static bool how_of(str name, enum iso_statement *ret)
{
    *ret = ISO_ONCE;
    if (!str_given(name) || str_eq(name, STR("once")))
        return true;
    *ret = str_eq(name, STR("twice")) ? ISO_TWICE : ISO_LATE;
    return *ret == ISO_TWICE || str_eq(name, STR("late"));
}

static err day_take(struct task *t, struct app *app, enum iso_statement how)
{
    struct buf line;
    buf_init(&line, t->arena, 4096);
    iso_write_day(&line, how, t->now);
    TRY(journal_append(&app->journal, t, buf_str(&line)));
    iso_day_end(&app->iso_bank, how, t->now);
    return OK;
}

static err day_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct day_in *in = rq->in;
    enum iso_statement how;
    if (!how_of(in->statement, &how))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("statement"), STR("once, twice or late"));
    struct app *app = sandbox_enter(t);
    err e = day_take(t, app, how);
    int64_t day = app->iso_bank.day, files = app->iso_bank.n_files;
    sandbox_leave(app);
    TRY(e);
    struct json *j = reply_json(rs, 200);
    json_i64(j, "day", day);
    json_i64(j, "files", files);
    return OK;
}

const struct route day_end_route = {
    .method = POST,
    .path = "/v1/bank/days",
    .guard = &GUARD_MERCHANT,
    .body = BODY_JSON,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    INPUT(struct day_in, day_params),
    .handle = day_post,
    .summary = "Ends the bank's day: bookings, returns that are due, a statement.",
};

/* ---- POST /v1/bank/payees: whose account it is (verification of payee) ---- */

struct party_in {
    str name;
};

static const struct param party_params[] = {
    P_STR(struct party_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 140),
};

struct payee_in {
    const struct party_in *party;
};

static const struct param payee_params[] = {
    P_OBJECT(struct payee_in, party, struct party_in, party_params, .need = REQUIRED),
};

/* It stands in the name, as what becomes of transfers does. */
static err payee_answer(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payee_in *in = rq->in;
    str word, rest = in->party->name;
    if (str_eq(rest, STR("Unanswered")))
        return FAIL(t, UNAVAILABLE, "the bank does not answer");
    const bool is_close = str_cut(&rest, ' ', &word) && str_eq(word, STR("Close")) && rest.n > 0;
    const char *code = is_close                                       ? "CMTC"
                       : str_eq(in->party->name, STR("Mismatch"))     ? "NMTC"
                       : str_eq(in->party->name, STR("Unverifiable")) ? "NOAP"
                                                                      : "MTCH";
    struct json *j = reply_json(rs, 200);
    json_str(j, "partyNameMatch", str_of(code));
    json_str(j, "matchedName", is_close ? rest : STR_NONE);
    return OK;
}

const struct route payee_ask_route = {
    .method = POST,
    .path = "/v1/bank/payees",
    .guard = &GUARD_MERCHANT,
    .body = BODY_JSON,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .ignore_unknown = true,
    INPUT(struct payee_in, payee_params),
    .handle = payee_answer,
    .summary = "Says whether the bank knows the holder of an account by this name.",
};

struct credit_in {
    str account, end_to_end, reference, text, name, iban, takes_back;
    int64_t amount;
};

static const struct param credit_params[] = {
    P_STR(struct credit_in, account, .need = REQUIRED, .set = TOKEN, .min = 5, .max = 34),
    P_I64(struct credit_in, amount, .need = REQUIRED, .low = 1, .high = INT64_C(99999999999)),
    P_STR(struct credit_in, reference, .need = OPTIONAL, .set = LINE, .min = 1, .max = 35),
    P_STR(struct credit_in, text, .need = OPTIONAL, .set = LINE, .min = 1, .max = 140),
    P_STR(struct credit_in, end_to_end, .need = OPTIONAL, .set = LINE, .min = 1, .max = 35),
    P_STR(struct credit_in, name, .need = OPTIONAL, .set = LINE, .min = 1, .max = 70),
    P_STR(struct credit_in, iban, .need = OPTIONAL, .set = TOKEN, .min = 5, .max = 34),
    P_STR(struct credit_in, takes_back, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 35),
};

static err credit_take(struct task *t, struct app *app, const struct iso_incoming *in, str account, int64_t *number)
{
    struct buf line;
    const struct iso_account *ours = &app->iso_bank.accounts[iso_currency_of(account)];
    if (str_given(ours->number) && !str_eq(ours->number, account))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("account"), STR("is no account of this bank's customer"));
    buf_init(&line, t->arena, 4096);
    iso_write_credit(&line, in, account);
    TRY(journal_append(&app->journal, t, buf_str(&line)));
    *number = iso_credit_enter(&app->iso_bank, in, account);
    return OK;
}

static err credit_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct credit_in *in = rq->in;
    const struct iso_incoming incoming = { .reference = in->end_to_end,
                                           .amount_minor = str_given(in->takes_back) ? -in->amount : in->amount,
                                           .creditor_reference = in->reference,
                                           .text = in->text,
                                           .payer_name = in->name,
                                           .payer_iban = in->iban,
                                           .takes_back = in->takes_back,
                                           .currency = iso_currency_of(in->account) };
    int64_t number = 0;
    struct app *app = sandbox_enter(t);
    err e = credit_take(t, app, &incoming, in->account, &number);
    sandbox_leave(app);
    TRY(e);
    struct json *j = reply_json(rs, 201);
    json_str(j, "booking", arena_printf(t->arena, "C%lld", (long long)number));
    return OK;
}

const struct route bank_credit_route = {
    .method = POST,
    .path = "/v1/bank/credits",
    .guard = &GUARD_MERCHANT,
    .body = BODY_JSON,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    INPUT(struct credit_in, credit_params),
    .handle = credit_post,
    .summary = "Somebody transfers money to the account, or the bank takes that back; booked at the end of the day.",
};

struct files_in {
    int64_t after;
};

static const struct param files_params[] = {
    P_I64(struct files_in, after, .need = OPTIONAL, .low = 0, .high = INT64_C(1000000000)),
};

static err files_get(struct task *t, const struct request *rq, struct response *rs)
{
    const struct files_in *in = rq->in;
    size_t n = 0;
    struct app *app = sandbox_enter(t);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    for (const struct iso_file *f = app->iso_bank.first_file; f && n < FILES_MAX; f = f->next) {
        if (f->number <= in->after)
            continue;
        json_object(j, NULL);
        json_i64(j, "file", f->number);
        json_close(j);
        n++;
    }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

const struct route bank_files_route = {
    .method = GET,
    .path = "/v1/bank/files",
    .guard = &GUARD_MERCHANT,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    INPUT(struct files_in, files_params),
    .handle = files_get,
    .summary = "Files that the bank has for us, after a number.",
};

static err file_get(struct task *t, const struct request *rq, struct response *rs)
{
    int64_t number;
    if (!num_parse(request_path_param(rq, "file"), &number))
        return FAIL(t, NOT_FOUND, "no number");
    struct app *app = sandbox_enter(t);
    const struct iso_file *f = app->iso_bank.first_file;
    while (f && f->number != number)
        f = f->next;
    str xml = f ? f->xml : STR_NONE;
    sandbox_leave(app);
    if (!f)
        return FAIL(t, NOT_FOUND, "no such file");
    reply_raw(rs, 200, text_order_is(xml) ? "text/plain" : "application/xml", xml);
    return OK;
}

const struct route bank_file_route = {
    .method = GET,
    .path = "/v1/bank/files/{file}",
    .guard = &GUARD_MERCHANT,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .handle = file_get,
    .summary = "A file of the bank's.",
};
