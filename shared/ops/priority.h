/*
 * Which threads wait for which, where there are fewer processors than work. In Linux both niceness and slices are a
 * thread's own; since 6.12 a thread that wakes up waits until the slice of the one that runs is over, unless its own is
 * shorter (sched_setattr(2), sched_attr.sched_runtime). Where the kernel knows or allows less, the work is done all the
 * same.
 */
#pragma once

/* This thread's work is long and may wait: the others come first. */
void thread_step_back(void);
/* This thread's work is short and somebody waits for it: it takes the place of whoever runs. */
void thread_answer_soon(void);
