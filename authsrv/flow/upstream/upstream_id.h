/* A partner's ID token: decrypted, verified with its keys, held against what was asked (OIDC Core section 3.1.3.7). */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/flow/upstream/upstream_token.h"
#include "authsrv/store/flow.rows.h"
#include "shared/jose/jose.h"

/* PARTNER_ANSWER; or PARTNER_WEAK when all is well but the log-in there. */
MUST_USE err upstream_id_take(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                              const struct upstream_login_take_row *attempt, const struct upstream_tokens *tokens,
                              struct partner_person *ret);
/* Any JWT of the partner for us: decrypted where that is agreed, then *token is what was inside, and signed by its
 * keys; PARTNER_ANSWER. */
MUST_USE err upstream_jwt_verify(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                                 const struct jws_want *want, str *token, struct jws_read *ret);
/* The sealed key of a partner, as it was made when the settings asked for encryption. */
MUST_USE err upstream_decrypt_key(struct task *t, const struct upstream *up, const struct jose_key **ret);
