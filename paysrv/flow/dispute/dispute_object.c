/* See dispute_object.h. */
#include "paysrv/flow/dispute/dispute_object.h"

#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "shared/text/shape.h"
#include "web/paysrv/pages.h"

#define DOCUMENT_MAX_BYTES 65536
#define WHOLE_MAX_BYTES (6 * DISPUTE_TEXT_MAX) /* of the evidence, with every character escaped */

static void time_or_null(struct json *j, const char *key, bool given, instant at)
{
    if (given)
        json_time(j, key, at);
    else
        json_null(j, key);
}

SHAPE(dispute_file, "DisputeFile",
      "id: string, object: 'dispute_file', name: string, type: string, size: integer, created_at: time")

static void files_write(struct json *j, const struct dispute_files_row *files, size_t n)
{
    json_array(j, "files");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "id", files[i].file_id);
        json_str(j, "object", STR("dispute_file"));
        json_str(j, "name", files[i].name);
        json_str(j, "type", files[i].type);
        json_i64(j, "size", files[i].size);
        json_time(j, "created_at", files[i].created_at);
        json_close(j);
    }
    json_close(j);
}

static str response_name(const struct dispute_find_row *row)
{
    if (!str_given(row->asked))
        return STR_NONE;
    return str_eq(row->asked, STR("accept")) ? STR("accepted") : STR("submitted");
}

SHAPE(dispute, "Dispute",
      "id: string, object: 'dispute', phase: 'inquiry' | 'chargeback', status: 'needs_response' | "
      "'under_review' | 'won' | 'lost' | 'closed', payment: string, user: string | null, amount: integer, "
      "currency: string, reason: string, amount_taken: integer, fee: integer, fee_bearer: string, "
      "funds: 'none' | 'held' | 'lost' | 'returned', response: 'submitted' | 'accepted' | null, "
      "evidence_due_at: time | null, evidence?: string | null, files?: DisputeFile[], split: Share[], "
      "created_at: time, closed_at: time | null")

void dispute_write(struct json *j, const struct dispute_find_row *row, const struct dispute_files_row *files, size_t n)
{
    const struct split_shown split = { .shares = { row->platform_amount, row->partner_amount, row->seller_amount },
                                       .seller = row->user_id.v,
                                       .users = row->share_users,
                                       .amounts = row->share_amounts };
    json_str(j, "id", row->dispute_id.v);
    json_str(j, "object", STR("dispute"));
    json_str(j, "phase", row->phase);
    json_str(j, "status", row->status);
    json_str(j, "payment", row->payment_id.v);
    json_str_or_null(j, "user", row->user_id.v.n ? row->user_id.v : STR_NONE);
    json_i64(j, "amount", row->amount);
    json_str(j, "currency", row->currency);
    json_str(j, "reason", row->reason);
    json_i64(j, "amount_taken", row->taken);
    json_i64(j, "fee", row->fee);
    json_str(j, "fee_bearer", row->fee_bearer);
    json_str(j, "funds", row->booked);
    json_str_or_null(j, "response", response_name(row));
    time_or_null(j, "evidence_due_at", row->evidence_due_at_given, row->evidence_due_at);
    if (files) {
        json_str_or_null(j, "evidence", row->evidence);
        files_write(j, files, n);
    }
    split_write(j, &split);
    json_time(j, "created_at", row->created_at);
    time_or_null(j, "closed_at", row->closed_at_given, row->closed_at);
}

str dispute_whole(struct task *t, const struct dispute_find_row *row, const struct dispute_files_row *files, size_t n)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES + (files ? WHOLE_MAX_BYTES : 0));
    json_begin(&j, &out);
    dispute_write(&j, row, files, n);
    json_end(&j);
    return buf_str(&out);
}

str dispute_document(struct task *t, const struct dispute_find_row *row)
{
    return dispute_whole(t, row, NULL, 0);
}

struct mail_draft dispute_mail(struct task *t, const struct dispute_find_row *row,
                               const struct dispute_subject_row *subject, enum dispute_news news)
{
    struct dispute_state state = { .phase = DISPUTE_CHARGEBACK, .status = DISPUTE_CLOSED, .amount_minor = row->amount };
    enum language lang = speech_to(t, subject->locale);
    if (!str_given(subject->email))
        return (struct mail_draft){ .id = STR("") };
    dispute_phase_parse(row->phase, &state.phase);
    dispute_status_parse(row->status, &state.status);
    const bool waits = news != DISPUTE_DECIDED && state.status == DISPUTE_NEEDS_RESPONSE;
    const struct mail_dispute m = {
        .is_opened = news == DISPUTE_OPENED,
        .is_due = news == DISPUTE_DUE,
        .is_inquiry = state.phase == DISPUTE_INQUIRY,
        .is_won = news == DISPUTE_DECIDED && state.status == DISPUTE_WON,
        .is_lost = news == DISPUTE_DECIDED && state.status == DISPUTE_LOST,
        .needs_response = waits && !dispute_accepts_itself(&state, subject->accept_below),
        .amount = money_in(t, lang, row->amount, row->currency),
        .store_name = subject->store_name,
        .partner_name = subject->partner_name,
        .payment = row->payment_id.v,
        .reason = word_of_dispute_reason(lang, row->reason),
        .due = row->evidence_due_at_given ? moment_in(t, lang, row->evidence_due_at) : STR_NONE,
    };
    return mail_draft_make(t, subject->email, lang, mail_dispute(t->arena, lang, &m));
}
