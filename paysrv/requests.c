/* See requests.h. */
#include "paysrv/requests.h"

#include "paysrv/domain/acquirer/method.h"
#include "paysrv/domain/idempotency.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

static const char *method_name(enum method method)
{
    switch (method) {
    case GET:
        return "GET";
    case POST:
        return "POST";
    case PUT:
        return "PUT";
    case PATCH:
        return "PATCH";
    case DELETE:
        return "DELETE";
    case OPTIONS:
        return "OPTIONS";
    case HEAD:
        return "HEAD";
    }
    return "";
}

/*
 * Whose key it is: the partner's, or of one of its users, none of whom is told what another one was answered. By a
 * digest: the calls that keep it outlive the person.
 */
static str route_of(struct task *t, const struct request *rq)
{
    const struct caller *caller = caller_of(rq);
    if (!str_given(caller->subject))
        return str_of(rq->route->path);
    digest user = typed_digest("idempotency_user", caller->subject);
    return arena_printf(t->arena, "%s %.*s", rq->route->path, STR_ARG(base64url_encode(t->arena, digest_bytes(&user))));
}

#define KEY_HEADER "Idempotency-Key"
#define KEY_FORM "1 to 255 printable ASCII characters"

err once_key(struct task *t, const struct request *rq, bool required, str *ret)
{
    str header = request_header(rq, "idempotency-key");
    *ret = STR_NONE;
    if (str_given(header) && !idempotency_key_parse(header, ret))
        return FAIL_PARAM(t, IDEMPOTENCY_KEY_INVALID, STR(KEY_HEADER), STR("must be " KEY_FORM ", once"));
    if (required && !str_given(*ret))
        return FAIL_PARAM(t, IDEMPOTENCY_KEY_REQUIRED, STR(KEY_HEADER),
                          STR("is required: " KEY_FORM ", the same when the call is made again"));
    return OK;
}

err once_of(struct task *t, const struct request *rq, bool required, struct once *ret)
{
    *ret = (struct once){ .given = false };
    TRY(once_key(t, rq, required, &ret->key));
    ret->given = str_given(ret->key);
    if (!ret->given)
        return OK;
    str method = str_of(method_name(rq->method));
    ret->route = route_of(t, rq);
    str body = rq->json ? json_canonical(t->arena, rq->json) : rq->body;
    ret->fingerprint = idempotency_fingerprint(t->arena, method, rq->path, body);
    return OK;
}

void answer_send(struct response *rs, const struct answer *answer)
{
    const char *type = answer->status < 400 ? "application/json" : "application/problem+json";
    reply_raw(rs, answer->status, type, answer->body);
    if (answer->is_replayed)
        reply_header(rs, "Idempotent-Replayed", STR("true"));
}

err once_answered(struct task *t, const struct request *rq, struct response *rs, struct once *ret, bool *is_answered)
{
    struct answer answer;
    TRY(once_of(t, rq, rq->route->needs_key, ret));
    TRY(once_stored(t, caller_of(rq)->partner, ret, is_answered, &answer));
    if (*is_answered)
        answer_send(rs, &answer);
    return OK;
}

err once_handle(struct task *t, const struct request *rq, struct response *rs, once_handler *handler)
{
    struct once once;
    struct answer answer;
    bool is_answered;
    TRY(once_answered(t, rq, rs, &once, &is_answered));
    if (is_answered)
        return OK;
    TRY(handler(t, rq, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct param parts_params[2] = { PAGE_PARAMS(struct parts_in) };

const char *parts_name(struct task *t, const char *what, payment_id payment)
{
    return arena_cstr(t->arena, arena_printf(t->arena, "%s of %.*s", what, STR_ARG(payment.v)));
}

struct json *page_begin(struct response *rs)
{
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    return j;
}

void page_end(struct task *t, struct json *j, const char *list, partner_id partner, bool has_more, str last)
{
    json_close(j);
    json_bool(j, "has_more", has_more);
    if (has_more)
        json_str(j, "next_cursor", cursor_make(t, list, partner, last));
    else
        json_null(j, "next_cursor");
}

err methods_read(struct task *t, const struct json_value *value, str_array *ret)
{
    static const char allowed[] = "must be a list of " PAYMENT_METHODS_TEXT ", each at most once, or null for all";
    str *names = arena_array(t->arena, str, PAYMENT_METHOD_COUNT);
    bool is_list = value && json_kind(value) == JSON_ARRAY;
    size_t n = is_list ? json_size(value) : 0;
    unsigned seen = 0;
    *ret = (str_array){ names, 0 };
    if (!value || json_kind(value) == JSON_NULL)
        return OK;
    for (size_t i = 0; n <= PAYMENT_METHOD_COUNT && i < n; i++) {
        enum payment_method method;
        if (!json_is_str(json_item(value, i), &names[i]) || !payment_method_parse(names[i], &method) ||
            (seen & 1u << method))
            break;
        seen |= 1u << method;
        ret->n++;
    }
    return n > 0 && ret->n == n ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("methods"), str_of(allowed));
}

/* Browsers take http at these for as good as https (W3C Secure Contexts, 3.1). */
static bool is_own_machine(str host)
{
    return url_host_is_loopback(host) || str_eq(host, STR("localhost"));
}

bool url_is_safe(const struct url *u)
{
    return str_eq(u->scheme, STR("https")) || (str_eq(u->scheme, STR("http")) && is_own_machine(u->host));
}

err return_url_check(struct task *t, str text)
{
    struct url url;
    if (!str_given(text))
        return OK;
    if (!url_parse(text, &url) || url.has_userinfo || str_given(url.fragment) || !url_is_safe(&url))
        return FAIL_PARAM(
            t, INVALID_PARAMETER, STR("return_url"),
            STR("must be an https URL without fragment (http only for loopback addresses and localhost)"));
    return OK;
}
