/* See audit.h. The statements stand here because they are every schema's that has the tables. */
#include "shared/db/audit.h"

#include <stddef.h>

#include "shared/base/num.h"
#include "shared/text/encode.h"

#define PER_PART 200

/*
 * At most PER_PART rows of each part a round. Numbers are given before rows are seen: one may come after others that
 * have higher ones, but hardly after 10,000 of them, so that the cost follows what is new and not the history. One that
 * does, of a transaction that wrote more than those, is found by looking at 2,000 anywhere else, each time: all of a
 * million in a day, many times.
 */
static const struct db_statement extend_statement = {
    .name = "audit_chain_extend",
    .sql = "with recursive last as materialized (\n"
           "    select coalesce((select seq from audit_chain order by seq desc limit 1), 0) as seq,\n"
           "           coalesce((select hash from audit_chain order by seq desc limit 1), decode(repeat('00', 32), "
           "'hex')) as hash,\n"
           "           coalesce((select max(audit_id) from audit_chain), 0) - 10000 as after\n"
           "), place as materialized (\n"
           "    select floor(random() * after)::int8 as at from last\n"
           "), todo as materialized (\n"
           "    select row_number() over (order by x.id) as n, x.id\n"
           "      from ((select a.id from audit a\n"
           "              where a.id > (select after from last)\n"
           "                and not exists (select 1 from audit_chain c where c.audit_id = a.id)\n"
           "              order by a.id limit 200)\n"
           "            union all\n"
           "            (select a.id from audit a\n"
           "              where a.id > (select at from place) and a.id <= (select least(at + 2000, after) from place, "
           "last)\n"
           "                and (select c.seq from audit_chain c where c.audit_id = a.id) is null\n"
           "              order by a.id limit 200)) x\n"
           "), chain (n, seq, audit_id, prev, hash) as (\n"
           "    select t.n, last.seq + t.n, t.id, last.hash, audit_digest(last.hash, a)\n"
           "      from last, todo t join audit a on a.id = t.id where t.n = 1\n"
           "    union all\n"
           "    select t.n, chain.seq + 1, t.id, chain.hash, audit_digest(chain.hash, a)\n"
           "      from chain join todo t on t.n = chain.n + 1 join audit a on a.id = t.id\n"
           ")\n"
           "insert into audit_chain (seq, audit_id, prev, hash) select seq, audit_id, prev, hash from chain",
    .file = __FILE__,
    .cardinality = DB_EXEC,
};

/* Serializable: two processes that chain the same rows do not both commit. */
static err chain_in_tx(struct task *t, void *context)
{
    int64_t *n = context;
    struct db_rows rows;
    TRY(db_run(t, &extend_statement, NULL, &rows));
    *n = rows.affected;
    return OK;
}

err audit_chain(struct task *t)
{
    int64_t n;
    do
        TRY(db_tx(t, chain_in_tx, &n));
    while (n >= PER_PART);
    return OK;
}

/* ---- verifying ---- */

bool audit_link_parse(str text, struct audit_link *ret)
{
    str seq;
    ret->hash = text;
    return str_cut(&ret->hash, ':', &seq) && num_parse(seq, &ret->seq) && ret->hash.n == 64;
}

struct part {
    int64_t n, broken_seq, last_seq;
    bytes last_hash;
};

static const enum db_type part_params[] = { DB_BYTES, DB_I64 };
static const struct db_column part_columns[] = {
    { "n", DB_I64, offsetof(struct part, n), false, 0 },
    { "broken_seq", DB_I64, offsetof(struct part, broken_seq), false, 0 },
    { "last_seq", DB_I64, offsetof(struct part, last_seq), false, 0 },
    { "last_hash", DB_BYTES, offsetof(struct part, last_hash), true, 0 },
};

/* The next part of the chain after a link that was good: how long it is, where it is first broken (0: nowhere), its
 * end. */
