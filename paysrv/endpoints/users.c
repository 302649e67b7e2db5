/*
 * /v1/users: the people who sell and are paid out. A user's token makes the account of its own subject, with the
 * e-mail address that the issuer has verified; a partner's token makes accounts under the partner's own names.
 */
#include "paysrv/domain/party/party_text.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/consent.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"

/* ---- POST /v1/users ---- */

struct user_in {
    str external_id;
    str name;
    str email;
    str country;
    str locale;
};

static const struct param user_params[] = {
    P_STR(struct user_in, external_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
    P_STR(struct user_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 200, .in_characters = true),
    P_STR(struct user_in, email, .need = OPTIONAL, .set = EMAIL, .min = 3, .max = 254),
    P_STR(struct user_in, country, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 2),
    P_STR(struct user_in, locale, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 35),
};

struct creation {
    const struct caller *caller;
    struct user_find_row user;
};

/* An account that is there already is the answer; its address becomes the one that the issuer has verified since. */
static err existing(struct task *t, const struct caller *c, struct answer *ret)
{
    const struct user_find_row *row;
    TRY(user_of_subject(t, c->partner, c->subject, &row));
    if (!row)
        return FAIL(t, UNAVAILABLE, "the account vanished between two statements");
    struct user_find_row user = *row;
    if (!consent_judge(t, c, row))
        user.consent_withdrawn_at_given = false;
    if (str_given(c->email))
        TRY(user_email_give(t, c->partner, c->email, true, &user));
    *ret = (struct answer){ .status = 200, .body = user_document(t, &user) };
    return OK;
}

static err code_ask(struct task *t, const struct creation *creation, struct answer *ret)
{
    const struct confirmation_order order = { .operation = CONFIRM_USER,
                                              .user = &creation->user,
                                              .object = creation->user.user_id.v };
    str document;
    TRY(confirmation_begin(t, creation->caller, &order, &document));
    *ret = (struct answer){ .status = 202, .body = confirmation_join(t, ret->body, document) };
    return OK;
}

static err create_effect(struct task *t, void *context, struct answer *ret)
{
    struct creation *creation = context;
    const struct user_find_row *user = &creation->user;
    const struct user_insert_args args = {
        .partner = creation->caller->partner,
        .user = user->user_id,
        .subject = user->subject,
        .external_id = user->external_id,
        .name = user->name,
        .email = user->email,
        .email_verified = user->email_verified,
        .country = user->country,
        .locale = user->locale,
        .needs_code = user->needs_code,
    };
    const struct user_insert_row *made;
    TRY(user_insert(t, &args, &made));
    if (!made)
        return existing(t, creation->caller, ret);
    *ret = (struct answer){ .status = 201, .body = user_document(t, user) };
    TRY(user_tell(t, creation->caller->partner, user, "user.created"));
    return user->needs_code ? code_ask(t, creation, ret) : OK;
}

static err input_judge(struct task *t, const struct caller *c, const struct user_in *in)
{
    if (str_given(in->country) && !country_is_code(in->country))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("country"), STR("two capital letters (ISO 3166)"));
    if (str_given(in->locale) && !locale_is_tag(in->locale))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("locale"), LOCALE_ALLOWED);
    if (str_given(c->subject) && str_given(in->external_id))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("external_id"), STR("only with the partner's own token"));
    const struct partner_find_row *partner;
    TRY(partner_find(t, c->partner, &partner));
    return partner ? OK : FAIL(t, NO_PARTNER, "the token's partner is not set up here");
}

/* Whoever has logged in has agreed; for whom the partner speaks is asked at the address that it gives. */
static err code_judge(struct task *t, const struct caller *c, const struct user_in *in, bool *needs_code)
{
    *needs_code = false;
    if (str_given(c->subject))
        return OK;
    TRY(confirmation_is_needed(t, c->partner, CONFIRM_USER, needs_code));
    if (*needs_code && !str_given(in->email))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("email"), STR("is required: the code is mailed there"));
    return OK;
}

static err user_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct user_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    bool in_person = str_given(c->subject);
    TRY(input_judge(t, c, in));
    struct creation creation = {
        .caller = c,
        .user = { .user_id = { random_id(t->arena, "usr_") },
                  .subject = c->subject,
                  .external_id = in->external_id,
                  .name = in->name,
                  .email = in_person ? c->email : in->email,
                  .email_verified = in_person && str_given(c->email),
                  .country = in->country,
                  .locale = in->locale,
                  .created_at = t->now },
    };
    struct once once;
    struct answer answer;
    TRY(code_judge(t, c, in, &creation.user.needs_code));
    TRY(once_of(t, rq, false, &once));
    TRY(once_run(t, c->partner, &once, creation.user.user_id.v, create_effect, &creation, &answer));
    mail_wake(t);
    answer_send(rs, &answer);
    return OK;
}

const struct route user_create_route = {
    .method = POST,
    .path = "/v1/users",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct user_in, user_params),
    .needs_key = true,
    .handle = user_create,
    .answer = "User",
    .done = "200 201 202",
    .summary = "Create a user; with a user's token, the payment account of that user",
};

/* ---- POST /v1/users/{user}/email, /close ---- */

struct email_in {
    str email;
};

static const struct param email_params[] = {
    P_STR(struct email_in, email, .need = REQUIRED, .set = EMAIL, .min = 3, .max = 254),
};

static err email_change_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    const struct email_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    TRY(party_is_active(t, user));
    TRY(email_change_request(t, c, user, in->email, once, answer));
    return OK;
}

static err user_email_change(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, email_change_judged); /* by now it may be his address */
}

const struct route user_email_route = {
    .method = POST,
    .path = "/v1/users/{user}/email",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct email_in, email_params),
    .needs_key = true,
    .handle = user_email_change,
    .answer = "EmailChange",
    .done = "202",
    .summary = "Change the address of a user; the old and the new one are mailed a code each",
};

static err user_end(struct task *t, const struct request *rq, struct response *rs)
{
    return user_order_answer(t, rq, rs, users_close);
}

const struct route user_close_route = {
    .method = POST,
    .path = "/v1/users/{user}/close",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = user_end,
    .answer = "User",
    .summary = "Close a user for good, once nothing of it is open",
};

/* ---- GET /v1/users/{user} ---- */

static err user_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct user_find_row *user;
    TRY(party_user(t, caller_of(rq), request_path_param(rq, "user"), &user));
    user_write(reply_json(rs, 200), user);
    return OK;
}

const struct route user_read_route = {
    .method = GET,
    .path = "/v1/users/{user}",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = user_read,
    .answer = "User",
    .summary = "Read a user; `me` with a user's token",
};

/* ---- GET /v1/users ---- */

struct users_in {
    PAGE_FIELDS
    str external_id;
};

static const struct param users_params[] = {
    PAGE_PARAMS(struct users_in),
    P_STR(struct users_in, external_id, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
};

static err user_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct users_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    if (str_given(c->subject))
        return FAIL(t, NOT_FOUND, "a user's token sees only /v1/users/me");
    str before;
    TRY(cursor_read(t, "users", c->partner, in->cursor, &before));
    size_t limit = page_limit(in->limit), n;
    const struct user_find_row *rows;
    TRY(user_list(t, c->partner, before, in->external_id, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        user_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "users", c->partner, n > limit, shown ? rows[shown - 1].user_id.v : STR_NONE);
    return OK;
}

const struct route user_page_route = {
    .method = GET,
    .path = "/v1/users",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct users_in, users_params),
    .handle = user_page,
    .answer = "Page<User>",
    .summary = "List the partner's users",
};
