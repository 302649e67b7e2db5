/* The page of the audit log, for pay_sample.c. */
#pragma once

#include "tests/unit/web/sample.h"

void sample_audit(struct buf *out, enum filling f);
