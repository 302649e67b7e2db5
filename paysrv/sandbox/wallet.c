/* See wallet.h. */
#include "paysrv/sandbox/wallet.h"
#include "paysrv/sandbox/journal.h"

static const struct wallet_user users[] = {
    { STR("buyer@wallet.example"), WALLET_PAYS, { NULL, 0 } },
    { STR("declined@wallet.example"), WALLET_DECLINES, STR("account_blocked") },
    { STR("poor@wallet.example"), WALLET_DECLINES, STR("insufficient_funds") },
    { STR("late@wallet.example"), WALLET_PAYS_LATE, { NULL, 0 } },
    { STR("silent@wallet.example"), WALLET_SILENT, { NULL, 0 } },
    { STR("twice@wallet.example"), WALLET_NOTIFIES_TWICE, { NULL, 0 } },
    { STR("closed@wallet.example"), WALLET_REFUNDS_FAIL, { NULL, 0 } },
    { STR("stuck@wallet.example"), WALLET_REFUNDS_UNKNOWN, { NULL, 0 } },
};

const struct wallet_user *wallet_user_at(size_t n)
{
    return n < sizeof users / sizeof users[0] ? &users[n] : NULL;
}

const struct wallet_user *wallet_user_of(str name)
{
    const struct wallet_user *user;
    for (size_t i = 0; (user = wallet_user_at(i)); i++)
        if (str_eq(user->name, name))
            return user;
    return NULL;
}

str wallet_status_name(enum wallet_status status)
{
    switch (status) {
    case WALLET_PENDING:
        return STR("pending");
    case WALLET_SUCCEEDED:
        return STR("succeeded");
    case WALLET_DECLINED:
        return STR("declined");
    }
    return STR("pending");
}

static enum wallet_status status_of(str name)
{
    if (str_eq(name, STR("succeeded")))
        return WALLET_SUCCEEDED;
    return str_eq(name, STR("declined")) ? WALLET_DECLINED : WALLET_PENDING;
}

void wallet_init(struct wallet *w, struct arena *a)
{
    w->arena = a;
    table_init(&w->payments, a);
    table_init(&w->payment_keys, a);
    table_init(&w->refunds, a);
    table_init(&w->refund_keys, a);
}

enum wallet_status wallet_status_at(const struct wallet_payment *p, instant now, str *decline_code)
{
    *decline_code = p->status == WALLET_DECLINED ? p->decline_code : STR_NONE;
    if (p->status != WALLET_PENDING)
        return instant_before(now, p->done_at) ? WALLET_PENDING : p->status;
    if (instant_before(now, p->expires_at))
        return WALLET_PENDING;
    *decline_code = STR("expired");
    return WALLET_DECLINED;
}

str wallet_refund_refused(const struct wallet_payment *p, int64_t amount_minor, instant now)
{
    str unused;
    if (wallet_status_at(p, now, &unused) != WALLET_SUCCEEDED)
        return STR("payment_not_succeeded");
    if (amount_minor > p->amount_minor - p->refunded_minor)
        return STR("amount_too_large");
    return p->user && p->user->does == WALLET_REFUNDS_FAIL ? STR("account_closed") : STR_NONE;
}

struct wallet_payment *wallet_payment_enter(struct wallet *w, const struct wallet_payment *in)
{
    struct wallet_payment *p = arena_new(w->arena, struct wallet_payment);
    *p = *in;
    p->id = arena_str(w->arena, in->id);
    p->key = arena_str(w->arena, in->key);
    p->reference = arena_str(w->arena, in->reference);
    p->currency = arena_str(w->arena, in->currency);
    p->return_url = arena_str(w->arena, in->return_url);
    p->decline_code = arena_str(w->arena, in->decline_code);
    if (w->last_payment)
        w->last_payment->next = p;
    else
        w->first_payment = p;
    w->last_payment = p;
    table_put(&w->payments, p->id, p);
    table_put(&w->payment_keys, p->key, p);
    return p;
}

void wallet_payment_decide(struct wallet *w, struct wallet_payment *p, const struct wallet_payment *decided)
{
    p->user = decided->user;
    p->status = decided->status;
    p->decline_code = arena_str(w->arena, decided->decline_code);
    p->done_at = decided->done_at;
}

struct wallet_refund *wallet_refund_enter(struct wallet *w, const struct wallet_refund *in)
{
    struct wallet_refund *r = arena_new(w->arena, struct wallet_refund);
    *r = *in;
    r->id = arena_str(w->arena, in->id);
    r->key = arena_str(w->arena, in->key);
    r->reference = arena_str(w->arena, in->reference);
    r->decline_code = arena_str(w->arena, in->decline_code);
    if (r->status == WALLET_SUCCEEDED)
        r->payment->refunded_minor += r->amount_minor;
    if (w->last_refund)
        w->last_refund->next = r;
    else
        w->first_refund = r;
    w->last_refund = r;
    table_put(&w->refunds, r->id, r);
    table_put(&w->refund_keys, r->key, r);
    return r;
}

