/* The payment API as functions, written by generate.mjs from its OpenAPI document: not to be edited. */
import { caller } from './call.mjs';
export { PayError, clientToken, items } from './call.mjs';

const part = encodeURIComponent;

/** @typedef {{key?: string, signal?: AbortSignal}} CallOptions An idempotency key, and what ends the call early. */

/** @param {Parameters<typeof caller>[0]} connect */
export function payClient(connect) {
  const call = caller(connect);
  return {
    payments: {
      /**
       * Create a payment for a store; with `confirm` it is charged at once. Scope pay.payments.
       * @param {object} body
       * @param {string} body.store The store (`st_...`).
       * @param {number} body.amount What the buyer pays, in minor units of `currency`.
       * @param {string} body.currency The currency of `amount`, which has to be the store's (`EUR`).
       * @param {string} body.description What is paid for, as the buyer reads it.
       * @param {string} [body.external_id] The partner's own name for it, to find it by; none by default.
       * @param {string} [body.return_url] Where the checkout leads the buyer back to, with `payment=pay_...` added.
       * @param {Array<string>} [body.origins] Up to ten origins whose pages may frame the checkout; default: the origin of `return_url`.
       * @param {Object<string, string>} [body.metadata] The partner's own texts by name, 4096 bytes at most. Of an invoice's payment `invoice` names the invoice.
       * @param {'automatic'|'manual'} [body.capture_method] Whether the amount is taken at once (`automatic`, the default), or reserved first and captured later (`manual`).
       * @param {string} [body.split_profile] The profile that says who gets what of this payment (`spl_...`); default: the store's terms.
       * @param {string} [body.locale] What the buyer's pages of this payment speak, as a tag of BCP 47 (`de`); by default as the browser and the store say.
       * @param {{buyer: string, email: string, required?: boolean}} [body.save_card] Asks the buyer whether this store may keep his card and charge it while he is not there.
       * @param {{until: 'delivered', ends_after: string, at_end?: 'release'|'return'}} [body.hold] Makes it a deal: what the sellers get is held until it is delivered. By default as the operator has agreed for the store.
       * @param {{customer: {email?: string, phone?: string}, tax_system?: string, items: Array<{name: string, quantity: string, price: number, amount: number, vat: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}>}} [body.receipt] What was bought, position by position, for a cash register (54-FZ); the positions come to the payment's amount.
       * @param {{method?: 'card'|'wallet'|'bank_transfer', payment_token?: string}} [body.confirm] Confirms the payment by the same request, which then needs an `Idempotency-Key`; absent: it waits to be confirmed.
       * @param {Array<{party: 'platform'|'partner'|'seller'|'user', user?: string, bp?: number, fixed?: number, min?: number, cap?: number, rest?: boolean, on_refund?: 'pro_rata'|'full'|'none'}>} [body.split] The rules of who gets what, for this payment in place of the store's; not together with `split_profile`.
       * @param {CallOptions} [options]
       * @returns {Promise<Payment>}
       */
      create: (body, options) => call('POST', `/v1/payments`, { body, ...options }),
      /**
       * List payments, newest first. Scope pay.payments.
       * @param {object} [query]
       * @param {string} [query.store] Only payments of this store (`st_...`).
       * @param {string} [query.user] Only payments of this user's stores (`usr_...`).
       * @param {'requires_payment_method'|'processing'|'requires_action'|'requires_capture'|'succeeded'|'canceled'|'expired'} [query.status] Only payments with this status.
       * @param {string} [query.currency] Only payments in this currency (`EUR`).
       * @param {string} [query.external_id] Only payments that the partner gave this name.
       * @param {string} [query.from] Only payments that were made then or later (`2026-11-01T00:00:00Z`).
       * @param {string} [query.to] Only payments that were made before this time.
       * @param {number} [query.amount_min] Only payments of at least this much, in minor units.
       * @param {number} [query.amount_max] Only payments of at most this much, in minor units.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Payment>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/payments`, { query, ...options }),
      /**
       * Read a payment. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Payment>}
       */
      read: (payment, options) => call('GET', `/v1/payments/${part(payment)}`, { ...options }),
      /**
       * Confirm a payment with a card token, with a saved card while the buyer is not there, or by another method. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} body
       * @param {'card'|'wallet'|'bank_transfer'} [body.method] How this attempt is paid; `card` when left out.
       * @param {string} [body.payment_token] A card token of the acquirer, or a saved card (`scd_...`); only with the method `card`.
       * @param {string} [body.return_url] Where the buyer is led back to from his bank or wallet; left out: the payment's own.
       * @param {boolean} [body.replace_attempt] With `true` an attempt that waits for the buyer is given up for this one. Default `false`.
       * @param {CallOptions} [options]
       * @returns {Promise<Payment>}
       */
      confirm: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/confirm`, { body, ...options }),
      /**
       * Cancel a payment, or what is left of its authorisation. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Payment>}
       */
      cancel: (payment, options) => call('POST', `/v1/payments/${part(payment)}/cancel`, { ...options }),
      /**
       * The latest bank transfer that a payment was to be paid by: what came in, and what goes back. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Transfer>}
       */
      transfer: (payment, options) => call('GET', `/v1/payments/${part(payment)}/transfer`, { ...options }),
      /**
       * Capture an authorised payment, wholly or in part. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} body
       * @param {number} [body.amount] How much is captured, in minor units of the payment's currency; by default all that is left.
       * @param {boolean} [body.final] Whether what is left after it is released, so that it is the last capture; false by default.
       * @param {string} [body.split_profile] A profile that replaces the payment's rules (`spl_...`); with its first capture only.
       * @param {Array<{party: 'platform'|'partner'|'seller'|'user', user?: string, bp?: number, fixed?: number, min?: number, cap?: number, rest?: boolean, on_refund?: 'pro_rata'|'full'|'none'}>} [body.split] Rules of who gets what that replace the payment's; with its first capture only.
       * @param {{customer: {email?: string, phone?: string}, tax_system?: string, items: Array<{name: string, quantity: string, price: number, amount: number, vat: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}>}} [body.receipt] What was bought, for a cash register (54-FZ); the positions come to what is captured.
       * @param {CallOptions} [options]
       * @returns {Promise<Payment>}
       */
      capture: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/capture`, { body, ...options }),
      /**
       * What is held of a payment until it is delivered. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Hold>}
       */
      hold: (payment, options) => call('GET', `/v1/payments/${part(payment)}/hold`, { ...options }),
      /**
       * Release what is held of a payment, wholly or in part. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} body
       * @param {number} [body.amount] How much is released to the sellers, in minor units of the payment's currency; by default all that is held.
       * @param {CallOptions} [options]
       * @returns {Promise<Hold>}
       */
      release: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/release`, { body, ...options }),
      /**
       * In which payouts the shares of a payment went out. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<{user: string, kind: string, reference: string, amount: number, currency: string, payout: string|null, payout_status: string|null}>}>}
       */
      payouts: (payment, options) => call('GET', `/v1/payments/${part(payment)}/payouts`, { ...options }),
    },
    testTransfers: {
      /**
       * A buyer of a sandbox partner transfers money, by the reference that he was given. Scope pay.payments.
       * @param {object} body
       * @param {string} body.reference The creditor reference that the transfer carries, read as people write it.
       * @param {number} body.amount How much the buyer transfers, in minor units of EUR.
       * @param {string} [body.payer_name] The name of the buyer who transfers, `Test Buyer` when left out; the test bank does with refunds what it says.
       * @param {string} [body.payer_iban] The account of the buyer who transfers; left out: a German test account.
       * @param {CallOptions} [options]
       * @returns {Promise<TransferCredit>}
       */
      create: (body, options) => call('POST', `/v1/test_transfers`, { body, ...options }),
    },
    testClock: {
      /**
       * How a sandbox partner's clock stands. Scope pay.payments.
       * @param {CallOptions} [options]
       * @returns {Promise<TestClock>}
       */
      read: (options) => call('GET', `/v1/test_clock`, { ...options }),
      /**
       * Set a sandbox partner's clock forward; all that is due on the way happens in its order. Scope pay.payments.
       * @param {object} body
       * @param {string} [body.to] The time that the clock is set forward to; this or `by`.
       * @param {string} [body.by] How far the clock goes on: a duration of ISO 8601 (`P1M`, `PT12H`). Either this or `to`.
       * @param {CallOptions} [options]
       * @returns {Promise<TestClock>}
       */
      advance: (body, options) => call('POST', `/v1/test_clock/advance`, { body, ...options }),
    },
    testMails: {
      /**
       * List what a sandbox partner's users were mailed, newest first. Scope pay.payouts.
       * @param {object} [query]
       * @param {string} [query.recipient] Only mails to this address.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<TestMail>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/test_mails`, { query, ...options }),
    },
    captures: {
      /**
       * List the captures of a payment. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Capture>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (payment, query, options) => call('GET', `/v1/payments/${part(payment)}/captures`, { query, ...options }),
    },
    refunds: {
      /**
       * Refund a payment, wholly or in part. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} body
       * @param {number} [body.amount] How much goes back, in minor units of the payment's currency; by default all that is left.
       * @param {string} [body.external_id] The partner's own name for it, which only one refund has; none by default.
       * @param {string} [body.reason] Why, in words of one's own; it is kept with the refund.
       * @param {'requested_by_customer'|'duplicate'|'fraudulent'|'not_delivered'|'defective'|'other'} [body.reason_code] Why, as one word; absent when nothing was said.
       * @param {{platform?: 'keep'|'return', partner?: 'keep'|'return'}} [body.fees] What becomes of the fees for this one refund; by default the rules of the payment's split decide.
       * @param {{items: Array<{name: string, quantity: string, price: number, amount: number, vat: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}>}} [body.receipt] The positions that are given back, for a cash register (54-FZ); they come to the refund's amount.
       * @param {CallOptions} [options]
       * @returns {Promise<Refund>}
       */
      create: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/refunds`, { body, ...options }),
      /**
       * List the refunds of a payment. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {string} [query.external_id] Only the refund that the partner gave this name.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Refund>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (payment, query, options) => call('GET', `/v1/payments/${part(payment)}/refunds`, { query, ...options }),
      /**
       * Read a refund. Scope pay.payments.
       * @param {string} refund The refund (`re_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Refund>}
       */
      read: (refund, options) => call('GET', `/v1/refunds/${part(refund)}`, { ...options }),
      /**
       * Cancel a refund that still waits for funds. Scope pay.payments.
       * @param {string} refund The refund (`re_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Refund>}
       */
      cancel: (refund, options) => call('POST', `/v1/refunds/${part(refund)}/cancel`, { ...options }),
    },
    receipts: {
      /**
       * List the receipts of a payment: its sale or each capture, and each refund. Scope pay.payments.
       * @param {string} payment The payment (`pay_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Receipt>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (payment, query, options) => call('GET', `/v1/payments/${part(payment)}/receipts`, { query, ...options }),
    },
    disputes: {
      /**
       * List disputes, newest first. Scope pay.payments.
       * @param {object} [query]
       * @param {string} [query.payment] Only disputes of this payment (`pay_...`).
       * @param {'needs_response'|'under_review'|'won'|'lost'|'closed'} [query.status] Only disputes with this status.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Dispute>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/disputes`, { query, ...options }),
      /**
       * Read a dispute with its evidence. Scope pay.payments.
       * @param {string} dispute The dispute (`dp_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Dispute>}
       */
      read: (dispute, options) => call('GET', `/v1/disputes/${part(dispute)}`, { ...options }),
      /**
       * Write the text of the evidence; it can be replaced until it is submitted. Scope pay.payments.
       * @param {string} dispute The dispute (`dp_...`).
       * @param {object} body
       * @param {string} body.text What shows that the sale was right; it replaces the text before.
       * @param {CallOptions} [options]
       * @returns {Promise<Dispute>}
       */
      evidence: (dispute, body, options) => call('POST', `/v1/disputes/${part(dispute)}/evidence`, { body, ...options }),
      /**
       * Submit the evidence to the acquirer, once. Scope pay.payments.
       * @param {string} dispute The dispute (`dp_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Dispute>}
       */
      submit: (dispute, options) => call('POST', `/v1/disputes/${part(dispute)}/submit`, { ...options }),
      /**
       * Accept a chargeback: it is lost, and nothing more is asked. Scope pay.payments.
       * @param {string} dispute The dispute (`dp_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Dispute>}
       */
      accept: (dispute, options) => call('POST', `/v1/disputes/${part(dispute)}/accept`, { ...options }),
    },
    files: {
      /**
       * Add a file to the evidence: PDF, PNG, JPEG or text, at most 1 MiB, by its Content-Type. Scope pay.payments.
       * @param {string} dispute The dispute (`dp_...`).
       * @param {Blob} body With its type; a `File` with its name, too.
       * @param {CallOptions} [options]
       * @returns {Promise<Dispute>}
       */
      create: (dispute, body, options) => call('POST', `/v1/disputes/${part(dispute)}/files`, { body, ...options }),
      /**
       * Take a file back out of evidence that was not submitted. Scope pay.payments.
       * @param {string} dispute The dispute (`dp_...`).
       * @param {string} file The file of evidence, by its id in `files`.
       * @param {CallOptions} [options]
       * @returns {Promise<void>}
       */
      remove: (dispute, file, options) => call('DELETE', `/v1/disputes/${part(dispute)}/files/${part(file)}`, { ...options }),
    },
    users: {
      /**
       * Create a user; with a user's token, the payment account of that user. Scope pay.users.
       * @param {object} body
       * @param {string} [body.external_id] The partner's own name for the user, to find him by; none by default.
       * @param {string} body.name The user's name.
       * @param {string} [body.email] Where his codes and mails go; required where users need a code. Not taken with a user's token, whose verified address counts.
       * @param {string} [body.country] The user's country, by its code of ISO 3166-1 alpha-2 (`DE`); none by default.
       * @param {string} [body.locale] The language of the user's mails, as a tag of BCP 47 (`de`); English by default.
       * @param {CallOptions} [options]
       * @returns {Promise<User>}
       */
      create: (body, options) => call('POST', `/v1/users`, { body, ...options }),
      /**
       * List the partner's users. Scope pay.users.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {string} [query.external_id] Only the user whom the partner gave this name.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<User>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/users`, { query, ...options }),
      /**
       * Read a user; `me` with a user's token. Scope pay.users.
       * @param {string} user The user (`usr_...`), or `me` with his own token.
       * @param {CallOptions} [options]
       * @returns {Promise<User>}
       */
      read: (user, options) => call('GET', `/v1/users/${part(user)}`, { ...options }),
      /**
       * Change the address of a user; the old and the new one are mailed a code each. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {object} body
       * @param {string} body.email The new e-mail address; it counts when the codes that are mailed have been typed.
       * @param {CallOptions} [options]
       * @returns {Promise<EmailChange>}
       */
      email: (user, body, options) => call('POST', `/v1/users/${part(user)}/email`, { body, ...options }),
      /**
       * All that is kept about a user, as one document. Scope pay.users.
       * @param {string} user The user (`usr_...`), or `me` with his own token.
       * @param {CallOptions} [options]
       * @returns {Promise<UserData>}
       */
      data: (user, options) => call('GET', `/v1/users/${part(user)}/data`, { ...options }),
      /**
       * Erase what nothing obliges to keep of a user who is closed. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<User>}
       */
      erase: (user, options) => call('POST', `/v1/users/${part(user)}/erase`, { ...options }),
      /**
       * Close a user for good, once nothing of it is open. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<User>}
       */
      close: (user, options) => call('POST', `/v1/users/${part(user)}/close`, { ...options }),
    },
    legalProfile: {
      /**
       * Say who a user is before the law; the version before stays. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {object} body
       * @param {'individual'|'sole_proprietor'|'company'} body.kind Who he is before the law.
       * @param {string} body.name The full name before the law, of the person or the company.
       * @param {string} [body.tax_id] The tax number, such as an INN or a VAT number with its letters; only an individual may leave it out.
       * @param {string} [body.registration_number] The number in the register of companies or traders; null when none was given.
       * @param {string} [body.birth_date] The day on which the person was born (`1990-02-28`); not of companies, and shown to nobody.
       * @param {{country: string, town: string, street?: string, building?: string, postcode?: string}} body.address Where the person or company is registered or lives.
       * @param {CallOptions} [options]
       * @returns {Promise<LegalProfile>}
       */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/legal_profile`, { body, ...options }),
      /**
       * Read the latest legal profile of a user. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<LegalProfile>}
       */
      read: (user, options) => call('GET', `/v1/users/${part(user)}/legal_profile`, { ...options }),
    },
    agreement: {
      /**
       * Read the agreement that is in force for the partner's sellers. Scope pay.users.
       * @param {CallOptions} [options]
       * @returns {Promise<Agreement>}
       */
      read: (options) => call('GET', `/v1/agreement`, { ...options }),
    },
    agreementAcceptances: {
      /**
       * Record that a user has accepted a version of the agreement. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {object} body
       * @param {string} body.version The version of the agreement that the user accepts: the one in force, or one to come.
       * @param {string} [body.accepted_ip] The IP address (IPv4 or IPv6) from which the person accepted; none by default.
       * @param {string} [body.user_agent] The browser that the user accepted it with; it is kept as evidence.
       * @param {CallOptions} [options]
       * @returns {Promise<AgreementAcceptance>}
       */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/agreement_acceptances`, { body, ...options }),
      /**
       * List what a user has accepted, newest first. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<AgreementAcceptance>}>}
       */
      list: (user, options) => call('GET', `/v1/users/${part(user)}/agreement_acceptances`, { ...options }),
    },
    confirmations: {
      /**
       * List confirmations, newest first. Scope pay.users.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {string} [query.subject] Only confirmations of this object, by its id.
       * @param {'awaiting_code'|'confirmed'|'canceled'|'expired'} [query.status] Only confirmations with this status.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Confirmation>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/confirmations`, { query, ...options }),
      /**
       * Read a confirmation. Scope pay.users.
       * @param {string} confirmation The confirmation (`cnf_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Confirmation>}
       */
      read: (confirmation, options) => call('GET', `/v1/confirmations/${part(confirmation)}`, { ...options }),
      /**
       * Confirm with the mailed code; what it is for is done at once. Scope pay.users.
       * @param {string} confirmation The confirmation (`cnf_...`).
       * @param {object} body
       * @param {string} body.code The code that was mailed to the owner.
       * @param {CallOptions} [options]
       * @returns {Promise<Confirmation>}
       */
      confirm: (confirmation, body, options) => call('POST', `/v1/confirmations/${part(confirmation)}/confirm`, { body, ...options }),
      /**
       * Mail a new code, which keeps the number of guesses. Scope pay.users.
       * @param {string} confirmation The confirmation (`cnf_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Confirmation>}
       */
      resend: (confirmation, options) => call('POST', `/v1/confirmations/${part(confirmation)}/resend`, { ...options }),
      /**
       * Cancel what waits for a code, and with it what it was for. Scope pay.users.
       * @param {string} confirmation The confirmation (`cnf_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Confirmation>}
       */
      cancel: (confirmation, options) => call('POST', `/v1/confirmations/${part(confirmation)}/cancel`, { ...options }),
    },
    requisites: {
      /**
       * Add a bank account, card or wallet of a user. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {object} body
       * @param {'bank_account'|'card'|'wallet'} body.type What is paid to: a bank account, a card or a wallet.
       * @param {string} [body.iban] The IBAN of a bank account in SEPA; of a Russian one give `bik` and `account` instead.
       * @param {string} [body.bic] The BIC of the account's bank; absent: the bank finds it. Only with `iban`.
       * @param {string} [body.bik] The BIK of the bank, of an account in roubles in Russia; instead of `iban`.
       * @param {string} [body.account] The number of a bank account in Russia, whose key has to fit `bik`; required with that.
       * @param {string} [body.correspondent] The correspondent account of the bank, whose key has to fit `bik`; none by default. Only with `bik`.
       * @param {string} [body.inn] The INN of the account's holder, of 10 or 12 digits; required with `bik`.
       * @param {string} [body.kpp] The KPP of the account's holder; none by default. Only with `bik`.
       * @param {string} [body.holder_name] Who holds the account; required for bank accounts, and not taken for others.
       * @param {{country: string, town: string, street?: string, building?: string, postcode?: string}} [body.address] The address of the account's holder; required with `iban`.
       * @param {string} [body.token] Of a card: the token that the acquirer's card page gave (`tok_...`); it is never shown.
       * @param {string} [body.wallet] Of a wallet: its name at the wallet's provider; answers show it masked.
       * @param {CallOptions} [options]
       * @returns {Promise<Requisite>}
       */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/requisites`, { body, ...options }),
      /**
       * List a user's bank accounts, cards and wallets, newest first. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Requisite>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (user, query, options) => call('GET', `/v1/users/${part(user)}/requisites`, { query, ...options }),
      /**
       * Open the acquirer's page for a card to be paid out to. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {object} body
       * @param {string} body.return_url Where the acquirer's page leads back to, with `card_token=tok_...` or `card_error=cancelled` added.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'card_page', url: string}>}
       */
      cardPage: (user, body, options) => call('POST', `/v1/users/${part(user)}/requisites/card_page`, { body, ...options }),
      /**
       * Have an account paid to though its bank knows the holder by another name. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {string} requisite The bank account, card or wallet that is paid to (`req_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Requisite>}
       */
      accept: (user, requisite, options) => call('POST', `/v1/users/${part(user)}/requisites/${part(requisite)}/accept`, { ...options }),
      /**
       * End a requisite; payouts that are not sent yet fail, with their money available again. Scope pay.users.
       * @param {string} user The user (`usr_...`).
       * @param {string} requisite The bank account, card or wallet that is paid to (`req_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Requisite>}
       */
      disable: (user, requisite, options) => call('POST', `/v1/users/${part(user)}/requisites/${part(requisite)}/disable`, { ...options }),
    },
    stores: {
      /**
       * Open a store. Scope pay.stores.
       * @param {object} body
       * @param {string} body.name The store's name, as buyers see it unless `branding` has a `display_name`.
       * @param {string} [body.user] Whose store it is to be (`usr_...`); with a user's token his. Not with `owner: partner`.
       * @param {string} body.currency The currency in which it sells, by its code of ISO 4217 (`EUR`).
       * @param {string} [body.url] The store's web address, http or https.
       * @param {string} [body.external_id] The partner's own name for it, to find it by; none by default.
       * @param {{platform_bp: number, partner_bp: number}} [body.split] Who gets what of its payments, in basis points, the rest the seller; default: the partner's terms.
       * @param {Array<PaymentMethod>|null} [body.methods] What the store's payments may be paid by; null, the default: whatever the operator has.
       * @param {'user'|'partner'} [body.owner] Whose store it is to be: a user's (the default), or the partner's own, without `user`.
       * @param {string} [body.split_profile] The profile that says who gets what of its payments (`spl_...`); not together with `split`.
       * @param {string} [body.status] `draft` to prepare it first; default: as the partner's stores are opened. Not where the owner has to confirm it.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      create: (body, options) => call('POST', `/v1/stores`, { body, ...options }),
      /**
       * List stores, newest first. Scope pay.stores.
       * @param {object} [query]
       * @param {'pending_confirmation'|'draft'|'review'|'active'|'suspended'|'closed'} [query.status] Only stores with this status.
       * @param {string} [query.user] Only stores of this user (`usr_...`).
       * @param {string} [query.external_id] Only stores that the partner gave this name.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Store>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/stores`, { query, ...options }),
      /**
       * Read a store. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      read: (store, options) => call('GET', `/v1/stores/${part(store)}`, { ...options }),
      /**
       * Split a store's new payments by another profile. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {string} [body.split_profile] The profile for its new payments (`spl_...`); left out: its basis points again.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      splitProfile: (store, body, options) => call('POST', `/v1/stores/${part(store)}/split_profile`, { body, ...options }),
      /**
       * Say what a store's new payments may be paid by. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {Array<PaymentMethod>|null} [body.methods] What the store's payments may be paid by; null: whatever the operator has.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      accept: (store, body, options) => call('POST', `/v1/stores/${part(store)}/accept`, { body, ...options }),
      /**
       * Let a store sell, or ask for its review. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {string} [body.reason] Why; it is shown as the store's `status_reason`.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      activate: (store, body, options) => call('POST', `/v1/stores/${part(store)}/activate`, { body, ...options }),
      /**
       * Stop a store from selling; refunds and payouts go on. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {string} [body.reason] Why; it is shown as the store's `status_reason`.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      suspend: (store, body, options) => call('POST', `/v1/stores/${part(store)}/suspend`, { body, ...options }),
      /**
       * Close a store for good; what was sold before goes on. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {string} [body.reason] Why; it is shown as the store's `status_reason`.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      close: (store, body, options) => call('POST', `/v1/stores/${part(store)}/close`, { body, ...options }),
      /**
       * Say how a store shows itself to its buyers. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {string} [body.display_name] What the store is called on the checkout and in mails to buyers; absent: by its `name`.
       * @param {string} [body.accent] The colour of links and buttons on the store's pages (`#0a7a4b`), with a contrast of 4.5:1 at least. Absent: that of our pages.
       * @param {string} [body.support_email] Where buyers can write to, shown on the checkout and in mails; null or left out: none.
       * @param {string} [body.support_url] Where buyers find help, shown on the checkout and in mails; null or left out: none.
       * @param {string} [body.statement_descriptor] What card statements show for the store's payments, 5 to 22 Latin characters; null or left out: nothing of the store's own.
       * @param {string} [body.locale] What a buyer is spoken to whose browser asks for none of `locales`; by default the first of them, else English.
       * @param {Array<string>|null} [body.locales] The languages that the store's pages speak, as tags of BCP 47 (`de`); null or absent: all that there are.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      branding: (store, body, options) => call('POST', `/v1/stores/${part(store)}/branding`, { body, ...options }),
      /**
       * Give a store a logo: PNG, JPEG or WebP, at most 64 KiB. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {Blob} body With its type.
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      logo: (store, body, options) => call('POST', `/v1/stores/${part(store)}/logo`, { body, ...options }),
      /**
       * The store's twin in the partner's sandbox, made when there is none. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      twin: (store, options) => call('POST', `/v1/stores/${part(store)}/twin`, { ...options }),
      /**
       * Whether a store mails receipts, and what a chargeback does to its subscriptions. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<BillingSettings>}
       */
      billingRead: (store, options) => call('GET', `/v1/stores/${part(store)}/billing`, { ...options }),
      /**
       * Say whether a store mails receipts, and what a chargeback does to its subscriptions. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {boolean} [body.mails_receipts] Whether buyers are mailed about each charge without them, and each refund of what they paid with a card that the store keeps.
       * @param {'continue'|'pause'|'cancel'|'default'} [body.on_dispute] What a chargeback does to the store's subscriptions; left out it stays, `default`: as the partner says.
       * @param {CallOptions} [options]
       * @returns {Promise<BillingSettings>}
       */
      billing: (store, body, options) => call('POST', `/v1/stores/${part(store)}/billing`, { body, ...options }),
    },
    tariffs: {
      /**
       * Split a store's payments otherwise, from a moment on. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {{platform_bp: number, partner_bp: number}} [body.split] Who gets what, in basis points, the rest the seller; this or `split_profile`.
       * @param {string} [body.split_profile] The profile that says who gets what (`spl_...`); this or `split`.
       * @param {string} [body.valid_from] From when on it is in force, ten seconds to five years ahead; default: at once.
       * @param {CallOptions} [options]
       * @returns {Promise<StoreTariff>}
       */
      create: (store, body, options) => call('POST', `/v1/stores/${part(store)}/tariffs`, { body, ...options }),
      /**
       * List a store's tariffs, the latest first. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<StoreTariff>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (store, options) => call('GET', `/v1/stores/${part(store)}/tariffs`, { ...options }),
      /**
       * Cancel a tariff that has not begun. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {string} tariff The planned tariff (`trf_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<StoreTariff>}
       */
      cancel: (store, tariff, options) => call('POST', `/v1/stores/${part(store)}/tariffs/${part(tariff)}/cancel`, { ...options }),
    },
    domains: {
      /**
       * Add a domain of a store, and learn what proves it. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {object} body
       * @param {string} body.host The name of the host (`shop.example`), also in letters other than ASCII; without port or path.
       * @param {CallOptions} [options]
       * @returns {Promise<StoreDomain>}
       */
      create: (store, body, options) => call('POST', `/v1/stores/${part(store)}/domains`, { body, ...options }),
      /**
       * List the domains of a store. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<StoreDomain>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (store, options) => call('GET', `/v1/stores/${part(store)}/domains`, { ...options }),
      /**
       * Look for the proof at a domain. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {string} host The name of the host, in ASCII (`xn--bcher-kva.example`).
       * @param {CallOptions} [options]
       * @returns {Promise<StoreDomain>}
       */
      verify: (store, host, options) => call('POST', `/v1/stores/${part(store)}/domains/${part(host)}/verify`, { ...options }),
      /**
       * Remove a domain of a store. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {string} host The name of the host, such as `shop.example`.
       * @param {CallOptions} [options]
       * @returns {Promise<void>}
       */
      remove: (store, host, options) => call('DELETE', `/v1/stores/${part(store)}/domains/${part(host)}`, { ...options }),
    },
    logo: {
      /**
       * Take a store's logo away. Scope pay.stores.
       * @param {string} store The store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Store>}
       */
      remove: (store, options) => call('POST', `/v1/stores/${part(store)}/logo/remove`, { ...options }),
    },
    storeConnections: {
      /**
       * Ask a store's owner to come with it to this partner. Scope pay.stores.
       * @param {object} body
       * @param {string} body.store The store of another partner that is to come (`st_...`).
       * @param {string} body.user The user of the new partner whose store it is to be (`usr_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<StoreConnection>}
       */
      create: (body, options) => call('POST', `/v1/store_connections`, { body, ...options }),
      /**
       * Read what became of a store's way to this partner. Scope pay.stores.
       * @param {string} connection The store connection (`scn_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<StoreConnection>}
       */
      read: (connection, options) => call('GET', `/v1/store_connections/${part(connection)}`, { ...options }),
    },
    splitProfiles: {
      /**
       * Store rules that payments are split by. Scope pay.stores.
       * @param {object} body
       * @param {string} body.name The partner's name for the profile.
       * @param {string} [body.currency] The only currency that it is for (`EUR`); required with `fixed`, `min` or `cap`, by default any.
       * @param {Array<{party: 'platform'|'partner'|'seller'|'user', user?: string, bp?: number, fixed?: number, min?: number, cap?: number, rest?: boolean, on_refund?: 'pro_rata'|'full'|'none'}>} body.rules Who gets what of a payment: 1 to 16 rules, in the order of declaration.
       * @param {CallOptions} [options]
       * @returns {Promise<SplitProfile>}
       */
      create: (body, options) => call('POST', `/v1/split_profiles`, { body, ...options }),
      /**
       * List split profiles, newest first. Scope pay.stores.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<SplitProfile>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/split_profiles`, { query, ...options }),
      /**
       * Read a split profile. Scope pay.stores.
       * @param {string} splitProfile The profile that says who gets what (`spl_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<SplitProfile>}
       */
      read: (splitProfile, options) => call('GET', `/v1/split_profiles/${part(splitProfile)}`, { ...options }),
      /**
       * Put a split profile away: no new payment uses it. Scope pay.stores.
       * @param {string} splitProfile The profile that says who gets what (`spl_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<SplitProfile>}
       */
      archive: (splitProfile, options) => call('POST', `/v1/split_profiles/${part(splitProfile)}/archive`, { ...options }),
    },
    payouts: {
      /**
       * Request a payout; a code is mailed to the owner. Scope pay.payouts.
       * @param {object} body
       * @param {number} body.amount What is paid out, in minor units of `currency`; an agreed fee is taken out of it or comes on top.
       * @param {string} body.currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
       * @param {string} body.requisite The bank account, card or wallet that is paid to (`req_...`).
       * @param {string} [body.user] Who is paid out (`usr_...`); needed with a partner's own token, a user's token pays out to him.
       * @param {string} [body.external_id] The partner's own name for it, which only one payout has; none by default.
       * @param {CallOptions} [options]
       * @returns {Promise<Payout>}
       */
      create: (body, options) => call('POST', `/v1/payouts`, { body, ...options }),
      /**
       * List payouts, newest first. Scope pay.payouts.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {'awaiting_code'|'awaiting_approval'|'confirmed'|'sent'|'unknown'|'paid'|'returned'|'rejected'|'failed'|'canceled'|'expired'} [query.status] Only payouts with this status.
       * @param {string} [query.user] Only payouts of this user (`usr_...`).
       * @param {string} [query.external_id] Only the payout that the partner gave this name.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Payout>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/payouts`, { query, ...options }),
      /**
       * Confirm a payout with the mailed code. Scope pay.payouts.
       * @param {string} payout The payout (`po_...`).
       * @param {object} body
       * @param {string} body.code The code that was mailed to the owner.
       * @param {CallOptions} [options]
       * @returns {Promise<Payout>}
       */
      confirm: (payout, body, options) => call('POST', `/v1/payouts/${part(payout)}/confirm`, { body, ...options }),
      /**
       * Mail a new code, which keeps the number of guesses. Scope pay.payouts.
       * @param {string} payout The payout (`po_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Payout>}
       */
      resend: (payout, options) => call('POST', `/v1/payouts/${part(payout)}/resend`, { ...options }),
      /**
       * Cancel a payout that was not sent yet. Scope pay.payouts.
       * @param {string} payout The payout (`po_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Payout>}
       */
      cancel: (payout, options) => call('POST', `/v1/payouts/${part(payout)}/cancel`, { ...options }),
      /**
       * Read a payout. Scope pay.payouts.
       * @param {string} payout The payout (`po_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Payout>}
       */
      read: (payout, options) => call('GET', `/v1/payouts/${part(payout)}`, { ...options }),
      /**
       * What is in a payout: each payment, refund and fee since the one before; format=csv for a sheet. Scope pay.payouts.
       * @param {string} payout The payout (`po_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {'json'|'csv'} [query.format] `json` (the default) or `csv`, whose next page is in the header `Link`.
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutStatement|Blob>}
       */
      statement: (payout, query, options) => call('GET', `/v1/payouts/${part(payout)}/statement`, { query, ...options }),
    },
    prices: {
      /**
       * Make a price of a store. Scope pay.payments.
       * @param {object} body
       * @param {string} body.store The store (`st_...`).
       * @param {string} body.name What is sold, as the buyer reads it in mails and invoices.
       * @param {number} body.amount The price of one for a period, in minor units of `currency`.
       * @param {string} body.currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
       * @param {'day'|'week'|'month'|'year'} body.interval The unit of its periods.
       * @param {number} [body.interval_count] How many of `interval` a period has; 1 by default.
       * @param {number} [body.notice_days] How many days ahead a charge is announced to the buyer; absent: 7 for periods of half a year or longer, else it is not.
       * @param {number} [body.notice_above] A charge above this is announced to the buyer in any case, in minor units of `currency`; absent: none is for its amount.
       * @param {{vat: string, tax_system?: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}} [body.receipt] What cash receipts (54-FZ) say of every invoice at this price; absent: none are told.
       * @param {CallOptions} [options]
       * @returns {Promise<Price>}
       */
      create: (body, options) => call('POST', `/v1/prices`, { body, ...options }),
      /**
       * List prices, newest first. Scope pay.payments.
       * @param {object} [query]
       * @param {string} [query.store] Only prices of this store (`st_...`).
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Price>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/prices`, { query, ...options }),
      /**
       * Take no new subscriptions at a price. Scope pay.payments.
       * @param {string} price The price (`price_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Price>}
       */
      archive: (price, options) => call('POST', `/v1/prices/${part(price)}/archive`, { ...options }),
      /**
       * Announce another price to all who subscribe at one. Scope pay.payments.
       * @param {string} price The price whose subscribers are announced another one (`price_...`).
       * @param {object} body
       * @param {string} body.to The other price, of the same store and interval (`price_...`).
       * @param {string} body.effective_at The new price counts from the first period on that begins then or later; at least 14 days ahead.
       * @param {'keep_old'|'end'} body.without_consent If the buyer does not agree to more: the subscription ends (`end`) or stays at its price (`keep_old`).
       * @param {CallOptions} [options]
       * @returns {Promise<PriceMigration>}
       */
      migrate: (price, body, options) => call('POST', `/v1/prices/${part(price)}/migrate`, { body, ...options }),
    },
    subscriptions: {
      /**
       * Subscribe a buyer, on a card that the store keeps. Scope pay.payments.
       * @param {object} body
       * @param {string} body.price The price (`price_...`).
       * @param {string} body.saved_card The saved card that is charged (`scd_...`).
       * @param {string} [body.payment] The payment that the card was kept with (`pay_...`): it has paid the first period. Left out: the card is charged for it.
       * @param {string} [body.external_id] The partner's own name for it, to find it by; none by default.
       * @param {string} [body.zone] The IANA time zone in which its periods are counted; default `UTC`.
       * @param {string} [body.starts_at] When the first period begins; one to come makes a trial until then, one that has passed charges what was missed.
       * @param {string} [body.ends_at] No period begins then or later; by default there is no such end.
       * @param {'cancel'|'keep'} [body.when_unpaid] What becomes of it when an invoice is not paid in time: `cancel` (default), or `keep`, with the invoice open.
       * @param {'continue'|'pause'|'cancel'} [body.on_dispute] What a chargeback does to the subscription; left out: as its store says.
       * @param {number} [body.quantity] How many are bought; default 1.
       * @param {number} [body.periods] After how many periods it ends; absent: it goes on.
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      create: (body, options) => call('POST', `/v1/subscriptions`, { body, ...options }),
      /**
       * List subscriptions, newest first. Scope pay.payments.
       * @param {object} [query]
       * @param {string} [query.store] Only subscriptions of this store (`st_...`).
       * @param {string} [query.buyer] The store's own name for a buyer: only his subscriptions.
       * @param {'trialing'|'active'|'past_due'|'paused'|'unpaid'|'canceled'} [query.status] Only subscriptions with this status.
       * @param {string} [query.external_id] Only subscriptions that the partner gave this name.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Subscription>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/subscriptions`, { query, ...options }),
      /**
       * Read a subscription. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      read: (subscription, options) => call('GET', `/v1/subscriptions/${part(subscription)}`, { ...options }),
      /**
       * List the invoices of a subscription, newest first. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Invoice>, has_more: boolean, next_cursor: string|null}>}
       */
      invoices: (subscription, query, options) => call('GET', `/v1/subscriptions/${part(subscription)}/invoices`, { query, ...options }),
      /**
       * What a subscription is charged next, and when. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<UpcomingInvoice>}
       */
      upcoming: (subscription, options) => call('GET', `/v1/subscriptions/${part(subscription)}/upcoming`, { ...options }),
      /**
       * Another price or quantity from now on, or what it would cost. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {object} body
       * @param {string} [body.price] Another price with the same interval (`price_...`); left out it stays.
       * @param {number} [body.quantity] How many are bought from now on; left out it stays.
       * @param {string} [body.at] The `at` of a preview of at most an hour ago: the change is charged as it showed. By default now.
       * @param {boolean} [body.preview] With `true` nothing changes, and the answer says what the change would cost. Default `false`.
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription|SubscriptionPreview>}
       */
      change: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/change`, { body, ...options }),
      /**
       * Say what a chargeback does to it from now on. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {object} body
       * @param {'continue'|'pause'|'cancel'|'default'} body.on_dispute What a chargeback does to it from now on; `default`: as its store says.
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      onDispute: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/on_dispute`, { body, ...options }),
      /**
       * Charge another saved card; what is open is tried at once. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {object} body
       * @param {string} body.saved_card The saved card that is charged from now on (`scd_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      card: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/card`, { body, ...options }),
      /**
       * End a subscription: now, with its period or at a moment. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {object} body
       * @param {boolean} [body.at_period_end] Whether it ends with the current period instead of now; false by default. Not together with `cancel_at`.
       * @param {string} [body.cancel_at] When it ends: a time to come, at most ten years ahead. Absent: now, or with `at_period_end` with the period.
       * @param {'none'|'refund'} [body.unused] What happens to what is paid and not used: `none` (default) or `refund` gives it back.
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      cancel: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/cancel`, { body, ...options }),
      /**
       * Begin no further period until it is resumed. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      pause: (subscription, options) => call('POST', `/v1/subscriptions/${part(subscription)}/pause`, { ...options }),
      /**
       * Go on with a paused subscription. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      resume: (subscription, options) => call('POST', `/v1/subscriptions/${part(subscription)}/resume`, { ...options }),
      /**
       * Announce another price to one subscription's buyer. Scope pay.payments.
       * @param {string} subscription The subscription (`sub_...`).
       * @param {object} body
       * @param {string} body.to The other price, of the same store and interval (`price_...`).
       * @param {string} body.effective_at The new price counts from the first period on that begins then or later; at least 14 days ahead.
       * @param {'keep_old'|'end'} body.without_consent If the buyer does not agree to more: the subscription ends (`end`) or stays at its price (`keep_old`).
       * @param {CallOptions} [options]
       * @returns {Promise<Subscription>}
       */
      price: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/price`, { body, ...options }),
    },
    invoices: {
      /**
       * Read an invoice. Scope pay.payments.
       * @param {string} invoice The invoice (`inv_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Invoice>}
       */
      read: (invoice, options) => call('GET', `/v1/invoices/${part(invoice)}`, { ...options }),
      /**
       * List invoices of all subscriptions, newest first. Scope pay.payments.
       * @param {object} [query]
       * @param {string} [query.store] Only invoices of this store (`st_...`).
       * @param {'open'|'paid'|'void'|'uncollectible'} [query.status] Only invoices with this status.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Invoice>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/invoices`, { query, ...options }),
      /**
       * Charge an open invoice again now, and not when it is due. Scope pay.payments.
       * @param {string} invoice The invoice (`inv_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Invoice>}
       */
      retry: (invoice, options) => call('POST', `/v1/invoices/${part(invoice)}/retry`, { ...options }),
      /**
       * Forgive an open invoice; its subscription goes on. Scope pay.payments.
       * @param {string} invoice The invoice (`inv_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Invoice>}
       */
      void: (invoice, options) => call('POST', `/v1/invoices/${part(invoice)}/void`, { ...options }),
    },
    savedCards: {
      /**
       * List the saved cards that may be charged, newest first. Scope pay.payments.
       * @param {object} [query]
       * @param {string} [query.store] Only cards that this store keeps (`st_...`).
       * @param {string} [query.buyer] The store's own name for a buyer: only his cards.
       * @param {string} [query.payment] Only the card that was kept with this payment (`pay_...`).
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<SavedCard>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/saved_cards`, { query, ...options }),
      /**
       * Read a saved card. Scope pay.payments.
       * @param {string} card The saved card (`scd_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<SavedCard>}
       */
      read: (card, options) => call('GET', `/v1/saved_cards/${part(card)}`, { ...options }),
      /**
       * End a saved card: it cannot be charged any more. Scope pay.payments.
       * @param {string} card The saved card (`scd_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<void>}
       */
      remove: (card, options) => call('DELETE', `/v1/saved_cards/${part(card)}`, { ...options }),
    },
    billingLinks: {
      /**
       * The address of a buyer's page, for a day. Scope pay.payments.
       * @param {object} body
       * @param {string} body.store The store (`st_...`).
       * @param {string} body.buyer The store's own name for the buyer.
       * @param {CallOptions} [options]
       * @returns {Promise<BillingLink>}
       */
      create: (body, options) => call('POST', `/v1/billing_links`, { body, ...options }),
    },
    billing: {
      /**
       * What a chargeback does to subscriptions of stores that say nothing. Scope pay.stores.
       * @param {CallOptions} [options]
       * @returns {Promise<BillingDefaults>}
       */
      read: (options) => call('GET', `/v1/billing`, { ...options }),
      /**
       * Say it. Scope pay.stores.
       * @param {object} body
       * @param {'continue'|'pause'|'cancel'} body.on_dispute What a chargeback does to subscriptions of stores that say nothing; `pause` until it is said.
       * @param {CallOptions} [options]
       * @returns {Promise<BillingDefaults>}
       */
      create: (body, options) => call('POST', `/v1/billing`, { body, ...options }),
    },
    reports: {
      /**
       * The partner's report of a month under the cooperation agreement: json, csv, or the act as pdf. Scope pay.balance.
       * @param {string} month The month, such as `2026-11`.
       * @param {object} query
       * @param {string} query.currency The currency that is reported (`EUR`).
       * @param {'json'|'csv'|'pdf'} [query.format] `json` (the default), `csv`, or `pdf`: the act to be signed.
       * @param {string} [query.locale] The language of the `pdf`, as a tag of BCP 47 (`de`): a translation to be read. By default English, which counts.
       * @param {CallOptions} [options]
       * @returns {Promise<PartnerReport|Blob>}
       */
      read: (month, query, options) => call('GET', `/v1/reports/${part(month)}`, { query, ...options }),
      /**
       * The partner's months that are closed. Scope pay.balance.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<{number: number, month: string, currency: string, closed_at: string}>}>}
       */
      list: (options) => call('GET', `/v1/reports`, { ...options }),
    },
    feeInvoices: {
      /**
       * Read an invoice for the fees of a month: json, or as pdf. Scope pay.balance.
       * @param {string} feeInvoice The invoice (`fin_...`).
       * @param {object} [query]
       * @param {'json'|'pdf'} [query.format] `json` (the default) or `pdf`.
       * @param {CallOptions} [options]
       * @returns {Promise<FeeInvoice|Blob>}
       */
      read: (feeInvoice, query, options) => call('GET', `/v1/fee_invoices/${part(feeInvoice)}`, { query, ...options }),
      /**
       * List invoices for the fees of months that are over, newest first. Scope pay.balance.
       * @param {object} [query]
       * @param {string} [query.user] Only invoices to this seller (`usr_...`); a user's token sees its own.
       * @param {string} [query.month] Only invoices for the fees of this month, such as `2026-11`.
       * @param {'platform'|'partner'} [query.issued_by] Only invoices of the platform, or of the partner.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<FeeInvoice>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/fee_invoices`, { query, ...options }),
    },
    statement: {
      /**
       * Statement of a user's or the partner's account: csv, jsonl, camt053 or pdf, from a day to a day. Scope pay.balance.
       * @param {object} query
       * @param {'seller'|'partner'|'own_sales'} [query.account] Whose statement it is; `seller` by default. `partner` and `own_sales` only with the partner's own token.
       * @param {string} [query.user] Whose account (`usr_...`), for the account `seller` with a partner's own token; a user's token has its own.
       * @param {string} query.currency The currency of the account (`EUR`).
       * @param {string} [query.from] The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.
       * @param {string} [query.to] The day that the period ends before, such as `2026-12-01`; default: now.
       * @param {string} [query.zone] The IANA time zone in which days begin; default `UTC`.
       * @param {'csv'|'jsonl'|'camt053'|'pdf'} [query.format] `csv` (the default), `jsonl`, `camt053` (ISO 20022), or `pdf` of at most 2,000 entries.
       * @param {string} [query.locale] The language of the `pdf`, as a tag of BCP 47 (`de`); English by default.
       * @param {CallOptions} [options]
       * @returns {Promise<Blob>}
       */
      read: (query, options) => call('GET', `/v1/statement`, { query, ...options }),
    },
    ledger: {
      /**
       * Every entry of the partner's books with its debits and credits: csv or jsonl, from a day to a day. Scope pay.balance.
       * @param {object} [query]
       * @param {string} [query.from] The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.
       * @param {string} [query.to] The day that the period ends before, such as `2026-12-01`; default: now.
       * @param {string} [query.zone] The IANA time zone in which days begin; default `UTC`.
       * @param {'csv'|'jsonl'} [query.format] `csv` (the default) or `jsonl`.
       * @param {CallOptions} [options]
       * @returns {Promise<Blob>}
       */
      journal: (query, options) => call('GET', `/v1/ledger/journal`, { query, ...options }),
      /**
       * Opening, debits, credits and closing of each of the partner's accounts, and their sums: csv or jsonl. Scope pay.balance.
       * @param {object} [query]
       * @param {string} [query.from] The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.
       * @param {string} [query.to] The day that the period ends before, such as `2026-12-01`; default: now.
       * @param {string} [query.zone] The IANA time zone in which days begin; default `UTC`.
       * @param {'csv'|'jsonl'} [query.format] `csv` (the default) or `jsonl`.
       * @param {CallOptions} [options]
       * @returns {Promise<Blob>}
       */
      trialBalance: (query, options) => call('GET', `/v1/ledger/trial_balance`, { query, ...options }),
      /**
       * Ledger entries of a user's or the partner's account, newest first. Scope pay.balance.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {'seller'|'partner'|'own_sales'} [query.account] Whose entries are listed; `seller` by default. `partner` and `own_sales` only with the partner's own token.
       * @param {string} [query.user] Whose account (`usr_...`), for the account `seller` with a partner's own token; a user's token has its own.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<LedgerEntry>, has_more: boolean, next_cursor: string|null}>}
       */
      read: (query, options) => call('GET', `/v1/ledger`, { query, ...options }),
    },
    payoutLists: {
      /**
       * Request several payouts at once; one code is mailed to the owner. Scope pay.payouts.
       * @param {object} body
       * @param {string} [body.user] Who is paid out (`usr_...`); needed with a partner's own token, a user's token pays out to him.
       * @param {Array<{amount: number, currency: string, requisite: string}>} body.payouts One to a hundred payouts of one owner, which one code confirms together.
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutList>}
       */
      create: (body, options) => call('POST', `/v1/payout_lists`, { body, ...options }),
      /**
       * Confirm all payouts of a list with the mailed code. Scope pay.payouts.
       * @param {string} list The list of payouts (`pol_...`).
       * @param {object} body
       * @param {string} body.code The code that was mailed to the owner.
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutList>}
       */
      confirm: (list, body, options) => call('POST', `/v1/payout_lists/${part(list)}/confirm`, { body, ...options }),
      /**
       * Mail a new code, which keeps the number of guesses. Scope pay.payouts.
       * @param {string} list The list of payouts (`pol_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutList>}
       */
      resend: (list, options) => call('POST', `/v1/payout_lists/${part(list)}/resend`, { ...options }),
      /**
       * Cancel a list that was not confirmed yet. Scope pay.payouts.
       * @param {string} list The list of payouts (`pol_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutList>}
       */
      cancel: (list, options) => call('POST', `/v1/payout_lists/${part(list)}/cancel`, { ...options }),
      /**
       * Read a list of payouts. Scope pay.payouts.
       * @param {string} list The list of payouts (`pol_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutList>}
       */
      read: (list, options) => call('GET', `/v1/payout_lists/${part(list)}`, { ...options }),
    },
    payoutSchedules: {
      /**
       * Ask for payouts by schedule; a code is mailed. Scope pay.payouts.
       * @param {object} body
       * @param {string} [body.user] Who is paid out (`usr_...`); needed with a partner's own token, a user's token pays out to him.
       * @param {string} body.requisite The bank account, card or wallet that is paid to (`req_...`).
       * @param {string} body.currency The currency that is paid out (`EUR`).
       * @param {'day'|'week'|'month'} body.every How often it pays out.
       * @param {number} [body.day] Which day: 1 (Monday) to 7 of a week, or 1 to 31 of a month, which without it has its last one; not with `every` `day`.
       * @param {string} body.at The time of day at which all that is available is paid out (`17:00`), in `zone`.
       * @param {string} body.zone The IANA time zone of `at`, such as `Europe/Berlin`.
       * @param {boolean} [body.any_day] Whether days on which banks do not settle in euro count, too; by default such a day is put off to the next on which they do.
       * @param {number} [body.minimum] The least that is paid out, in minor units of `currency`; while less is available nothing is. Default 1.
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutSchedule>}
       */
      create: (body, options) => call('POST', `/v1/payout_schedules`, { body, ...options }),
      /**
       * List the schedules of a user, newest first. Scope pay.payouts.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {string} [query.user] Whose schedules (`usr_...`); needed with a partner's own token, a user's token has its own.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<PayoutSchedule>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/payout_schedules`, { query, ...options }),
      /**
       * Put a schedule in force with the mailed code. Scope pay.payouts.
       * @param {string} schedule The schedule (`pos_...`).
       * @param {object} body
       * @param {string} body.code The code that was mailed to the owner.
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutSchedule>}
       */
      confirm: (schedule, body, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/confirm`, { body, ...options }),
      /**
       * Pause a schedule. Scope pay.payouts.
       * @param {string} schedule The schedule (`pos_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutSchedule>}
       */
      pause: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/pause`, { ...options }),
      /**
       * Go on with a schedule that is paused. Scope pay.payouts.
       * @param {string} schedule The schedule (`pos_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutSchedule>}
       */
      resume: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/resume`, { ...options }),
      /**
       * End a schedule. Scope pay.payouts.
       * @param {string} schedule The schedule (`pos_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutSchedule>}
       */
      end: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/end`, { ...options }),
      /**
       * Read a schedule, with its last times. Scope pay.payouts.
       * @param {string} schedule The schedule (`pos_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<PayoutSchedule>}
       */
      read: (schedule, options) => call('GET', `/v1/payout_schedules/${part(schedule)}`, { ...options }),
    },
    balance: {
      /**
       * What a user or the partner has: available, pending, held back, in transit. Scope pay.balance.
       * @param {object} [query]
       * @param {string} [query.user] Whose balance (`usr_...`), with a partner's own token and without `party`; a user's token has its own.
       * @param {'partner'|'own_sales'} [query.party] In place of a user's: the partner's own balance, or `own_sales`, what its own stores bring.
       * @param {CallOptions} [options]
       * @returns {Promise<Balance>}
       */
      read: (query, options) => call('GET', `/v1/balance`, { query, ...options }),
    },
    holdbacks: {
      /**
       * List what is held back of a user, the next to be available first. Scope pay.balance.
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {string} [query.user] Whose money (`usr_...`); needed with a partner's own token, a user's token has its own.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Holdback>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/holdbacks`, { query, ...options }),
    },
    webhookEndpoints: {
      /**
       * Add a webhook endpoint; the secret is shown once. Scope pay.webhooks.
       * @param {object} body
       * @param {string} body.url Where messages are sent to.
       * @param {Array<string>} [body.events] The event types that it wants; empty or absent: all.
       * @param {string} [body.store] Only what happens in this store is sent (`st_...`); left out: all that happens.
       * @param {string} [body.contact_email] Who is told by mail when the endpoint is switched off; by default nobody.
       * @param {'full'|'thin'} [body.payload] What `data` of its messages has: `full` (default), the whole object, or `thin`, only `id` and `object`.
       * @param {string} [body.api_version] The version of the API in which its messages are written; by default the partner's.
       * @param {number} [body.max_in_flight] How many deliveries it may get at a time, 1 to 64 (default); 1: one after the other.
       * @param {CallOptions} [options]
       * @returns {Promise<WebhookEndpoint>}
       */
      create: (body, options) => call('POST', `/v1/webhook_endpoints`, { body, ...options }),
      /**
       * List the webhook endpoints. Scope pay.webhooks.
       * @param {object} [query]
       * @param {string} [query.store] Only endpoints of this store (`st_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<WebhookEndpoint>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/webhook_endpoints`, { query, ...options }),
      /**
       * Read a webhook endpoint. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<WebhookEndpoint>}
       */
      read: (endpoint, options) => call('GET', `/v1/webhook_endpoints/${part(endpoint)}`, { ...options }),
      /**
       * Remove a webhook endpoint and its queue. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<void>}
       */
      remove: (endpoint, options) => call('DELETE', `/v1/webhook_endpoints/${part(endpoint)}`, { ...options }),
      /**
       * Change a webhook endpoint's address or events, disable it, or enable it again. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {object} body
       * @param {string} [body.url] Where messages are sent to; left out it stays.
       * @param {'enabled'|'disabled'} [body.status] `enabled` to have it tried at once with all that waits, also when it was not disabled; `disabled` to send it nothing; left out it stays.
       * @param {Array<string>} [body.events] The event types that it wants; empty: all. Absent: they stay.
       * @param {string} [body.contact_email] Who is told by mail when the endpoint is switched off; empty: nobody. Absent: it stays.
       * @param {'full'|'thin'} [body.payload] What `data` of its messages has: the whole object, or only `id` and `object`; left out it stays.
       * @param {string} [body.api_version] The version of the API in which its messages are written; empty: the partner's. Absent: it stays.
       * @param {number} [body.max_in_flight] How many deliveries it may get at a time, 1 to 64; left out it stays.
       * @param {CallOptions} [options]
       * @returns {Promise<WebhookEndpoint>}
       */
      update: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}`, { body, ...options }),
      /**
       * Give a webhook endpoint a new secret, shown once; the old one signs beside it for a while. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {object} body
       * @param {number} [body.expire_old_in] How many seconds the old secret goes on signing beside the new one: 0 to a week, a day by default.
       * @param {CallOptions} [options]
       * @returns {Promise<WebhookEndpoint>}
       */
      rotateSecret: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/rotate_secret`, { body, ...options }),
      /**
       * Send a webhook endpoint an event that says nothing, to try it. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'webhook_ping', event: string}>}
       */
      ping: (endpoint, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/ping`, { ...options }),
      /**
       * Deliver one event or a range of them again. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {object} body
       * @param {string} [body.event] The event (`evt_...`).
       * @param {string} [body.from] The first event (`evt_...`) of the range; instead of `event`.
       * @param {string} [body.to] The last event of the range (`evt_...`); left out: the newest.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'webhook_replay', queued: number, last_event: string, has_more: boolean}>}
       */
      replay: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/replay`, { body, ...options }),
    },
    deliveries: {
      /**
       * What was delivered to a webhook endpoint, newest first. Scope pay.webhooks.
       * @param {string} endpoint The webhook endpoint (`we_...`).
       * @param {object} [query]
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<WebhookDelivery>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (endpoint, query, options) => call('GET', `/v1/webhook_endpoints/${part(endpoint)}/deliveries`, { query, ...options }),
    },
    events: {
      /**
       * List events, newest first: of one type, or about one object. Scope pay.webhooks.
       * @param {object} [query]
       * @param {string} [query.type] Only events of this type, such as `payment.succeeded`.
       * @param {string} [query.about] The id of an object: only events about it.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<Event>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/events`, { query, ...options }),
      /**
       * Read an event. Scope pay.webhooks.
       * @param {string} event The event (`evt_...`).
       * @param {CallOptions} [options]
       * @returns {Promise<Event>}
       */
      read: (event, options) => call('GET', `/v1/events/${part(event)}`, { ...options }),
    },
    apiVersion: {
      /**
       * In which version the partner is answered, and which there are. Scope pay.webhooks.
       * @param {CallOptions} [options]
       * @returns {Promise<ApiVersion>}
       */
      read: (options) => call('GET', `/v1/api_version`, { ...options }),
      /**
       * Have requests that name no version, and webhooks, answered in this one. Scope pay.webhooks.
       * @param {object} body
       * @param {string} body.version The version to answer the partner in from now on, by its day; `versions` has those that there are.
       * @param {CallOptions} [options]
       * @returns {Promise<ApiVersion>}
       */
      create: (body, options) => call('POST', `/v1/api_version`, { body, ...options }),
    },
    requestLog: {
      /**
       * Search the requests of the last 30 days, newest first. Scope pay.webhooks.
       * @param {object} [query]
       * @param {string} [query.status] Only answers with this HTTP status (`404`), or of this class (`4xx`).
       * @param {string} [query.method] Only requests with this HTTP method.
       * @param {string} [query.path] Only requests for this path, or route such as `/v1/payments/{payment}/confirm`.
       * @param {string} [query.object] Only requests that made or named this object, by its id. Not together with `idempotency_key`.
       * @param {string} [query.idempotency_key] Only requests with this `Idempotency-Key`; not together with `object`.
       * @param {string} [query.error_code] Only requests that were answered with this `code` of a problem.
       * @param {string} [query.from] Only requests of then or later, by the wall clock (`2026-11-01T00:00:00Z`); by default of the last 30 days.
       * @param {string} [query.to] Only requests before this time, by the wall clock.
       * @param {number} [query.limit] How many the page has at most.
       * @param {string} [query.cursor] Where to go on: the `next_cursor` of the page before.
       * @param {CallOptions} [options]
       * @returns {Promise<{object: 'list', data: Array<LoggedRequest>, has_more: boolean, next_cursor: string|null}>}
       */
      list: (query, options) => call('GET', `/v1/request_log`, { query, ...options }),
      /**
       * Read what became of a request, by its X-Request-Id. Scope pay.webhooks.
       * @param {string} request The request, by the `X-Request-Id` of its answer.
       * @param {CallOptions} [options]
       * @returns {Promise<LoggedRequest>}
       */
      read: (request, options) => call('GET', `/v1/request_log/${part(request)}`, { ...options }),
    },
  };
}

