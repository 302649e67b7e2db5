/* See screening.h. */
#include "paysrv/flow/payout/screening.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/domain/payout/screening.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_watch.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/net/fetch.h"
#include "shared/net/standard_webhook.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_out.h"

#define LEASE SECONDS(60)
#define LIMIT SECONDS(10)
#define DOCUMENT_MAX_BYTES 8192

static const struct config *config_of(struct task *t)
{
    const struct app *app = t->app;
    return &app->config;
}

err payout_looks_of(struct task *t, partner_id partner, const struct payout_find_row *p, struct approval_reasons *ret)
{
    const struct payout_watch_judge_row *row;
    TRY(payout_watch_judge(t, p->requisite_id, partner, p->currency, p->user_id, p->amount, &row));
    /* A sandbox's payouts move nothing, and nobody outside hears of them. */
    *ret = (struct approval_reasons){ .has = {
                                          [APPROVAL_FREQUENT] = row->is_frequent,
                                          [APPROVAL_NEW_ACCOUNT] = row->is_to_new_account,
                                          [APPROVAL_SCREENING] = config_of(t)->screening_url.n > 0 &&
                                                                 clock_is_live(t) && row->is_unscreened,
                                      } };
    return OK;
}

/* ---- asking ---- */

static str document(struct task *t, const struct screenings_due_row *s)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("screening"));
    json_str(&j, "payout", s->payout_id.v);
    json_str(&j, "partner", s->partner_id.v);
    json_str(&j, "user", s->user_id.v);
    json_i64(&j, "amount", s->amount);
    json_str(&j, "currency", s->currency);
    json_object(&j, "payee");
    json_str(&j, "requisite", s->requisite_id.v);
    json_str(&j, "type", s->kind);
    json_str(&j, "destination", s->masked);
    json_str_or_null(&j, "name", s->holder_name);
    json_str_or_null(&j, "iban", s->iban);
    json_str(&j, "bik", s->bik);
    json_str(&j, "account", s->account);
    json_str(&j, "inn", s->inn);
    json_close(&j);
    json_end(&j);
    return buf_str(&out);
}

/* The same id each time, so that who is asked twice knows it. */
static void ask(struct task *t, const struct screenings_due_row *s, struct fetch_answer *ret)
{
    int64_t at_s = instant_seconds(task_wall(t));
    str body = document(t, s), signature;
    if (!webhook_sign(t->arena, config_of(t)->screening_secret_file.hidden, s->payout_id.v, at_s, body, &signature)) {
        *ret = (struct fetch_answer){ .outcome = FETCH_REFUSED, .why = STR("the secret is unusable") };
        return;
    }
    const struct fetch_header headers[] = {
        { "content-type", STR("application/json") },
        { "webhook-id", s->payout_id.v },
        { "webhook-timestamp", arena_printf(t->arena, "%lld", (long long)at_s) },
        { "webhook-signature", signature },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = config_of(t)->screening_url,
                                      .headers = headers,
                                      .n_headers = sizeof headers / sizeof headers[0],
                                      .body = body,
                                      .limit = LIMIT,
                                      .is_ours = true };
    fetch(t, &rq, ret);
}

/* ---- what comes of it ---- */

struct answered {
    const struct screenings_due_row *row;
    enum screening said;
    str reference;
};

static err let_go(struct task *t, const struct screenings_due_row *s)
{
    const struct payout_find_row *p;
    const struct payout_approved_row *row;
    int64_t affected;
    TRY(payout_find(t, s->partner_id, s->payout_id, STR_NONE, &p));
    if (!p)
        return FAIL(t, INTERNAL, "a screening without its payout");
    struct payout_find_row after = *p;
    after.status = payout_state_name(PAYOUT_CONFIRMED);
    TRY(screening_clear(t, s->payout_id, &affected));
    return payout_approved(t, s->payout_id, (event_id){ random_id(t->arena, "evt_") }, payout_document(t, &after),
                           &row);
}

static err answer_in_tx(struct task *t, void *context)
{
    const struct answered *a = context;
    const struct payout_closing closing = { .to = PAYOUT_REJECTED,
                                            .from = payout_state_name(PAYOUT_AWAITING_APPROVAL),
                                            .reason = STR("screening") };
    int64_t affected;
    bool done;
    TRY(screening_answer(t, screening_name(a->said), a->reference, a->row->payout_id, &affected));
    if (affected == 0 || a->said == SCREENING_REVIEW)
        return OK;
    if (a->said == SCREENING_DENY)
        return payout_step_close(t, a->row->partner_id, a->row->payout_id, &closing, &done, NULL);
    return a->row->waits_too ? OK : let_go(t, a->row);
}

static err look(struct task *t, const struct screenings_due_row *s)
{
    struct fetch_answer answer = { 0 };
    struct answered a = { .row = s, .said = SCREENING_REVIEW };
    int64_t affected;
    CRASH_POINT("screening.before_ask");
    if (s->is_waiting) {
        ask(t, s, &answer);
        a.said = screening_judge(t->arena, answer.outcome == FETCH_ANSWERED ? answer.status : 0, answer.body, s->tries,
                                 &a.reference);
    }
    CRASH_POINT("screening.after_ask");
    pay_metrics_screening(t, a.said);
    log_info(t, "payout.screened", L_STR("payout", s->payout_id.v), L_STR("said", screening_name(a.said)),
             L_STR("why", answer.why));
    if (a.said == SCREENING_AGAIN)
        return screening_again(t, instant_add(task_wall(t), screening_pause(s->tries)), s->payout_id, &affected);
    return db_tx(t, answer_in_tx, &a);
}

err screenings_run(struct task *t)
{
    const struct app *app = t->app;
    const struct screenings_due_row *rows;
    size_t n;
    if (config_of(t)->screening_url.n == 0)
        return OK; /* those that wait are operators' */
    TRY(screenings_due(t, instant_add(task_wall(t), LEASE), &rows, &n));
    for (size_t i = 0; i < n && !app->service.is_stopping; i++) {
        err e = look(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one must not keep the others waiting */
    }
    return OK;
}
