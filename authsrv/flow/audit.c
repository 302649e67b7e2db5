/* Appending to the audit log and chaining it. */
#include "authsrv/flow/audit.h"

#include "authsrv/store/audit.sql.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"

err audit_write(struct task *t, str actor, str action, str object, str detail)
{
    int64_t n;
    return audit_add(t, actor, action, object, detail, &n);
}

/* Serializable: two processes that chain the same rows do not both commit. */
static err chain_in_tx(struct task *t, void *context)
{
    int64_t *n = context;
    return audit_chain_extend(t, n);
}

err audit_chain(struct task *t)
{
    int64_t n;
    do
        TRY(db_tx(t, chain_in_tx, &n));
    while (n == 200);
    return OK;
}

err audit_read(struct task *t, const struct audit_filter *f, int64_t limit, const struct audit_page_row **rows,
               size_t *n)
{
    return audit_page(t,
                      &(struct audit_page_args){ .before = f->before,
                                                 .since = f->since,
                                                 .until = f->until,
                                                 .actor = f->actor,
                                                 .action = f->action,
                                                 .object = f->object,
                                                 .tenant = f->tenant,
                                                 .limit = limit },
                      rows, n);
}

/* The anchor is broken when it is not a link. */
static err anchor_check(struct task *t, const struct audit_link *anchor, struct audit_state *ret)
{
    const struct audit_link_find_row *row;
    TRY(audit_link_find(t, anchor->seq, &row));
    if (ret->broken_seq == 0 && (!row || !str_eq(hex_encode(t->arena, row->hash), anchor->hash)))
        ret->broken_seq = anchor->seq;
    return OK;
}

err audit_verify(struct task *t, const struct audit_link *anchor, struct audit_state *ret)
{
    static const digest nothing;
    bytes head = digest_bytes(&nothing);
    const struct audit_verify_part_row *part;
    *ret = (struct audit_state){ 0 };
    do {
        TRY(audit_verify_part(t, head, ret->head.seq, &part));
        ret->links += part->n;
        ret->broken_seq = part->broken_seq;
        ret->head.seq = part->last_seq;
        if (part->n > 0)
            head = part->last_hash;
    } while (part->n > 0 && ret->broken_seq == 0);
    ret->head.hash = hex_encode(t->arena, head);
    return anchor ? anchor_check(t, anchor, ret) : OK;
}