/**
 * @typedef {object} Problem
 * @property {string} type The problem as a URN: `urn:stoa:problem:` and the `code`.
 * @property {string} title What is wrong, in a sentence; the same for each `code`.
 * @property {number} status The HTTP status of the answer.
 * @property {string} code What went wrong, as a stable word for programs, such as `card_declined`.
 * @property {boolean} retryable Whether the same call may be sent again with the same `Idempotency-Key`, after `Retry-After` where there is one.
 * @property {string} [detail] What went wrong, in a sentence for people; absent when `title` says it all.
 * @property {string} [param] The field that is at fault, such as `payouts[3].amount`; absent when it is none.
 * @property {string} [request_id] What the log of requests has the request under, as `X-Request-Id` of the answer.
 * @property {number} [attempts_left] How often the code may still be typed wrong; with `code_refused` only.
 * @property {string} [payment] The payment that was declined, or of which something was (`pay_...`); absent for other problems.
 * @property {string} [decline_code] Why the acquirer refused it, such as `insufficient_funds`; absent when it did not.
 * @property {string} [advice] What to do after the decline: `retry_later`, `do_not_retry` or `ask_card_holder`; with `card_declined` and `payment_declined` only.
 */
/**
 * @typedef {object} SplitRule
 * @property {'platform'|'partner'|'seller'|'user'} party Whose share it is: `seller` is the user of the store, or the partner in its own; `user` another one, whom `user` names.
 * @property {string} [user] The other user whose share it is (`usr_...`); only where `party` is `user`.
 * @property {boolean} [rest] Whether this receiver gets what the others leave; at most one rule says so.
 * @property {number} [bp] The party's share in basis points of the amount.
 * @property {number} [fixed] What the party gets on top of `bp`, in minor units.
 * @property {number} [min] The least that this receiver gets, in minor units of the currency.
 * @property {number} [cap] The most that this party gets, in minor units; none by default.
 * @property {'pro_rata'|'full'|'none'} [on_refund] How the share goes back: `pro_rata` (default) in proportion, `full` whole and first, `none` not at all.
 */
