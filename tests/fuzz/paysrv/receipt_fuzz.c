/* Positions for fiscal receipts: what is taken comes to the amount, and is taken again as it is kept. */
#include "paysrv/domain/payment/receipt.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    const struct json_value *v, *again;
    str document;
    if (!json_parse(a, fuzz_text(data, size), &v))
        return 0;
    for (int is_refund = 0; is_refund < 2; is_refund++) {
        const struct receipt_verdict verdict = receipt_judge(a, v, 700, is_refund, &document);
        if (!verdict.good) {
            MUST(verdict.param.n > 0 && verdict.explain.n > 0);
            continue;
        }
        int64_t sum = 0, one = 0;
        MUST(json_parse(a, document, &again) && receipt_judge(a, again, 700, is_refund, &document).good);
        for (size_t i = 0; i < json_size(json_get(again, "items")); i++) {
            MUST(json_get_i64(json_item(json_get(again, "items"), i), "amount", &one) && one >= 0);
            sum += one;
        }
        MUST(sum == 700);
    }
    return 0;
}
