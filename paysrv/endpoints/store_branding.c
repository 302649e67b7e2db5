/* POST /v1/stores/{store}/branding and /logo: how a store shows itself to its buyers; GET /store-files/{file}: what
 * they load. */
#include "paysrv/domain/stores/store_look.h"
#include "paysrv/domain/stores/store_speech.h"
#include "paysrv/faults.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/store_branding.sql.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"
#include "shared/text/contrast.h"
#include "shared/text/encode.h"
#include "shared/text/raster.h"
#include "shared/text/url.h"

#define NAME_DIGITS 32
#define SHEET_TYPE STR("text/css; charset=utf-8")
#define UNUSED_FOR HOURS(24)
/* Nothing that a partner sent is ever a document of this origin, wherever it is opened. */
#define FILE_POLICY STR("default-src 'none'; sandbox")

struct file {
    str name, type;
    bytes content;
};

static struct file file_of(struct task *t, str type, str suffix, bytes content)
{
    digest d = sha256(content);
    str hex = hex_encode(t->arena, digest_bytes(&d));
    return (struct file){ arena_printf(t->arena, "%.*s.%.*s", NAME_DIGITS, hex.p, STR_ARG(suffix)), type, content };
}

/* One change of a store's look, with the file that it needs. */
struct look {
    partner_id partner;
    store_id store;
    struct file file;                            /* name absent: none */
    const struct store_branding_set_args *texts; /* NULL: the logo */
    event_id event;
};

static err look_effect(struct task *t, void *context, struct answer *ret)
{
    const struct look *l = context;
    const struct store_find_row *after;
    int64_t n;
    if (str_given(l->file.name))
        TRY(store_file_put(t, l->file.name, l->file.type, l->file.content, &n));
    if (l->texts)
        TRY(store_branding_set(t, l->texts, &n));
    else
        TRY(store_logo_set(t, l->store, l->partner, l->file.name, &n));
    TRY(store_files_purge(t, (instant){ task_wall(t).us - UNUSED_FOR.us }, &n));
    TRY(store_find(t, l->partner, l->store, STR_NONE, &after));
    if (!after)
        return FAIL(t, NOT_FOUND, "the store is gone");
    *ret = (struct answer){ .status = 200, .body = store_document(t, after) };
    return event_insert(t, l->event, l->partner, STR("store.updated"), l->store.v, ret->body, &n);
}

static err look_run(struct task *t, const struct request *rq, struct response *rs, struct look *l)
{
    struct once once;
    struct answer answer;
    l->partner = caller_of(rq)->partner;
    l->event = (event_id){ random_id(t->arena, "evt_") };
    TRY(once_of(t, rq, false, &once));
    TRY(once_run(t, l->partner, &once, l->event.v, look_effect, l, &answer));
    answer_send(rs, &answer);
    return OK;
}

/* ---- texts and colour ---- */

struct branding_in {
    str display_name, accent, support_email, support_url, statement_descriptor, locale;
    const struct json_value *locales;
};

static const struct param branding_params[] = {
    P_STR(struct branding_in, display_name, .need = OPTIONAL, .set = LINE, .min = 1, .max = 100, .in_characters = true),
    P_STR(struct branding_in, accent, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 20),
    P_STR(struct branding_in, support_email, .need = OPTIONAL, .set = EMAIL, .max = 254),
    P_STR(struct branding_in, support_url, .need = OPTIONAL, .set = URI, .max = 500),
    P_STR(struct branding_in, statement_descriptor, .need = OPTIONAL, .set = LINE, .min = 1, .max = 22),
    P_STR(struct branding_in, locale, .need = OPTIONAL, .set = TOKEN, .min = 2, .max = 35),
    P_VALUE(struct branding_in, locales, .need = OPTIONAL, .type = "string[] | null"),
};

static err texts_judge(struct task *t, const struct branding_in *in)
{
    struct url url;
    if (str_given(in->support_url) && !(url_parse(in->support_url, &url) && str_eq(url.scheme, STR("https"))))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("support_url"), STR("must be an https URL"));
    if (str_given(in->statement_descriptor) && !statement_descriptor_is_valid(in->statement_descriptor))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("statement_descriptor"), STATEMENT_DESCRIPTOR_ALLOWED);
    return OK;
}

