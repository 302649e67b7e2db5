/* Confirmation keys as claims, words and schemes. */
#include "shared/jose/cnf.h"

static const char *member_of(enum cnf_kind kind)
{
    return kind == CNF_DPOP ? "jkt" : "x5t#S256";
}

void cnf_write(struct json *j, const struct cnf *cnf)
{
    if (cnf->kind == CNF_NONE)
        return;
    json_object(j, "cnf");
    json_str(j, member_of(cnf->kind), cnf->thumbprint);
    json_close(j);
}

bool cnf_read(const struct json_value *claims, struct cnf *ret)
{
    const struct json_value *v = json_get(claims, "cnf");
    *ret = (struct cnf){ 0 };
    if (!v)
        return true;
    if (json_size(v) != 1)
        return false;
    ret->kind = json_get(v, member_of(CNF_DPOP)) ? CNF_DPOP : CNF_CERTIFICATE;
    return json_get_str(v, member_of(ret->kind), &ret->thumbprint) && ret->thumbprint.n > 0;
}

bool cnf_eq(const struct cnf *a, const struct cnf *b)
{
    return a->kind == b->kind && str_eq(a->thumbprint, b->thumbprint);
}

str cnf_scheme(const struct cnf *cnf)
{
    return cnf->kind == CNF_DPOP ? STR("DPoP") : STR("Bearer");
}

str cnf_word(struct arena *a, const struct cnf *cnf)
{
    if (cnf->kind == CNF_NONE)
        return STR_NONE;
    return arena_printf(a, "%s:%.*s", member_of(cnf->kind), STR_ARG(cnf->thumbprint));
}