/** @typedef {Payment|PaymentAttempt|TransferCredit|TransferRepayment|Refund|Receipt|Hold|Dispute|BalanceRelief|Reserve|Settlement|BankBooking|Payout|PayoutList|PayoutFee|PayoutSchedule|Requisite|Invoice|Subscription|SavedCard|Store|StoreTariff|SplitProfile|User|Confirmation|LegalProfile|AgreementAcceptance|TestClock|WebhookEndpoint|EventObject} EventData */
/**
 * @typedef {object} EventObject
 * @property {string} id The id of the object that the event is about.
 * @property {string} object Which kind of object this is.
 * @property {string} [user] Whose it was (`usr_...`), where it was erased with him and is not he himself.
 * @property {boolean} [erased] True when the person whom the object is about was erased since: nothing else of it is left. Else absent.
 */
/** @typedef {'card'|'wallet'|'bank_transfer'} PaymentMethod */
/**
 * @typedef {object} Share
 * @property {'platform'|'partner'|'seller'|'user'} party Whose share it is: `seller` is the user of the store, or the partner in its own; `user` another one, whom `user` names.
 * @property {string} [user] The other user whose share it is (`usr_...`); only where `party` is `user`.
 * @property {number} amount What this party gets, or gives back, in minor units of the currency of the payment.
 */