/* What is left out is as our pages are. */
static err branding_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct branding_in *in = rq->in;
    const struct store_find_row *store;
    struct look l = { .file = { .name = STR_NONE } };
    struct store_speech speech = { .locale = in->locale };
    str sheet, explain, param, accent = STR_NONE;
    colour c;
    TRY(store_load(t, rq, &store));
    TRY(texts_judge(t, in));
    if (!store_speech_judge(t->arena, speech_languages(), in->locales, &speech, &param, &explain))
        return FAIL_PARAM(t, INVALID_PARAMETER, param, explain);
    if (str_given(in->accent)) {
        if (!store_accent_judge(t->arena, in->accent, &sheet, &explain))
            return FAIL_PARAM(t, INVALID_PARAMETER, STR("accent"), explain);
        accent = colour_parse(in->accent, &c) ? colour_text(t->arena, c) : STR_NONE;
        l.file = file_of(t, SHEET_TYPE, STR("css"), bytes_of(sheet));
    }
    const struct store_branding_set_args texts = {
        .store = store->store_id,
        .partner = caller_of(rq)->partner,
        .display_name = in->display_name,
        .accent = accent,
        .support_email = in->support_email,
        .support_url = in->support_url,
        .statement_descriptor = in->statement_descriptor,
        .sheet = l.file.name,
        .locale = speech.locale,
        .locales = speech.locales,
    };
    l.store = store->store_id;
    l.texts = &texts;
    return look_run(t, rq, rs, &l);
}

/* ---- logo ---- */

static err logo_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *store;
    struct raster raster;
    const char *explain;
    TRY(store_load(t, rq, &store));
    if (!raster_read(bytes_of(rq->body), &raster, &explain))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("body"), str_of(explain));
    struct look l = { .store = store->store_id };
    l.file = file_of(t, str_of(raster.content_type), str_of(raster.suffix), bytes_of(rq->body));
    return look_run(t, rq, rs, &l);
}

static err logo_remove(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *store;
    TRY(store_load(t, rq, &store));
    struct look l = { .store = store->store_id, .file = { .name = STR_NONE } };
    return look_run(t, rq, rs, &l);
}

/* ---- what browsers load ---- */

static err file_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_file_find_row *row;
    TRY(store_file_find(t, request_path_param(rq, "file"), &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such file");
    reply_raw(rs, 200, arena_cstr(t->arena, row->type), (str){ (const char *)row->content.p, row->content.n });
    reply_header(rs, "Cache-Control", STR("public, max-age=31536000, immutable"));
    reply_header(rs, "Content-Security-Policy", FILE_POLICY);
    reply_header(rs, "Cross-Origin-Resource-Policy", STR("same-origin"));
    return OK;
}

#define LOOK_ROUTE                                                                                                     \
    .guard = &GUARD_STORES, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true, .answer = "Store"

const struct route store_branding_set_route = { LOOK_ROUTE,
                                                .method = POST,
                                                .path = "/v1/stores/{store}/branding",
                                                .body = BODY_JSON,
                                                INPUT(struct branding_in, branding_params),
                                                .handle = branding_set,
                                                .summary = "Say how a store shows itself to its buyers" };
const struct route store_logo_set_route = { LOOK_ROUTE,
                                            .method = POST,
                                            .path = "/v1/stores/{store}/logo",
                                            .body = BODY_RAW,
                                            .max_body_bytes = RASTER_MAX_BYTES + 1,
                                            .media = "image/png image/jpeg image/webp",
                                            .handle = logo_set,
                                            .summary = "Give a store a logo: PNG, JPEG or WebP, at most 64 KiB" };
const struct route store_logo_delete_route = {
    LOOK_ROUTE,        .method = POST,        .path = "/v1/stores/{store}/logo/remove",
    .body = BODY_NONE, .handle = logo_remove, .summary = "Take a store's logo away"
};
const struct route store_file_route = { .method = GET,
                                        .path = "/store-files/{file}",
                                        .guard = &GUARD_PUBLIC,
                                        .body = BODY_NONE,
                                        .run = RUN_WORKER,
                                        .errors = ERRORS_PROBLEM,
                                        .sites = SITE_ANY,
                                        .handle = file_show,
                                        .summary = "A store's style sheet or logo, by its hashed name" };
