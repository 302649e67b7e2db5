/* The faults of faults.h, defined once. */
#include "paysrv/faults.h"

FAULTS_DEFINE(PAYSRV_FAULTS)
