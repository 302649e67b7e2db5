/* /operator/audit: who did what lately, all of it or of one actor, object or partner. */
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/audit.sql.h"
#include "shared/base/buf.h"
#include "shared/base/num.h"
#include "shared/text/url.h"
#include "web/operator/pages.h"

#define ROWS 100
#define URL_MAX_BYTES 2048

static const partner_id ALL = { { "", 0 } };

struct audit_in {
    str before, actor, object, action, partner;
};

/* A form sends its empty fields too. */
static const struct param audit_params[] = {
    P_STR(struct audit_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_STR(struct audit_in, actor, .need = OPTIONAL, .set = LINE, .max = 200),
    P_STR(struct audit_in, object, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct audit_in, action, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct audit_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
};

static str wish(str given)
{
    return given.n ? given : STR_NONE;
}

/* An operator is a user of authsrv: paysrv has no page of him. */
static bool is_own_login(const struct audit_page_row *row)
{
    return str_starts(row->action, STR("operator."));
}

/* "Olga (desk-tool)": by the token's client too, where the log has that instead of the operator. */
static str shown(struct task *t, str name, str kept)
{
    bool is_other = str_given(kept) && !str_eq(name, kept);
    return is_other ? arena_printf(t->arena, "%.*s (%.*s)", STR_ARG(name), STR_ARG(kept)) : name;
}

static err names_of(struct task *t, const struct audit_page_row *rows, size_t n, str *names)
{
    for (size_t i = 0; i < n; i++) {
        str subject = rows[i].actor, kind;
        bool is_operator = str_cut(&subject, ':', &kind) && str_eq(kind, STR("operator"));
        names[i] = is_operator ? subject : STR_NONE;
    }
    TRY(operator_names_put(t, names, n, sizeof *names));
    for (size_t i = 0; i < n; i++)
        names[i] = str_given(names[i]) ? shown(t, names[i], wish(rows[i].actor_name)) : wish(rows[i].actor_name);
    return OK;
}

static err rows_read(struct task *t, const struct audit_page_row *rows, size_t n, struct page_operator_audit *page)
{
    struct operator_audit_row *items = arena_array(t->arena, struct operator_audit_row, n + 1);
    str *names = arena_array(t->arena, str, n + 1);
    TRY(names_of(t, rows, n, names));
    for (size_t i = 0; i < n; i++)
        items[i] =
            (struct operator_audit_row){ .time = instant_text(t->arena, rows[i].at),
                                         .time_iso = instant_iso(t->arena, rows[i].at),
                                         .actor = rows[i].actor,
                                         .actor_name = names[i],
                                         .origin = rows[i].origin,
                                         .request = rows[i].request,
                                         .action = rows[i].action,
                                         .object = rows[i].object,
                                         .object_url =
                                             is_own_login(&rows[i]) ? STR_NONE : operator_object(t, rows[i].object),
                                         .partner = rows[i].partner_id,
                                         .detail = rows[i].detail };
    page->entries.items = items;
    page->entries.n = n;
    return OK;
}

static void url_add(struct buf *url, const char *name, str value)
{
    if (value.n)
        url_add_query(url, name, value);
}

static str older_url(struct task *t, const struct audit_in *in, int64_t last)
{
    struct buf url;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, STR("/operator/audit"));
    url_add(&url, "actor", in->actor);
    url_add(&url, "object", in->object);
    url_add(&url, "action", in->action);
    url_add(&url, "partner", in->partner);
    url_add(&url, "before", cursor_make(t, "operator audit", ALL, arena_printf(t->arena, "%lld", (long long)last)));
    return buf_str(&url);
}

static err audit_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct audit_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct audit_page_args args = { .before = INT64_MAX,
                                    .actor = wish(in->actor),
                                    .object = wish(in->object),
                                    .action = wish(in->action),
                                    .partner = wish(in->partner),
                                    .limit = ROWS + 1 };
    const struct audit_page_row *rows;
    size_t found;
    str before;
    TRY(cursor_read(t, "operator audit", ALL, in->before, &before));
    if (str_given(before) && !num_parse(before, &args.before))
        return FAIL(t, INTERNAL, "a sealed cursor without a number");
    TRY(audit_page(t, &args, &rows, &found));
    size_t n = found < ROWS ? found : ROWS;
    str_array partners;
    TRY(operator_partners(t, &partners));
    struct page_operator_audit page = {
        OPERATOR_FRAME(who),
        .partners = { partners.items, partners.n },
        .actor = in->actor,
        .object = in->object,
        .action = in->action,
        .partner = in->partner,
        .older_url = found > ROWS ? older_url(t, in, rows[n - 1].id) : STR_NONE,
    };
    TRY(rows_read(t, rows, n, &page));
    page_operator_audit(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_audit_route = {
    .method = GET,
    .path = "/operator/audit",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct audit_in, audit_params),
    .handle = audit_show,
    .summary = "Who did what, newest first",
};
