/* /v1/disputes: disputes of payments, their evidence, and what is answered to them. Rules are in
 * domain/dispute/dispute.h. */
#include "paysrv/flow/dispute/dispute.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/dispute/dispute_object.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/dispute.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define FILE_ID_DIGITS 26 /* as many as other ids have */

/* Another partner's, and with a user's token another user's, are refused like ones that do not exist. */
static err row_of(struct task *t, const struct request *rq, const struct dispute_find_row **ret)
{
    const struct caller *caller = caller_of(rq);
    str owner;
    TRY(party_owner(t, caller, &owner));
    TRY(dispute_find(t, request_path_param(rq, "dispute"), STR_NONE, caller->partner.v, owner, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such dispute for this caller");
}

/* Never NULL, which would leave the evidence out. */
static err files_of(struct task *t, const struct dispute_find_row *row, const struct dispute_files_row **files,
                    size_t *n)
{
    static const struct dispute_files_row none;
    TRY(dispute_files(t, row->dispute_id, files, n));
    *files = *n ? *files : &none;
    return OK;
}

static err reply_dispute(struct task *t, const struct request *rq, struct response *rs, int status)
{
    const struct dispute_find_row *row;
    const struct dispute_files_row *files;
    size_t n;
    TRY(row_of(t, rq, &row));
    TRY(files_of(t, row, &files, &n));
    dispute_write(reply_json(rs, status), row, files, n);
    return OK;
}

#define DISPUTE_ROUTE(METHOD, PATH)                                                                                    \
    .method = METHOD, .path = PATH, .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM,             \
    .no_store = true

/* ---- read ---- */

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    return reply_dispute(t, rq, rs, 200);
}

const struct route dispute_read_route = { DISPUTE_ROUTE(GET, "/v1/disputes/{dispute}"), .body = BODY_NONE,
                                          .handle = read_one, .answer = "Dispute",
                                          .summary = "Read a dispute with its evidence" };

struct list_in {
    str payment, status;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, payment, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .max = 40, .words = DISPUTE_STATUSES(STR_LISTED)),
    PAGE_PARAMS(struct list_in),
};

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    enum dispute_status status;
    const struct dispute_find_row *rows;
    str before, owner;
    size_t limit = page_limit(in->limit), n;
    if (str_given(in->status) && !dispute_status_parse(in->status, &status))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be one of:" DISPUTE_STATUSES(STR_LISTED)));
    TRY(party_owner(t, caller, &owner));
    TRY(cursor_read(t, "disputes", caller->partner, in->cursor, &before));
    TRY(dispute_list(t, caller->partner, before, owner, in->payment, in->status, (int64_t)limit + 1, &rows, &n));
    size_t shown = n > limit ? limit : n;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        dispute_write(j, &rows[i], NULL, 0);
        json_close(j);
    }
    page_end(t, j, "disputes", caller->partner, n > shown, shown ? rows[shown - 1].dispute_id.v : STR_NONE);
    return OK;
}

const struct route dispute_page_route = {
    DISPUTE_ROUTE(GET, "/v1/disputes"), .body = BODY_NONE,
    INPUT(struct list_in, list_params), .handle = list,
    .answer = "Page<Dispute>",          .summary = "List disputes, newest first"
};

/* ---- evidence ---- */

static err refuse(struct task *t, const struct dispute_find_row *row)
{
    if (str_given(row->asked))
        return FAIL_PARAM(t, DISPUTE_STATE, STR("dispute"), STR("it was answered already"));
    if (row->closed_at_given)
        return FAIL_PARAM(t, DISPUTE_STATE, STR("dispute"), STR("it is decided"));
    if (row->evidence_due_at_given && !instant_before(t->now, row->evidence_due_at))
        return FAIL_PARAM(t, DISPUTE_STATE, STR("dispute"), STR("the time for evidence is over"));
    return FAIL_PARAM(t, DISPUTE_STATE, STR("dispute"), STR("it waits for no answer in this state"));
}

