/* What the operator's pages have in common: what stands around each, their forms, the addresses of their lists. */
#pragma once

#include "paysrv/guards.h"
#include "paysrv/store/operator.rows.h"
#include "shared/base/array.h"
#include "shared/base/task.h"

#define OPERATOR_ROWS 50

/* The members of each page that its layout asks for. */
#define OPERATOR_FRAME(who)                                                                                            \
    .user_name = (who)->name, .overview_url = STR("/operator"), .payouts_url = STR("/operator/payouts"),               \
    .logout_action = STR("/operator/logout"), .csrf = (who)->csrf

/* FORM_REFUSED: the form is not of this session. */
MUST_USE err operator_form(struct task *t, const struct operator_session *who, str csrf);
/* A form sends its empty fields too: those are absent. */
str operator_wish(str given);

/* A form that is refused is shown again with what was typed, and says why. */
struct operator_refusal {
    str why; /* "amount: must be an amount like 12.50" */
    int status;
};
/* Of what is wrong with what was typed, or was done before; false: the failure is another one. */
bool operator_refused(struct task *t, err e, struct operator_refusal *ret);

/* /operator/path/id; absent when the id is absent or empty. */
str operator_link(struct task *t, const char *path, str id);

/* "5 min ago", "3 h ago", "4 days ago" */
str operator_age(struct task *t, instant since);

/*
 * Names in place of the subjects that n rows of row_size bytes keep, the first of them at *first: of operators who have
 * used a page their own, of others who came with a token the client's. Absent ones, and whom the audit log does not
 * know, such as a command's account, stay as they are.
 */
MUST_USE err operator_names_put(struct task *t, str *first, size_t n, size_t row_size);

/* Who a seller's subject (or, once forgotten, id) is of: the seller by name; anybody else as given. */
str operator_or_seller(str by, str subject, str user, str name);

/* What a field for a partner offers. */
MUST_USE err operator_partners(struct task *t, str_array *ret);

/* The page of what an id names, such as pay_...; absent: it has none. */
str operator_object(struct task *t, str id);
/*
 * The rules of the books that do not hold, some of them at least. *is_checked false: the book takes longer than a page
 * may, and the command has the time.
 */
MUST_USE err operator_rules_check(struct task *t, const struct invariants_broken_row **rows, size_t *n,
                                  bool *is_checked);

/* ---- lists: newest first, a page at a time ---- */

struct operator_query {
    const char *name;
    str value;
};
/* path?name=value&...; those without a value are left out. */
str operator_url(struct task *t, str path, const struct operator_query *queries, size_t n);

struct operator_list {
    const char *name; /* of its cursors */
    str path;
    const struct operator_query *queries; /* what the list is of, beside the cursor */
    size_t n_queries;
    const char *from; /* the query that the cursor is in; NULL: "before" */
};
/* *position: what the last row of the page before was; absent: none. INVALID_PARAMETER names `cursor`. */
MUST_USE err operator_position(struct task *t, const struct operator_list *list, str before, str *position);
/* The same of a list that goes by numbers: *ret is number, or NULL. */
MUST_USE err operator_position_number(struct task *t, const struct operator_list *list, str before, int64_t *number,
                                      const int64_t **ret);
str operator_number(struct task *t, int64_t number);
/* The page after this row, when more were found than are shown; else absent. */
str operator_older(struct task *t, const struct operator_list *list, bool has_more, str last);
