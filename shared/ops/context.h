/*
 * Stacks, and the switch from one to another (fiber.h is made of them). The contexts are the C library's; sanitizers
 * are told of each switch.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <ucontext.h>

struct context {
    ucontext_t machine;
    void *mapped; /* NULL: a thread's own stack */
    const void *bottom;
    size_t bytes;
    void *sanitizer; /* its state while another one runs */
};

/* The calling thread's, to switch from. */
void context_of_thread(struct context *c);
/* A stack of its own, on which main(arg) runs at the first switch, and calls context_begin first; it never returns. */
void context_make(struct context *c, void (*main)(void *arg), void *arg);
/* Nobody runs on it any more. */
void context_free(struct context *c);

/* Comes back when somebody switches to it again; is_over: never. Who switches back is who was switched to. */
void context_switch(struct context *from, struct context *to, bool is_over);
/* At the beginning of main: from is who switched to it. */
void context_begin(struct context *from);