struct evidence_in {
    str text;
};
static const struct param evidence_params[] = {
    P_STR(struct evidence_in, text, .need = REQUIRED, .set = TEXT, .min = 1, .max = DISPUTE_TEXT_MAX,
          .in_characters = true),
};

static err evidence_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct evidence_in *in = rq->in;
    const struct dispute_find_row *row;
    int64_t affected;
    TRY(row_of(t, rq, &row));
    TRY(dispute_evidence(t, in->text, row->dispute_id, &affected));
    return affected == 1 ? reply_dispute(t, rq, rs, 200) : refuse(t, row);
}

const struct route dispute_evidence_route = {
    DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/evidence"),
    .body = BODY_JSON,
    .max_body_bytes = 262144,
    INPUT(struct evidence_in, evidence_params),
    .repeatable = true,
    .handle = evidence_set,
    .answer = "Dispute",
    .summary = "Write the text of the evidence; it can be replaced until it is submitted"
};

/* Made of the content, so that a call which is made again adds nothing. */
static str file_id_of(struct task *t, const struct dispute_find_row *row, bytes content)
{
    digest of_content = sha256(content);
    str hex = hex_encode(t->arena, (bytes){ of_content.b, sizeof of_content.b });
    digest both = sha256_str(arena_printf(t->arena, "%.*s %.*s", STR_ARG(row->dispute_id.v), STR_ARG(hex)));
    return arena_printf(t->arena, "dpf_%.*s", FILE_ID_DIGITS, hex_encode(t->arena, (bytes){ both.b, sizeof both.b }).p);
}

