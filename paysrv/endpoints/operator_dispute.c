/* /operator/disputes/{dispute}: one dispute, and what was said to the buyer's bank about it. */
#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"

struct detail {
    const struct dispute_find_row *row;
    const struct operator_dispute_names_row *names;
    const struct dispute_files_row *files;
    size_t n_files;
};

static err detail_load(struct task *t, str id, struct detail *ret)
{
    TRY(dispute_find(t, id, STR_NONE, STR_NONE, STR_NONE, &ret->row));
    if (!ret->row)
        return FAIL(t, NOT_FOUND, "no such dispute");
    TRY(clock_enter(t, ret->row->partner_id));
    TRY(operator_dispute_names(t, ret->row->payment_id, &ret->names));
    if (!ret->names)
        return FAIL(t, INTERNAL, "a dispute of no payment");
    return dispute_files(t, ret->row->dispute_id, &ret->files, &ret->n_files);
}

static str by_name(const struct detail *d, str by)
{
    return operator_or_seller(by, d->names->subject, d->row->user_id.v, d->names->user_name);
}

static err files_read(struct task *t, const struct detail *d, struct page_operator_dispute *page)
{
    struct operator_dispute_file_row *items = arena_array(t->arena, struct operator_dispute_file_row, d->n_files + 1);
    for (size_t i = 0; i < d->n_files; i++)
        items[i] = (struct operator_dispute_file_row){
            .name = d->files[i].name,
            .kind = d->files[i].type,
            .size = d->files[i].size,
            .by = by_name(d, d->files[i].uploaded_by),
            .time = instant_text(t->arena, d->files[i].created_at),
            .time_iso = instant_iso(t->arena, d->files[i].created_at),
            .url = arena_printf(t->arena, "/operator/disputes/%.*s/files/%.*s", STR_ARG(d->row->dispute_id.v),
                                STR_ARG(d->files[i].file_id)),
        };
    page->files.items = items;
    page->files.n = d->n_files;
    return operator_names_put(t, &items->by, d->n_files, sizeof *items);
}

static str when(struct task *t, bool given, instant at)
{
    return given ? instant_text(t->arena, at) : STR_NONE;
}

static str when_iso(struct task *t, bool given, instant at)
{
    return given ? instant_iso(t->arena, at) : STR_NONE;
}

static struct page_operator_dispute page_of(struct task *t, const struct operator_session *who, const struct detail *d)
{
    const struct dispute_find_row *r = d->row;
    bool is_open = str_eq(r->status, dispute_status_name(DISPUTE_NEEDS_RESPONSE));
    return (struct page_operator_dispute){
        OPERATOR_FRAME(who),
        .id = r->dispute_id.v,
        .phase_text = word_of_dispute_phase(r->phase),
        .status = r->status,
        .status_text = word_of_dispute(r->status),
        .amount = money_text(t->arena, r->amount, r->currency),
        .taken = money_text(t->arena, r->taken, r->currency),
        .fee = r->fee ? money_text(t->arena, r->fee, r->currency) : STR_NONE,
        .fee_bearer = r->fee_bearer,
        .reason = r->reason,
        .acquirer_ref = r->acquirer_ref,
        .payment = d->names->description,
        .payment_url = operator_link(t, "payments", r->payment_id.v),
        .seller_name = d->names->user_name,
        .seller_url = str_given(d->names->user_name) ? operator_link(t, "sellers", r->user_id.v) : STR_NONE,
        .partner_name = d->names->partner_name,
        .created = instant_text(t->arena, r->created_at),
        .created_iso = instant_iso(t->arena, r->created_at),
        .due = when(t, is_open && r->evidence_due_at_given, r->evidence_due_at),
        .due_iso = when_iso(t, is_open && r->evidence_due_at_given, r->evidence_due_at),
        .closed = when(t, r->closed_at_given, r->closed_at),
        .closed_iso = when_iso(t, r->closed_at_given, r->closed_at),
        .accepted = str_eq(r->asked, STR("accept")),
        .answered_by = by_name(d, r->asked_by),
        .answered = when(t, r->asked_at_given, r->asked_at),
        .answered_iso = when_iso(t, r->asked_at_given, r->asked_at),
        .evidence = r->evidence,
        .accept_action = !who->only_looks && dispute_can_be_accepted(r->phase, r->status, r->asked)
                             ? arena_printf(t->arena, "/operator/disputes/%.*s/accept", STR_ARG(r->dispute_id.v))
                             : STR_NONE,
        .audit_url = arena_printf(t->arena, "/operator/audit?object=%.*s", STR_ARG(r->dispute_id.v)),
    };
}

static err dispute_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct detail d;
    TRY(detail_load(t, request_path_param(rq, "dispute"), &d));
    struct page_operator_dispute page = page_of(t, rq->caller, &d);
    TRY(operator_names_put(t, &page.answered_by, 1, sizeof page));
    TRY(files_read(t, &d, &page));
    page_operator_dispute(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_dispute_route = {
    .method = GET,
    .path = "/operator/disputes/{dispute}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .handle = dispute_show,
    .summary = "A dispute with its evidence",
};

/* Somebody else's file: it is saved, never shown among our own pages. */
static err file_send(struct task *t, const struct request *rq, struct response *rs)
{
    const struct dispute_file_content_row *file;
    str id = request_path_param(rq, "file");
    TRY(dispute_file_content(t, (dispute_id){ request_path_param(rq, "dispute") }, id, &file));
    if (!file)
        return FAIL(t, NOT_FOUND, "no such file of this dispute");
    const char *type = arena_cstr(t->arena, file->type);
    reply_raw(rs, 200, type, (str){ (const char *)file->content.p, file->content.n });
    reply_header(rs, "Content-Disposition",
                 arena_printf(t->arena, "attachment; filename=\"%.*s-%.*s\"", STR_ARG(id),
                              STR_ARG(dispute_file_name(t->arena, STR(""), str_of(type)))));
    reply_header(rs, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
    return OK;
}

const struct route operator_dispute_file_route = {
    .method = GET,
    .path = "/operator/disputes/{dispute}/files/{file}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .handle = file_send,
    .sheet = "application/octet-stream",
    .summary = "A file of a dispute's evidence",
};
