/* See home_realm.h. */
#include "authsrv/domain/upstream/home_realm.h"

#include "authsrv/domain/upstream/upstream_person.h"

static bool same(str slug, str other)
{
    return str_given(other) && str_eq(slug, other);
}

int realm_rank(const struct partner_list_row *row, const struct realm_facts *f)
{
    int rank = 0;
    if (row->rests)
        rank -= 8;
    if (email_in_domains(f->email, row->email_domains))
        rank += 4;
    if (same(row->slug, f->remembered))
        rank += 2;
    if (same(row->slug, f->client_partner))
        rank += 1;
    return rank;
}
