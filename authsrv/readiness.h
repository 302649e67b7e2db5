/* What must be usable for authsrv to work: asked by /readyz on both listeners. */
#pragma once

#include "shared/ops/process.h"

#define READINESS_MAX 4
extern const struct readiness readiness_parts[];
extern const size_t readiness_parts_n;
