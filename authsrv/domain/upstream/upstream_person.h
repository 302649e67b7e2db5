/*
 * What a partner says about a person, wherever its documents have it. Claims are found by rules: per claim a list of
 * JSON pointers (RFC 6901), of which the first that finds something counts; pointers separated by spaces are joined,
 * as first and last name are. email_verified may be true or false itself: the operator knows what the partner checks.
 */
#pragma once

#include "authsrv/domain/upstream/upstream_settings.h"

/* What came with a log-in, where the operator wants it kept. */
struct partner_tokens {
    str access, refresh, scope; /* absent: none */
    int64_t expires_s;          /* of access; 0: the partner does not say */
};

/* Only JSON true makes an address verified (SECURITY G 160). */
struct partner_person {
    str subject, name, email;
    bool email_verified;
    str sid; /* of the session there; absent: the partner names none */
    struct partner_tokens tokens;
    int64_t auth_time_s; /* when the log-in there was; 0: nobody knows */
    str id_token;        /* as it was signed, for the hint of a log-out there; absent: none */
    str amr;             /* methods that the partner named, where its word counts; never absent */
};

bool upstream_claims_valid(struct arena *a, const struct json_value *rules);

/*
 * subject: byte-exact, 1..255 bytes of text; the number of an OAuth 2.0 service in decimal. domains: those that the
 * partner is authoritative for. false: unusable.
 */
bool partner_person_read(struct arena *a, const struct upstream_settings *s, str domains,
                         const struct json_value *claims, struct partner_person *ret);
/* Adds what userinfo says; false when it speaks of another subject. */
bool partner_person_add(struct arena *a, const struct upstream_settings *s, str domains,
                        const struct json_value *userinfo, struct partner_person *ret);
/* The primary address of a list of {email, primary, verified}. */
void partner_emails_add(struct arena *a, const struct upstream_settings *s, str domains, const struct json_value *list,
                        struct partner_person *ret);
/* The address has one of these domains. */
bool email_in_domains(str email, str domains);

enum upstream_admission { UPSTREAM_ADMITTED = 1, UPSTREAM_NEEDS_INVITATION, UPSTREAM_FOREIGN_DOMAIN };
/* Whether a partner may make an account for somebody who has none. */
enum upstream_admission upstream_admit(const struct upstream_settings *s, str domains, const struct partner_person *p);