/**
 * @typedef {object} ThreeDSecure
 * @property {'frictionless'|'challenge'|null} flow Whether the bank asked the buyer (`challenge`) or not (`frictionless`); null when the acquirer does not say.
 * @property {'authenticated'|'attempted'|'exempted'|'unavailable'|'failed'|'rejected'} result What came of the authentication of the card holder.
 * @property {boolean} liability_shift Whether a chargeback for fraud is borne by the card's bank.
 */
/**
 * @typedef {object} Payment
 * @property {string} id The id of the payment (`pay_...`).
 * @property {'payment'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {'requires_payment_method'|'processing'|'requires_action'|'requires_capture'|'succeeded'|'canceled'|'expired'} status How far it is: not paid, with the acquirer, up to the buyer, reserved, paid, or over without being paid.
 * @property {number} amount What the buyer pays, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {'automatic'|'manual'} capture_method Whether the amount is taken at once (`automatic`), or reserved first and captured later (`manual`).
 * @property {number} amount_captured What has been taken from the buyer, in minor units of `currency`.
 * @property {number} amount_capturable What is reserved and can still be captured, in minor units of `currency`; 0 while a capture or the void has no outcome yet.
 * @property {number} amount_refunded What refunds that succeeded have given back, in minor units of `currency`.
 * @property {number} amount_disputed What disputes have taken back and not returned, in minor units of `currency`.
 * @property {string} store The store (`st_...`).
 * @property {string|null} user The user of the store (`usr_...`); null when the store is the partner's own.
 * @property {string} description What is paid for, as the buyer reads it.
 * @property {string|null} external_id The partner's own name for it; null when it was given none.
 * @property {Object<string, string>} [metadata] The partner's own texts by name, 4096 bytes at most. Of an invoice's payment `invoice` names the invoice.
 * @property {PaymentMethod|null} [method] How its last attempt is paid; null before the first.
 * @property {string} [decline_code] Why the last attempt was declined, such as `insufficient_funds`; only while the status is `requires_payment_method`.
 * @property {string} [advice] What to do after it: `retry_later`, `do_not_retry` or `ask_card_holder`; with `decline_code` only.
 * @property {{brand: string, last4: string}} [card] The card that has paid or authorised it; absent when there is none, or the acquirer says nothing of it.
 * @property {ThreeDSecure} [three_d_secure] What came of 3-D Secure at its last attempt; absent when the card's bank took no part.
 * @property {string} [authorized_until] Until when the acquirer keeps the amount reserved; only while the status is `requires_capture`.
 * @property {string} [cancellation_reason] Why it was canceled, such as `requested` or `authorization_expired`; absent unless it is `canceled`.
 * @property {{session: string, url: string, embed_url: string}} checkout Where the buyer pays on our pages.
 * @property {string} [split_profile] The profile that says who gets what (`spl_...`), or the id of rules that came with it; absent: basis points.
 * @property {Array<Share>} split Who gets what of it, in minor units; in two steps of what is captured, and before that what it will be.
 * @property {string} created_at When it was made.
 * @property {string} expires_at Until when it can be paid.
 * @property {number} [version] The `sequence` of its newest event; only where the payment is read.
 * @property {string|null} [locale] What the buyer's pages of this payment speak, as a tag of BCP 47 (`de`); null: as the browser and the store say.
 * @property {{type: 'redirect', url: string}|{type: 'bank_transfer', iban: string, bic?: string, holder_name: string, reference: string, amount: number, currency: string, expires_at: string}} [next_action] What the buyer has to do, while `status` is `requires_action`; absent when the payment is read.
 * @property {Capture} [capture] The capture that the answer or event is about; absent in all others.
 */
