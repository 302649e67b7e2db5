/*
 * A registry of the acquirer's as a file (docs/protocol/acquirer.md, Settlements): CSV with a line of names, a line for
 * each operation, and the transfer they come to as the last one. It is read whole or refused.
 */
#pragma once

#include "paysrv/domain/settlement/settlement.h"
#include "shared/base/arena.h"

#define SETTLEMENT_MAX_BYTES ((size_t)8 << 20)
#define SETTLEMENT_MAX_LINES 100000

struct settlement_line {
    enum settlement_kind kind;
    str id;  /* the acquirer's name of what it is about */
    str key; /* our operation's own id; absent: none is named */
    int64_t gross_minor, fee_minor;
};

struct settlement_file {
    str id, currency, transfer;
    int64_t gross_minor, fee_minor, net_minor;
    const struct settlement_line *lines;
    size_t n;
};

/* false: no such file, torn, or it does not add up; *why is for whoever brought it. Texts point into document. */
bool settlement_file_read(struct arena *a, str document, struct settlement_file *ret, str *why);
