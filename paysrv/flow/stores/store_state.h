/*
 * A store's way from one state into another (domain/stores/store.h): judged, written down with who did it and why, and
 * told as store.updated. For its owner, its partner, and the operator.
 */
#pragma once

#include "paysrv/domain/stores/store.h"
#include "paysrv/flow/answer.h"
#include "paysrv/store/store.rows.h"
#include "shared/base/task.h"

struct store_change {
    partner_id partner;
    struct store_find_row row; /* as it is; as it has become, after the effect */
    enum store_status to;
    enum store_actor by;
    str by_name; /* client, subject or account */
    str reason;  /* absent: none given */
    event_id event;
};

/* STORE_STATE says why not. A draft of a partner whose stores are reviewed goes there when it is to sell. */
MUST_USE err store_change_judge(struct task *t, struct store_change *change);
/* A once_effect; context is the change, which has been judged. STORE_STATE: it has left its state meanwhile. */
MUST_USE err store_change_effect(struct task *t, void *context, struct answer *ret);

bool store_is_selling(str status);
/* STORE_STATE, naming the state, when it is not one in which a store sells. */
MUST_USE err store_sells(struct task *t, str status);
/* The same for a store that is read for it. of_before: for what was begun in it, which goes on when it has moved. */
MUST_USE err store_sells_now(struct task *t, store_id store, bool of_before);
/* This server's payments see it as it is now; those of others, in a moment. */
void store_changed(struct task *t, partner_id partner, store_id store);
