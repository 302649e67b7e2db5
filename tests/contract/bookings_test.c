/*
 * A booking that several messages of the bank's tell of is in the books once (docs/decisions/0058, 0039): how many of
 * those that a break may be are not there yet, and who books it at the moment at which another message tells of it.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_line.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/migrations.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/db/migrate.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* Two notices and two statements that are being taken up, and one statement that waits. */
#define FILES                                                                                                          \
    "insert into bank_file (file_id, hash, kind, message_id, opening, closing, lines, state, imported_by, "            \
    "created_at, accepted_no) overriding system value select n, sha256(n::text::bytea), case when n < 3 then "         \
    "'camt.054' else 'camt.053' end, 'M', 0, 0, 0, case when n < 5 then 'open' else 'waiting' end, 'x', now(), "       \
    "case when n < 5 then n end from generate_series(1, 5) as n;"

/* ---- how many are left ---- */

/* A line is a word: its file; credit, return or debit; -, applied, known, noted, break, entered or 1 to 9, which is
 * taken up as the credit of this number; and what it names, if anything: "1cb 3ca:po" */

static str kind_of(char letter)
{
    return letter == 'c' ? STR("credit") : letter == 'r' ? STR("return") : STR("debit");
}

static str outcome_of(char letter)
{
    return letter == 'a'   ? STR("'applied'")
           : letter == 'k' ? STR("'known'")
           : letter == 'n' ? STR("'noted'")
           : letter == '-' ? STR("null")
           : letter <= '9' ? STR("'applied'")
                           : STR("'break'");
}

static str line_sql(struct arena *a, str word, size_t booking, size_t n)
{
    str name = word.n > 4 ? arena_printf(a, "'%.*s'", (int)word.n - 4, word.p + 4) : STR("null");
    str credit = word.p[2] > '0' && word.p[2] <= '9' ? arena_printf(a, "'tc_%c'", word.p[2]) : STR("null");
    size_t id = booking * 10 + n;
    str kind = kind_of(word.p[1]), outcome = outcome_of(word.p[2]);
    str line = arena_printf(
        a,
        "set session_replication_role = replica; insert into pay.bank_line (line_id, file_id, line_key, kind, amount, "
        "currency, reference, "
        "end_to_end, credit_id, outcome, done_at) overriding system value values (%zu, %c, sha256('%zu'), "
        "'%.*s', 100, 'EUR', 'R%zu', %.*s, %.*s, %.*s, case when %.*s is not null then now() end);",
        id, word.p[0], id, STR_ARG(kind), booking, STR_ARG(name), STR_ARG(credit), STR_ARG(outcome), STR_ARG(outcome));
    return !strchr("be", word.p[2])
               ? line
               : arena_printf(
                     a,
                     "%.*s insert into pay.bank_break (kind, ref, line_id, amount, currency, detail, "
                     "created_at, entry_id) values ('unmatched', 'line %zu', %zu, 100, 'EUR', 'x', now(), %s);",
                     STR_ARG(line), id, id, word.p[2] == 'e' ? "1" : "null");
}

static void lines_make(struct arena *a, str words, size_t booking)
{
    str word;
    for (size_t n = 0; words.n; n++) {
        if (!str_cut(&words, ' ', &word)) {
            word = words;
            words.n = 0;
        }
        (void)test_postgres_sql(a, arena_cstr(a, line_sql(a, word, booking, n)));
    }
}

TEST(what_is_left_to_book_is_what_no_message_has_brought_into_the_books)
{
    static const struct {
        const char *words; /* the first one is asked about */
        int64_t unbooked, coming;
    } cases[] = {
        { "1cb", 1, 0 },
        { "1cb 3cb:x", 1, 0 },       /* both tell of one */
        { "1cb 3ca:x", 0, 0 },       /* the statement has booked it */
        { "3cb 1ca:x", 0, 0 },       /* the notice has */
        { "1cb 2ca:x", 0, 0 },       /* another notice has, which repeats it */
        { "1cb 1ca:x", 1, 0 },       /* two of one notice are two */
        { "3cb 4ca:x", 1, 0 },       /* and so are those of two statements */
        { "1cb 1cb 3ca", 1, 0 },     /* of two the statement has booked one */
        { "1cb 1cb 3ca 3ca", 0, 0 }, /* both */
        { "1cb 1ca 3ca", 1, 0 },     /* that which the notice has, too */
        { "1cb 1ca 2ck 3ck", 1, 0 }, /* and said again */
        { "1cb 3ce:x", 0, 0 },       /* an entry of the other break */
        { "1cb 1ce", 1, 0 },         /* an entry of another booking */
        { "1cb 1ce 3cn 3ca", 0, 0 }, /* one by an entry, one by the statement */
        { "1cb 3c-:x", 1, 1 },       /* it is about to be taken up, or was when the server ended */
        { "1cb 2c-:x", 1, 1 },
        { "1cb 1c-:x", 2, 0 },           /* another booking is none of its business */
        { "1cb 5c-:x", 1, 0 },           /* of a statement that waits nothing is taken up */
        { "1cb 3ra:x", 0, 0 },           /* what one calls a credit the other one calls a return */
        { "1cb 3da:x", 1, 0 },           /* but not a debit */
        { "1cb:y 3ca:x", 1, 0 },         /* of which each says another name */
        { "1cb:y 1ca:x 3cb 3cb", 2, 0 }, /* what names nothing may be either */
        { "3cb 3cb 1ca:x 1cb:y", 1, 0 },
        { "1cb:y 1ca:x 3ce 3cb", 0, 0 }, /* so its entry is of the one that is left, in whichever words */
        { "3cb 3ce 1ca:x 1cb:y", 0, 0 },
        { "1cb:y 1c1:x 3c1 3cb", 1, 0 }, /* both tell of one credit */
        { "1cb:y 1c1:x 3c2 3cb", 0, 0 }, /* it was given to another payment */
        { "3cb 3c2 1c1:x 1cb:y", 0, 0 },
        { "1cb 1c1 3cn 3c2", 0, 0 }, /* each names the payment of another one */
        { "1cb 1c1 3cn 3c1", 1, 0 },
        { "1cb:y 2ca:x", 1, 0 }, /* what another one of its name has does not matter */
        { "1cb:y 2ca:x 3c-", 1, 1 },
    };
    struct task t;
    const struct bank_booking_left_row *left;
    beside_begin(arena, &t, FILES);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lines_make(arena, str_of(cases[i].words), i + 1);
        CHECK_OK(bank_booking_left(&t, (int64_t)(i + 1) * 10, &left));
        if (left->unbooked != cases[i].unbooked || left->coming != cases[i].coming)
            printf("# %s: %lld left, %lld coming\n", cases[i].words, (long long)left->unbooked,
                   (long long)left->coming);
        CHECK_I64(left->unbooked, cases[i].unbooked);
        CHECK_I64(left->coming, cases[i].coming);
    }
    db_close(t.db);
}

