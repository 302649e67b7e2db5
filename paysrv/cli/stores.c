/* paysrv stores list|show|suspend|resume|review|return|close: what stores are, and what they may do. */
#include <stdio.h>

#include "paysrv/flow/clock.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/verbs.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/cli.h"

int stores_list(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *status = NULL;
    const struct cli_option options[] = { { "--status", &status, NULL } };
    const struct store_find_row *rows;
    enum store_status parsed;
    size_t n;
    if (!cli_read(argc, argv, &slug, 1, options, 1))
        return CLI_USAGE;
    if (status && !store_status_parse(str_of(status), &parsed))
        return cli_misuse("--status: pending_confirmation, draft, review, active, suspended or closed");
    const partner_id partner = { str_of(slug) };
    err e = clock_enter(t, partner);
    if (!e)
        e = store_list(t, partner, STR_NONE, STR_NONE, STR_NONE, status ? str_of(status) : STR_NONE, CLI_ROWS_MAX,
                       &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].store_id.v), STR_ARG(rows[i].status),
               STR_ARG(rows[i].currency), STR_ARG(rows[i].user_id.v), STR_ARG(rows[i].name));
    return cli_listed(n, CLI_ROWS_MAX);
}

/* The store and whose it is; the task goes on under that partner's clock. *ret NULL: there is none. */
static err find(struct task *t, const char *id, partner_id *partner, const struct store_find_row **ret)
{
    const store_id store = { str_of(id) };
    const struct store_any_row *any;
    *ret = NULL;
    TRY(store_any(t, store, &any));
    if (!any)
        return OK;
    *partner = any->partner_id;
    TRY(clock_enter(t, *partner));
    return store_find(t, *partner, store, STR_NONE, ret);
}

static int absent(const char *id)
{
    fprintf(stderr, "paysrv: no store %s\n", id);
    return CLI_FAILED;
}

/* ---- show ---- */

static void line(const char *name, str value)
{
    if (str_given(value))
        printf("%s\t%.*s\n", name, STR_ARG(value));
}

static void store_print(struct task *t, partner_id partner, const struct store_find_row *s)
{
    line("store", s->store_id.v);
    line("partner", partner.v);
    line("owner", s->user_id.v);
    line("name", s->name);
    line("currency", s->currency);
    line("url", s->url);
    line("status", s->status);
    line("reason", s->status_reason);
    line("opened", instant_iso(t->arena, s->created_at));
    for (size_t i = 0; i < s->domains.n; i++)
        line("domain", s->domains.items[i]);
    line("shown as", s->display_name);
    line("accent", s->accent);
    line("support", s->support_email);
    line("support", s->support_url);
    line("descriptor", s->statement_descriptor);
    line("logo", s->logo);
    line("twin of", s->twin_of);
    line("twin", s->twin);
    line("moved from", s->moved_from);
    line("moved to", s->moved_to);
}

static err tariffs_print(struct task *t, partner_id partner, const struct store_find_row *s)
{
    const struct tariff_list_row *rows;
    bool in_force = false;
    size_t n;
    TRY(tariff_list(t, partner, s->store_id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        const struct tariff_list_row *r = &rows[i];
        str state = tariff_state_name(tariff_state_at(r->valid_from, r->canceled_at_given, t->now, &in_force));
        str terms = str_given(r->split_profile_id)
                        ? r->split_profile_id
                        : arena_printf(t->arena, "platform %d bp, partner %d bp", r->platform_bp, r->partner_bp);
        printf("tariff\t%.*s\t%.*s\tfrom %.*s\t%.*s\tby %.*s\n", STR_ARG(r->tariff_id), STR_ARG(state),
               STR_ARG(instant_iso(t->arena, r->valid_from)), STR_ARG(terms), STR_ARG(r->created_by));
    }
    return OK;
}

static err changes_print(struct task *t, const struct store_find_row *s)
{
    const struct store_changes_row *rows;
    size_t n;
    TRY(store_changes(t, s->store_id, CLI_ROWS_MAX, &rows, &n));
    for (size_t i = n; i-- > 0;) /* the latest stands last */
        printf("changed\t%.*s\t%.*s -> %.*s\tby %.*s %.*s\t%.*s\n", STR_ARG(instant_iso(t->arena, rows[i].changed_at)),
               STR_ARG(rows[i].from_status), STR_ARG(rows[i].to_status), STR_ARG(rows[i].actor),
               STR_ARG(rows[i].actor_name), STR_ARG(str_given(rows[i].reason) ? rows[i].reason : STR("")));
    return OK;
}

int stores_show(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct store_find_row *row;
    partner_id partner;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = find(t, id, &partner, &row);
    if (!e && !row)
        return absent(id);
    if (!e) {
        store_print(t, partner, row);
        e = tariffs_print(t, partner, row);
    }
    if (!e)
        e = changes_print(t, row);
    return e ? cli_failed(e) : CLI_DONE;
}

/* ---- states ---- */

static err change_in_tx(struct task *t, void *context)
{
    struct answer unused;
    return store_change_effect(t, context, &unused);
}

static int change(struct task *t, int argc, char **argv, enum store_status to, bool needs_reason)
{
    const char *id = NULL, *reason = NULL;
    const struct cli_option options[] = { { "--reason", &reason, NULL } };
    const struct store_find_row *row;
    struct store_change c = { .to = to, .by = STORE_OPERATOR };
    if (!cli_read(argc, argv, &id, 1, options, 1))
        return CLI_USAGE;
    if (needs_reason && !reason)
        return cli_misuse("--reason TEXT is needed: its partner reads it");
    err e = find(t, id, &c.partner, &row);
    if (!e && !row)
        return absent(id);
    if (!e) {
        c.row = *row;
        c.by_name = cli_account(t->arena);
        c.reason = reason ? str_of(reason) : STR_NONE;
        c.event = (event_id){ random_id(t->arena, "evt_") };
        e = store_change_judge(t, &c);
    }
    if (!e)
        e = db_tx(t, change_in_tx, &c);
    if (e)
        return cli_failed(e);
    printf("%s %.*s; servers know it within 5 s\n", id, STR_ARG(store_status_text(to)));
    return CLI_DONE;
}

int stores_suspend(struct task *t, int argc, char **argv)
{
    return change(t, argc, argv, STORE_SUSPENDED, true);
}

int stores_resume(struct task *t, int argc, char **argv)
{
    return change(t, argc, argv, STORE_ACTIVE, false);
}

int stores_review(struct task *t, int argc, char **argv)
{
    return change(t, argc, argv, STORE_REVIEW, true);
}

int stores_return(struct task *t, int argc, char **argv)
{
    return change(t, argc, argv, STORE_DRAFT, true);
}

int stores_close(struct task *t, int argc, char **argv)
{
    return change(t, argc, argv, STORE_CLOSED, true);
}