/**
 * @typedef {object} Capture
 * @property {string} id The id of the capture (`cap_...`).
 * @property {'capture'} object Which kind of object this is.
 * @property {'pending'|'succeeded'|'failed'} status Whether the acquirer has captured it; `pending` while that is not known.
 * @property {string} payment The payment (`pay_...`).
 * @property {number} amount What is captured by this one, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {boolean} final Whether it was the last capture: what was left is released.
 * @property {string} [decline_code] Why the acquirer refused it, such as `insufficient_funds`; absent when it did not.
 * @property {Array<Share>} split Who gets what of it, in minor units.
 * @property {string} created_at When it was asked for.
 */
/**
 * @typedef {object} PaymentAttempt
 * @property {string} id The id of the attempt.
 * @property {'payment_attempt'} object Which kind of object this is.
 * @property {string} status `succeeded_late` after it was given up, then `reversed`, or `settled` when a person ended it otherwise.
 * @property {string} payment The payment (`pay_...`).
 * @property {number} amount What the attempt was for, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 */
/**
 * @typedef {object} Refund
 * @property {string} id The id of the refund (`re_...`).
 * @property {'refund'} object Which kind of object this is.
 * @property {'queued'|'pending'|'succeeded'|'failed'|'canceled'} status `queued` until the balance holds it, `pending` while the acquirer has not said; then how it ended.
 * @property {string} payment The payment (`pay_...`).
 * @property {number} amount What goes back to the buyer, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string|null} external_id The partner's own name for it; null when it was given none.
 * @property {string|null} reason Why, in the words of who asked for it; null when nothing was said.
 * @property {string} [reason_code] Why, as one word; absent when nothing was said.
 * @property {'partner'|'user'|'system'} [initiated_by] Who asked for it: the partner, a user by his own token, or `system`, as at the end of a deal.
 * @property {string} [decline_code] Why it failed: the acquirer's or the bank's reason, or one of ours such as `not_funded`; absent when it has not.
 * @property {Array<Share>} split Who gives back what, in minor units; not known yet while it is `queued`.
 * @property {string} created_at When it was asked for.
 */
/**
 * @typedef {object} Receipt
 * @property {string} id The id of the receipt (`rct_...`), the same in each delivery.
 * @property {'receipt'} object Which kind of object this is.
 * @property {'sale'|'refund'} kind Whether something was sold or given back.
 * @property {string} payment The payment (`pay_...`).
 * @property {string} [capture] The capture (`cap_...`) that was sold, of a payment in two steps; absent in all others.
 * @property {string|null} refund The refund that it is of (`re_...`); null for a sale.
 * @property {string} store The store (`st_...`).
 * @property {string|null} user The user of the store (`usr_...`); null when the store is the partner's own.
 * @property {number} amount What was sold or given back, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {{email?: string, phone?: string}|null} customer Who bought, as the payment's `receipt` names him; null when nobody is named.
 * @property {string|null} tax_system The seller's system of taxation, in the words of FFD, such as `osn`; null when it was not said.
 * @property {Array<{name: string, quantity: string, price: number, amount: number, vat: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}>|null} items The positions; null when a part was refunded without saying which.
 */
/**
 * @typedef {object} DisputeFile
 * @property {string} id The id of the file.
 * @property {'dispute_file'} object Which kind of object this is.
 * @property {string} name The file's name, as it was given with the upload.
 * @property {string} type The media type of the file.
 * @property {number} size The size of the file in bytes.
 * @property {string} created_at When the file was sent to us.
 */
/**
 * @typedef {object} Dispute
 * @property {string} id The id of the dispute (`dp_...`).
 * @property {'dispute'} object Which kind of object this is.
 * @property {'inquiry'|'chargeback'} phase `inquiry`: the buyer's bank asks, and no money moves; `chargeback`: it takes the payment back.
 * @property {'needs_response'|'under_review'|'won'|'lost'|'closed'} status Whether evidence is awaited, the bank looks at it, or how it was decided; `closed`: an inquiry without a chargeback.
 * @property {string} payment The payment (`pay_...`).
 * @property {string|null} user The user of the payment's store (`usr_...`); null when the store is the partner's own.
 * @property {number} amount What the bank asks about or claims, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} reason What the buyer claims, as his bank says it, such as `fraudulent`.
 * @property {number} amount_taken What was taken back from those who had a share, in minor units of `currency`; never more than what was left of the payment.
 * @property {number} fee What the acquirer takes for the dispute beside the amount, in minor units of `currency`.
 * @property {string} fee_bearer Who bears the acquirer's `fee`: `seller`, `partner` or `platform`.
 * @property {'none'|'held'|'lost'|'returned'} funds What has become of the money: not moved (`none`), taken back and not decided (`held`), given back (`returned`), or gone (`lost`).
 * @property {'submitted'|'accepted'|null} response What was answered: evidence was `submitted`, or the chargeback `accepted`; null while nothing was.
 * @property {string|null} evidence_due_at Until when evidence, or acceptance, is awaited; null when none is.
 * @property {string|null} [evidence] What the seller has to say to the bank; null while nothing was written. Absent in lists and events.
 * @property {Array<DisputeFile>} [files] Files that go to the bank as evidence; absent in lists and events.
 * @property {Array<Share>} split What was taken back from whom, in minor units, with the fee at its bearer's.
 * @property {string} created_at When we heard of it.
 * @property {string|null} closed_at When it was decided or ended; null while it is open.
 */
/**
 * @typedef {object} Invoice
 * @property {string} id The id of the invoice (`inv_...`).
 * @property {'invoice'} object Which kind of object this is.
 * @property {'open'|'paid'|'void'|'uncollectible'} status Whether it is to be paid, is paid, is owed by nobody any more (`void`), or is paid by nobody (`uncollectible`).
 * @property {'not_paid'|'payment_canceled'|'unsplittable'|'subscription_canceled'|'store_state'|'method_unavailable'|'forgiven'} [status_reason] Why it has this status, where nobody asked for that; absent otherwise.
 * @property {string} subscription The subscription (`sub_...`).
 * @property {string} kind Whether it bills a `period`, or a `change` of price or quantity.
 * @property {number} period The number of the period; the first one is 0.
 * @property {string} period_start When the period begins.
 * @property {string} period_end When the period ends; what comes then is the next one's.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {Array<{type: string, price?: string, quantity: number, amount: number, from: string, to: string}>} lines What is charged and counted back.
 * @property {number} total The sum of its lines, before the balance is applied, in minor units of `currency`.
 * @property {number} balance_applied What the subscription's `balance` pays of `total`, in minor units of `currency`; below 0: what it adds to it.
 * @property {number} amount_due What its payment is for, after the `balance` is applied, in minor units of `currency`; 0: there is no payment.
 * @property {string|null} payment The payment that charges what is due (`pay_...`); null while there is none.
 * @property {number} attempts_declined How many of its charges were declined.
 * @property {string} [given_up_at] Until when the buyer can pay it, as it is not tried by itself any more; only while it is open and waits for him, and no dispute holds its subscription: its days stand still then.
 * @property {string} [next_attempt_at] When its card is charged again by itself; absent when that is not to come, and while a dispute holds its subscription.
 * @property {string} created_at When it was made.
 * @property {string} [finished_at] When it was paid, or became `void` or `uncollectible`; absent while it is open.
 * @property {'open'|'won'|'lost'} [dispute] How the chargeback of its payment stands; absent when there was none.
 */
/**
 * @typedef {object} UpcomingInvoice
 * @property {'upcoming_invoice'} object Which kind of object this is.
 * @property {string} subscription The subscription (`sub_...`).
 * @property {string} at When the next period is charged; with `ends` when the subscription ends.
 * @property {boolean} ends Whether there is no further period: the subscription ends at `at`.
 * @property {number} [period] The number of the period, from 0 on; absent when there is no further one.
 * @property {string} [period_start] When the period begins; absent when there is no further one.
 * @property {string} [period_end] When the period ends; absent when there is no further one.
 * @property {string} [price] The price that is charged (`price_...`); absent when there is no further period.
 * @property {number} [quantity] How many are charged; absent when there is no further period.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {number} total What the period costs, before the balance is applied, in minor units of `currency`.
 * @property {number} balance_applied What the subscription's `balance` pays of `total`, in minor units of `currency`; below 0: what it adds to it.
 * @property {number} amount_due What will be charged, after the `balance` is applied, in minor units of `currency`.
 * @property {number} [refund] What is given back at the end, in minor units of `currency`; absent unless that was asked for.
 */
/**
 * @typedef {object} BalanceRelief
 * @property {string} id The id of the cover, write-off or recovery (`brl_...`).
 * @property {'balance_relief'} object Which kind of object this is.
 * @property {'cover'|'write_off'|'recovery'} kind Whether the partner or the platform covers what the seller owes, it is written off, or its bearer has it back (also of a write-off that is undone).
 * @property {string|null} user The seller whose balance it is (`usr_...`); null for the partner's own stores.
 * @property {number} amount What somebody else bears of what the seller owes, or has back of it, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} borne_by Who bears it, or has it back: `platform` or `partner`.
 * @property {string} reason Why it was covered, written off or recovered.
 * @property {string} created_at When it was made.
 */
/**
 * @typedef {object} Reserve
 * @property {string} id The id of the reserve (`rsv_...`).
 * @property {'reserve'} object Which kind of object this is.
 * @property {string} user The user (`usr_...`).
 * @property {number} amount What the reserve is filled up to, in minor units of `currency`.
 * @property {number} held What it holds now, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} reason Why the operator holds it, in his words.
 * @property {string|null} ends_at When the reserve ends by itself; null: it has no end.
 * @property {string} created_at When it was made.
 * @property {string} [released_at] When it ended; absent while it is held.
 */
/**
 * @typedef {object} OpeningClosing
 * @property {number} opening The balance when the month begins, in minor units of `currency`.
 * @property {number} closing The balance at the end of the month, in minor units of the report's `currency`.
 */
/**
 * @typedef {object} PartnerReport
 * @property {number|null} number The number of the act; null as long as the month is not over.
 * @property {'partner_report'} object Which kind of object this is.
 * @property {string} partner The partner, by its short name (such as `inkwell`).
 * @property {string} name The partner's name.
 * @property {string} month The month, such as `2026-11`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} zone The IANA time zone in which the month begins: the agreement's, `UTC` without one.
 * @property {string} from When the month begins, in `zone`.
 * @property {string} to When the month ends; what comes then is the next one's.
 * @property {boolean} closed Whether the month is over; from then on the report is kept with a number and never changes.
 * @property {{name: string, address: string|null}} [platform] The operator, as a party of the act.
 * @property {{number: string, signed_on: string, name: string, address: string|null}|null} agreement The cooperation agreement that the report is under; null when none is recorded.
 * @property {{sales: number, refunds: number, disputes: number, sellers_share: number, partner_share: number, platform_share: number, paid_out: number, payouts_returned: number}} figures What the month comes to.
 * @property {{partner: OpeningClosing, sellers: OpeningClosing, in_transit: OpeningClosing}} balances Balances at the beginning and at the end of the month.
 * @property {Array<{kind: string, count: number, gross: number, sellers: number, partner: number, platform: number, in_transit: number}>} entries Sums of the month's entries, by their kind.
 */
/**
 * @typedef {object} FeeParty
 * @property {string} name The name, the legal one where it is known.
 * @property {string|null} address The postal address on one line; null when it is not known.
 * @property {string|null} tax_id The tax number as it stands on invoices, of a person masked; null when it is not known.
 */
/**
 * @typedef {object} FeeInvoice
 * @property {string} id The id of the object.
 * @property {'fee_invoice'} object Which kind of object this is.
 * @property {string} number Its number among those of its issuer, which has no gaps: `FEE-17`, `TEST-17` of a sandbox's.
 * @property {'invoice'|'credit_note'} type An `invoice`, or a `credit_note` when more was given back than taken.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {'platform'|'partner'} issued_by Who took the fees: the platform or the partner.
 * @property {string} partner The partner that the seller sells at, by its short name.
 * @property {string|null} user The seller (`usr_...`) who was charged; null: the partner, for its own stores.
 * @property {string} month The month whose fees these are, such as `2026-11`.
 * @property {string} zone The IANA time zone in which the month ends: the agreement's, `UTC` without one.
 * @property {string} from When the period begins: where the one of the month before ended.
 * @property {string} to When the period ended; what came then is of the next month's invoice.
 * @property {string} date The day on which it was issued, in `zone`.
 * @property {string} currency The currency of the invoice, by its code of ISO 4217 (`EUR`).
 * @property {FeeParty} issuer Who took the fees, as a party of the invoice.
 * @property {FeeParty} recipient Who was charged: by his legal profile, else by his name.
 * @property {Array<{kind: 'sale'|'refund'|'dispute'|'dispute_won'|'dispute_fee'|'payout'|'payout_returned', count: number, amount: number}>} lines What was taken, and given back, by what it was for.
 * @property {number} net `gross` less `tax`, in minor units of `currency`.
 * @property {number|null} tax_rate_bp The rate of the tax in basis points of `net`; null where there is none.
 * @property {number} tax The tax that is inside `gross`, in minor units of `currency`; 0 where there is none.
 * @property {'exempt'|'reverse_charge'|'outside_scope'|'not_stated'|null} untaxed Why there is no tax; `not_stated`: the issuer has not said what there is. Null where there is tax.
 * @property {number} gross What the fees come to with their tax, in minor units of `currency`: the sum of `lines`; below 0 in a credit note.
 * @property {string} issued_at When it was issued.
 */
