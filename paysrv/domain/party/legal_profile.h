/* Who a user is before the law: judged whole before it is stored, and never edited. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/base/str.h"

struct legal_profile {
    str kind; /* individual, sole_proprietor or company */
    str name;
    str tax_id;              /* normalised in place; absent: only an individual's */
    str registration_number; /* absent: none was given */
    str country;
    str birth_date; /* of people only */
};

struct legal_verdict {
    bool good;
    str param, explain;
};

/* now: nobody is born later, or sells before being fourteen. */
struct legal_verdict legal_profile_judge(struct arena *a, struct legal_profile *profile, instant now);
