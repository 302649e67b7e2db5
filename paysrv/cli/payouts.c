/* paysrv payouts export|settle|refused|list|unfreeze|scheduled: confirmed payouts to the bank, and what the bank has
 * paid. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_export.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/verbs.h"
#include "shared/base/buf.h"
#include "shared/ops/cli.h"
#include "shared/ops/log.h"
#include "shared/text/money_text.h"

#define FILE_MAX_BYTES (16u << 20)
#define LISTED_MOST 500

static int complain(const char *path)
{
    fprintf(stderr, "paysrv: %s: %s\n", path, strerror(errno));
    return CLI_FAILED;
}

/* The whole file or none: written beside its place, then renamed. */
static bool file_write(const char *path, const char *beside, int fd, str text)
{
    size_t done = 0;
    while (done < text.n) {
        ssize_t n = write(fd, text.p + done, text.n - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0 && rename(beside, path) == 0;
}

struct export_wish {
    const char *msg_id; /* NULL: what is confirmed */
    const char *currency;
};

static int export_to(struct task *t, const char *path, const char *beside, int fd, const struct export_wish *wish)
{
    str wanted = str_of(wish->msg_id);
    if (!wish->msg_id) {
        struct batch_made made;
        const struct payouts_due_otherwise_row *others;
        str currency = str_of(wish->currency);
        err e = batch_collect(t, BATCH_FOR_FILE, cli_account(t->arena), currency, &made);
        if (!e)
            e = payouts_due_otherwise(t, currency, &others);
        if (e)
            return cli_failed(e);
        if (str_given(others->currencies))
            fprintf(stderr, "confirmed, too: payouts in %.*s (--currency)\n", STR_ARG(others->currencies));
        if (!str_given(made.msg_id)) {
            puts("nothing to export");
            return CLI_DONE;
        }
        printf("batch %.*s: %lld payout(s), %.*s\n", STR_ARG(made.msg_id), (long long)made.transfers,
               STR_ARG(money_text(t->arena, made.total_minor, currency)));
        fflush(stdout);
        wanted = made.msg_id;
        if (str_given(made.waits)) {
            printf("no file yet: %.*s waits for another operator (entries approve), then export --msg-id %.*s\n",
                   STR_ARG(made.waits), STR_ARG(made.msg_id));
            return CLI_DONE;
        }
    }
    struct buf out;
    buf_init(&out, t->arena, FILE_MAX_BYTES);
    err e = batch_write(t, wanted, &out);
    if (e)
        return cli_failed(e);
    if (!file_write(path, beside, fd, buf_str(&out)))
        return complain(path);
    printf("written %s\n", path);
    return CLI_DONE;
}

int payouts_export(struct task *t, int argc, char **argv)
{
    const char *path = NULL;
    struct export_wish wish = { .currency = "EUR" };
    const struct cli_option options[] = { { "--out", &path, NULL },
                                          { "--msg-id", &wish.msg_id, NULL },
                                          { "--currency", &wish.currency, NULL } };
    if (!cli_read(argc, argv, NULL, 0, options, 3))
        return CLI_USAGE;
    if (payout_most_minor(bank_payout_caps(SCHEME_SEPA), str_of(wish.currency)) == 0 &&
        payout_most_minor(bank_payout_caps(SCHEME_RU), str_of(wish.currency)) == 0)
        return cli_misuse("--currency: the bank pays out in EUR and RUB");
    if (!path)
        return cli_misuse("--out FILE is needed");
    if (!wish.msg_id && access(path, F_OK) == 0) {
        fprintf(stderr, "paysrv: %s exists; a new batch needs a new file\n", path);
        return CLI_USAGE;
    }
    /* The file is opened before the batch is made: a batch without a file is then only what a crash leaves. */
    const char *beside = arena_cstr(t->arena, arena_printf(t->arena, "%s.part", path));
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return complain(beside);
    int code = export_to(t, path, beside, fd, &wish);
    close(fd);
    unlink(beside);
    return code;
}

/* What became of a batch, on the word of whoever types it. */
static int batch_word(struct task *t, int argc, char **argv, bool is_paid)
{
    const char *msg_id = NULL, *reason = NULL;
    const struct cli_option options[] = { { "--reason", &reason, NULL } };
    if (!cli_read(argc, argv, &msg_id, 1, options, 1))
        return CLI_USAGE;
    struct batch_finding f = { .msg_id = str_of(msg_id),
                               .is_paid = is_paid,
                               .reason = reason ? str_of(reason) : STR("the bank's word"),
                               .by = cli_account(t->arena) };
    err e = batch_resolve(t, &f);
    if (e)
        return cli_failed(e);
    if (str_given(f.waits)) {
        printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(f.waits), STR_ARG(f.waits));
        return CLI_DONE;
    }
    log_warn(t, is_paid ? "payouts.settled" : "payouts.refused", L_STR("order", f.msg_id), L_I64("payouts", f.booked),
             L_STR("by", f.by));
    if (f.booked)
        printf("%s: %lld payout(s) %s\n", msg_id, (long long)f.booked, is_paid ? "paid" : "given back");
    else
        printf("%s: %s\n", msg_id, is_paid ? "was settled before" : "was given back or paid before");
    return CLI_DONE;
}

int payouts_settle(struct task *t, int argc, char **argv)
{
    return batch_word(t, argc, argv, true);
}

int payouts_refused(struct task *t, int argc, char **argv)
{
    return batch_word(t, argc, argv, false);
}

int payouts_release(struct task *t, int argc, char **argv)
{
    const char *msg_id = NULL, *reason = NULL;
    const struct cli_option options[] = { { "--reason", &reason, NULL } };
    str waits;
    if (!cli_read(argc, argv, &msg_id, 1, options, 1))
        return CLI_USAGE;
    err e = batch_release_ask(t, str_of(msg_id), cli_account(t->arena), reason ? str_of(reason) : STR("a large order"),
                              &waits);
    if (e)
        return cli_failed(e);
    printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(waits), STR_ARG(waits));
    return CLI_DONE;
}