/**
 * @typedef {object} Confirmation
 * @property {string} id The id of the confirmation (`cnf_...`).
 * @property {'confirmation'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {'email_code'} type How it is confirmed: by a code that is mailed to the owner.
 * @property {'user'|'requisite'|'store'|'store_connection'|'user_email'|'requisite_name'} operation What the code confirms.
 * @property {'awaiting_code'|'confirmed'|'canceled'|'expired'} status Whether the code was typed, is still awaited, or is worth nothing any more.
 * @property {string} label A short mark that the mail with the code has, too, so that the owner can tell which is meant.
 * @property {string} user Who is asked for the code (`usr_...`); of a store connection, the user whose store it is to be.
 * @property {string} subject What the code is for, by its id: the user, requisite, store, store connection or change of address.
 * @property {string} masked_address The address that the code was mailed to, masked; of a store connection nothing but dots until the owner has agreed.
 * @property {{name?: string, email?: string, old_email?: string, country?: string, account?: string, bic?: string, bik?: string, inn?: string, holder_name?: string, matched_name?: string, town?: string, store?: string, currency?: string, url?: string}} summary What is confirmed, as the mail says it too; empty for a store connection until the owner has agreed.
 * @property {string} created_at When it was asked for.
 * @property {string} [expires_at] Until when the code can be typed; absent when it is not waited for any more.
 * @property {number} [attempts_left] How often the code may still be typed wrong; absent when no code is waited for.
 * @property {string|null} [resend_after] When the code can be mailed again; null when it can no more.
 * @property {string|null} confirmed_at When the owner typed the code; null while he has not.
 * @property {string|null} reason Why it ended without the owner, such as `code_undeliverable`; null otherwise.
 */
/**
 * @typedef {object} EmailChange
 * @property {string} id The id of the change (`emc_...`).
 * @property {'email_change'} object Which kind of object this is.
 * @property {string} user The user (`usr_...`).
 * @property {string} email The new e-mail address.
 * @property {'awaiting_code'} status It waits for two codes: of the address that there is and of the new one.
 * @property {Array<Confirmation>} confirmations The codes that were mailed, to the address that there is and to the new one; each has to be typed.
 * @property {string} created_at When it was asked for.
 */
/**
 * @typedef {object} LegalProfile
 * @property {'legal_profile'} object Which kind of object this is.
 * @property {string} user The user (`usr_...`).
 * @property {number} version Its number among the user's legal profiles, from 1 on: each change is another one.
 * @property {'individual'|'sole_proprietor'|'company'} kind Who he is before the law.
 * @property {string} name The full name before the law, of the person or the company.
 * @property {string|null} tax_id The tax number, shown by its end; null when none was given.
 * @property {string|null} registration_number The number in the register of companies or traders; null when none was given.
 * @property {{country?: string, town?: string, street?: string, building?: string, postcode?: string}} address Where the person or company is registered or lives.
 * @property {string} created_at When it was made.
 */
/**
 * @typedef {object} Agreement
 * @property {'agreement'} object Which kind of object this is.
 * @property {string} version The version of the agreement.
 * @property {string|null} url Where its text is read; null when `content` has it.
 * @property {string|null} content The text of the agreement; null when it stands at `url`.
 * @property {string} sha256 The SHA-256 of the agreement's text, in hexadecimal.
 * @property {string} valid_from From when on it is in force.
 * @property {string} due_at From when on nobody is paid out who has not accepted this version or a later one.
 */
/**
 * @typedef {object} AgreementAcceptance
 * @property {string} id The id of the acceptance (`acc_...`).
 * @property {'agreement_acceptance'} object Which kind of object this is.
 * @property {string} user The user (`usr_...`).
 * @property {string} version The version of the agreement that was accepted.
 * @property {string} sha256 The SHA-256 of the agreement's text, in hexadecimal.
 * @property {string} accepted_by Whose token accepted it: the subject of a person's, or the client of the partner's own.
 * @property {string|null} accepted_ip The IP address from which the person accepted, as the partner tells it; null when it does not.
 * @property {string|null} user_agent The browser that it was accepted with, as the partner says; null when it was not said.
 * @property {string} accepted_at When this version was accepted for the first time.
 */
/**
 * @typedef {object} User
 * @property {string} id The id of the user (`usr_...`).
 * @property {'user'} object Which kind of object this is.
 * @property {'pending'|'active'|'closed'} [status] Whether he waits for a code (`pending`), may sell and be paid out, or is closed.
 * @property {string|null} [closed_reason] Why it is closed: `requested`, `expired`, `canceled` or `code_undeliverable`; null while it is not.
 * @property {string|null} external_id The partner's own name for it; null when it was given none.
 * @property {string} name The user's name; `-` once he is erased.
 * @property {string|null} email Where his codes and mails go; null when no address is known.
 * @property {boolean} email_verified Whether the issuer has verified the address, or its owner has typed a code that was mailed there.
 * @property {string|null} country The user's country, by its code of ISO 3166-1 alpha-2 (`DE`); null when it is not known.
 * @property {string|null} [locale] The language of the user's mails, as a tag of BCP 47 (`de`); null: English.
 * @property {boolean} payouts_frozen Whether his payouts are stopped, by the link of a mail (this was not me) or by the operator.
 * @property {string|null} [payouts_from] Nothing is paid out before this time, as his address was changed; null when it never was.
 * @property {string|null} [consent_withdrawn_at] When he took back what he had allowed a client of the partner; null when he has not, or has come back since.
 * @property {string|null} [erased_at] When what says who he is was erased; null while it is there.
 * @property {string} created_at When it was made.
 * @property {Confirmation} [confirmation] The code that the user has to type; only in the answer that asks for it.
 */
/**
 * @typedef {object} UserData
 * @property {'user_data'} object Which kind of object this is.
 * @property {User} user The user himself.
 * @property {string|null} previous_email The address that he had before the present one; null when none is known.
 * @property {Array<LegalProfile>} legal_profiles All versions of who he is before the law.
 * @property {Array<AgreementAcceptance>} agreement_acceptances Versions of the agreement that the user has accepted.
 * @property {Array<Requisite>} requisites What he is paid out to, the newest two hundred.
 * @property {Array<Store>} stores His stores, the newest two hundred.
 * @property {Array<{account: string, currency: string, amount: number, statement: string}>} balances What the user has in each account and currency, with where its statement is read.
 * @property {Array<Payout>} payouts His payouts, the newest two hundred.
 * @property {Array<PayoutSchedule>} payout_schedules His payouts by schedule.
 * @property {Array<Confirmation>} confirmations Confirmations that the user was asked for, the newest two hundred.
 * @property {Array<string>} more Paths of the lists that go on: of each list here are the newest two hundred.
 */
/**
 * @typedef {object} Requisite
 * @property {string} id The id of the requisite (`req_...`).
 * @property {'requisite'} object Which kind of object this is.
 * @property {'bank_account'|'card'|'wallet'} type What is paid to: a bank account, a card or a wallet.
 * @property {string} user The user (`usr_...`).
 * @property {number} version Its number among all that the user was ever paid out to, from 1 on; none is ever edited.
 * @property {'pending_confirmation'|'active'|'cooling'|'disabled'} status Whether it can be paid to: it waits for a code, is `active`, waits until `usable_from`, or is `disabled`.
 * @property {string|null} usable_from When it can be paid to, after the wait for a new one; null when it has none.
 * @property {string|null} disabled_reason Why nothing is paid to it any more, such as `returned`; null while it is not disabled.
 * @property {string} destination The account, card or wallet that is paid to, masked.
 * @property {string} [iban] The IBAN of the account, masked; absent for accounts without one, cards and wallets.
 * @property {string|null} [bic] The BIC of the account's bank; null when it was not given. Absent for all but accounts with an IBAN.
 * @property {string} [bik] The BIK of the Russian account's bank; absent for all others.
 * @property {string} [account] The number of a Russian bank account, masked; absent for all others.
 * @property {string} [correspondent] The correspondent account of the Russian account's bank; absent when it was not given.
 * @property {string} [inn] The INN of the holder of a Russian account, masked; absent for all others.
 * @property {string} [kpp] The KPP of the holder of a Russian account; absent when it was not given.
 * @property {string} [holder_name] Who holds the account; absent for cards and wallets.
 * @property {{country?: string, town?: string, street?: string, building?: string, postcode?: string}} [address] The address of the account's holder; absent where a Russian account has none.
 * @property {{brand: string, last4: string, exp_month: number, exp_year: number}} [card] The card that is paid to; absent for other types.
 * @property {string} [wallet] The wallet that is paid to, masked.
 * @property {string} created_at When it was added.
 * @property {{status: 'unknown'|'match'|'close_match'|'no_match'|'not_possible', matched_name?: string, checked_at: string|null, accepted_at?: string}|null} [verification] What the bank says of the holder's name; null for cards, wallets and where no bank can be asked.
 * @property {Confirmation} [confirmation] The code that the owner has to type; only in the answer that asks for it.
 */
/**
 * @typedef {object} Store
 * @property {string} id The id of the store (`st_...`).
 * @property {'store'} object Which kind of object this is.
 * @property {string} name The store's name, as buyers see it unless `branding` has a `display_name`.
 * @property {'user'|'partner'} owner Whose store it is: a user's, or the partner's own.
 * @property {string|null} user The user whose store it is (`usr_...`); null when it is the partner's own.
 * @property {string} currency The currency in which it sells, by its code of ISO 4217 (`EUR`).
 * @property {string|null} url The store's web address; null when none was given.
 * @property {string|null} external_id The partner's own name for it; null when it was given none.
 * @property {'pending_confirmation'|'draft'|'review'|'active'|'suspended'|'closed'} status Whether it sells: only an `active` store does.
 * @property {string|null} status_reason Why it has this status, in the words of who changed it; null when nothing was said.
 * @property {string} tariff The tariff that is in force (`trf_...`).
 * @property {string} [split_profile] The profile that says who gets what of its payments (`spl_...`); absent when `split` says it.
 * @property {{platform_bp: number, partner_bp: number}} [split] Who gets what of its payments, in basis points, the rest the seller; absent when a `split_profile` says it.
 * @property {Array<string>} domains Hosts of the store that are verified.
 * @property {Array<PaymentMethod>|null} [methods] What the store's payments may be paid by; null: whatever the operator has.
 * @property {string|null} [locale] What a buyer is spoken to whose browser asks for none of `locales`; null: the first of them, else English.
 * @property {Array<string>|null} [locales] The languages that the store's pages speak, as tags of BCP 47 (`de`); null: all that there are.
 * @property {StoreBranding} branding How the store looks on our pages and in mails to buyers.
 * @property {string|null} twin The same store in the sandbox, or of a sandbox's the live one (`st_...`); null when there is none.
 * @property {string} [moved_from] The other partner's store that it came from (`st_...`); absent when it came from none.
 * @property {string} [moved_to] The store that it has become at another partner (`st_...`); absent when it was not moved.
 * @property {Confirmation} [confirmation] The code that the owner has to type; only in the answer that asks for it.
 * @property {string} created_at When it was opened.
 */
/**
 * @typedef {object} StoreBranding
 * @property {string|null} display_name What the store is called on the checkout and in mails to buyers; null: by its `name`.
 * @property {string|null} accent The colour of links and buttons on the store's pages (`#0a7a4b`); null: that of our pages.
 * @property {string|null} support_email Where buyers can write to, shown on the checkout and in mails; null or left out: none.
 * @property {string|null} support_url Where buyers find help, shown on the checkout and in mails; null or left out: none.
 * @property {string|null} statement_descriptor What card statements show for the store's payments, 5 to 22 Latin characters; null or left out: nothing of the store's own.
 * @property {string|null} logo_url Where the store's logo is; null: it has none.
 */
/**
 * @typedef {object} StoreTariff
 * @property {string} id The id of the tariff (`trf_...`).
 * @property {'store_tariff'} object Which kind of object this is.
 * @property {string} store The store (`st_...`).
 * @property {'planned'|'in_force'|'past'|'canceled'} status Whether it is to come, in force, over, or was canceled before it began.
 * @property {string} [split_profile] The profile that says who gets what from then on (`spl_...`); absent when `split` says it.
 * @property {{platform_bp: number, partner_bp: number}} [split] Who gets what from then on, in basis points, the rest the seller; absent when a `split_profile` says it.
 * @property {string} valid_from From when on it is in force.
 * @property {string} [canceled_at] When it was canceled; absent while it is not.
 * @property {string} created_at When it was made.
 */
/**
 * @typedef {object} StoreDomain
 * @property {'store_domain'} object Which kind of object this is.
 * @property {string} store The store (`st_...`).
 * @property {string} host The name of the host, in ASCII (`xn--bcher-kva.example`).
 * @property {'pending'|'verified'} status Whether the proof was found at its address.
 * @property {{url: string, content: string}} verification How to prove whose domain it is: a file at `url` that has `content` as a line.
 * @property {string|null} failure What was not right when the host was last looked at; null when nothing was, or nobody has looked.
 * @property {string} [verified_at] When the proof was found; absent before that.
 * @property {string} created_at When it was added.
 */
/**
 * @typedef {object} StoreConnection
 * @property {string} id The id of the connection (`scn_...`).
 * @property {'store_connection'} object Which kind of object this is.
 * @property {string} store The store of another partner that is to come (`st_...`).
 * @property {string} user The user of the new partner whose store it is to be (`usr_...`).
 * @property {'awaiting_code'|'confirmed'|'canceled'|'expired'} status Whether the store's owner has typed the code; it is `expired` or `canceled` when he has not.
 * @property {string|null} new_store The store of the new partner that it has become (`st_...`); null until the owner has confirmed.
 * @property {Confirmation} [confirmation] The code that the store's owner has to type; absent where it is not shown.
 * @property {string} created_at When it was asked for.
 */
/**
 * @typedef {object} PayoutList
 * @property {string} id The id of the list (`pol_...`).
 * @property {'payout_list'} object Which kind of object this is.
 * @property {'awaiting_code'|'confirmed'|'canceled'|'expired'} status Whether the code for all of it was typed, is still awaited, or is worth nothing any more.
 * @property {string} label A short mark that the mail with the code has, too, so that the owner can tell which is meant.
 * @property {string} user The user (`usr_...`).
 * @property {number} count How many payouts the list has.
 * @property {Array<{currency: string, amount: number}>} totals The sum of its payouts in each currency, in minor units.
 * @property {string} created_at When it was requested.
 * @property {string} [expires_at] Until when the code can be typed; absent when it is not waited for any more.
 * @property {number} [attempts_left] How often the code may still be typed wrong; absent when no code is waited for.
 * @property {string|null} confirmed_at When the owner typed the code; null while he has not.
 * @property {string|null} reason Why it was canceled, such as `code_undeliverable`; null when somebody asked for that.
 * @property {Array<Payout>} [payouts] Its payouts, in the order in which they were asked for; absent in events and in the answers to `resend` and `cancel`.
 */
