/* The pages of the bank, of anomalies, of reversals and of debts, for operator_sample.c. */
#pragma once

#include "tests/unit/web/sample.h"

void sample_bank(struct buf *out, enum filling f);
void sample_bank_empty(struct buf *out, enum filling f);
void sample_anomalies(struct buf *out, enum filling f);
void sample_anomaly_refused(struct buf *out, enum filling f);
void sample_anomalies_empty(struct buf *out, enum filling f);
void sample_reversals(struct buf *out, enum filling f);
void sample_debts(struct buf *out, enum filling f);
void sample_registry(struct buf *out, enum filling f);
