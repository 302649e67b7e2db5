/*
 * What a buyer agrees to when he lets a store keep his card. The words are the text pay_save_card of the checkout; with
 * other words comes another version, so that the record of each mandate says what was agreed to.
 */
#pragma once

#define CONSENT_VERSION "2026-11-26"

/* The same for another price that is more than he agreed to: the text billing_agree_text of his page. */
#define PRICE_CONSENT_VERSION "2026-11-27"
