/* Tables and arithmetic of disputes. See dispute.h. */
#include "paysrv/domain/dispute/dispute.h"

#include "shared/text/encode.h"

#define NAMES(what, ROWS, COUNT, TYPE)                                                                                 \
    str what##_name(enum TYPE v)                                                                                       \
    {                                                                                                                  \
        static const char *const names[COUNT] = { ROWS(NAME_ROW) };                                                    \
        return (size_t)v < COUNT ? str_of(names[v]) : STR("");                                                         \
    }
#define NAME_ROW(name, text) text,

NAMES(dispute_phase, DISPUTE_PHASES, DISPUTE_PHASE_COUNT, dispute_phase)
NAMES(dispute_status, DISPUTE_STATUSES, DISPUTE_STATUS_COUNT, dispute_status)
NAMES(dispute_booking, DISPUTE_BOOKINGS, BOOKED_COUNT, dispute_booking)
NAMES(dispute_step, DISPUTE_STEPS, DISPUTE_STEP_COUNT, dispute_step)

#define PARSE(what, COUNT, TYPE)                                                                                       \
    bool what##_parse(str name, enum TYPE *ret)                                                                        \
    {                                                                                                                  \
        for (size_t i = 0; i < COUNT; i++)                                                                             \
            if (str_eq(name, what##_name((enum TYPE)i))) {                                                             \
                *ret = (enum TYPE)i;                                                                                   \
                return true;                                                                                           \
            }                                                                                                          \
        return false;                                                                                                  \
    }
PARSE(dispute_phase, DISPUTE_PHASE_COUNT, dispute_phase)
PARSE(dispute_status, DISPUTE_STATUS_COUNT, dispute_status)
PARSE(dispute_booking, BOOKED_COUNT, dispute_booking)

bool dispute_is_over(enum dispute_status status)
{
    return status == DISPUTE_WON || status == DISPUTE_LOST || status == DISPUTE_CLOSED;
}

bool dispute_is_possible(enum dispute_phase phase, enum dispute_status status)
{
    if (status == DISPUTE_NEEDS_RESPONSE || status == DISPUTE_UNDER_REVIEW)
        return true;
    return (phase == DISPUTE_INQUIRY) == (status == DISPUTE_CLOSED);
}

bool dispute_accepts_itself(const struct dispute_state *state, int64_t below_minor)
{
    return state->phase == DISPUTE_CHARGEBACK && state->status == DISPUTE_NEEDS_RESPONSE &&
           state->amount_minor < below_minor;
}

/* ---- messages ---- */

enum dispute_verdict dispute_judge(const struct dispute_state *known, const struct dispute_state *told)
{
    if (told->sequence <= known->sequence)
        return DISPUTE_OLD;
    if (dispute_is_over(known->status))
        return told->status == known->status && told->phase == known->phase ? DISPUTE_OLD : DISPUTE_CONFLICT;
    if (known->phase == DISPUTE_CHARGEBACK && told->phase == DISPUTE_INQUIRY)
        return DISPUTE_CONFLICT;
    if (known->booked != BOOKED_NONE && told->amount_minor != known->amount_minor)
        return DISPUTE_CONFLICT;
    return DISPUTE_TAKE;
}

/* ---- steps ---- */

enum dispute_booking dispute_booked_by(enum dispute_step step)
{
    switch (step) {
    case DISPUTE_STEP_HOLD:
        return BOOKED_HELD;
    case DISPUTE_STEP_RETURN:
        return BOOKED_RETURNED;
    case DISPUTE_STEP_LOSE:
        return BOOKED_LOST;
    case DISPUTE_STEP_COUNT:
        break;
    }
    return BOOKED_NONE;
}

/* One that is heard of when it is decided is held first: its fee is taken, and both ways end the same. */
enum dispute_step dispute_next_step(const struct dispute_state *known)
{
    if (known->phase == DISPUTE_INQUIRY)
        return DISPUTE_STEP_COUNT;
    if (known->booked == BOOKED_NONE)
        return DISPUTE_STEP_HOLD;
    if (known->booked == BOOKED_HELD && known->status == DISPUTE_WON)
        return DISPUTE_STEP_RETURN;
    if (known->booked == BOOKED_HELD && known->status == DISPUTE_LOST)
        return DISPUTE_STEP_LOSE;
    return DISPUTE_STEP_COUNT;
}

/* Of several sellers the store's own bears it; he may have had no share before. */
static void fee_charge(const struct dispute_basis *b, struct dispute_booking_plan *plan)
{
    struct sellers *s = &plan->sellers;
    size_t i = 0;
    if (b->fee_bearer == SPLIT_PARTNER) {
        plan->shares.partner += b->fee_minor;
        return;
    }
    while (i < s->n && !str_eq(s->users[i], b->seller))
        i++;
    if (b->fee_bearer != SPLIT_SELLER || i == SPLIT_RULES_MAX) {
        plan->shares.platform += b->fee_minor;
        return;
    }
    if (i == s->n) {
        s->users[i] = b->seller;
        s->amounts[i] = 0;
        s->n++;
    }
    s->amounts[i] += b->fee_minor;
    plan->shares.seller += b->fee_minor;
}

static bool shares_plan(const struct dispute_basis *b, int64_t returned, struct dispute_booking_plan *plan)
{
    int64_t shares[SPLIT_RULES_MAX];
    const struct split_state after = { b->at.captured_minor, returned };
    if (!split_step(b->split, after, b->at, shares))
        return false;
    plan->shares = shares_of(b->split, shares);
    plan->sellers = sellers_of(b->split, b->seller, shares);
    return true;
}

bool dispute_claims_more(const struct dispute_basis *b)
{
    return b->claimed_minor > b->at.captured_minor - b->at.returned_minor;
}

bool dispute_plan(enum dispute_step step, const struct dispute_basis *b, struct dispute_booking_plan *ret)
{
    struct dispute_booking_plan plan = { .amount_minor = b->taken_minor };
    int64_t left = b->at.captured_minor - b->at.returned_minor, fee = 0;
    if (step == DISPUTE_STEP_HOLD) {
        plan.amount_minor = b->claimed_minor < left ? b->claimed_minor : left;
        fee = b->fee_minor;
        if (!shares_plan(b, b->at.returned_minor + plan.amount_minor, &plan))
            return false;
        if (fee > 0)
            fee_charge(b, &plan);
    } else if (step == DISPUTE_STEP_RETURN && !shares_plan(b, b->at.returned_minor - plan.amount_minor, &plan)) {
        return false;
    }
    if (!posting_of_dispute(step == DISPUTE_STEP_HOLD ? -plan.amount_minor : plan.amount_minor,
                            step == DISPUTE_STEP_LOSE ? -plan.amount_minor : -fee, &plan.shares, &plan.posting))
        return false;
    *ret = plan;
    return true;
}

/* ---- evidence ---- */

const char *file_verdict_text(enum file_verdict verdict)
{
    switch (verdict) {
    case FILE_GOOD:
        return "good";
    case FILE_EMPTY:
        return "is empty";
    case FILE_TYPE_REFUSED:
        return "must be application/pdf, image/png, image/jpeg or text/plain in UTF-8";
    case FILE_CONTENT_DIFFERS:
        return "is not what its Content-Type says";
    }
    return "is refused";
}

enum file_verdict dispute_file_judge(str type, bytes content, str *kind)
{
    static const struct {
        const char *type;
        str magic;
    } kinds[] = {
        { "application/pdf", STR("%PDF-") },
        { "image/png", STR("\x89PNG\r\n\x1a\n") },
        { "image/jpeg", STR("\xff\xd8\xff") },
        { "text/plain", STR("") },
    };
    str rest = type, head, text = { (const char *)content.p, content.n };
    if (!str_cut(&rest, ';', &head))
        head = type;
    if (content.n == 0)
        return FILE_EMPTY;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!str_eq_nocase(head, str_of(kinds[i].type)))
            continue;
        *kind = str_of(kinds[i].type);
        if (kinds[i].magic.n == 0)
            return utf8_valid(text) ? FILE_GOOD : FILE_CONTENT_DIFFERS;
        return str_starts(text, kinds[i].magic) ? FILE_GOOD : FILE_CONTENT_DIFFERS;
    }
    return FILE_TYPE_REFUSED;
}

