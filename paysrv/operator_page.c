/* See operator_page.h. */
#include "paysrv/operator_page.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/store/audit.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/partner.sql.h"
#include "shared/base/buf.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/html.h"
#include "shared/text/url.h"
#include "web/text.h"

#define URL_MAX_BYTES 4096
#define RULES 20

static const partner_id ALL = { { "", 0 } }; /* the operator's lists belong to no partner */

err operator_form(struct task *t, const struct operator_session *who, str csrf)
{
    return equal_bytes(bytes_of(csrf), bytes_of(who->csrf)) ? OK
                                                            : FAIL(t, FORM_REFUSED, "the form is not of this session");
}

str operator_wish(str given)
{
    return given.n ? given : STR_NONE;
}

bool operator_refused(struct task *t, err e, struct operator_refusal *ret)
{
    if (!e || e->fault->status >= 500)
        return false;
    str said = str_given(e->explain) ? e->explain : str_of(e->fault->say);
    ret->status = e->fault->status;
    ret->why = str_given(e->param) ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(e->param), STR_ARG(said)) : said;
    return true;
}

str operator_link(struct task *t, const char *path, str id)
{
    return id.n ? arena_printf(t->arena, "/operator/%s/%.*s", path, STR_ARG(id)) : STR_NONE;
}

static bool is_plain(str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!(id.p[i] == '_' || (id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'a' && id.p[i] <= 'z')))
            return false;
    return true;
}

str operator_object(struct task *t, str id)
{
    static const struct {
        str prefix;
        const char *path;
    } pages[] = { { { "pay_", 4 }, "payments" }, { { "po_", 3 }, "payouts" },        { { "usr_", 4 }, "sellers" },
                  { { "st_", 3 }, "stores" },    { { "sub_", 4 }, "subscriptions" }, { { "we_", 3 }, "webhooks" },
                  { { "dp_", 3 }, "disputes" } };
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (str_starts(id, pages[i].prefix) && is_plain(id))
            return operator_link(t, pages[i].path, id);
    if (str_starts(id, STR("rev_")) && is_plain(id))
        return arena_printf(t->arena, "/operator/reversals?reversal=%.*s&all=true", STR_ARG(id));
    return STR_NONE;
}

str operator_url(struct task *t, str path, const struct operator_query *queries, size_t n)
{
    struct buf url;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, path);
    for (size_t i = 0; i < n; i++)
        url_add_query(&url, queries[i].name, operator_wish(queries[i].value));
    return buf_str(&url);
}

static str *name_at(str *first, size_t row_size, size_t i)
{
    return (str *)(void *)((char *)first + i * row_size);
}

err operator_names_put(struct task *t, str *first, size_t n, size_t row_size)
{
    const struct audit_names_row *rows;
    size_t known;
    str *subjects = arena_array(t->arena, str, n + 1);
    if (!n)
        return OK;
    for (size_t i = 0; i < n; i++) {
        str who = *name_at(first, row_size, i);
        subjects[i] = str_given(who) ? who : STR("");
    }
    TRY(audit_names(t, (str_array){ subjects, n }, &rows, &known));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < known; k++)
            if (subjects[i].n && str_eq(subjects[i], rows[k].subject))
                *name_at(first, row_size, i) = rows[k].name;
    return OK;
}

str operator_or_seller(str by, str subject, str user, str name)
{
    bool is_seller = str_given(by) && (str_eq(by, subject) || str_eq(by, user));
    return is_seller && str_given(name) ? name : by;
}

err operator_partners(struct task *t, str_array *ret)
{
    const struct partner_find_row *rows;
    size_t n;
    TRY(partner_list(t, &rows, &n));
    str *names = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = rows[i].partner_id.v;
    *ret = (str_array){ names, n };
    return OK;
}

str operator_age(struct task *t, instant since)
{
    int64_t minutes = (task_wall(t).us - since.us) / MINUTES(1).us;
    minutes = minutes < 0 ? 0 : minutes; /* of a test clock that was ahead */
    bool is_hours = minutes >= 60, is_days = minutes >= 48 * 60;
    int64_t n = is_days ? minutes / (24 * 60) : is_hours ? minutes / 60 : minutes;
    str number = arena_printf(t->arena, "%lld", (long long)n);
    return text_filled(t->arena,
                       text_of(is_days    ? TEXT_OP_AGE_DAYS
                               : is_hours ? TEXT_OP_AGE_HOURS
                                          : TEXT_OP_AGE_MINUTES),
                       &number);
}

err operator_position(struct task *t, const struct operator_list *list, str before, str *position)
{
    return cursor_read(t, list->name, ALL, before, position);
}

err operator_position_number(struct task *t, const struct operator_list *list, str before, int64_t *number,
                             const int64_t **ret)
{
    str position;
    TRY(operator_position(t, list, before, &position));
    *ret = str_given(position) && num_parse(position, number) ? number : NULL;
    return OK;
}

str operator_number(struct task *t, int64_t number)
{
    return arena_printf(t->arena, "%lld", (long long)number);
}

str operator_older(struct task *t, const struct operator_list *list, bool has_more, str last)
{
    struct buf url;
    if (!has_more)
        return STR_NONE;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, operator_url(t, list->path, list->queries, list->n_queries));
    url_add_query(&url, list->from ? list->from : "before", cursor_make(t, list->name, ALL, last));
    return buf_str(&url);
}

err operator_rules_check(struct task *t, const struct invariants_broken_row **rows, size_t *n, bool *is_checked)
{
    *n = 0;
    err e = invariants_broken(t, RULES, rows, n);
    *is_checked = !e;
    if (!e || !err_is(e, &FAULT_UNAVAILABLE))
        return e;
    log_failure(t, e);
    return OK;
}