/* ---- at one moment ---- */

#define BREAK_ROWS                                                                                                     \
    USER_ROWS FILES                                                                                                    \
        "insert into bank_line (line_id, file_id, line_key, kind, amount, currency, reference, outcome, done_at) "     \
        "overriding system value values (1, 1, sha256('1'), 'credit', 100, 'EUR', 'R', 'break', now());"               \
        "insert into bank_break (break_id, kind, ref, line_id, amount, currency, detail, created_at) overriding "      \
        "system value values (1, 'unmatched', 'line 1', 1, 100, 'EUR', 'x', now());"

/* As an operator resolves it, or does not as it is booked. */
static err break_enter(struct task *t)
{
    const struct break_lock_row *b;
    const int64_t entry = 7;
    int64_t affected;
    TRY(break_lock(t, 1, &b));
    err e = bank_line_unbooked(t, 1);
    if (e)
        return err_is(e, &FAULT_BREAK_STATE) ? OK : e;
    return break_resolved(t, STR("olga"), STR("x"), STR("suspense"), &entry, STR("p"), 1, &affected);
}

/* As another message is imported and its line taken up. */
static err line_take(struct task *t)
{
    const struct bank_line_told_row *told;
    int64_t affected;
    (void)test_postgres_sql(t->arena, "insert into pay.bank_line (line_id, file_id, line_key, kind, amount, currency, "
                                      "reference, end_to_end) overriding system value values (2, 3, sha256('2'), "
                                      "'credit', 100, 'EUR', 'R', 'po-x')");
    TRY(bank_breaks_touch(t, 2, &affected));
    TRY(bank_line_told(t, 2, &told));
    return bank_line_done(t, told->is_entered ? STR("noted") : STR("applied"), STR_NONE, 2, &affected);
}

/* The resolution, by an entry or not, and what became of the line of the other message. */
static str ends(struct arena *arena)
{
    return test_postgres_sql(arena, "select coalesce(b.resolution, 'open'), l.outcome from pay.bank_break b, "
                                    "pay.bank_line l where l.line_id = 2");
}

TEST(a_break_is_not_booked_by_who_looked_before_another_message_told_of_it)
{
    between(arena, BREAK_ROWS, break_enter, line_take);
    CHECK_STR(ends(arena), STR("open|applied"));
}

TEST(a_line_waits_for_who_books_its_break_at_the_moment)
{
    waiting(arena, BREAK_ROWS, break_enter, line_take);
    CHECK_STR(ends(arena), STR("suspense|noted"));
}

/* ---- what was taken for a name ---- */

#define BEFORE 104 /* migrations, none of which knows that NONREF is no name */

#define NAMED_ROWS                                                                                                     \
    "set session_replication_role = replica; set search_path = pay;" FILES                                             \
    "insert into bank_line (line_id, file_id, line_key, kind, amount, currency, reference, credit_id, outcome, "       \
    "done_at) overriding system value select n, 1, sha256(n::text::bytea), 'credit', 100, 'EUR', "                     \
    "('{NONREF,nonref,NotProvided,R,NONREF}'::text[])[n], case when n <> 2 then 'tc_' || n end, 'applied', now() "     \
    "from generate_series(1, 5) as n;"                                                                                 \
    "insert into transfer_credit (credit_id, call_id, partner_id, clock, payment_id, currency, amount, reference, "    \
    "is_late, entry_id, created_at) select 'tc_' || n, 'c', 'p', '', 'pay_1', 'EUR', 100, "                            \
    "('{NONREF,null,NotProvided,R,B}'::text[])[n], false, n, now() from generate_series(1, 5) as n;"

TEST(what_was_taken_for_a_name_is_none_after_an_upgrade)
{
    struct db_config config = test_postgres_schema(arena, "pay");
    CHECK(migrate_up(&config, paysrv_migrations, BEFORE));
    (void)test_postgres_sql(arena, NAMED_ROWS);
    CHECK(migrate_up(&config, paysrv_migrations, paysrv_migrations_n));
    CHECK_STR(test_postgres_sql(arena, "select l.line_id, l.reference, c.reference from pay.bank_line l left join "
                                       "pay.transfer_credit c using (credit_id) order by l.line_id"),
              STR("1||\n2||\n3||\n4|R|R\n5||B"));
}
