/* GET /v1/balance, GET /v1/ledger: what a user or the partner has, and every entry that made it so. */
#include "paysrv/domain/ledger/holdback.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/ledger.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

struct balance_in {
    str user, party;
};

static const struct param balance_params[] = {
    P_STR(struct balance_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct balance_in, party, .need = OPTIONAL, .set = ID, .min = 1, .max = 20, .words = "partner own_sales"),
};

/* The user whose account is meant; absent: the partner's own. */
static err account_owner(struct task *t, const struct caller *c, bool partner_wanted, str named, user_id *ret)
{
    if (partner_wanted) {
        if (str_given(c->subject))
            return FAIL(t, NOT_FOUND, "a user's token does not see the partner's accounts");
        *ret = (user_id){ STR("") };
        return OK;
    }
    const struct user_find_row *user;
    TRY(party_user(t, c, named, &user));
    *ret = user->user_id;
    return OK;
}

enum part { AVAILABLE, PENDING, HELD_BACK, IN_TRANSIT };

/* In transit nothing is reserved or held back. */
static int64_t amount_of(enum part part, const struct balance_list_row *row)
{
    if (part == PENDING)
        return row->pending_out;
    return part == HELD_BACK ? row->held : row->posted - row->pending_out - row->held;
}

SHAPE(money, "Money", "currency: string, amount: integer")

static void part_write(struct json *j, const char *name, enum part part, const struct balance_list_row *rows, size_t n)
{
    json_array(j, name);
    for (size_t i = 0; i < n; i++) {
        bool transit = str_eq(rows[i].kind, STR("payout_transit"));
        if (transit != (part == IN_TRANSIT) || (part == PENDING && rows[i].pending_out == 0) ||
            (part == HELD_BACK && rows[i].held == 0))
            continue;
        json_object(j, NULL);
        json_str(j, "currency", rows[i].currency);
        json_i64(j, "amount", amount_of(part, &rows[i]));
        if (part == AVAILABLE && rows[i].negative_since_given)
            json_time(j, "negative_since", rows[i].negative_since);
        json_close(j);
    }
    json_close(j);
}

SHAPE(balance, "Balance",
      "object: 'balance', livemode: boolean, user?: string, available: { currency: string, amount: "
      "integer, negative_since?: time }[], pending: Money[], held_back: Money[], in_transit: Money[]")

static err balance_read(struct task *t, const struct request *rq, struct response *rs)
{
    static const str of_user[] = { { "seller", 6 }, { "payout_transit", 14 } };
    static const str of_partner[] = { { "partner", 7 } };
    static const str of_own_sales[] = { { "seller", 6 } };
    const struct balance_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    bool own_sales = str_eq(in->party, STR("own_sales")), partner = own_sales || str_eq(in->party, STR("partner"));
    if (str_given(in->party) && !partner)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("party"), STR("partner or own_sales"));
    if (partner && str_given(in->user))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("user"), STR("not together with party"));
    user_id owner;
    TRY(account_owner(t, c, partner, in->user, &owner));
    const struct balance_list_row *rows;
    size_t n;
    str_array kinds = own_sales ? (str_array){ of_own_sales, 1 }
                      : partner ? (str_array){ of_partner, 1 }
                                : (str_array){ of_user, 2 };
    TRY(balance_list(t, c->partner, owner, kinds, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("balance"));
    json_bool(j, "livemode", clock_is_live(t));
    json_str(j, "user", owner.v.n ? owner.v : STR_NONE);
    part_write(j, "available", AVAILABLE, rows, n);
    part_write(j, "pending", PENDING, rows, n);
    part_write(j, "held_back", HELD_BACK, rows, n);
    part_write(j, "in_transit", IN_TRANSIT, rows, n);
    return OK;
}

const struct route balance_route = {
    .method = GET,
    .path = "/v1/balance",
    .guard = &GUARD_BALANCE,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct balance_in, balance_params),
    .handle = balance_read,
    .answer = "Balance",
    .summary = "What a user or the partner has: available, pending, held back, in transit",
};

/* ---- GET /v1/ledger ---- */

struct ledger_in {
    PAGE_FIELDS
    str account, user;
};

static const struct param ledger_params[] = {
    PAGE_PARAMS(struct ledger_in),
    P_STR(struct ledger_in, account, .need = OPTIONAL, .set = ID, .min = 1, .max = 20,
          .words = "seller partner own_sales"),
    P_STR(struct ledger_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
};

SHAPE(ledger_entry, "LedgerEntry",
      "object: 'ledger_entry', entry: integer, kind: string, reference: string, amount: integer, "
      "currency: string, created_at: time, available_on?: time | null, held?: integer")

static void posting_write(struct json *j, const struct ledger_list_row *row)
{
    json_object(j, NULL);
    json_str(j, "object", STR("ledger_entry"));
    json_i64(j, "entry", row->entry_id.v);
    json_str(j, "kind", row->kind);
    json_str(j, "reference", row->ref);
    json_i64(j, "amount", row->amount);
    json_str(j, "currency", row->currency);
    json_time(j, "created_at", row->created_at);
    if (row->available_on_given && instant_before(row->available_on, HOLDBACK_NO_DAY))
        json_time(j, "available_on", row->available_on);
    else
        json_null(j, "available_on");
    json_i64(j, "held", row->held);
    json_close(j);
}

static err ledger_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct ledger_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    str account = str_given(in->account) ? in->account : STR("seller");
    bool own_sales = str_eq(account, STR("own_sales")), partner = own_sales || str_eq(account, STR("partner"));
    if (!partner && !str_eq(account, STR("seller")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("account"), STR("seller, partner or own_sales"));
    if (own_sales)
        account = STR("seller"); /* of nobody but the partner itself */
    user_id owner;
    TRY(account_owner(t, c, partner, in->user, &owner));
    str position;
    int64_t before = INT64_MAX;
    TRY(cursor_read(t, "ledger", c->partner, in->cursor, &position));
    if (str_given(position) && !num_parse(position, &before))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cursor"), STR("next_cursor of an earlier page of this list"));
    size_t limit = page_limit(in->limit), n;
    const struct ledger_list_row *rows;
    TRY(ledger_list(t, before, (int64_t)limit + 1, c->partner, account, owner, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        posting_write(j, &rows[i]);
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].entry_id.v) : STR_NONE;
    page_end(t, j, "ledger", c->partner, n > limit, last);
    return OK;
}

const struct route ledger_route = {
    .method = GET,
    .path = "/v1/ledger",
    .guard = &GUARD_BALANCE,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct ledger_in, ledger_params),
    .handle = ledger_read,
    .answer = "Page<LedgerEntry>",
    .summary = "Ledger entries of a user's or the partner's account, newest first",
};
