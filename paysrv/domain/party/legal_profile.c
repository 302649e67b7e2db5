/* See legal_profile.h. */
#include "paysrv/domain/party/legal_profile.h"

#include "paysrv/domain/party/party_text.h"
#include "paysrv/domain/party/tax_id.h"
#include "shared/base/civil.h"

#define LEAST_YEARS 14
#define FIRST_YEAR 1900

static struct legal_verdict wrong(const char *param, str explain)
{
    return (struct legal_verdict){ .param = str_of(param), .explain = explain };
}

static bool number_at(str s, size_t at, size_t n, int64_t *ret)
{
    *ret = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *ret = *ret * 10 + (s.p[i] - '0');
    }
    return true;
}

static bool birth_is_possible(str s, instant now)
{
    int64_t year, month, day;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !number_at(s, 0, 4, &year) || !number_at(s, 5, 2, &month) ||
        !number_at(s, 8, 2, &day))
        return false;
    if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1 || day > civil_month_days(year, (int)month))
        return false;
    const struct civil_date born = { year, (int)month, (int)day };
    int64_t of_age = civil_days(civil_months_later(born, (int64_t)LEAST_YEARS * 12));
    return of_age <= civil_floor_div(now.us, DAYS(1).us);
}

struct legal_verdict legal_profile_judge(struct arena *a, struct legal_profile *p, instant now)
{
    bool is_individual = str_eq(p->kind, STR("individual")), is_company = str_eq(p->kind, STR("company"));
    str explain;
    if (!is_individual && !is_company && !str_eq(p->kind, STR("sole_proprietor")))
        return wrong("kind", STR("individual, sole_proprietor or company"));
    if (!country_is_code(p->country))
        return wrong("address.country", STR("two capital letters (ISO 3166)"));
    if (!str_given(p->tax_id) && !is_individual)
        return wrong("tax_id", STR("has to be given of a company and of a sole proprietor"));
    if (str_given(p->tax_id) && !tax_id_judge(a, p->country, is_company, p->tax_id, &p->tax_id, &explain))
        return wrong("tax_id", explain);
    if (str_given(p->birth_date) && is_company)
        return wrong("birth_date", STR("only of people"));
    if (str_given(p->birth_date) && !birth_is_possible(p->birth_date, now))
        return wrong("birth_date", STR("a day as 1990-02-28, at least 14 years ago"));
    return (struct legal_verdict){ .good = true };
}
