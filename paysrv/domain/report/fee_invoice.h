/*
 * The invoice for the fees of a month, which an issuer, the platform or a partner, took of a seller. The books took
 * them with the tax inside: it is computed once, on the sum of all lines, and net and tax are the sum, always.
 */
#pragma once

#include "paysrv/domain/report/paper.h"
#include "shared/base/instant.h"

#define FEE_LINES_MAX 20
#define FEE_RATE_MAX_BP 10000

/* What fees were taken with, or given back: a minus. */
struct fee_line {
    str kind;
    int64_t count, amount_minor;
};

struct fee_sums {
    int64_t net_minor, tax_minor, gross_minor;
};
/*
 * The sum, and the tax inside it, rounded half away from zero, so that a credit note takes back what an invoice of the
 * same amount said. rate_bp 0: none. false: it does not fit a number.
 */
bool fee_sums_of(const struct fee_line *lines, size_t n, int32_t rate_bp, struct fee_sums *ret);

struct fee_party {
    str name, address, tax_id; /* but for the name, absent: not known */
};

struct fee_invoice {
    const struct paper_language *language;
    str number;
    bool is_test; /* of a sandbox: nothing was sold */
    str date;     /* on which it was issued, in the zone */
    instant from, to;
    str month, zone, currency;
    struct fee_party issuer, recipient;
    struct fee_line lines[FEE_LINES_MAX];
    size_t n;
    struct fee_sums sums;
    int32_t rate_bp;
    str untaxed; /* why there is no tax: exempt, reverse_charge, outside_scope or not_stated; absent: there is */
};

bool fee_untaxed_is_known(str reason);
str fee_invoice_title(struct arena *a, const struct fee_invoice *invoice);
void fee_invoice_lay_out(struct sheet *s, const struct fee_invoice *invoice);
