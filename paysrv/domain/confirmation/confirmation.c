/* See confirmation.h; decision 0061. */
#include "paysrv/domain/confirmation/confirmation.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"

#define BIND_MAX_BYTES ((size_t)64 << 10)
#define SET_MAX_BYTES 256

static const char *const names[] = {
#define CONFIRMATION_ROW(name, text) text,
    CONFIRMATION_OPERATIONS(CONFIRMATION_ROW)
#undef CONFIRMATION_ROW
};

str confirmation_operation_name(enum confirmation_operation operation)
{
    return str_of(names[operation]);
}

bool confirmation_operation_parse(str name, enum confirmation_operation *ret)
{
    for (int i = 0; i < CONFIRMATION_OPERATION_COUNT; i++)
        if (str_eq(name, str_of(names[i]))) {
            *ret = (enum confirmation_operation)i;
            return true;
        }
    return false;
}

bool confirmation_status_is_known(str name)
{
    return str_eq(name, STR("awaiting_code")) || str_eq(name, STR("confirmed")) || str_eq(name, STR("canceled")) ||
           str_eq(name, STR("expired"));
}

/* What a partner can do without: everything but a change of the address, which codes are sent to. The name of an
 * account goes with the account. */
#define CHOSEN CONFIRM_USER_EMAIL

static bool word_add(str word, str *items, size_t *n)
{
    enum confirmation_operation operation;
    if (!confirmation_operation_parse(word, &operation) || operation >= CHOSEN)
        return false;
    for (size_t i = 0; i < *n; i++)
        if (str_eq(items[i], word))
            return false;
    items[(*n)++] = confirmation_operation_name(operation);
    return true;
}

bool confirmations_parse(struct arena *a, str text, str_array *ret)
{
    str *items = arena_array(a, str, CHOSEN), word;
    size_t n = 0;
    if (str_eq(text, STR("all")))
        while (n < CHOSEN) {
            items[n] = str_of(names[n]);
            n++;
        }
    else if (!str_eq(text, STR("none")))
        for (bool more = true; more;) {
            more = str_cut(&text, ',', &word);
            if (!word_add(more ? word : text, items, &n))
                return false;
        }
    *ret = (str_array){ items, n };
    return true;
}

str confirmations_text(struct arena *a, const str_array *set)
{
    struct buf text;
    buf_init(&text, a, SET_MAX_BYTES);
    for (size_t i = 0; i < set->n; i++) {
        if (i > 0)
            buf_add_char(&text, ',');
        buf_add(&text, set->items[i]);
    }
    return set->n ? buf_str(&text) : STR("none");
}

digest confirmation_hash(struct arena *a, const struct confirmation_bind *bind)
{
    struct buf text;
    buf_init(&text, a, BIND_MAX_BYTES);
    buf_add(&text, arena_printf(a, "%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(bind->confirmation), STR_ARG(bind->operation),
                                STR_ARG(bind->object), STR_ARG(bind->user), STR_ARG(bind->recipient)));
    for (size_t i = 0; i < bind->n; i++) {
        const struct confirmation_line *line = &bind->lines[i];
        str bound = str_given(line->bound) ? line->bound : line->value;
        buf_add(&text, arena_printf(a, "\n%s=%zu:%.*s", line->name, bound.n, STR_ARG(bound)));
    }
    return sha256_str(buf_str(&text));
}

str email_masked(struct arena *a, str email)
{
    size_t first = 1;
    while (first < email.n && ((unsigned char)email.p[first] & 0xC0) == 0x80)
        first++;
    for (size_t i = email.n; i > first; i--)
        if (email.p[i - 1] == '@')
            return arena_printf(a, "%.*s•••%.*s", (int)first, email.p, (int)(email.n - i + 1), email.p + i - 1);
    return STR("•••");
}
