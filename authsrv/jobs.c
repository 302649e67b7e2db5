/* The table of jobs.h as data. */
#include "authsrv/jobs.h"

#define JOB_ROW(name_, seconds, run_) { .name = name_, .every = { (int64_t)(seconds)*1000000 }, .run = run_ },

const struct job authsrv_jobs[] = { AUTHSRV_JOBS(JOB_ROW) };
const size_t authsrv_jobs_n = sizeof authsrv_jobs / sizeof authsrv_jobs[0];
