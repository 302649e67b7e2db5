/* The one definition of the platform's faults. */
#include "shared/base/faults.h"

FAULTS_DEFINE(PLATFORM_FAULTS)
