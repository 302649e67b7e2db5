/* The end of the process: for what can only be a bug or a machine that cannot go on (out of memory, no randomness). */
#pragma once

/* Writes "panic: why" to standard error and aborts. why is a literal: no data of a user gets there. */
_Noreturn void panic(const char *why);
