/*
 * /admin/v1/assertion_issuers: who may vouch for our users (RFC 7523 section 2.1), and who their subjects are here;
 * and who may vouch for software that registers (RFC 7591 section 2.3).
 * An issuer can speak for any account, so trusting one takes all scopes of administration.
 */
#include "authsrv/admin.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/token/trust.h"
#include "authsrv/routes.h"
#include "authsrv/store/assertion.sql.h"
#include "shared/text/shape.h"

SHAPE(assertion_issuer, "AssertionIssuer",
      "object: 'assertion_issuer', id: string, issuer: string, alg: string, clients: string, software_statements: "
      "boolean, jwks_uri: string | null, jwks?: any, version: integer, created_at: time")

SHAPE(assertion_subject, "AssertionSubject",
      "object: 'assertion_subject', subject: string, user: string, created_at?: time")

static void issuer_write(struct json *j, const struct assertion_issuer_page_row *i)
{
    json_str(j, "object", STR("assertion_issuer"));
    json_str(j, "id", i->id);
    json_str(j, "issuer", i->issuer);
    json_str(j, "alg", i->alg);
    json_str(j, "clients", i->clients);
    json_bool(j, "software_statements", i->software_statements);
    json_str_or_null(j, "jwks_uri", i->jwks_uri);
    if (str_given(i->jwks))
        json_raw(j, "jwks", i->jwks);
    json_i64(j, "version", i->version);
    json_time(j, "created_at", i->created_at);
}

/* By its id or its URL; a path has room for the first only. */
static err issuer_find(struct task *t, str id, const struct assertion_issuer_page_row **ret)
{
    TRY(assertion_issuer_show(t, id, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "issuer %.*s", STR_ARG(id));
}

static err issuer_reply(struct task *t, struct response *rs, int status, str issuer)
{
    const struct assertion_issuer_page_row *row;
    TRY(issuer_find(t, issuer, &row));
    version_tag(t, rs, row->version);
    issuer_write(reply_json(rs, status), row);
    return OK;
}

static err touch_check(struct task *t, const struct request *rq, str role)
{
    return admin_may_touch(admin_of(rq)->scope, role)
               ? OK
               : (err)FAIL(t, FORBIDDEN_ROLE, "%.*s may do more than the caller", STR_ARG(role));
}

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err admin_issuers(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct assertion_issuer_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "assertion_issuers", in->cursor, &after));
    TRY(assertion_issuer_page(t, after, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        issuer_write(j, &rows[i]);
        json_close(j);
    }
    list_end(t, j, "assertion_issuers", n > limit, shown ? rows[shown - 1].issuer : STR_NONE);
    return OK;
}

const struct route admin_issuers_route =
    ADMIN_ROUTE(GET, "/admin/v1/assertion_issuers", GUARD_ADMIN_PARTNERS, BODY_NONE, INPUT(struct page_in, page_params),
                .answer = "Page<AssertionIssuer>", .handle = admin_issuers,
                .summary = "List the issuers whose assertions about users or software count");

#define ISSUER_PARAMS                                                                                                  \
    P_STR(struct issuer_draft, alg, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 16),                              \
        P_STR(struct issuer_draft, clients, .need = OPTIONAL, .set = WORDS, .max = 4096),                              \
        P_BOOL(struct issuer_draft, software_statements, .need = OPTIONAL),                                            \
        P_STR(struct issuer_draft, jwks_uri, .need = OPTIONAL, .set = URI, .min = 1, .max = 500),                      \
        P_VALUE(struct issuer_draft, jwks, .need = OPTIONAL)

static const struct param issuer_new_params[] = {
    P_STR(struct issuer_draft, issuer, .need = REQUIRED, .set = URI, .min = 1, .max = 500),
    ISSUER_PARAMS,
};
static const struct param issuer_change_params[] = { ISSUER_PARAMS };

static err admin_issuer_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct issuer_draft *d = rq->in;
    TRY(touch_check(t, rq, STR("admin")));
    TRY(issuer_put(t, admin_of(rq)->actor, d, 0));
    return issuer_reply(t, rs, 201, d->issuer);
}

const struct route admin_issuer_create_route = ADMIN_ROUTE(
    POST, "/admin/v1/assertion_issuers", GUARD_ADMIN_PARTNERS, BODY_JSON, INPUT(struct issuer_draft, issuer_new_params),
    .answer = "AssertionIssuer", .handle = admin_issuer_create, .done = "201",
    .summary = "Trust an issuer's assertions about our users or about software");

#define ISSUER_PATH "/admin/v1/assertion_issuers/{issuer}"

static err admin_issuer(struct task *t, const struct request *rq, struct response *rs)
{
    return issuer_reply(t, rs, 200, request_path_param(rq, "issuer"));
}

const struct route admin_issuer_route =
    ADMIN_ROUTE(GET, ISSUER_PATH, GUARD_ADMIN_PARTNERS, BODY_NONE, .answer = "AssertionIssuer", .handle = admin_issuer,
                .summary = "Read an issuer");

