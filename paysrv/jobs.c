/* The table of jobs.h as data. */
#include "paysrv/jobs.h"

#define JOB_ROW(name_, seconds, run_) { .name = name_, .every = { (int64_t)(seconds)*1000000 }, .run = run_ },

const struct job paysrv_jobs[] = { PAYSRV_JOBS(JOB_ROW) };
const size_t paysrv_jobs_n = sizeof paysrv_jobs / sizeof paysrv_jobs[0];
