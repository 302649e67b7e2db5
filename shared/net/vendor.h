/* libcurl's one process-wide initialization, before the first handle. */
#pragma once

void vendor_init(void);
