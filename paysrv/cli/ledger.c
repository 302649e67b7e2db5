/* paysrv ledger verify|show: the seals of the books, and what these say of one payment. */
#include <stdio.h>

#include "paysrv/flow/ledger/ledger_seal.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/ledger_head.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/encode.h"
#include "shared/text/money_text.h"

static int seals_print(const struct ledger_verdict *v)
{
    if (v->broken_last > 0)
        printf("BROKEN seal %lld: entries %lld to %lld are not what was sealed\n", (long long)v->broken_seal,
               (long long)v->broken_first, (long long)v->broken_last);
    else if (v->broken_seal > 0)
        printf("BROKEN seal %lld: the anchor is no seal of this ledger\n", (long long)v->broken_seal);
    else
        printf("%lld seals over %lld entries, whole; %lld entries not sealed yet; head %lld:%.*s\n",
               (long long)v->seals, (long long)v->entries, (long long)v->unsealed, (long long)v->head.seq,
               STR_ARG(v->head.hash));
    return v->broken_seal > 0 ? CLI_FAILED : CLI_DONE;
}

/* What was published, and is not there any more. */
static int heads_print(struct task *t)
{
    const struct ledger_head_broken_row *broken;
    err e = ledger_head_broken(t, &broken);
    if (e)
        return cli_failed(e);
    if (!broken)
        return CLI_DONE;
    printf("BROKEN the head published for %.*s, seal %lld, is no seal of this ledger\n", STR_ARG(broken->day),
           (long long)broken->seal_id);
    return CLI_FAILED;
}

/* SEQ:HASH as it is published, or the hash alone. *seq 0: no seal has it. */
static bool head_read(struct task *t, str text, struct audit_link *ret, err *e)
{
    const struct ledger_seal_of_hash_row *seal = NULL;
    bytes hash;
    *e = OK;
    if (audit_link_parse(text, ret))
        return true;
    if (!hex_decode(t->arena, text, &hash) || hash.n != sizeof(digest))
        return false;
    *e = ledger_seal_of_hash(t, hash, &seal);
    *ret = (struct audit_link){ .seq = seal ? seal->seal_id : 0, .hash = text };
    return true;
}

int ledger_verify_all(struct task *t, int argc, char **argv)
{
    const char *text = NULL, *head = NULL;
    const struct cli_option options[] = { { "--anchor", &text, NULL, NULL }, { "--head", &head, NULL, NULL } };
    struct audit_link anchor;
    struct ledger_verdict verdict;
    err e = OK;
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    text = head ? head : text;
    if (text && !head_read(t, str_of(text), &anchor, &e))
        return cli_misuse("--head: SEQ:HASH or HASH, as it was published, or an earlier verify printed it");
    if (!e && !(text && anchor.seq == 0))
        e = ledger_verify(t, text ? &anchor : NULL, &verdict);
    if (e)
        return cli_failed(e);
    if (text && anchor.seq == 0) {
        puts("BROKEN the head that was kept is no seal of this ledger");
        return CLI_FAILED;
    }
    int code = seals_print(&verdict);
    if (code == CLI_DONE && text)
        printf("the head that was kept is seal %lld: nothing up to it has changed\n", (long long)anchor.seq);
    return code == CLI_DONE ? heads_print(t) : code;
}

int ledger_show(struct task *t, int argc, char **argv)
{
    const char *payment = NULL;
    if (!cli_read(argc, argv, &payment, 1, NULL, 0))
        return CLI_USAGE;
    const struct payment_find_row *found;
    err e = payment_any(t, (payment_id){ str_of(payment) }, &found);
    if (e)
        return cli_failed(e);
    if (!found) {
        fprintf(stderr, "paysrv: no payment %s\n", payment);
        return CLI_FAILED;
    }
    const struct payment_postings_row *rows;
    size_t n;
    e = payment_postings(t, found->payment_id, found->partner_id, &rows, &n);
    if (e)
        return cli_failed(e);
    printf("%s %.*s %.*s\n", payment, STR_ARG(found->status),
           STR_ARG(money_text(t->arena, found->amount, found->currency)));
    for (size_t i = 0; i < n; i++)
        printf("%lld\t%.*s\t%.*s\t%.*s%s%.*s\t%.*s\n", (long long)rows[i].entry_id.v,
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), STR_ARG(rows[i].kind), STR_ARG(rows[i].account),
               rows[i].user_id.n ? " " : "", STR_ARG(rows[i].user_id),
               STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)));
    return CLI_DONE;
}
