/* The pages of the bank, for operator_sample.c. */
#pragma once

#include "tests/unit/web/sample.h"

void sample_bank(struct buf *out, enum filling f);
void sample_bank_empty(struct buf *out, enum filling f);
void sample_registry(struct buf *out, enum filling f);
