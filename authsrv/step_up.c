/* See step_up.h. */
#include "authsrv/step_up.h"

#include "authsrv/domain/scope.h"
#include "authsrv/flow/account/second.h"

static bool asks_for_log_in(enum interaction next)
{
    return next != INTERACT_GRANT && next != INTERACT_CONSENT && next != INTERACT_SELECT;
}

/* A log-in is asked for, or there was one that was too weak (a partner's), and somebody is there to be asked. */
static bool may_ask(const struct visit *v, enum interaction now)
{
    struct prompt prompt;
    bool silent = !prompt_parse(v->flow->prompt, &prompt) || prompt.none;
    return now == INTERACT_LOGIN || (now == INTERACT_UNMET && !silent);
}

static err judge(struct task *t, const struct visit *v, enum interaction *now, bool *serves)
{
    enum interaction then;
    struct session_find_row stronger = *v->session->row;
    stronger.amr = scope_union(t->arena, stronger.amr, STR("otp mfa"));
    const struct session with = { .id_hash = v->session->id_hash, .row = &stronger };
    TRY(flow_judge(t, v->flow, v->client, v->session, now));
    TRY(flow_judge(t, v->flow, v->client, &with, &then));
    *serves = may_ask(v, *now) && !asks_for_log_in(then);
    return OK;
}

err step_up_suffices(struct task *t, const struct visit *v, bool *ret)
{
    enum interaction now;
    *ret = false;
    if (!v->session || !str_eq(v->flow->status, STR("open")))
        return OK;
    TRY(judge(t, v, &now, ret));
    return *ret ? second_is_wanted(t, v->session->row->user_id, ret) : OK;
}

err step_up_enrols(struct task *t, const struct visit *v, bool *ret)
{
    enum interaction now;
    bool serves, has_one = true;
    *ret = false;
    if (!str_eq(v->flow->status, STR("open")) || !flow_proves(v->flow, v->session) ||
        !str_has_word(v->session->row->amr, STR("pwd")) || str_given(v->session->row->partner))
        return OK;
    TRY(judge(t, v, &now, &serves));
    if (serves && now == INTERACT_UNMET)
        TRY(second_is_wanted(t, v->session->row->user_id, &has_one));
    *ret = !has_one;
    return OK;
}