/**
 * @typedef {object} Payout
 * @property {string} id The id of the payout (`po_...`).
 * @property {'payout'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {'awaiting_code'|'awaiting_approval'|'confirmed'|'sent'|'unknown'|'paid'|'returned'|'rejected'|'failed'|'canceled'|'expired'} status How far it is, from the owner's code to the money, and whether that came back.
 * @property {string} label A short mark that the mail with the code has, too, so that the owner can tell which is meant.
 * @property {number} amount What goes to the account, in minor units of `currency`; the balance gives `fee` beside it.
 * @property {number} [fee] What the payout costs the seller beside `amount`, in minor units of `currency`; absent when it costs nothing.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} user The user (`usr_...`).
 * @property {string} requisite The bank account, card or wallet that is paid to (`req_...`).
 * @property {string|null} external_id The partner's own name for it; null when it was given none.
 * @property {'bank'|'card'|'wallet'} rail How it goes out, by the type of its requisite: in an order to the bank, pushed to the card, or to the wallet.
 * @property {string|null} list The list that it is of (`pol_...`); null: of none.
 * @property {string|null} schedule The schedule that it comes from (`pos_...`); null when it comes from none.
 * @property {string} destination The account, card or wallet that is paid to, masked.
 * @property {string} created_at When it was requested.
 * @property {string} [expires_at] Until when the code can be typed; absent when it is not waited for any more.
 * @property {number} [attempts_left] How often the code may still be typed wrong; absent when no code of its own is waited for, as in a list.
 * @property {string|null} confirmed_at When the owner typed the code; null while he has not.
 * @property {string|null} sent_at When it went to the bank, the acquirer or the wallet; null before that.
 * @property {string|null} paid_at When it was paid: the money has left; null before that.
 * @property {string|null} returned_at When the bank sent the money back after it was paid; null otherwise.
 * @property {'review'|'account_check'|'owner_stopped'|null} waits_for What holds it up: the platform's `review`, the `account_check` by its bank, or that its owner's payouts are stopped (`owner_stopped`); null: nothing.
 * @property {string|null} waiting_since Since when it waits; null when it does not.
 * @property {string|null} reason Why it came to nothing: the bank's code (ISO 20022), the acquirer's, or a word such as `operator`; null otherwise.
 */
/**
 * @typedef {object} PayoutFee
 * @property {'payout_fee'} object Which kind of object this is.
 * @property {string} payout The payout (`po_...`).
 * @property {number} fee What the payout costs the seller, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {'charged'|'returned'} status Whether the fee was taken, or given back.
 */
/**
 * @typedef {object} PayoutSchedule
 * @property {string} id The id of the schedule (`pos_...`).
 * @property {'payout_schedule'} object Which kind of object this is.
 * @property {'awaiting_code'|'active'|'paused'|'ended'} status Whether it waits for its code, is in force, pays nothing out until it is resumed, or has ended.
 * @property {string|null} reason Why it is paused or has ended, such as `consent_withdrawn` or `replaced`; null otherwise.
 * @property {string} label A short mark that the mail with the code has, too, so that the owner can tell which is meant.
 * @property {string} user The user (`usr_...`).
 * @property {string} requisite The bank account, card or wallet that is paid to (`req_...`).
 * @property {string} destination The account, card or wallet that is paid to, masked.
 * @property {string} currency The currency that is paid out, by its code of ISO 4217 (`EUR`).
 * @property {'day'|'week'|'month'} every How often it pays out.
 * @property {number|null} day Which day: 1 (Monday) to 7 of a week, or 1 to 31 of a month, which without that day has its last one; null when it is every day.
 * @property {string} at The time of day at which all that is available is paid out (`17:00`), in `zone`.
 * @property {string} zone The IANA time zone of `at`, such as `Europe/Berlin`.
 * @property {boolean} banking_days Whether a day on which banks do not settle in euro is put off to the next on which they do.
 * @property {number} minimum The least that is paid out, in minor units of `currency`; while less is available nothing is.
 * @property {string} created_at When it was requested.
 * @property {string} [expires_at] Until when the code can be typed; absent when it is not waited for any more.
 * @property {number} [attempts_left] How often the code may still be typed wrong; absent when no code is waited for.
 * @property {string|null} next_at When it pays out next; null while nothing is to come.
 * @property {Array<{due_at: string, outcome: string, payout: string|null, amount: number, created_at: string}>} [runs] The last twenty times, the latest first; only where one schedule is read.
 */
/**
 * @typedef {object} SavedCard
 * @property {string} id The id of the saved card (`scd_...`), which is a `payment_token` of payments of its store.
 * @property {'saved_card'} object Which kind of object this is.
 * @property {string} status `active`, or `blocked` while a dispute says that its holder did not agree, or `withdrawn` when it has ended.
 * @property {string} store The store (`st_...`).
 * @property {string} buyer The store's own name for the buyer.
 * @property {string} payment The payment at which the buyer let the card be kept (`pay_...`).
 * @property {string} [brand] The brand of the card, such as `visa`, as the acquirer says it; absent when it does not.
 * @property {string} [last4] The last four digits of the card; absent when the acquirer does not say them.
 * @property {number} exp_month The month in which the card expires, 1 to 12.
 * @property {number} exp_year The year in which the card expires, with four digits.
 * @property {{id: string, version: string, accepted_at: string}} mandate What the buyer agreed to when he let the store keep his card.
 * @property {string} [withdrawn_at] When the card ended; absent while it is kept.
 * @property {string} [withdrawn_by] Who or what ended it: the `buyer`, `partner`, `operator` or a `dispute`; absent while it is kept.
 */
/**
 * @typedef {object} BillingLink
 * @property {'billing_link'} object Which kind of object this is.
 * @property {string} store The store (`st_...`).
 * @property {string} buyer The store's own name for the buyer.
 * @property {string} url The address of the buyer's page.
 * @property {string} expires_at Until when the link shows anything; afterwards it mails the buyer a new one.
 */
/**
 * @typedef {object} BillingDefaults
 * @property {'billing_defaults'} object Which kind of object this is.
 * @property {'continue'|'pause'|'cancel'} on_dispute What a chargeback does to subscriptions of stores that say nothing themselves.
 */
/**
 * @typedef {object} BillingSettings
 * @property {'billing_settings'} object Which kind of object this is.
 * @property {string} store The store (`st_...`).
 * @property {boolean} mails_receipts Whether buyers are mailed about each charge without them, and each refund of what they paid with a card that the store keeps.
 * @property {'continue'|'pause'|'cancel'} on_dispute What a chargeback does to the store's subscriptions.
 * @property {'store'|'partner'} on_dispute_by Whose word that is: the store's own, or its partner's for all stores that say nothing.
 */
/**
 * @typedef {object} PriceMigration
 * @property {string} id The id of the migration (`pmg_...`).
 * @property {'price_migration'} object Which kind of object this is.
 * @property {string} price The price whose subscribers are announced another one (`price_...`).
 * @property {string} to The price that comes (`price_...`).
 * @property {string} effective_at The new price counts from the first period on that begins then or later.
 * @property {'keep_old'|'end'} without_consent If the buyer does not agree to more: the subscription ends (`end`) or stays at its price (`keep_old`).
 * @property {string} created_at When it was asked for.
 */
/**
 * @typedef {object} Settlement
 * @property {string} id What the acquirer calls the registry; of a break that is of no registry, what that is about.
 * @property {'settlement'} object Which kind of object this is.
 * @property {string} kind What kind of entry in the ledger it is: `settlement`, `settlement_paid`, `settlement_break` or `settlement_late`.
 * @property {number} amount Gross amount of what was booked, or paid, in minor units of `currency`, whatever the acquirer keeps of it.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} created_at When it was booked.
 */
/**
 * @typedef {object} BankBooking
 * @property {string} id The number of the break that was resolved by it.
 * @property {'bank_booking'} object Which kind of object this is.
 * @property {'partner'|'own_sales'|'platform'|'suspense'} account On whose account what the bank moved is booked.
 * @property {number} amount What the bank moved and is booked on `account`, in minor units of `currency`; below 0: taken from it.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} created_at When it was booked.
 */
/**
 * @typedef {object} SplitProfile
 * @property {string} id The id of the profile (`spl_...`).
 * @property {'split_profile'} object Which kind of object this is.
 * @property {string|null} name The partner's name for the profile; null when its rules were given with a payment.
 * @property {string|null} currency The only currency of stores and payments that it fits, by its code of ISO 4217; null: any, as it has no fixed parts.
 * @property {Array<SplitRule>} rules Who gets what of a payment: 1 to 16 rules, in the order of declaration.
 * @property {string} created_at When it was made.
 * @property {string} [archived_at] When it was put away for new payments; absent while it is in use.
 */
/**
 * @typedef {object} Price
 * @property {string} id The id of the price (`price_...`).
 * @property {'price'} object Which kind of object this is.
 * @property {string} store The store (`st_...`).
 * @property {string} name What is sold, as the buyer reads it in mails and invoices.
 * @property {number} amount The price of one for a period, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {'day'|'week'|'month'|'year'} interval The unit of its periods.
 * @property {number} interval_count How many of `interval` a period has.
 * @property {number} [notice_days] How many days ahead a charge is announced to the buyer; absent: 7 for periods of half a year or longer, else it is not.
 * @property {number} [notice_above] A charge above this is announced to the buyer in any case, in minor units of `currency`; absent: none is for its amount.
 * @property {{vat: string, tax_system?: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}} [receipt] What cash receipts (54-FZ) say of every invoice at this price; absent: none are told.
 * @property {boolean} archived Whether it takes no new subscriptions any more.
 * @property {string} created_at When it was made.
 */
/**
 * @typedef {object} Subscription
 * @property {string} id The id of the subscription (`sub_...`).
 * @property {'subscription'} object Which kind of object this is.
 * @property {'trialing'|'active'|'past_due'|'paused'|'unpaid'|'canceled'} status Before its first charge (`trialing`), in force, not paid for, stopped, or over.
 * @property {'not_paid'|'payment_canceled'|'unsplittable'|'store_state'|'method_unavailable'|'disputed'} [status_reason] Why it has this status, where nobody asked for that; absent otherwise.
 * @property {string} store The store (`st_...`).
 * @property {string} price The price (`price_...`).
 * @property {number} quantity How many are bought.
 * @property {string} saved_card The saved card that is charged (`scd_...`).
 * @property {string} buyer The store's own name for the buyer.
 * @property {string|null} external_id The partner's own name for it; null when it was given none.
 * @property {string} zone The IANA time zone in which its periods are counted.
 * @property {number} period The number of its present period; the first one is 0, and before it the number is -1.
 * @property {string} period_start When the period begins.
 * @property {string} period_end When the period ends; what comes then is the next one's.
 * @property {number} [periods] After how many periods it ends; absent: it goes on.
 * @property {string} [ends_at] No period begins then or later; absent when no such end was given.
 * @property {number} balance What the next invoices use up, in minor units of the price's currency; below 0: a small amount that they charge, too.
 * @property {boolean} cancel_at_period_end Whether it ends with the current period; `resume` takes that back.
 * @property {string} [cancel_at] When it ends, whatever its status is then; absent when no such end was asked for.
 * @property {'none'|'refund'} [cancel_unused] What happens at `cancel_at` with what is paid and not used: `none` of it is given back, or all. Absent without `cancel_at`.
 * @property {'keep'|'cancel'} when_unpaid What becomes of it when an invoice is not paid in time: it is canceled, or kept, with the invoice open.
 * @property {'continue'|'pause'|'cancel'} on_dispute What a chargeback does to the subscription: its own word, else its store's, else the partner's.
 * @property {{price: string, amount: number, effective_at: string, agreed: boolean, without_consent: 'keep_old'|'end'}} [price_change] Another price that the buyer was told of, and how it stands; absent when there is none.
 * @property {string} created_at When it was made.
 * @property {string} [canceled_at] When it has ended; absent while it has not.
 */
/**
 * @typedef {object} TestClock
 * @property {'test_clock'} object Which kind of object this is.
 * @property {string} partner The partner, by its short name (such as `inkwell`).
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {'ready'|'advancing'} status `advancing` while it is on its way to `advancing_to`, else `ready`.
 * @property {string} now What time it is by this clock.
 * @property {string|null} advancing_to The time that the clock is on its way to; null while it is `ready`.
 */
/**
 * @typedef {object} WebhookMessage
 * @property {string} type What happened, such as `payment.succeeded`.
 * @property {string} timestamp When it happened, by the partner's clock.
 * @property {number} [sequence] Counts the events about one object from 1 on: what has a smaller one than you have had is older news.
 * @property {string|null} [account] Whose it is: the user (`usr_...`) who sells, or whose money or account it is; null when it is the partner's as a whole.
 * @property {string} [store] The store (`st_...`) that its object is of; left out where that has none.
 * @property {boolean} [livemode] Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {EventData} data The object that the event is about, as of that moment; only its `id` and `object` when `payload` is `thin`, or the message would have more than 20,000 bytes (never of a receipt).
 */
/**
 * @typedef {object} WebhookEndpoint
 * @property {string} id The id of the endpoint (`we_...`).
 * @property {'webhook_endpoint'} object Which kind of object this is.
 * @property {string} url Where messages are sent to.
 * @property {Array<string>} events The event types that it wants; empty: all.
 * @property {'enabled'|'disabled'} status Whether messages are sent to it; one that is disabled gets none.
 * @property {string|null} disabled_reason Why nothing is sent to it any more; null while it is enabled.
 * @property {string|null} store The store (`st_...`) that alone it is told of; null: all that happens.
 * @property {string|null} contact_email Who is told by mail when the endpoint is switched off; null: nobody.
 * @property {'full'|'thin'} payload What `data` of its messages has: `full`, the whole object, or `thin`, only `id` and `object`.
 * @property {string|null} api_version The version of the API in which its messages are written; null: the partner's.
 * @property {number} max_in_flight How many deliveries it gets at a time at most; how many they are follows from how it answers.
 * @property {string} [secret] The secret that signs its messages; only where it is made or changed, and then never again.
 * @property {string} [previous_secret_expires_at] Until when the secret before signs beside the new one; absent when none was replaced.
 * @property {string} created_at When it was made.
 */
/**
 * @typedef {object} Money
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {number} amount How much money, in minor units of `currency`.
 */
/**
 * @typedef {object} Balance
 * @property {'balance'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {string} [user] Whose balance it is (`usr_...`); absent for the partner's.
 * @property {Array<{currency: string, amount: number, negative_since?: string}>} available What can be paid out now, by currency.
 * @property {Array<Money>} pending What refunds without an outcome are to take, which is not available; currencies without any are left out.
 * @property {Array<Money>} held_back What is held back and not available yet, by currency.
 * @property {Array<Money>} in_transit What is on its way to the account, by currency: held for payouts that are not paid yet.
 */
/**
 * @typedef {object} LedgerEntry
 * @property {'ledger_entry'} object Which kind of object this is.
 * @property {number} entry The number of the entry in the ledger.
 * @property {string} kind What kind of entry in the ledger it is, such as `charge`, `refund` or `payout_paid`.
 * @property {string} reference What made the entry, by its id: the payment, capture, refund, dispute or payout.
 * @property {number} amount What the entry brought to the account, in minor units of `currency`; below 0: took from it.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} created_at When it was booked.
 * @property {string|null} [available_on] When the last of what it brought is available; null while that waits for a word, or is not written down yet.
 * @property {number} [held] What of it is not available now, in minor units of `currency`.
 */
/**
 * @typedef {object} Event
 * @property {string} id The id of the event (`evt_...`), which is the header `webhook-id` of its messages.
 * @property {'event'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {string} type What happened, such as `payment.succeeded`.
 * @property {string} timestamp When it happened, by the partner's clock.
 * @property {number} [sequence] Counts the events about one object from 1 on: what has a smaller one than you have had is older news.
 * @property {string|null} [account] Whose it is: the user (`usr_...`) who sells, or whose money or account it is; null when it is the partner's as a whole.
 * @property {string} [store] The store (`st_...`) that its object is of; left out where that has none.
 * @property {EventData} data The object that it is about, as of that moment.
 */
/**
 * @typedef {object} Hold
 * @property {'hold'} object Which kind of object this is.
 * @property {string} payment The payment (`pay_...`).
 * @property {'unpaid'|'held'|'ended'} status Whether it is `unpaid` yet, `held`, or has `ended`.
 * @property {'delivered'} until What the money is held until: the partner says that it was delivered.
 * @property {string} ends_after How long it is held at most, counted from when it was paid or last captured: a duration of ISO 8601 (`P14D`).
 * @property {'release'|'return'} at_end What happens at `ends_at` with what is still held: it is released to the sellers, or goes back to the buyer.
 * @property {number} amount What the buyer has paid so far, in minor units of `currency`.
 * @property {number} amount_returned What refunds and disputes have taken back, in minor units of `currency`.
 * @property {number} amount_released What has been released to the sellers, in minor units of `currency`.
 * @property {number} amount_held What is still held, in minor units of `currency`: paid, and neither released, returned nor being returned.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string|null} ends_at When what is still held is released or returned by itself; null while that is not settled yet.
 * @property {string} [ended_at] When it ended; absent while it has not.
 * @property {'release'|'end'|'return'} [ended_by] What ended it: all was released (`release`), its time was over (`end`), or all went back (`return`). Absent while it has not ended.
 */
