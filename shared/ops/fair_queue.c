/* See fair_queue.h. */
#include "shared/ops/fair_queue.h"

#include <stdlib.h>

#include "shared/base/panic.h"

enum { LINES = 64, SHARE = 15, WORKERS_TO_SHARE = 16 };

struct place {
    struct work_item work;
    struct place *next;
};

struct line {
    struct place *first, **end;
    size_t waiting;
};

struct half {
    struct line lines[LINES];
    uint64_t lines_given; /* a bit for each that is not empty */
    size_t waiting;
    struct place *spare;
};

struct fair_queue {
    size_t places;
    bool is_shared; /* workers are */
    struct half halves[N_QUEUES];
    unsigned busy[LINES], last; /* last: the line that was taken from last */
    struct place *all;
};

static unsigned line_of(queue_party whose)
{
    return whose == PARTY_NONE ? 0 : 1 + (unsigned)(whose % (LINES - 1));
}

struct fair_queue *fair_queue_new(size_t places, unsigned n_workers)
{
    struct fair_queue *q = calloc(1, sizeof *q);
    if (!q || !(q->all = calloc(places * N_QUEUES, sizeof *q->all)))
        panic("out of memory");
    q->places = places;
    q->is_shared = n_workers >= WORKERS_TO_SHARE;
    for (unsigned h = 0; h < N_QUEUES; h++) {
        for (unsigned i = 0; i < LINES; i++)
            q->halves[h].lines[i].end = &q->halves[h].lines[i].first;
        for (size_t i = 0; i < places; i++) {
            struct place *p = &q->all[h * places + i];
            p->next = q->halves[h].spare;
            q->halves[h].spare = p;
        }
    }
    return q;
}

void fair_queue_free(struct fair_queue *q)
{
    free(q->all);
    free(q);
}

enum fair_verdict fair_queue_put(struct fair_queue *q, enum queue queue, queue_party whose, struct work_item work)
{
    struct half *h = &q->halves[queue];
    unsigned l = line_of(whose);
    struct line *line = &h->lines[l];
    struct place *p = h->spare;
    if (!p)
        return FAIR_FULL;
    if (l && line->waiting >= SHARE * (q->places - h->waiting))
        return FAIR_SHARE_USED;
    h->spare = p->next;
    *p = (struct place){ .work = work };
    *line->end = p;
    line->end = &p->next;
    line->waiting++;
    h->waiting++;
    h->lines_given |= UINT64_C(1) << l;
    return FAIR_TAKEN;
}

/* left: idle workers when it has one of them. */
static bool may_work(const struct fair_queue *q, unsigned line, unsigned left)
{
    return !q->is_shared || line == 0 || q->busy[line] == 0 || q->busy[line] < SHARE * left;
}

/* LINES: none of them may have a worker. */
static unsigned line_next(const struct fair_queue *q, const struct half *h, unsigned left)
{
    unsigned best = LINES;
    for (uint64_t given = h->lines_given; given; given &= given - 1) {
        unsigned l = (unsigned)__builtin_ctzll(given);
        bool is_less = best == LINES || q->busy[l] < q->busy[best];
        bool is_equal = best != LINES && q->busy[l] == q->busy[best];
        /* of equals the first one behind the last */
        if ((is_less || (is_equal && l > q->last && best <= q->last)) && may_work(q, l, left))
            best = l;
    }
    return best;
}

static struct work_item line_take(struct half *h, unsigned l)
{
    struct line *line = &h->lines[l];
    struct place *p = line->first;
    line->first = p->next;
    if (!line->first) {
        line->end = &line->first;
        h->lines_given &= ~(UINT64_C(1) << l);
    }
    line->waiting--;
    h->waiting--;
    p->next = h->spare;
    h->spare = p;
    return p->work;
}

struct work_item fair_queue_take(struct fair_queue *q, unsigned idle, unsigned *line)
{
    static const enum queue order[N_QUEUES] = { QUEUE_AHEAD, QUEUE_COMMON };
    for (unsigned i = 0; idle && i < N_QUEUES; i++) {
        struct half *h = &q->halves[order[i]];
        unsigned l = line_next(q, h, idle - 1);
        if (l == LINES)
            continue;
        q->busy[l]++;
        q->last = l;
        *line = l;
        return line_take(h, l);
    }
    return (struct work_item){ NULL, NULL };
}

void fair_queue_done(struct fair_queue *q, unsigned line)
{
    q->busy[line]--;
}

void fair_queue_open(struct fair_queue *q)
{
    q->is_shared = false;
}

size_t fair_queue_waiting(const struct fair_queue *q)
{
    return q->halves[QUEUE_COMMON].waiting + q->halves[QUEUE_AHEAD].waiting;
}
