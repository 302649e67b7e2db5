/* The probe store's fault table. */
#include "probe/faults.h"

FAULTS_DEFINE(PROBE_FAULTS)