static err admin_issuer_change(struct task *t, const struct request *rq, struct response *rs)
{
    struct issuer_draft d = *(const struct issuer_draft *)rq->in;
    const struct assertion_issuer_page_row *row;
    int64_t version;
    TRY(version_want(t, rq, &version));
    TRY(issuer_find(t, request_path_param(rq, "issuer"), &row));
    d.issuer = row->issuer;
    if (row->version != version)
        return FAIL(t, VERSION_DIFFERS, "the issuer has the version %lld", (long long)row->version);
    TRY(touch_check(t, rq, STR("admin")));
    TRY(issuer_put(t, admin_of(rq)->actor, &d, version));
    return issuer_reply(t, rs, 200, d.issuer);
}

const struct route admin_issuer_change_route =
    ADMIN_ROUTE(PUT, ISSUER_PATH, GUARD_ADMIN_PARTNERS, BODY_JSON, INPUT(struct issuer_draft, issuer_change_params),
                .answer = "AssertionIssuer", .handle = admin_issuer_change,
                .summary = "Replace all of an issuer; If-Match is needed");

static err admin_issuer_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct assertion_issuer_page_row *row;
    TRY(issuer_find(t, request_path_param(rq, "issuer"), &row));
    TRY(issuer_remove(t, admin_of(rq)->actor, row->issuer));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_issuer_end_route =
    ADMIN_ROUTE(DELETE, ISSUER_PATH, GUARD_ADMIN_PARTNERS, BODY_NONE, .handle = admin_issuer_end, .done = "204",
                .summary = "Trust an issuer no more, and forget its subjects");

/* ---- subjects ---- */

static err admin_subjects(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct assertion_issuer_page_row *issuer;
    const struct assertion_subject_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(issuer_find(t, request_path_param(rq, "issuer"), &issuer));
    TRY(cursor_read(t, "assertion_subjects", in->cursor, &after));
    TRY(assertion_subject_page(t, issuer->issuer, after, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("assertion_subject"));
        json_str(j, "subject", rows[i].subject);
        json_str(j, "user", rows[i].user_id.v);
        json_time(j, "created_at", rows[i].created_at);
        json_close(j);
    }
    list_end(t, j, "assertion_subjects", n > limit, shown ? rows[shown - 1].subject : STR_NONE);
    return OK;
}

#define SUBJECTS_PATH ISSUER_PATH "/subjects"

const struct route admin_subjects_route = ADMIN_ROUTE(
    GET, SUBJECTS_PATH, GUARD_ADMIN_PARTNERS, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<AssertionSubject>", .handle = admin_subjects, .summary = "List who the subjects of an issuer are");

struct subject_in {
    str subject, user;
};

static const struct param subject_params[] = {
    P_STR(struct subject_in, subject, .need = REQUIRED, .set = LINE, .min = 1, .max = 255),
    P_STR(struct subject_in, user, .need = REQUIRED, .set = LINE, .min = 1, .max = 254),
};

static err admin_subject_put(struct task *t, const struct request *rq, struct response *rs)
{
    const struct subject_in *in = rq->in;
    const struct assertion_issuer_page_row *issuer;
    const struct account_find_row *account;
    TRY(issuer_find(t, request_path_param(rq, "issuer"), &issuer));
    TRY(account_load(t, in->user, STR_NONE, &account));
    TRY(touch_check(t, rq, account->role));
    TRY(subject_put(t, admin_of(rq)->actor, issuer->issuer, in->subject, account->id.v));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("assertion_subject"));
    json_str(j, "subject", in->subject);
    json_str(j, "user", account->id.v);
    return OK;
}

const struct route admin_subject_put_route =
    ADMIN_ROUTE(POST, SUBJECTS_PATH, GUARD_ADMIN_PARTNERS, BODY_JSON, INPUT(struct subject_in, subject_params),
                .answer = "AssertionSubject", .handle = admin_subject_put,
                .summary = "Say which account a subject of an issuer is");

struct subject_end_in {
    str subject;
};

static const struct param subject_end_params[] = {
    P_STR(struct subject_end_in, subject, .need = REQUIRED, .set = LINE, .min = 1, .max = 255),
};

static err admin_subject_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct subject_end_in *in = rq->in;
    const struct assertion_issuer_page_row *issuer;
    TRY(issuer_find(t, request_path_param(rq, "issuer"), &issuer));
    TRY(subject_remove(t, admin_of(rq)->actor, issuer->issuer, in->subject));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_subject_end_route = ADMIN_ROUTE(
    DELETE, SUBJECTS_PATH, GUARD_ADMIN_PARTNERS, BODY_NONE, INPUT(struct subject_end_in, subject_end_params),
    .handle = admin_subject_end, .done = "204", .summary = "Forget which account a subject of an issuer is");