static bool is_name(str s)
{
    if (s.n == 0 || s.n > DISPUTE_NAME_MAX || !utf8_is_line(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '/' || s.p[i] == '\\')
            return false;
    return true;
}

str dispute_file_name(struct arena *a, str disposition, str kind)
{
    str rest = disposition, head, name;
    while (str_cut(&rest, ';', &head)) {
        while (rest.n > 0 && rest.p[0] == ' ')
            rest = (str){ rest.p + 1, rest.n - 1 };
        if (!str_starts(rest, STR("filename=\"")))
            continue;
        rest = (str){ rest.p + 10, rest.n - 10 };
        if (str_cut(&rest, '"', &name) && is_name(name))
            return arena_str(a, name);
        break;
    }
    bool is_text = str_eq(kind, STR("text/plain"));
    str_cut(&kind, '/', &head);
    return arena_printf(a, "evidence.%.*s", STR_ARG(is_text ? STR("txt") : kind));
}

instant dispute_remind_at(instant evidence_due_at, duration lead)
{
    return (instant){ evidence_due_at.us - lead.us };
}

bool dispute_waits(str status, str asked)
{
    return str_eq(status, dispute_status_name(DISPUTE_NEEDS_RESPONSE)) && !str_given(asked);
}

bool dispute_can_be_accepted(str phase, str status, str asked)
{
    return dispute_waits(status, asked) && str_eq(phase, dispute_phase_name(DISPUTE_CHARGEBACK));
}
