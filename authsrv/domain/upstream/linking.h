/*
 * Whether an identity at a partner may be joined to an account that exists: both are proven in one flow, and an address
 * is no proof of anything (decision 0027, SECURITY G 160 to 168).
 */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"

/* Whether who comes from a partner, unknown so far, is told that an account has the same address. */
struct offer_facts {
    bool email_is_anothers; /* it is the verified address of an account with other ways in */
    bool email_verified;    /* the partner says so, as far as its word counts */
};
/* Only who was shown to own the address may learn that somebody has an account with it. */
bool link_is_offered(const struct offer_facts *f);

struct link_facts {
    bool is_proven;      /* the account logged in within the flow that brings the identity */
    bool has_owner;      /* the identity belongs to an account */
    bool is_own;         /* to this one */
    bool has_password;   /* the account came by an address of its own */
    bool email_verified; /* which is shown to be its owner's */
};
enum link_verdict {
    LINK_GOOD = 1,
    LINK_ALREADY,
    LINK_TAKEN,      /* somebody else's: nothing moves */
    LINK_UNPROVEN,   /* log in first */
    LINK_UNVERIFIED, /* whoever made the account may not own its address: nothing is added that survives a reset */
};
enum link_verdict link_judge(const struct link_facts *f);

#define SUBJECT_MAP_MAX 1000
/* The mapping of merged partners, {"old subject": "new subject"}; false: *explain says what is wrong. */
bool subject_map_read(struct arena *a, const struct json_value *map, str **old_subjects, str **new_subjects, size_t *n,
                      str *explain);
