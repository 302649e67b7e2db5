/* See upstream_userinfo.h. */
#include "authsrv/flow/upstream/upstream_userinfo.h"

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream/upstream_health.h"
#include "authsrv/flow/upstream/upstream_token.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/json_in.h"

#define BODY_MAX_BYTES (PERCENT_ENCODED_MAX * JSON_MAX_BYTES) /* what a partner gave goes back to it */

/* Some services want their own word for the scheme, some the token in a form. */
static void ask(struct task *t, const struct upstream *up, str url, str access_token, struct fetch_answer *ret)
{
    bool in_form = up->set.bearer == UPSTREAM_BEARER_FORM;
    struct buf body;
    buf_init(&body, t->arena, BODY_MAX_BYTES);
    if (in_form) {
        upstream_form_add(t, &body, STR("client_id"), up->row->client_id);
        upstream_form_add(t, &body, STR("access_token"), access_token);
    }
    const struct fetch_header headers[] = {
        { "Accept", STR("application/json") },
        in_form ? (struct fetch_header){ "Content-Type", STR("application/x-www-form-urlencoded") }
                : (struct fetch_header){ "Authorization",
                                         arena_printf(t->arena, "%s %.*s",
                                                      up->set.bearer == UPSTREAM_BEARER_OAUTH ? "OAuth" : "Bearer",
                                                      STR_ARG(access_token)) },
    };
    const struct fetch_request rq = { .method = in_form ? "POST" : "GET",
                                      .url = url,
                                      .headers = headers,
                                      .n_headers = 2,
                                      .body = in_form ? buf_str(&body) : STR_NONE,
                                      .limit = app_of(t)->config.partner_timeout,
                                      .is_ours = upstream_is_own(t, up, url) };
    fetch(t, &rq, ret);
}

static bool is_document(struct task *t, const struct fetch_answer *answer, const struct json_value **doc)
{
    return answer->outcome == FETCH_ANSWERED && answer->status == 200 && json_parse(t->arena, answer->body, doc);
}

err upstream_userinfo_add(struct task *t, const struct upstream *up, const struct upstream_meta *meta, str access_token,
                          struct partner_person *ret)
{
    struct fetch_answer answer;
    const struct json_value *doc;
    if (!str_given(meta->userinfo_endpoint) || !str_given(access_token))
        return OK;
    ask(t, up, meta->userinfo_endpoint, access_token, &answer);
    if (!is_document(t, &answer, &doc)) {
        log_warn(t, "upstream.userinfo_failed", L_STR("partner", up->row->slug), L_I64("status", answer.status));
        return OK;
    }
    return partner_person_add(t->arena, &up->set, up->row->email_domains, doc, ret)
               ? OK
               : (err)FAIL(t, PARTNER_ANSWER, "userinfo speaks of another subject");
}

static void emails_add(struct task *t, const struct upstream *up, str access_token, struct partner_person *ret)
{
    struct fetch_answer answer;
    const struct json_value *doc;
    if (!str_given(up->set.emails_endpoint))
        return;
    ask(t, up, up->set.emails_endpoint, access_token, &answer);
    if (is_document(t, &answer, &doc))
        partner_emails_add(t->arena, &up->set, up->row->email_domains, doc, ret);
    else
        log_warn(t, "upstream.emails_failed", L_STR("partner", up->row->slug), L_I64("status", answer.status));
}

err upstream_userinfo_take(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                           str access_token, struct partner_person *ret)
{
    struct fetch_answer answer;
    const struct json_value *doc;
    ask(t, up, meta->userinfo_endpoint, access_token, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status >= 500)
        return upstream_trouble(
            t, up, arena_printf(t->arena, "userinfo: %.*s, status %d", STR_ARG(answer.why), answer.status));
    if (!is_document(t, &answer, &doc))
        return FAIL(t, PARTNER_ANSWER, "userinfo answered status %d, or no JSON", answer.status);
    if (!partner_person_read(t->arena, &up->set, up->row->email_domains, doc, ret))
        return FAIL(t, PARTNER_ANSWER, "userinfo has no usable subject where the rules look for it");
    emails_add(t, up, access_token, ret);
    return OK;
}