static void batches_print(struct task *t, const struct batch_find_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%d payout(s)\t%.*s\t%.*s\t%s\n", STR_ARG(rows[i].msg_id), rows[i].transfers,
               STR_ARG(money_text(t->arena, rows[i].total, rows[i].currency)),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)),
               rows[i].settled_at_given ? "settled"
               : rows[i].held           ? "held"
                                        : "open");
}

int payouts_list(struct task *t, int argc, char **argv)
{
    const char *status = NULL;
    bool batches = false;
    const struct cli_option options[] = { { "--status", &status, NULL }, { "--batches", NULL, &batches } };
    enum payout_state state;
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    if (status && !payout_state_parse(str_of(status), &state))
        return cli_misuse(
            "--status: awaiting_code, awaiting_approval, confirmed, sent, unknown, paid, returned, rejected, failed, "
            "canceled or expired");
    size_t n;
    const struct batch_find_row *made;
    const struct payout_of_any_partner_row *rows;
    err e =
        batches ? batch_list(t, &made, &n) : payout_of_any_partner(t, str_of(status), STR_NONE, LISTED_MOST, &rows, &n);
    if (e)
        return cli_failed(e);
    if (batches)
        batches_print(t, made, n);
    for (size_t i = 0; i < n && !batches; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].payout_id.v),
               STR_ARG(rows[i].partner_id.v), STR_ARG(rows[i].user_id.v),
               STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)), STR_ARG(rows[i].status),
               STR_ARG(rows[i].rail), STR_ARG(rows[i].masked), STR_ARG(rows[i].msg_id));
    return cli_listed(n, batches ? 50 : LISTED_MOST);
}

int payouts_unfreeze(struct task *t, int argc, char **argv)
{
    const char *user = NULL;
    const struct user_any_row *any;
    bool changed = false;
    if (!cli_read(argc, argv, &user, 1, NULL, 0))
        return CLI_USAGE;
    const user_id id = { str_of(user) };
    err e = user_any(t, id, &any);
    if (!e && !any)
        e = FAIL(t, NOT_FOUND, "no such user");
    if (!e)
        e = clock_enter(t, any->partner_id);
    if (!e)
        e = freeze_end(t, any->partner_id, id, &changed);
    if (e)
        return cli_failed(e);
    printf("%s %s\n", user, changed ? "unfrozen" : "was not frozen");
    return CLI_DONE;
}

int payouts_scheduled(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = schedules_run(t);
    return e ? cli_failed(e) : CLI_DONE;
}
