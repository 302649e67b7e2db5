/* The one place where authsrv's faults are defined. */
#include "authsrv/faults.h"

FAULTS_DEFINE(AUTHSRV_FAULTS)