/**
 * @typedef {object} Holdback
 * @property {'holdback'} object Which kind of object this is.
 * @property {string} [payment] The payment whose money it is (`pay_...`); absent for a fixed reserve.
 * @property {'delay'|'reserve'|'deal'|'fixed'} part What holds it: the store's `delay`, a `reserve` of the sale, a `deal` until delivery, or a `fixed` reserve.
 * @property {number} amount What was held back at first, in minor units of `currency`; of part `fixed` what it is filled up to.
 * @property {number} held What of it is still held, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string|null} available_on When it is available; null of a deal, and of a fixed reserve without an end.
 */
/**
 * @typedef {object} PayoutStatementLine
 * @property {number} entry The number of the entry in the ledger.
 * @property {string} kind What kind of entry in the ledger it is, such as `charge`, `refund` or `payout_paid`.
 * @property {string} reference What made the entry, by its id: the payment, capture, refund, dispute or payout.
 * @property {string|null} payment The payment that the entry is of (`pay_...`); null when it is of none.
 * @property {string|null} external_id The `external_id` of the payment that the entry comes from; null when it has none, or comes from none.
 * @property {string|null} description The `description` of the payment that the entry comes from; null when it comes from none.
 * @property {number|null} gross What was paid, went back or is disputed, in minor units of the statement's `currency`; null when it is of no payment.
 * @property {number|null} fee What the acquirer takes for the dispute, in minor units of the statement's `currency`, else 0; null when it is of no payment.
 * @property {number|null} net `gross` less `fee`, which is what all parties have of it, in minor units; null when the entry is of no payment.
 * @property {number|null} platform What the platform has of it, in minor units; null when the entry is of no payment.
 * @property {number|null} partner What the partner has of it, in minor units; null when the entry is of no payment.
 * @property {number|null} other_sellers What other sellers have of it, in minor units; null when the entry is of no payment.
 * @property {number} amount What the entry brought to the seller, in minor units of the statement's `currency`; below 0: took from him.
 * @property {number} balance The seller's balance after the entry, in minor units of the statement's `currency`.
 * @property {string} created_at When the entry was booked.
 */
/**
 * @typedef {object} PayoutStatement
 * @property {'payout_statement'} object Which kind of object this is.
 * @property {string} payout The payout (`po_...`).
 * @property {string} status How it stands with the payout.
 * @property {string} user The user (`usr_...`).
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string|null} previous_payout The payout before it (`po_...`), whose statement ends where this one begins; null for the first.
 * @property {string} held_at When the payout's money was held: the statement goes up to then.
 * @property {number} opening The seller's balance before the first entry, in minor units: the `closing` of the payout before.
 * @property {number} amount What the payout takes from the balance, in minor units of `currency`.
 * @property {number|null} closing The seller's balance after the payout was held, in minor units of `currency`; null on all pages but the last.
 * @property {Array<PayoutStatementLine>} data The entries that the payout is made of, in the order of the ledger.
 * @property {boolean} has_more Whether there is more than this answer has.
 * @property {string|null} next_cursor The `cursor` of the next page; null at the end.
 */
/**
 * @typedef {object} SubscriptionPreview
 * @property {'subscription_preview'} object Which kind of object this is.
 * @property {string} at The moment that it is reckoned for. Given as `at` of the change within the hour, it is charged exactly this.
 * @property {number} unused What was paid for the rest of the period and is not used, in minor units, as a number of 0 or less.
 * @property {number} rest What the new price and quantity cost for the rest of the period, in minor units.
 * @property {number} amount_due What the change would charge at once, in minor units of the subscription's currency.
 * @property {number} balance The subscription's `balance` after the change, in minor units of its currency.
 */
/**
 * @typedef {object} ApiVersion
 * @property {'api_version'} object Which kind of object this is.
 * @property {string} version The version that the partner is answered in, by its day, where a request asks for none.
 * @property {string} newest The newest version that there is, by its day.
 * @property {Array<string>} versions All versions that there are, by their days.
 */
/**
 * @typedef {object} TestMail
 * @property {string} id The id of the mail (`mail_...`).
 * @property {'test_mail'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {string} kind What the mail is about, such as `payout_code` or `confirmation_code`.
 * @property {string} recipient The address that it was mailed to.
 * @property {string|null} subject The subject of the mail; null when it cannot be read.
 * @property {string|null} text The text of the mail; null when it cannot be read.
 * @property {string|null} code The digits that the mail asks the owner to type; null in mails without a code.
 * @property {string|null} failure Why nobody got the mail, such as `bounced`; null when it went out or waits. What waits for its code is canceled with the reason `code_undeliverable`.
 * @property {string|null} unreadable Why the mail cannot be read; null when it can.
 * @property {string} created_at When the mail was written.
 */
/**
 * @typedef {object} LoggedRequest
 * @property {string} id The `X-Request-Id` of the answer, which is the `request_id` of a problem.
 * @property {'request'} object Which kind of object this is.
 * @property {string} created_at When it was asked, by the wall clock.
 * @property {string} client The client whose token asked.
 * @property {string|null} actor Who acted in the name of the user whose token asked (the outermost `act`), by the id at the issuer; null: nobody else.
 * @property {string} method The HTTP method.
 * @property {string} path The path that was asked for, without the query.
 * @property {string} route The path with names for what varies, such as `/v1/payments/{payment}/confirm`.
 * @property {number} status The HTTP status of the answer.
 * @property {number} duration_us How long the answer took, in microseconds.
 * @property {string|null} api_version The version of the API in which it was answered; null when none was settled.
 * @property {string|null} idempotency_key The `Idempotency-Key` of the request; null when it had none.
 * @property {string|null} about The id of the object that the request made, or that its path names; null when there is none.
 * @property {string|null} parent The object that the path names, where the request made another one; null otherwise.
 * @property {string|null} error_code The `code` of the problem that it was answered with; null when it was none.
 * @property {Problem|null} problem The whole problem that was answered; null when it was none.
 */
/**
 * @typedef {object} TransferCredit
 * @property {string} id The id of what came in (`tc_...`).
 * @property {'transfer_credit'} object Which kind of object this is.
 * @property {string} payment The payment (`pay_...`).
 * @property {number} amount What came in, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string|null} payer_name Who sent the money, as the bank says it; null when it does not.
 * @property {string|null} payer_iban The account that the money came from, masked; null when the bank does not say.
 * @property {number} [amount_applied] What of it pays the payment, in minor units of `currency`; the rest goes back. Absent in events.
 * @property {boolean} [late] Whether it came when its attempt had ended, so that it pays nothing and goes back. Absent in events.
 * @property {boolean} [reversed] Whether the payer's bank took it back; absent in events.
 * @property {string} created_at When we heard that the money came in.
 */
/**
 * @typedef {object} TransferRepayment
 * @property {string} id The id of the repayment (`rp_...`).
 * @property {'transfer_repayment'} object Which kind of object this is.
 * @property {string} payment The payment (`pay_...`).
 * @property {string} credit The transfer that came in and goes back (`tc_...`).
 * @property {string|null} refund The refund that it is of (`re_...`); null when it goes back for another reason.
 * @property {'refund'|'surplus'|'incomplete'|'late'|'resent'} reason Why it goes back: a refund, more than asked for, less until the end, too late, or sent anew by an operator.
 * @property {number} amount What goes back to the payer, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string|null} iban The IBAN of the account that the money goes back to, masked; null when it is not known yet.
 * @property {string} holder_name Who holds the account that the money goes back to.
 * @property {'confirmed'|'sent'|'unknown'|'paid'|'rejected'|'returned'|'canceled'|'offset'} status How far the money is on its way back; `offset`: nothing is sent, as the bank took the transfer back.
 * @property {string|null} bank_reason Why the bank refused it or sent it back (ISO 20022: `AC04`); null when it has not.
 * @property {string} created_at When it was decided that the money goes back.
 */
/**
 * @typedef {object} Transfer
 * @property {string} id The id of the attempt that the transfer is of.
 * @property {'transfer'} object Which kind of object this is.
 * @property {boolean} livemode Whether it is of a live partner, whose money moves, and not of a sandbox.
 * @property {string} payment The payment (`pay_...`).
 * @property {'waiting'|'paid'|'closed'} status Whether the money is waited for, has paid the payment, or is not wanted any more: what comes then goes back.
 * @property {number} amount What the buyer has to transfer, in minor units of `currency`.
 * @property {number} amount_received What has come with the reference while it was waited for, in minor units of `currency`.
 * @property {string} currency The currency of the amounts, by its code of ISO 4217 (`EUR`).
 * @property {string} reference The creditor reference (ISO 11649) that the buyer gives with the transfer; it is of this attempt alone.
 * @property {string} iban The IBAN of our account, to which the buyer makes the transfer.
 * @property {string} [bic] The BIC of our bank; absent when none is configured.
 * @property {string} holder_name To whom the buyer makes the transfer: the holder of our account.
 * @property {string} expires_at Until when the buyer should order the transfer; `waits_until` is the end.
 * @property {string} waits_until Until when money on its way is waited for; what comes later goes back.
 * @property {Array<TransferCredit>} credits What has come in with its reference, in the order in which it came.
 * @property {Array<TransferRepayment>} repayments What goes back, or went back, to who paid by transfer for this payment.
 * @property {string} created_at When the buyer was told what to transfer.
 */
/**
 * @typedef {object} WebhookDelivery
 * @property {'webhook_delivery'} object Which kind of object this is.
 * @property {string} event The event (`evt_...`).
 * @property {string} type What happened, such as `payment.succeeded`.
 * @property {'pending'|'delivered'|'failed'} status Whether it is still tried, has arrived, or was given up.
 * @property {number} attempts How often it was sent since it was queued, or asked for again.
 * @property {number|null} response_status The HTTP status that the endpoint answered last; null when there was no answer.
 * @property {string|null} failure Why the last attempt failed, in words: the status that was answered, or what kept it from an answer (`the name was not found`, `no connection could be made`, `the certificate has expired`, `no answer in 15 s`, `the address is not allowed` and the like); null when it did not fail, or there was none yet.
 * @property {string|null} response_excerpt The beginning of what was answered last in place of a 2xx, 200 bytes at most, of text or JSON only, without what looks like a secret, a number of a card or an address; null when there is none.
 * @property {string} [next_attempt_at] When it is tried next; absent when it is over, and while the endpoint is disabled.
 * @property {string} created_at When it was queued.
 * @property {string} [finished_at] When it was delivered or given up; absent while it is still to come.
 */
/**
 * @typedef {{
 *   'payment.succeeded': Payment,
 *   'payment.failed': Payment,
 *   'payment.requires_action': Payment,
 *   'payment.authorized': Payment,
 *   'payment.captured': Payment,
 *   'payment.capture_failed': Payment,
 *   'payment.authorization_expiring': Payment,
 *   'payment.canceled': Payment,
 *   'payment.expired': Payment,
 *   'payment.cancel_failed': Payment,
 *   'payment.transfer_received': TransferCredit,
 *   'payment.transfer_reversed': TransferCredit,
 *   'payment.transfer_expired': Payment,
 *   'payment.transfer_repaid': TransferRepayment,
 *   'payment.transfer_repayment_returned': TransferRepayment,
 *   'payment_attempt.succeeded_late': PaymentAttempt,
 *   'payment_attempt.reversed': PaymentAttempt,
 *   'payment_attempt.settled': PaymentAttempt,
 *   'refund.succeeded': Refund,
 *   'refund.failed': Refund,
 *   'refund.queued': Refund,
 *   'refund.canceled': Refund,
 *   'receipt.sale': Receipt,
 *   'receipt.refund': Receipt,
 *   'hold.released': Hold,
 *   'hold.ended': Hold,
 *   'hold.return_failed': Hold,
 *   'dispute.opened': Dispute,
 *   'dispute.updated': Dispute,
 *   'dispute.evidence_due': Dispute,
 *   'dispute.won': Dispute,
 *   'dispute.lost': Dispute,
 *   'dispute.closed': Dispute,
 *   'dispute.funds_withdrawn': Dispute,
 *   'dispute.funds_returned': Dispute,
 *   'dispute.funds_lost': Dispute,
 *   'balance.covered': BalanceRelief,
 *   'balance.written_off': BalanceRelief,
 *   'balance.recovered': BalanceRelief,
 *   'reserve.set': Reserve,
 *   'reserve.filled': Reserve,
 *   'reserve.used': Reserve,
 *   'reserve.released': Reserve,
 *   'settlement.booked': Settlement,
 *   'settlement.paid': Settlement,
 *   'settlement.corrected': Settlement,
 *   'bank.booked': BankBooking,
 *   'payout.confirmation_required': Payout,
 *   'payout.confirmation_failed': Payout,
 *   'payout.confirmed': Payout,
 *   'payout.sent': Payout,
 *   'payout.paid': Payout,
 *   'payout.canceled': Payout,
 *   'payout.awaiting_approval': Payout,
 *   'payout.returned': Payout,
 *   'payout.rejected': Payout,
 *   'payout.failed': Payout,
 *   'payout.unknown': Payout,
 *   'payout.fee_charged': PayoutFee,
 *   'payout.fee_returned': PayoutFee,
 *   'payout_list.confirmation_required': PayoutList,
 *   'payout_list.confirmation_failed': PayoutList,
 *   'payout_list.confirmed': PayoutList,
 *   'payout_list.canceled': PayoutList,
 *   'payout_schedule.confirmation_required': PayoutSchedule,
 *   'payout_schedule.confirmation_failed': PayoutSchedule,
 *   'payout_schedule.confirmed': PayoutSchedule,
 *   'payout_schedule.paused': PayoutSchedule,
 *   'payout_schedule.active': PayoutSchedule,
 *   'payout_schedule.ended': PayoutSchedule,
 *   'requisite.created': Requisite,
 *   'requisite.activated': Requisite,
 *   'requisite.disabled': Requisite,
 *   'requisite.verified': Requisite,
 *   'confirmation.required': Confirmation,
 *   'confirmation.failed': Confirmation,
 *   'confirmation.confirmed': Confirmation,
 *   'confirmation.canceled': Confirmation,
 *   'confirmation.expired': Confirmation,
 *   'legal_profile.created': LegalProfile,
 *   'agreement.accepted': AgreementAcceptance,
 *   'invoice.created': Invoice,
 *   'invoice.paid': Invoice,
 *   'invoice.payment_failed': Invoice,
 *   'invoice.action_required': Invoice,
 *   'invoice.uncollectible': Invoice,
 *   'invoice.void': Invoice,
 *   'invoice.disputed': Invoice,
 *   'invoice.dispute_won': Invoice,
 *   'invoice.dispute_lost': Invoice,
 *   'subscription.created': Subscription,
 *   'subscription.updated': Subscription,
 *   'subscription.past_due': Subscription,
 *   'subscription.paused': Subscription,
 *   'subscription.resumed': Subscription,
 *   'subscription.unpaid': Subscription,
 *   'subscription.canceled': Subscription,
 *   'subscription.price_announced': Subscription,
 *   'subscription.price_agreed': Subscription,
 *   'subscription.renewal_upcoming': Subscription,
 *   'subscription.trial_ending': Subscription,
 *   'subscription.card_expiring': Subscription,
 *   'saved_card.created': SavedCard,
 *   'saved_card.withdrawn': SavedCard,
 *   'saved_card.blocked': SavedCard,
 *   'saved_card.unblocked': SavedCard,
 *   'store.created': Store,
 *   'store.updated': Store,
 *   'store.moved': Store,
 *   'store.tariff_planned': StoreTariff,
 *   'store.tariff_canceled': StoreTariff,
 *   'split_profile.created': SplitProfile,
 *   'user.created': User,
 *   'user.activated': User,
 *   'user.updated': User,
 *   'user.closed': User,
 *   'user.reopened': User,
 *   'user.erased': User,
 *   'test_clock.advanced': TestClock,
 *   'webhook_endpoint.ping': WebhookEndpoint,
 * }} EventObjects
 */
