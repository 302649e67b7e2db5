/* The page of a bank transfer, for pay_sample.c. */
#pragma once

#include "tests/unit/web/sample.h"

void sample_transfer(struct buf *out, enum filling f);
void sample_transfer_embedded(struct buf *out, enum filling f);
