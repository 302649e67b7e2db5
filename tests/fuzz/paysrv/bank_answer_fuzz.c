/* The bank's messages: what is taken is bounded, has a kind, and a statement that is taken adds up. */
#include "paysrv/domain/bank/bank_answer.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    struct bank_answer answer;
    str why = STR_NONE;
    if (!bank_answer_read(a, fuzz_text(data, size), &answer, &why)) {
        MUST(why.n > 0);
        return 0;
    }
    MUST(answer.message_id.n > 0 && answer.n <= BANK_ANSWER_MAX_ELEMENTS);
    MUST(answer.kind != BANK_TEXT_STATEMENT || (answer.first_day > 0 && answer.first_day <= answer.last_day));
    for (size_t i = 0; i < answer.n; i++) {
        MUST(answer.kind != BANK_TEXT_STATEMENT ||
             (answer.lines[i].amount_minor > 0 && str_given(answer.lines[i].identity)));
        MUST(bank_line_name(answer.lines[i].kind).n > 0 && answer.lines[i].amount_minor >= 0);
        for (size_t j = 0; j < i; j++)
            MUST(i > 50 || memcmp(&answer.lines[i].key, &answer.lines[j].key, sizeof(digest)) != 0);
    }
    return 0;
}