/* ---- objects ---- */

void wallet_payment_write(struct json *j, struct arena *a, const struct wallet_payment *p, instant now, str public_url)
{
    str decline_code;
    enum wallet_status status = wallet_status_at(p, now, &decline_code);
    json_str(j, "id", p->id);
    json_str(j, "object", STR("payment"));
    json_str(j, "status", wallet_status_name(status));
    json_i64(j, "amount", p->amount_minor);
    json_str(j, "currency", p->currency);
    json_str(j, "reference", p->reference);
    json_str(j, "key", p->key);
    json_str(j, "decline_code", decline_code);
    if (status == WALLET_PENDING)
        json_str(j, "approve_url", arena_printf(a, "%.*s/wallet/pay/%.*s", STR_ARG(public_url), STR_ARG(p->id)));
    json_i64(j, "refunded", p->refunded_minor);
}

void wallet_refund_write(struct json *j, const struct wallet_refund *r)
{
    json_str(j, "id", r->id);
    json_str(j, "object", STR("refund"));
    json_str(j, "status", wallet_status_name(r->status));
    json_str(j, "payment", r->payment->id);
    json_i64(j, "amount", r->amount_minor);
    json_str(j, "currency", r->payment->currency);
    json_str(j, "reference", r->reference);
    json_str(j, "key", r->key);
    if (r->status == WALLET_DECLINED)
        json_str(j, "decline_code", r->decline_code);
}

/* ---- the journal ---- */

void wallet_payment_line(struct buf *out, const struct wallet_payment *p)
{
    struct json j;
    line_begin(&j, out, "wallet_payment");
    json_str(&j, "id", p->id);
    json_str(&j, "key", p->key);
    json_str(&j, "reference", p->reference);
    json_i64(&j, "amount", p->amount_minor);
    json_str(&j, "currency", p->currency);
    json_str(&j, "return_url", p->return_url);
    json_i64(&j, "expires_us", p->expires_at.us);
    line_end(&j);
}

void wallet_decided_line(struct buf *out, const struct wallet_payment *p)
{
    struct json j;
    line_begin(&j, out, "wallet_decided");
    json_str(&j, "id", p->id);
    json_str(&j, "status", wallet_status_name(p->status));
    json_str(&j, "decline_code", p->decline_code);
    if (p->user)
        json_str(&j, "user", p->user->name);
    json_i64(&j, "done_us", p->done_at.us);
    line_end(&j);
}

void wallet_refund_line(struct buf *out, const struct wallet_refund *r)
{
    struct json j;
    line_begin(&j, out, "wallet_refund");
    json_str(&j, "id", r->id);
    json_str(&j, "payment", r->payment->id);
    json_str(&j, "key", r->key);
    json_str(&j, "reference", r->reference);
    json_i64(&j, "amount", r->amount_minor);
    json_str(&j, "status", wallet_status_name(r->status));
    json_str(&j, "decline_code", r->decline_code);
    json_i64(&j, "at_us", r->at.us);
    line_end(&j);
}

static void payment_read(struct wallet *w, const struct json_value *line)
{
    wallet_payment_enter(w, &(struct wallet_payment){ .id = line_text(line, "id"),
                                                      .key = line_text(line, "key"),
                                                      .reference = line_text(line, "reference"),
                                                      .amount_minor = line_number(line, "amount"),
                                                      .currency = line_text(line, "currency"),
                                                      .return_url = line_text(line, "return_url"),
                                                      .status = WALLET_PENDING,
                                                      .expires_at = { line_number(line, "expires_us") } });
}

static void decided_read(struct wallet *w, const struct json_value *line)
{
    struct wallet_payment *p = table_get(&w->payments, line_text(line, "id"));
    if (p)
        wallet_payment_decide(w, p,
                              &(struct wallet_payment){ .user = wallet_user_of(line_text(line, "user")),
                                                        .status = status_of(line_text(line, "status")),
                                                        .decline_code = line_text(line, "decline_code"),
                                                        .done_at = { line_number(line, "done_us") } });
}

static void refund_read(struct wallet *w, const struct json_value *line)
{
    struct wallet_refund r = { .id = line_text(line, "id"),
                               .payment = table_get(&w->payments, line_text(line, "payment")),
                               .key = line_text(line, "key"),
                               .reference = line_text(line, "reference"),
                               .amount_minor = line_number(line, "amount"),
                               .status = status_of(line_text(line, "status")),
                               .decline_code = line_text(line, "decline_code"),
                               .at = { line_number(line, "at_us") } };
    if (r.payment)
        wallet_refund_enter(w, &r);
}

void wallet_apply(struct wallet *w, const struct json_value *line)
{
    str kind = line_text(line, "e");
    if (str_eq(kind, STR("wallet_payment")))
        payment_read(w, line);
    else if (str_eq(kind, STR("wallet_decided")))
        decided_read(w, line);
    else if (str_eq(kind, STR("wallet_refund")))
        refund_read(w, line);
}
