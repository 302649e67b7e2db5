/* Faults of the probe store, which exists for these tests only. */
#pragma once

#include "shared/base/faults.h"

#define PROBE_FAULTS(X) X(NAME_TAKEN, 409, "name_taken", "There is an item of this name already.")

FAULTS_DECLARE(PROBE_FAULTS)