static const struct db_statement part_statement = {
    .name = "audit_verify_part",
    .sql = "with part as (\n"
           "    select c.seq, c.hash,\n"
           "           c.prev is distinct from lag(c.hash, 1, $1::bytea) over (order by c.seq)\n"
           "           or c.seq <> lag(c.seq, 1, $2::int8) over (order by c.seq) + 1\n"
           "           or a.id is null or c.hash is distinct from audit_digest(c.prev, a) as is_broken\n"
           "      from (select seq, audit_id, prev, hash from audit_chain where seq > $2::int8 order by seq limit "
           "5000) c\n"
           "      left join audit a on a.id = c.audit_id\n"
           ")\n"
           "select count(*), coalesce(min(seq) filter (where is_broken), 0), coalesce(max(seq), $2::int8),\n"
           "       (select hash from part order by seq desc limit 1)\n"
           "  from part",
    .file = __FILE__,
    .cardinality = DB_ONE,
    .n_params = 2,
    .param_types = part_params,
    .n_columns = 4,
    .columns = part_columns,
    .row_size = sizeof(struct part),
};

static err part_read(struct task *t, bytes head, int64_t after, const struct part **ret)
{
    const struct db_value params[] = { { .type = DB_BYTES, .as.bin = head }, { .type = DB_I64, .as.i64 = after } };
    struct db_rows rows;
    TRY(db_run(t, &part_statement, params, &rows));
    *ret = rows.rows;
    return OK;
}

struct link {
    bytes hash;
};

static const enum db_type link_params[] = { DB_I64 };
static const struct db_column link_columns[] = { { "hash", DB_BYTES, offsetof(struct link, hash), false, 0 } };
static const struct db_statement link_statement = {
    .name = "audit_link_find",
    .sql = "select hash from audit_chain where seq = $1::int8",
    .file = __FILE__,
    .cardinality = DB_MAYBE,
    .n_params = 1,
    .param_types = link_params,
    .n_columns = 1,
    .columns = link_columns,
    .row_size = sizeof(struct link),
};

/* The anchor is broken when it is not a link. */
static err anchor_check(struct task *t, const struct audit_link *anchor, struct audit_state *ret)
{
    const struct db_value params[] = { { .type = DB_I64, .as.i64 = anchor->seq } };
    struct db_rows rows;
    TRY(db_run(t, &link_statement, params, &rows));
    const struct link *link = rows.n > 0 ? rows.rows : NULL;
    if (ret->broken_seq == 0 && (!link || !str_eq(hex_encode(t->arena, link->hash), anchor->hash)))
        ret->broken_seq = anchor->seq;
    return OK;
}

static const struct db_column unchained_columns[] = { { "n", DB_I64, 0, false, 0 } };

/* A link is of one entry, and an entry has one link at most: the tables say so. */
static const struct db_statement unchained_statement = {
    .name = "audit_unchained_count",
    .sql = "select (select count(*) from audit) - (select count(*) from audit_chain)",
    .file = __FILE__,
    .cardinality = DB_ONE,
    .n_columns = 1,
    .columns = unchained_columns,
    .row_size = sizeof(int64_t),
};

static err unchained_count(struct task *t, int64_t *ret)
{
    struct db_rows rows;
    TRY(db_run(t, &unchained_statement, NULL, &rows));
    *ret = *(const int64_t *)rows.rows;
    return OK;
}

err audit_verify(struct task *t, const struct audit_link *anchor, struct audit_state *ret)
{
    static const digest nothing;
    bytes head = digest_bytes(&nothing);
    const struct part *part;
    *ret = (struct audit_state){ 0 };
    do {
        TRY(part_read(t, head, ret->head.seq, &part));
        ret->links += part->n;
        ret->broken_seq = part->broken_seq;
        ret->head.seq = part->last_seq;
        if (part->n > 0)
            head = part->last_hash;
    } while (part->n > 0 && ret->broken_seq == 0);
    ret->head.hash = hex_encode(t->arena, head);
    TRY(unchained_count(t, &ret->unchained));
    return anchor ? anchor_check(t, anchor, ret) : OK;
}
