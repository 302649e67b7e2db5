/* pain.002, CustomerPaymentStatusReport: what the bank says of an order, or of single transfers of it. */
#include "paysrv/domain/bank/bank_draft.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

struct status {
    str code, reason, text, end_to_end;
};

struct report {
    str order; /* OrgnlMsgId */
    struct status group, payment, transfer;
};

static const struct bank_field group_fields[] = {
    { "OrgnlGrpInfAndSts/GrpSts", offsetof(struct status, code) },
    { "OrgnlGrpInfAndSts/StsRsnInf/Rsn/Cd", offsetof(struct status, reason) },
    { "OrgnlGrpInfAndSts/StsRsnInf/AddtlInf", offsetof(struct status, text) },
};
static const struct bank_field payment_fields[] = {
    { "OrgnlPmtInfAndSts/PmtInfSts", offsetof(struct status, code) },
    { "OrgnlPmtInfAndSts/StsRsnInf/Rsn/Cd", offsetof(struct status, reason) },
    { "OrgnlPmtInfAndSts/StsRsnInf/AddtlInf", offsetof(struct status, text) },
};
static const struct bank_field transfer_fields[] = {
    { "OrgnlPmtInfAndSts/TxInfAndSts/TxSts", offsetof(struct status, code) },
    { "OrgnlPmtInfAndSts/TxInfAndSts/OrgnlEndToEndId", offsetof(struct status, end_to_end) },
    { "OrgnlPmtInfAndSts/TxInfAndSts/StsRsnInf/Rsn/Cd", offsetof(struct status, reason) },
    { "OrgnlPmtInfAndSts/TxInfAndSts/StsRsnInf/AddtlInf", offsetof(struct status, text) },
};

static const struct {
    const char *codes;
    enum bank_line_kind kind;
} meanings[] = {
    { "RJCT CANC", BANK_LINE_REJECTED },
    { "PDNG PATC BLCK", BANK_LINE_PENDING },
    { "RCVD ACTC ACCP ACSP ACSC ACWC ACWP ACCC ACFC ACIS PRES PART", BANK_LINE_ACCEPTED },
};

void bank_status_begin(struct bank_draft *d)
{
    d->state = arena_new(d->arena, struct report);
}

/* What of is said, as a line; nothing said is no line. */
static bool line_make(struct bank_draft *d, const struct status *s, const struct status *above)
{
    const struct report *r = d->state;
    if (!str_given(s->code))
        return true;
    for (size_t i = 0; i < N(meanings); i++) {
        if (!str_has_word(str_of(meanings[i].codes), s->code))
            continue;
        *bank_draft_line(d) = (struct bank_line){
            .kind = meanings[i].kind,
            .end_to_end = s->end_to_end,
            .order = r->order,
            .reason = str_given(s->reason) ? s->reason : above->reason,
            .text = str_given(s->text) ? s->text : above->text,
        };
        return true;
    }
    return bank_draft_refuse(d, "it holds a status that is not known");
}

bool bank_status_open(struct bank_draft *d, str path, const struct xml_element *e)
{
    struct report *r = d->state;
    (void)e;
    if (str_eq(path, STR("OrgnlPmtInfAndSts")))
        r->payment = (struct status){ 0 };
    if (str_eq(path, STR("OrgnlPmtInfAndSts/TxInfAndSts")))
        r->transfer = (struct status){ 0 };
    return true;
}

bool bank_status_close(struct bank_draft *d, str path, const struct xml_element *e)
{
    struct report *r = d->state;
    if (str_eq(path, STR("OrgnlGrpInfAndSts/OrgnlMsgId")))
        r->order = arena_str(d->arena, e->text);
    bank_draft_take(d, e, path, group_fields, N(group_fields), &r->group);
    bank_draft_take(d, e, path, payment_fields, N(payment_fields), &r->payment);
    bank_draft_take(d, e, path, transfer_fields, N(transfer_fields), &r->transfer);
    if (str_eq(path, STR("OrgnlGrpInfAndSts")))
        return line_make(d, &r->group, &r->group);
    if (str_eq(path, STR("OrgnlPmtInfAndSts/TxInfAndSts"))) {
        if (!str_given(r->transfer.end_to_end))
            return bank_draft_refuse(d, "a transfer has no OrgnlEndToEndId");
        return line_make(d, &r->transfer, &r->payment);
    }
    if (str_eq(path, STR("OrgnlPmtInfAndSts")))
        return line_make(d, &r->payment, &r->group);
    return true;
}

bool bank_status_finish(struct bank_draft *d)
{
    const struct report *r = d->state;
    if (!str_given(r->order) || r->order.n == 0)
        return bank_draft_refuse(d, "OrgnlMsgId is missing");
    return d->n > 0 || bank_draft_refuse(d, "it holds no status");
}