/* The body is the file, its Content-Type the type. */
static err file_add(struct task *t, const struct request *rq, struct response *rs)
{
    const bytes content = bytes_of(rq->body);
    const struct dispute_find_row *row;
    const struct dispute_files_row *files;
    struct dispute_file_add_args args = { .content = content,
                                          .by = caller_actor(caller_of(rq)),
                                          .most = DISPUTE_FILES_MAX };
    bool added;
    size_t n;
    TRY(row_of(t, rq, &row));
    enum file_verdict verdict = dispute_file_judge(request_header(rq, "content-type"), content, &args.type);
    if (verdict != FILE_GOOD)
        return FAIL_PARAM(t, INVALID_PARAMETER, verdict == FILE_TYPE_REFUSED ? STR("Content-Type") : STR("body"),
                          str_of(file_verdict_text(verdict)));
    args.name = dispute_file_name(t->arena, request_header(rq, "content-disposition"), args.type);
    args.dispute = row->dispute_id;
    args.file = file_id_of(t, row, content);
    TRY(dispute_file_keep(t, &args, &added));
    if (added)
        return reply_dispute(t, rq, rs, 201);
    TRY(dispute_files(t, row->dispute_id, &files, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(files[i].file_id, args.file))
            return reply_dispute(t, rq, rs, 200);
    if (n >= DISPUTE_FILES_MAX)
        return FAIL_PARAM(t, DISPUTE_STATE, STR("file"), STR("there are 4 files, and no more are taken"));
    return refuse(t, row);
}

const struct route dispute_file_create_route = {
    DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/files"),
    .body = BODY_RAW,
    .max_body_bytes = DISPUTE_FILE_MAX_BYTES,
    .media = "application/pdf image/png image/jpeg text/plain",
    .named_file = true,
    .repeatable = true,
    .handle = file_add,
    .answer = "Dispute",
    .done = "200 201",
    .summary = "Add a file to the evidence: PDF, PNG, JPEG or text, at most 1 MiB, by its Content-Type"
};

static err file_remove(struct task *t, const struct request *rq, struct response *rs)
{
    const struct dispute_find_row *row;
    bool is_removed;
    TRY(row_of(t, rq, &row));
    TRY(dispute_file_drop(t, row->dispute_id, request_path_param(rq, "file"), &is_removed));
    if (!is_removed && (str_given(row->asked) || row->closed_at_given))
        return refuse(t, row);
    reply_empty(rs, 204);
    return OK;
}

const struct route dispute_file_delete_route = { DISPUTE_ROUTE(DELETE, "/v1/disputes/{dispute}/files/{file}"),
                                                 .body = BODY_NONE, .handle = file_remove, .done = "204",
                                                 .summary = "Take a file back out of evidence that was not submitted" };

/* ---- answers ---- */

struct responding {
    const struct request *rq;
    const struct dispute_find_row *row;
    struct dispute_response what;
    bool asked;
};

/* What was said before is no mistake; nor is it said again. */
static err respond_judge(struct task *t, const struct dispute_find_row *row, bool accepts)
{
    if (str_eq(row->asked, accepts ? STR("accept") : STR("submit")))
        return OK;
    if (accepts && str_eq(row->phase, dispute_phase_name(DISPUTE_INQUIRY)))
        return FAIL_PARAM(t, DISPUTE_STATE, STR("dispute"), STR("an inquiry is answered, or the payment refunded"));
    if (!accepts && !str_given(row->asked) && !row->closed_at_given && !str_given(row->evidence) &&
        instant_before(t->now, row->evidence_due_at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("evidence"), STR("there is no text and no file"));
    return refuse(t, row);
}

/* The dispute as it is now; 202 while the acquirer has not answered. */
static err respond_answer(struct task *t, const struct request *rq, struct answer *ret)
{
    const struct dispute_find_row *row;
    const struct dispute_files_row *files;
    size_t n;
    TRY(row_of(t, rq, &row));
    TRY(files_of(t, row, &files, &n));
    *ret = (struct answer){ .status = row->answered_at_given ? 200 : 202, .body = dispute_whole(t, row, files, n) };
    return OK;
}

static err respond_effect(struct task *t, void *context, struct answer *ret)
{
    struct responding *r = context;
    TRY(dispute_respond_within(t, r->row, &r->what, &r->asked));
    if (!r->asked)
        TRY(respond_judge(t, r->row, r->what.accepts));
    return respond_answer(t, r->rq, ret);
}

/*
 * The key is kept with the word, for a dispute may be open anew by the time that a lost answer is asked for again; and
 * what the acquirer has said to it at once is the answer.
 */
static err respond(struct task *t, const struct request *rq, bool accepts, const struct once *once,
                   struct answer *answer)
{
    struct responding r = { .rq = rq, .what = { accepts, caller_actor(caller_of(rq)), call_due(t) } };
    TRY(row_of(t, rq, &r.row));
    const partner_id partner = r.row->partner_id;
    TRY(once_run(t, partner, once, random_id(t->arena, "dpr_"), respond_effect, &r, answer));
    if (answer->is_replayed || !r.asked)
        return OK;
    dispute_responded(t, r.row, &r.what);
    TRY(dispute_look(t, r.row->dispute_id));
    TRY(respond_answer(t, rq, answer));
    return once_correct(t, partner, once, answer);
}

static err submission(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    return respond(t, rq, false, once, answer);
}

static err acceptance(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    return respond(t, rq, true, once, answer);
}

static err submit(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, submission);
}

const struct route dispute_submit_route = { DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/submit"),
                                            .body = BODY_NONE,
                                            .needs_key = true,
                                            .handle = submit,
                                            .answer = "Dispute",
                                            .done = "200 202",
                                            .summary = "Submit the evidence to the acquirer, once" };

static err accept(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, acceptance);
}

const struct route dispute_accept_route = { DISPUTE_ROUTE(POST, "/v1/disputes/{dispute}/accept"),
                                            .body = BODY_NONE,
                                            .needs_key = true,
                                            .handle = accept,
                                            .answer = "Dispute",
                                            .done = "200 202",
                                            .summary = "Accept a chargeback: it is lost, and nothing more is asked" };
