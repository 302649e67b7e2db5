/* See answer.h. */
#include "paysrv/sandbox/answer.h"

#include "paysrv/sandbox/sandbox.h"

#define NO_ANSWER SECONDS(60)

static void answer_error(struct task *t, struct response *rs)
{
    reply_problem(t, rs, FAIL(t, INTERNAL, "as the fault plan or the test card says"));
}

void answer_bend(struct task *t, struct response *rs, enum call_fate fate, int64_t slow_ms)
{
    switch (fate) {
    case CALL_SOUND:
        return;
    case CALL_TIMES_OUT:
        reply_empty(rs, 500);
        reply_hold(rs, NO_ANSWER);
        reply_drop(rs);
        return;
    case CALL_ERROR_BEFORE:
    case CALL_ERROR_AFTER:
        answer_error(t, rs);
        return;
    case CALL_RESET_BEFORE:
    case CALL_RESET_AFTER:
        reply_empty(rs, 500);
        reply_drop(rs);
        return;
    case CALL_GARBAGE:
        reply_raw(rs, 200, "application/json", STR("<html><body>Bad gateway</body></html>"));
        return;
    case CALL_SLOW:
        reply_hold(rs, MILLISECONDS(slow_ms));
        return;
    }
}
