/* See settlement_file.h. */
#include "paysrv/domain/settlement/settlement_file.h"

#include "shared/base/num.h"
#include "shared/text/csv_in.h"
#include "shared/text/currency.h"

#define CELLS_MAX 40
#define NAME_MAX_BYTES 100
#define SUM_MAX_MINOR (POSTING_MAX_MINOR / 2)

#define COLUMNS(X)                                                                                                     \
    X(SETTLEMENT, "settlement")                                                                                        \
    X(TYPE, "type")                                                                                                    \
    X(ID, "id")                                                                                                        \
    X(KEY, "key")                                                                                                      \
    X(CURRENCY, "currency")                                                                                            \
    X(GROSS, "gross")                                                                                                  \
    X(FEE, "fee")                                                                                                      \
    X(NET, "net")
#define COLUMN_ROW(name, text) COLUMN_##name,
enum column { COLUMNS(COLUMN_ROW) COLUMN_COUNT };
#define COLUMN_NAME(name, text) text,
static const char *const column_names[] = { COLUMNS(COLUMN_NAME) };

struct reading {
    struct arena *arena;
    str rest;
    str cells[CELLS_MAX];
    size_t n_cells, n_names;
    size_t at[COLUMN_COUNT]; /* where a column is */
    int64_t line;            /* of the file */
    struct settlement_line *lines;
    size_t n, room;
    int64_t gross_minor, fee_minor;
    bool has_transfer;
    struct settlement_file file;
    str why;
};

static bool refuse(struct reading *r, const char *why)
{
    r->why = arena_printf(r->arena, "line %lld: %s", (long long)r->line, why);
    return false;
}

/* false with an absent why: there is no more. */
static bool next(struct reading *r)
{
    bool malformed;
    r->line++;
    if (csv_line(r->arena, &r->rest, r->cells, CELLS_MAX, &r->n_cells, &malformed))
        return true;
    return malformed && refuse(r, "is no CSV of at most 40 cells");
}

/* Columns stand in any order, and there may be more. */
static bool names_read(struct reading *r)
{
    if (!next(r))
        return str_given(r->why) ? false : refuse(r, "the file is empty");
    r->n_names = r->n_cells;
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        size_t found = 0;
        for (size_t i = 0; i < r->n_cells; i++)
            if (str_eq(r->cells[i], str_of(column_names[c]))) {
                r->at[c] = i;
                found++;
            }
        if (found != 1)
            return refuse(r,
                          arena_cstr(r->arena, arena_printf(r->arena, "names no column %s, or two", column_names[c])));
    }
    return true;
}

static str cell(const struct reading *r, enum column c)
{
    return r->cells[r->at[c]];
}

static bool is_name(str text)
{
    if (text.n == 0 || text.n > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= ' ' || text.p[i] > '~')
            return false;
    return true;
}

static bool amounts_read(struct reading *r, int64_t *gross, int64_t *fee, int64_t *net)
{
    int64_t left;
    if (!num_parse(cell(r, COLUMN_GROSS), gross) || !num_parse(cell(r, COLUMN_FEE), fee) ||
        !num_parse(cell(r, COLUMN_NET), net))
        return refuse(r, "gross, fee and net are whole numbers of the minor unit");
    if (*gross > POSTING_MAX_MINOR || *gross < -POSTING_MAX_MINOR || *fee > POSTING_MAX_MINOR ||
        *fee < -POSTING_MAX_MINOR)
        return refuse(r, "an amount is too large");
    if (!num_sub(*gross, *fee, &left) || left != *net)
        return refuse(r, "gross less fee is not net");
    return true;
}

static bool same_file(struct reading *r)
{
    str id = cell(r, COLUMN_SETTLEMENT), currency = cell(r, COLUMN_CURRENCY);
    if (!is_name(id) || !currency_find(currency))
        return refuse(r, "settlement or currency is missing");
    if (!str_given(r->file.id)) {
        r->file.id = id;
        r->file.currency = currency;
    }
    if (!str_eq(r->file.id, id) || !str_eq(r->file.currency, currency))
        return refuse(r, "is of another settlement or currency than those before");
    return true;
}

static struct settlement_line *line_new(struct reading *r)
{
    if (r->n == r->room) {
        struct settlement_line *old = r->lines;
        r->room = r->room ? r->room * 2 : 1024;
        r->lines = arena_array(r->arena, struct settlement_line, r->room);
        for (size_t i = 0; i < r->n; i++)
            r->lines[i] = old[i];
    }
    return &r->lines[r->n++];
}

static bool operation_read(struct reading *r, enum settlement_kind kind, int64_t gross, int64_t fee)
{
    str key = cell(r, COLUMN_KEY);
    if (!is_name(cell(r, COLUMN_ID)) || (key.n && !is_name(key)))
        return refuse(r, "id is missing, or id or key is longer than 100 printable characters");
    if (r->n == SETTLEMENT_MAX_LINES)
        return refuse(r, "there are more than 100000 lines");
    if (!num_add(r->gross_minor, gross, &r->gross_minor) || !num_add(r->fee_minor, fee, &r->fee_minor))
        return refuse(r, "the sums do not fit a number");
    *line_new(r) = (struct settlement_line){
        .kind = kind, .id = cell(r, COLUMN_ID), .key = key.n ? key : STR_NONE, .gross_minor = gross, .fee_minor = fee
    };
    return true;
}

static bool transfer_read(struct reading *r, int64_t gross, int64_t fee, int64_t net)
{
    str transfer = cell(r, COLUMN_ID);
    if (!is_name(transfer) || transfer.n > 35)
        return refuse(r, "the payout's id is no reference of 1 to 35 characters");
    if (gross != r->gross_minor || fee != r->fee_minor)
        return refuse(r, "the payout is not the sum of the lines before");
    if (gross > SUM_MAX_MINOR || gross < -SUM_MAX_MINOR)
        return refuse(r, "the payout is too large");
    r->file.transfer = transfer;
    r->file.gross_minor = gross;
    r->file.fee_minor = fee;
    r->file.net_minor = net;
    r->has_transfer = true;
    return true;
}

static bool row_read(struct reading *r)
{
    int64_t gross, fee, net;
    enum settlement_kind kind;
    if (r->has_transfer)
        return refuse(r, "follows the payout, which is the last one");
    if (r->n_cells != r->n_names)
        return refuse(r, "has not as many cells as there are names");
    if (!same_file(r) || !amounts_read(r, &gross, &fee, &net))
        return false;
    if (str_eq(cell(r, COLUMN_TYPE), STR("payout")))
        return transfer_read(r, gross, fee, net);
    if (!settlement_kind_parse(cell(r, COLUMN_TYPE), &kind))
        kind = SETTLEMENT_ADJUSTMENT; /* money is money, whatever he calls it */
    return operation_read(r, kind, gross, fee);
}

bool settlement_file_read(struct arena *a, str document, struct settlement_file *ret, str *why)
{
    struct reading r = { .arena = a, .rest = document };
    bool good = names_read(&r);
    while (good && next(&r))
        good = row_read(&r);
    if (good && !str_given(r.why) && !r.has_transfer)
        good = refuse(&r, "the payout is missing; the file is torn");
    if (!good || str_given(r.why)) {
        *why = r.why;
        return false;
    }
    r.file.lines = r.lines;
    r.file.n = r.n;
    *ret = r.file;
    return true;
}
