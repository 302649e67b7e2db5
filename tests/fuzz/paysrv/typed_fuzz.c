/*
 * What people type and payers write: account numbers, tax numbers, codes, references in remittance texts, idempotency
 * keys, filters, split rules. What is taken is in its one form, and taken again it stays as it is.
 */
#include "paysrv/domain/bank/bank_text.h"
#include "paysrv/domain/bank/creditor_reference.h"
#include "paysrv/domain/confirmation/code.h"
#include "paysrv/domain/idempotency.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/party/ru_account.h"
#include "paysrv/domain/party/tax_id.h"
#include "paysrv/domain/request_filter.h"
#include "paysrv/domain/stores/split_json.h"
#include "tests/fuzz/fuzz.h"

#define EPC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "

static void accounts(struct arena *a, str text)
{
    str once, twice, explain;
    if (iban_judge(a, text, &once) == IBAN_GOOD) {
        MUST(once.n >= 15 && once.n <= IBAN_MAX && iban_judge(a, once, &twice) == IBAN_GOOD && str_eq(once, twice));
        MUST(iban_masked(a, once).n > 0);
    }
    MUST(!bic_is_valid(text) || text.n == 8 || text.n == 11);
    static const char *const countries[] = { "DE", "RU", "IT", "FR", "US" };
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
        if (tax_id_judge(a, str_of(countries[i]), i % 2, text, &once, &explain)) {
            MUST(once.n > 0 && once.n <= 30 && tax_id_judge(a, str_of(countries[i]), i % 2, once, &twice, &explain) &&
                 str_eq(once, twice));
            MUST(!str_eq(tax_id_masked(a, once), once));
        }
    MUST(!ru_inn_is_valid(text) || text.n == 10 || text.n == 12);
    MUST(!ru_bik_is_valid(text) || text.n == 9);
    (void)ru_kpp_is_valid(text);
}

static void bank(struct arena *a, str text)
{
    str safe = bank_text(a, text, 70), found = creditor_reference_find(a, text);
    MUST(safe.n <= 70 && (safe.n == 0 || (safe.p[0] != ' ' && safe.p[0] != '/' && safe.p[safe.n - 1] != ' ')));
    for (size_t i = 0; i < safe.n; i++)
        MUST(memchr(EPC, safe.p[i], sizeof EPC - 1));
    MUST(!memmem(safe.p, safe.n, "//", 2) && !memmem(safe.p, safe.n, "  ", 2));
    MUST(!str_given(found) || (creditor_reference_is_valid(found) &&
                               str_eq(creditor_reference_find(a, creditor_reference_grouped(a, found)), found)));
}

static void requests(struct arena *a, str text)
{
    struct split_profile split;
    struct money_limits limits;
    int64_t low, high;
    str once;
    if (code_normalise(a, text, &once))
        MUST(once.n == CODE_DIGITS && str_eq(code_in_text(a, code_spaced(a, once)), once));
    if (idempotency_key_parse(text, &once))
        MUST(once.n >= 1 && once.n <= IDEMPOTENCY_KEY_MAX);
    if (request_status_parse(text, &low, &high))
        MUST(low <= high && low >= 0 && high <= 999);
    (void)money_limits_parse(text, &limits);
    if (split_rules_parse(a, text, &split))
        MUST(split_rules_parse(a, split_rules_text(a, &split), &split));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    accounts(a, text);
    bank(a, text);
    requests(a, text);
    return 0;
}
