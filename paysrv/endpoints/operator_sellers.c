/* /operator/sellers, /operator/stores: all there are, or those that are looked for. */
#include "paysrv/faults.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/operator_search.sql.h"
#include "paysrv/words.h"
#include "web/operator/pages.h"

#define ID_MIN_CHARS 20 /* what is shorter is a name that begins as an id does */

struct search_in {
    str what, partner, before;
};

static const struct param search_params[] = {
    P_STR(struct search_in, what, .need = OPTIONAL, .set = LINE, .max = 200),
    P_STR(struct search_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct search_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 2000),
};

/* What an id names has a page of its own. */
static bool id_follow(struct task *t, str what, struct response *rs)
{
    str url = what.n < ID_MIN_CHARS ? STR_NONE : operator_object(t, what);
    if (!str_given(url))
        return false;
    reply_see_other(rs, url);
    return true;
}

/* A place among names: the name as it is compared, and the id. */
struct place {
    str key, id;
};

static struct place place_of(str position)
{
    struct place p = { STR(""), position };
    return str_given(position) && str_cut(&p.id, '\n', &p.key) ? p : (struct place){ STR(""), STR("") };
}

static str position_of(struct task *t, str what, str key, str id)
{
    return what.n ? arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(key), STR_ARG(id)) : id;
}

struct searching {
    const struct search_in *in;
    struct operator_list list;
    str position, what;
};

/* The path is whose list it is; cursors of what is looked for are of another list than those of all. */
static err search_begin(struct task *t, const struct request *rq, struct searching *s)
{
    const struct search_in *in = rq->in;
    struct operator_query *queries = arena_array(t->arena, struct operator_query, 2);
    queries[0] = (struct operator_query){ "what", in->what };
    queries[1] = (struct operator_query){ "partner", in->partner };
    *s = (struct searching){ .in = in,
                             .list = { .name = in->what.n ? "operator search" : "operator parties",
                                       .path = rq->path,
                                       .queries = queries,
                                       .n_queries = 2 },
                             .what = in->what };
    return operator_position(t, &s->list, in->before, &s->position);
}

static str other_url(struct task *t, const struct searching *s, const char *path)
{
    return operator_url(t, str_of(path), s->list.queries, s->list.n_queries);
}

/* ---- sellers ---- */

static err sellers_find(struct task *t, const struct searching *s, const struct seller_newest_row **rows, size_t *n)
{
    str partner = operator_wish(s->in->partner);
    struct place after = place_of(s->position);
    if (!s->what.n)
        return seller_newest(t, partner, s->position, OPERATOR_ROWS + 1, rows, n);
    return seller_search(t, s->what, after.key, after.id, partner, OPERATOR_ROWS + 1, rows, n);
}

static const struct operator_seller_row *sellers_of(struct task *t, const struct seller_newest_row *rows, size_t n)
{
    struct operator_seller_row *items = arena_array(t->arena, struct operator_seller_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_seller_row){
            .url = operator_link(t, "sellers", rows[i].user_id.v),
            .id = rows[i].user_id.v,
            .name = rows[i].name,
            .email = rows[i].email,
            .external_id = rows[i].external_id,
            .partner_name = rows[i].partner_name,
            .status = rows[i].status,
            .status_text = word_of_party_status(rows[i].status),
            .is_frozen = rows[i].is_frozen,
        };
    return items;
}

static err sellers_page(struct task *t, const struct request *rq, struct response *rs)
{
    struct searching s;
    const struct seller_newest_row *rows;
    size_t found;
    TRY(search_begin(t, rq, &s));
    if (id_follow(t, s.what, rs))
        return OK;
    TRY(sellers_find(t, &s, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    str last = n ? position_of(t, s.what, rows[n - 1].key, rows[n - 1].user_id.v) : STR_NONE;
    str_array partners;
    TRY(operator_partners(t, &partners));
    const struct page_operator_sellers page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partners = { partners.items, partners.n },
        .what = s.what,
        .partner = s.in->partner,
        .stores_url = other_url(t, &s, "/operator/stores"),
        .sellers = { sellers_of(t, rows, n), n },
        .older_url = operator_older(t, &s.list, found > n, last),
    };
    page_operator_sellers(reply_html(rs, 200), &page);
    return OK;
}

/* ---- stores ---- */

static err stores_find(struct task *t, const struct searching *s, const struct store_newest_row **rows, size_t *n)
{
    str partner = operator_wish(s->in->partner);
    struct place after = place_of(s->position);
    if (!s->what.n)
        return store_newest(t, partner, s->position, OPERATOR_ROWS + 1, rows, n);
    return store_search(t, s->what, after.key, after.id, partner, OPERATOR_ROWS + 1, rows, n);
}

static const struct operator_store_row *stores_of(struct task *t, const struct store_newest_row *rows, size_t n)
{
    struct operator_store_row *items = arena_array(t->arena, struct operator_store_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct operator_store_row){
            .url = operator_link(t, "stores", rows[i].store_id.v),
            .id = rows[i].store_id.v,
            .name = rows[i].name,
            .currency = rows[i].currency,
            .external_id = rows[i].external_id,
            .partner_name = rows[i].partner_name,
            .seller_url = operator_link(t, "sellers", rows[i].user_id),
            .seller_name = rows[i].user_name,
            .status = rows[i].status,
            .status_text = word_of_store(rows[i].status),
        };
    return items;
}

static err stores_page(struct task *t, const struct request *rq, struct response *rs)
{
    struct searching s;
    const struct store_newest_row *rows;
    size_t found;
    TRY(search_begin(t, rq, &s));
    if (id_follow(t, s.what, rs))
        return OK;
    TRY(stores_find(t, &s, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    str last = n ? position_of(t, s.what, rows[n - 1].key, rows[n - 1].store_id.v) : STR_NONE;
    str_array partners;
    TRY(operator_partners(t, &partners));
    const struct page_operator_stores page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partners = { partners.items, partners.n },
        .what = s.what,
        .partner = s.in->partner,
        .sellers_url = other_url(t, &s, "/operator/sellers"),
        .stores = { stores_of(t, rows, n), n },
        .older_url = operator_older(t, &s.list, found > n, last),
    };
    page_operator_stores(reply_html(rs, 200), &page);
    return OK;
}

#define SEARCH_ROUTE                                                                                                   \
    .method = GET, .guard = &GUARD_OPERATOR_SESSION, .body = BODY_NONE, .run = RUN_WORKER, .errors = ERRORS_PAGE,      \
    .no_store = true, INPUT(struct search_in, search_params)

const struct route operator_sellers_route = { SEARCH_ROUTE, .path = "/operator/sellers", .handle = sellers_page,
                                              .summary = "Sellers: all, or those that are looked for" };
const struct route operator_stores_route = { SEARCH_ROUTE, .path = "/operator/stores", .handle = stores_page,
                                             .summary = "Stores: all, or those that are looked for" };
