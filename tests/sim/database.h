/* The database that all worlds of a run share, as `paysrv migrate` makes it. */
#pragma once

#include "shared/db/db.h"

struct db_config database_make(void);
