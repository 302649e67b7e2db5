/* What authsrv counts (SURFACES 2.12); labels only from closed sets. */
#pragma once

#include "shared/base/task.h"

enum login_method { LOGIN_PASSWORD = 0, LOGIN_PARTNER, LOGIN_SECOND, LOGIN_PASSKEY, LOGIN_CHALLENGE };
enum upstream_event {
    UPSTREAM_WELL = 0,
    UPSTREAM_TROUBLE,
    UPSTREAM_RESTED,
    UPSTREAM_REFUSED,
    UPSTREAM_DENIED,
    UPSTREAM_MOVED,
    UPSTREAM_LOGGED_OUT,
    UPSTREAM_LEFT,
    UPSTREAM_RETURNED
};
enum upstream_token_event {
    UPSTREAM_TOKEN_KEPT = 0,
    UPSTREAM_TOKEN_GIVEN,
    UPSTREAM_TOKEN_REFRESHED,
    UPSTREAM_TOKEN_REFUSED,
    UPSTREAM_TOKEN_FAILED,
    UPSTREAM_TOKEN_UNKNOWN
};
enum logout_result { LOGOUTS_DELIVERED = 0, LOGOUTS_REFUSED, LOGOUTS_FAILED, LOGOUTS_GIVEN_UP };
enum token_grant {
    TOKENS_CODE = 0,
    TOKENS_REFRESH,
    TOKENS_CLIENT,
    TOKENS_DEVICE,
    TOKENS_EXCHANGE,
    TOKENS_JWT,
    TOKENS_CIBA,
    TOKENS_IMPLICIT
};
enum statement_result { STATEMENTS_ACCEPTED = 0, STATEMENTS_INVALID, STATEMENTS_UNAPPROVED };
enum link_event { LINKS_OFFERED = 0, LINKS_MADE, LINKS_REFUSED, LINKS_SEPARATE, LINKS_REMOVED };
enum notice_result { NOTICE_SENT = 0, NOTICE_POSTPONED, NOTICE_GIVEN_UP };
enum challenge_event {
    CHALLENGE_ASKED = 0,
    CHALLENGE_LIMITED,
    CHALLENGE_CREATED,
    CHALLENGE_SENT_ON,
    CHALLENGE_DISOWNED
};
enum decoupled_event { COUNT_ASKED = 0, COUNT_APPROVED, COUNT_DENIED };

void counters_register(void);
void count_upstream(const struct task *t, enum upstream_event event);
void count_upstream_token(const struct task *t, enum upstream_token_event event);
void count_link(const struct task *t, enum link_event event);
void gauge_partners(int64_t healthy, int64_t failing, int64_t resting);
void count_login(const struct task *t, enum login_method method, bool good);
void count_tokens(const struct task *t, enum token_grant grant);
void count_consent(const struct task *t, bool allowed);
void count_registration(const struct task *t, bool is_open);
void count_statement(const struct task *t, enum statement_result result);
void count_login_limited(const struct task *t);
void count_client_auth_failure(const struct task *t);
void count_code_replay(const struct task *t);
void count_refresh_reuse(const struct task *t);
void count_logout(const struct task *t, enum logout_result result);
void logout_queue_set(int64_t n);
void count_decoupled(const struct task *t, enum decoupled_event event);
void count_notice(const struct task *t, enum notice_result result);
void count_mail(const struct task *t, enum notice_result result);
void count_challenge(const struct task *t, enum challenge_event event);
void count_user_code_wrong(const struct task *t);

/* ---- gauges, set by a job ---- */

enum gauge_alg { GAUGE_ES256 = 0, GAUGE_RS256, GAUGE_PS256, GAUGE_EDDSA, GAUGE_ALGS };
void gauge_key_age(enum gauge_alg alg, int64_t seconds);
void gauge_audit(int64_t unchained, int64_t lag_s);
void gauge_flows(int64_t open);
/* Set by whoever reads a newer one. */
void gauge_snapshot(int64_t version);
