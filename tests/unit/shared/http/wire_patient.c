/* A route that waits in turns, for nothing but a worker who runs it again. */
#include <stdlib.h>

#include "tests/unit/shared/http/wire.h"

struct patient_in {
    str q;
};
static const struct param patient_params[] = {
    P_STR(struct patient_in, q, .need = REQUIRED, .set = ID, .max = 20),
};

static void waited(struct task *t, void *turn)
{
    const struct turn *waiting = turn;
    waiting->again(t, waiting->owner);
}

static void begin_to_wait(struct task *t, struct turn *turn)
{
    (void)t;
    if (!turn->call_worker(turn->owner, waited, turn))
        abort();
}

static int n_admitted;

static err count(struct task *t, struct request *rq)
{
    int *mine = arena_new(t->arena, int);
    *mine = __atomic_add_fetch(&n_admitted, 1, __ATOMIC_RELAXED);
    rq->caller = mine;
    return OK;
}
static const struct guard guard_count = { "count", count };

int wire_admitted(void)
{
    return __atomic_load_n(&n_admitted, __ATOMIC_RELAXED);
}

static err patient(struct task *t, const struct request *rq, struct response *rs)
{
    static const char key;
    const struct patient_in *in = rq->in;
    bool answered = !t->turn || t->turn->asked;
    if (!answered) {
        turn_keep(t, &key, arena_cstr(t->arena, in->q));
        t->turn->asked = arena_alloc(t->arena, 1);
        t->turn->wait = begin_to_wait;
        reply_header(rs, "X-Lost", STR("yes"));
        return FAIL(t, IN_TURN, "the answer is not there");
    }
    if (str_eq(in->q, STR("bad")))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("q"), STR("is bad"));
    if (t->turn && str_eq(in->q, STR("work")))
        return FAIL(t, NEED_WORKER, "would block");
    struct json *j = reply_json(rs, 200);
    json_bool(j, "on_worker", !t->turn);
    json_bool(j, "admitted", rq->caller && *(const int *)rq->caller == wire_admitted());
    json_str(j, "kept", str_of(turn_kept(t, &key)));
    return OK;
}

const struct route wire_patient_route = { .method = GET,
                                          .path = "/patient",
                                          .guard = &guard_count,
                                          .body = BODY_NONE,
                                          .run = RUN_IN_TURNS,
                                          .errors = ERRORS_PROBLEM,
                                          INPUT(struct patient_in, patient_params),
                                          .handle = patient };
