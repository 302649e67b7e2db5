/* The payment API as functions, written by generate.mjs from its OpenAPI document: not to be edited. */
import { caller } from './call.mjs';
export { PayError, clientToken, items } from './call.mjs';

const part = encodeURIComponent;

/* connect: what caller() takes. Each function's options are { key, signal }: an idempotency key, and what ends it early. */
export function payClient(connect) {
  const call = caller(connect);
  return {
    payments: {
      /** Create a payment for a store; with `confirm` it is charged at once. Scope pay.payments. Body: store, amount, currency, description, external_id?, return_url?, origins?, metadata?, capture_method?, split_profile?, locale?, save_card?, hold?, receipt?, confirm?, split?. @returns {Promise<Payment>} */
      create: (body, options) => call('POST', `/v1/payments`, { body, ...options }),
      /** List payments, newest first. Scope pay.payments. Query: store?, user?, status?, currency?, external_id?, from?, to?, amount_min?, amount_max?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Payment>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/payments`, { query, ...options }),
      /** Read a payment. Scope pay.payments. @returns {Promise<Payment>} */
      read: (payment, options) => call('GET', `/v1/payments/${part(payment)}`, { ...options }),
      /** Confirm a payment with a card token, with a saved card while the buyer is not there, or by another method. Scope pay.payments. Body: method?, payment_token?, return_url?, replace_attempt?. @returns {Promise<Payment>} */
      confirm: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/confirm`, { body, ...options }),
      /** Cancel a payment, or what is left of its authorisation. Scope pay.payments. @returns {Promise<Payment>} */
      cancel: (payment, options) => call('POST', `/v1/payments/${part(payment)}/cancel`, { ...options }),
      /** The latest bank transfer that a payment was to be paid by: what came in, and what goes back. Scope pay.payments. @returns {Promise<Transfer>} */
      transfer: (payment, options) => call('GET', `/v1/payments/${part(payment)}/transfer`, { ...options }),
      /** Capture an authorised payment, wholly or in part. Scope pay.payments. Body: amount?, final?, split_profile?, split?, receipt?. @returns {Promise<Payment>} */
      capture: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/capture`, { body, ...options }),
      /** What is held of a payment until it is delivered. Scope pay.payments. @returns {Promise<Hold>} */
      hold: (payment, options) => call('GET', `/v1/payments/${part(payment)}/hold`, { ...options }),
      /** Release what is held of a payment, wholly or in part. Scope pay.payments. Body: amount?. @returns {Promise<Hold>} */
      release: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/release`, { body, ...options }),
      /** In which payouts the shares of a payment went out. Scope pay.payments. @returns {Promise<{object: 'list', data: Array<{user: string, kind: string, reference: string, amount: number, currency: string, payout: string|null, payout_status: string|null}>}>} */
      payouts: (payment, options) => call('GET', `/v1/payments/${part(payment)}/payouts`, { ...options }),
    },
    testTransfers: {
      /** A buyer of a sandbox partner transfers money, by the reference that he was given. Scope pay.payments. Body: reference, amount, payer_name?, payer_iban?. @returns {Promise<TransferCredit>} */
      create: (body, options) => call('POST', `/v1/test_transfers`, { body, ...options }),
    },
    testClock: {
      /** How a sandbox partner's clock stands. Scope pay.payments. @returns {Promise<TestClock>} */
      read: (options) => call('GET', `/v1/test_clock`, { ...options }),
      /** Set a sandbox partner's clock forward; all that is due on the way happens in its order. Scope pay.payments. Body: to?, by?. @returns {Promise<TestClock>} */
      advance: (body, options) => call('POST', `/v1/test_clock/advance`, { body, ...options }),
    },
    testMails: {
      /** List what a sandbox partner's users were mailed, newest first. Scope pay.payouts. Query: recipient?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<TestMail>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/test_mails`, { query, ...options }),
    },
    captures: {
      /** List the captures of a payment. Scope pay.payments. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Capture>, has_more: boolean, next_cursor: string|null}>} */
      list: (payment, query, options) => call('GET', `/v1/payments/${part(payment)}/captures`, { query, ...options }),
    },
    refunds: {
      /** Refund a payment, wholly or in part. Scope pay.payments. Body: amount?, reason?, reason_code?, fees?, receipt?. @returns {Promise<Refund>} */
      create: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/refunds`, { body, ...options }),
      /** List the refunds of a payment. Scope pay.payments. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Refund>, has_more: boolean, next_cursor: string|null}>} */
      list: (payment, query, options) => call('GET', `/v1/payments/${part(payment)}/refunds`, { query, ...options }),
      /** Read a refund. Scope pay.payments. @returns {Promise<Refund>} */
      read: (refund, options) => call('GET', `/v1/refunds/${part(refund)}`, { ...options }),
      /** Cancel a refund that still waits for funds. Scope pay.payments. @returns {Promise<Refund>} */
      cancel: (refund, options) => call('POST', `/v1/refunds/${part(refund)}/cancel`, { ...options }),
    },
    receipts: {
      /** List the receipts of a payment: its sale or each capture, and each refund. Scope pay.payments. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Receipt>, has_more: boolean, next_cursor: string|null}>} */
      list: (payment, query, options) => call('GET', `/v1/payments/${part(payment)}/receipts`, { query, ...options }),
    },
    disputes: {
      /** List disputes, newest first. Scope pay.payments. Query: payment?, status?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Dispute>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/disputes`, { query, ...options }),
      /** Read a dispute with its evidence. Scope pay.payments. @returns {Promise<Dispute>} */
      read: (dispute, options) => call('GET', `/v1/disputes/${part(dispute)}`, { ...options }),
      /** Write the text of the evidence; it can be replaced until it is submitted. Scope pay.payments. Body: text. @returns {Promise<Dispute>} */
      evidence: (dispute, body, options) => call('POST', `/v1/disputes/${part(dispute)}/evidence`, { body, ...options }),
      /** Submit the evidence to the acquirer, once. Scope pay.payments. @returns {Promise<Dispute>} */
      submit: (dispute, options) => call('POST', `/v1/disputes/${part(dispute)}/submit`, { ...options }),
      /** Accept a chargeback: it is lost, and nothing more is asked. Scope pay.payments. @returns {Promise<Dispute>} */
      accept: (dispute, options) => call('POST', `/v1/disputes/${part(dispute)}/accept`, { ...options }),
    },
    files: {
      /** Add a file to the evidence: PDF, PNG, JPEG or text, at most 1 MiB, by its Content-Type. Scope pay.payments. Body: a Blob with its type. @returns {Promise<Dispute>} */
      create: (dispute, body, options) => call('POST', `/v1/disputes/${part(dispute)}/files`, { body, ...options }),
      /** Take a file back out of evidence that was not submitted. Scope pay.payments. */
      remove: (dispute, file, options) => call('DELETE', `/v1/disputes/${part(dispute)}/files/${part(file)}`, { ...options }),
    },
    users: {
      /** Create a user; with a user's token, the payment account of that user. Scope pay.users. Body: external_id?, name, email?, country?, locale?. @returns {Promise<User>} */
      create: (body, options) => call('POST', `/v1/users`, { body, ...options }),
      /** List the partner's users. Scope pay.users. Query: limit?, cursor?, external_id?. @returns {Promise<{object: 'list', data: Array<User>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/users`, { query, ...options }),
      /** Read a user; `me` with a user's token. Scope pay.users. @returns {Promise<User>} */
      read: (user, options) => call('GET', `/v1/users/${part(user)}`, { ...options }),
      /** Change the address of a user; the old and the new one are mailed a code each. Scope pay.users. Body: email. @returns {Promise<EmailChange>} */
      email: (user, body, options) => call('POST', `/v1/users/${part(user)}/email`, { body, ...options }),
      /** All that is kept about a user, as one document. Scope pay.users. @returns {Promise<UserData>} */
      data: (user, options) => call('GET', `/v1/users/${part(user)}/data`, { ...options }),
      /** Erase what nothing obliges to keep of a user who is closed. Scope pay.users. @returns {Promise<User>} */
      erase: (user, options) => call('POST', `/v1/users/${part(user)}/erase`, { ...options }),
      /** Close a user for good, once nothing of it is open. Scope pay.users. @returns {Promise<User>} */
      close: (user, options) => call('POST', `/v1/users/${part(user)}/close`, { ...options }),
    },
    legalProfile: {
      /** Say who a user is before the law; the version before stays. Scope pay.users. Body: kind, name, tax_id?, registration_number?, birth_date?, address. @returns {Promise<LegalProfile>} */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/legal_profile`, { body, ...options }),
      /** Read the latest legal profile of a user. Scope pay.users. @returns {Promise<LegalProfile>} */
      read: (user, options) => call('GET', `/v1/users/${part(user)}/legal_profile`, { ...options }),
    },
    agreement: {
      /** Read the agreement that is in force for the partner's sellers. Scope pay.users. @returns {Promise<Agreement>} */
      read: (options) => call('GET', `/v1/agreement`, { ...options }),
    },
    agreementAcceptances: {
      /** Record that a user has accepted a version of the agreement. Scope pay.users. Body: version, accepted_ip?, user_agent?. @returns {Promise<AgreementAcceptance>} */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/agreement_acceptances`, { body, ...options }),
      /** List what a user has accepted, newest first. Scope pay.users. @returns {Promise<{object: 'list', data: Array<AgreementAcceptance>}>} */
      list: (user, options) => call('GET', `/v1/users/${part(user)}/agreement_acceptances`, { ...options }),
    },
    confirmations: {
      /** List confirmations, newest first. Scope pay.users. Query: limit?, cursor?, subject?, status?. @returns {Promise<{object: 'list', data: Array<Confirmation>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/confirmations`, { query, ...options }),
      /** Read a confirmation. Scope pay.users. @returns {Promise<Confirmation>} */
      read: (confirmation, options) => call('GET', `/v1/confirmations/${part(confirmation)}`, { ...options }),
      /** Confirm with the mailed code; what it is for is done at once. Scope pay.users. Body: code. @returns {Promise<Confirmation>} */
      confirm: (confirmation, body, options) => call('POST', `/v1/confirmations/${part(confirmation)}/confirm`, { body, ...options }),
      /** Mail a new code, which keeps the number of guesses. Scope pay.users. @returns {Promise<Confirmation>} */
      resend: (confirmation, options) => call('POST', `/v1/confirmations/${part(confirmation)}/resend`, { ...options }),
      /** Cancel what waits for a code, and with it what it was for. Scope pay.users. @returns {Promise<Confirmation>} */
      cancel: (confirmation, options) => call('POST', `/v1/confirmations/${part(confirmation)}/cancel`, { ...options }),
    },
    requisites: {
      /** Add a bank account, card or wallet of a user. Scope pay.users. Body: type, iban?, bic?, bik?, account?, correspondent?, inn?, kpp?, holder_name?, address?, token?, wallet?. @returns {Promise<Requisite>} */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/requisites`, { body, ...options }),
      /** List a user's bank accounts, cards and wallets, newest first. Scope pay.users. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Requisite>, has_more: boolean, next_cursor: string|null}>} */
      list: (user, query, options) => call('GET', `/v1/users/${part(user)}/requisites`, { query, ...options }),
      /** Open the acquirer's page for a card to be paid out to. Scope pay.users. Body: return_url. @returns {Promise<{object: 'card_page', url: string}>} */
      cardPage: (user, body, options) => call('POST', `/v1/users/${part(user)}/requisites/card_page`, { body, ...options }),
      /** Have an account paid to though its bank knows the holder by another name. Scope pay.users. @returns {Promise<Requisite>} */
      accept: (user, requisite, options) => call('POST', `/v1/users/${part(user)}/requisites/${part(requisite)}/accept`, { ...options }),
      /** End a requisite; payouts that are not sent yet fail, with their money available again. Scope pay.users. @returns {Promise<Requisite>} */
      disable: (user, requisite, options) => call('POST', `/v1/users/${part(user)}/requisites/${part(requisite)}/disable`, { ...options }),
    },
    stores: {
      /** Open a store. Scope pay.stores. Body: name, user?, currency, url?, external_id?, split?, methods?, owner?, split_profile?, status?. @returns {Promise<Store>} */
      create: (body, options) => call('POST', `/v1/stores`, { body, ...options }),
      /** List stores, newest first. Scope pay.stores. Query: status?, user?, external_id?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Store>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/stores`, { query, ...options }),
      /** Read a store. Scope pay.stores. @returns {Promise<Store>} */
      read: (store, options) => call('GET', `/v1/stores/${part(store)}`, { ...options }),
      /** Split a store's new payments by another profile. Scope pay.stores. Body: split_profile?. @returns {Promise<Store>} */
      splitProfile: (store, body, options) => call('POST', `/v1/stores/${part(store)}/split_profile`, { body, ...options }),
      /** Say what a store's new payments may be paid by. Scope pay.stores. Body: methods?. @returns {Promise<Store>} */
      accept: (store, body, options) => call('POST', `/v1/stores/${part(store)}/accept`, { body, ...options }),
      /** Let a store sell, or ask for its review. Scope pay.stores. Body: reason?. @returns {Promise<Store>} */
      activate: (store, body, options) => call('POST', `/v1/stores/${part(store)}/activate`, { body, ...options }),
      /** Stop a store from selling; refunds and payouts go on. Scope pay.stores. Body: reason?. @returns {Promise<Store>} */
      suspend: (store, body, options) => call('POST', `/v1/stores/${part(store)}/suspend`, { body, ...options }),
      /** Close a store for good; what was sold before goes on. Scope pay.stores. Body: reason?. @returns {Promise<Store>} */
      close: (store, body, options) => call('POST', `/v1/stores/${part(store)}/close`, { body, ...options }),
      /** Say how a store shows itself to its buyers. Scope pay.stores. Body: display_name?, accent?, support_email?, support_url?, statement_descriptor?, locale?, locales?. @returns {Promise<Store>} */
      branding: (store, body, options) => call('POST', `/v1/stores/${part(store)}/branding`, { body, ...options }),
      /** Give a store a logo: PNG, JPEG or WebP, at most 64 KiB. Scope pay.stores. Body: a Blob with its type. @returns {Promise<Store>} */
      logo: (store, body, options) => call('POST', `/v1/stores/${part(store)}/logo`, { body, ...options }),
      /** The store's twin in the partner's sandbox, made when there is none. Scope pay.stores. @returns {Promise<Store>} */
      twin: (store, options) => call('POST', `/v1/stores/${part(store)}/twin`, { ...options }),
      /** Say whether a store mails receipts, and what a chargeback does to its subscriptions. Scope pay.stores. Body: mails_receipts, on_dispute?. @returns {Promise<BillingSettings>} */
      billing: (store, body, options) => call('POST', `/v1/stores/${part(store)}/billing`, { body, ...options }),
    },
    tariffs: {
      /** Split a store's payments otherwise, from a moment on. Scope pay.stores. Body: split?, split_profile?, valid_from?. @returns {Promise<StoreTariff>} */
      create: (store, body, options) => call('POST', `/v1/stores/${part(store)}/tariffs`, { body, ...options }),
      /** List a store's tariffs, the latest first. Scope pay.stores. @returns {Promise<{object: 'list', data: Array<StoreTariff>, has_more: boolean, next_cursor: string|null}>} */
      list: (store, options) => call('GET', `/v1/stores/${part(store)}/tariffs`, { ...options }),
      /** Cancel a tariff that has not begun. Scope pay.stores. @returns {Promise<StoreTariff>} */
      cancel: (store, tariff, options) => call('POST', `/v1/stores/${part(store)}/tariffs/${part(tariff)}/cancel`, { ...options }),
    },
    domains: {
      /** Add a domain of a store, and learn what proves it. Scope pay.stores. Body: host. @returns {Promise<StoreDomain>} */
      create: (store, body, options) => call('POST', `/v1/stores/${part(store)}/domains`, { body, ...options }),
      /** List the domains of a store. Scope pay.stores. @returns {Promise<{object: 'list', data: Array<StoreDomain>, has_more: boolean, next_cursor: string|null}>} */
      list: (store, options) => call('GET', `/v1/stores/${part(store)}/domains`, { ...options }),
      /** Look for the proof at a domain. Scope pay.stores. @returns {Promise<StoreDomain>} */
      verify: (store, host, options) => call('POST', `/v1/stores/${part(store)}/domains/${part(host)}/verify`, { ...options }),
      /** Remove a domain of a store. Scope pay.stores. */
      remove: (store, host, options) => call('DELETE', `/v1/stores/${part(store)}/domains/${part(host)}`, { ...options }),
    },
    logo: {
      /** Take a store's logo away. Scope pay.stores. @returns {Promise<Store>} */
      remove: (store, options) => call('POST', `/v1/stores/${part(store)}/logo/remove`, { ...options }),
    },
    storeConnections: {
      /** Ask a store's owner to come with it to this partner. Scope pay.stores. Body: store, user. @returns {Promise<StoreConnection>} */
      create: (body, options) => call('POST', `/v1/store_connections`, { body, ...options }),
      /** Read what became of a store's way to this partner. Scope pay.stores. @returns {Promise<StoreConnection>} */
      read: (connection, options) => call('GET', `/v1/store_connections/${part(connection)}`, { ...options }),
    },
    splitProfiles: {
      /** Store rules that payments are split by. Scope pay.stores. Body: name, currency?, rules. @returns {Promise<SplitProfile>} */
      create: (body, options) => call('POST', `/v1/split_profiles`, { body, ...options }),
      /** List split profiles, newest first. Scope pay.stores. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<SplitProfile>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/split_profiles`, { query, ...options }),
      /** Read a split profile. Scope pay.stores. @returns {Promise<SplitProfile>} */
      read: (splitProfile, options) => call('GET', `/v1/split_profiles/${part(splitProfile)}`, { ...options }),
      /** Put a split profile away: no new payment uses it. Scope pay.stores. @returns {Promise<SplitProfile>} */
      archive: (splitProfile, options) => call('POST', `/v1/split_profiles/${part(splitProfile)}/archive`, { ...options }),
    },
    payouts: {
      /** Request a payout; a code is mailed to the owner. Scope pay.payouts. Body: amount, currency, requisite, user?. @returns {Promise<Payout>} */
      create: (body, options) => call('POST', `/v1/payouts`, { body, ...options }),
      /** List payouts, newest first. Scope pay.payouts. Query: limit?, cursor?, status?, user?. @returns {Promise<{object: 'list', data: Array<Payout>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/payouts`, { query, ...options }),
      /** Confirm a payout with the mailed code. Scope pay.payouts. Body: code. @returns {Promise<Payout>} */
      confirm: (payout, body, options) => call('POST', `/v1/payouts/${part(payout)}/confirm`, { body, ...options }),
      /** Mail a new code, which keeps the number of guesses. Scope pay.payouts. @returns {Promise<Payout>} */
      resend: (payout, options) => call('POST', `/v1/payouts/${part(payout)}/resend`, { ...options }),
      /** Cancel a payout that was not sent yet. Scope pay.payouts. @returns {Promise<Payout>} */
      cancel: (payout, options) => call('POST', `/v1/payouts/${part(payout)}/cancel`, { ...options }),
      /** Read a payout. Scope pay.payouts. @returns {Promise<Payout>} */
      read: (payout, options) => call('GET', `/v1/payouts/${part(payout)}`, { ...options }),
      /** What is in a payout: each payment, refund and fee since the one before; format=csv for a sheet. Scope pay.payouts. Query: limit?, cursor?, format?. @returns {Promise<PayoutStatement|Blob>} */
      statement: (payout, query, options) => call('GET', `/v1/payouts/${part(payout)}/statement`, { query, ...options }),
    },
    prices: {
      /** Make a price of a store. Scope pay.payments. Body: store, name, amount, currency, interval, interval_count?, notice_days?, notice_above?, receipt?. @returns {Promise<Price>} */
      create: (body, options) => call('POST', `/v1/prices`, { body, ...options }),
      /** List prices, newest first. Scope pay.payments. Query: store?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Price>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/prices`, { query, ...options }),
      /** Take no new subscriptions at a price. Scope pay.payments. @returns {Promise<Price>} */
      archive: (price, options) => call('POST', `/v1/prices/${part(price)}/archive`, { ...options }),
      /** Announce another price to all who subscribe at one. Scope pay.payments. Body: to, effective_at, without_consent. @returns {Promise<PriceMigration>} */
      migrate: (price, body, options) => call('POST', `/v1/prices/${part(price)}/migrate`, { body, ...options }),
    },
    subscriptions: {
      /** Subscribe a buyer, on a card that the store keeps. Scope pay.payments. Body: price, saved_card, payment?, external_id?, zone?, starts_at?, ends_at?, when_unpaid?, on_dispute?, quantity?, periods?. @returns {Promise<Subscription>} */
      create: (body, options) => call('POST', `/v1/subscriptions`, { body, ...options }),
      /** List subscriptions, newest first. Scope pay.payments. Query: store?, buyer?, status?, external_id?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Subscription>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/subscriptions`, { query, ...options }),
      /** Read a subscription. Scope pay.payments. @returns {Promise<Subscription>} */
      read: (subscription, options) => call('GET', `/v1/subscriptions/${part(subscription)}`, { ...options }),
      /** List the invoices of a subscription, newest first. Scope pay.payments. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Invoice>, has_more: boolean, next_cursor: string|null}>} */
      invoices: (subscription, query, options) => call('GET', `/v1/subscriptions/${part(subscription)}/invoices`, { query, ...options }),
      /** What a subscription is charged next, and when. Scope pay.payments. @returns {Promise<UpcomingInvoice>} */
      upcoming: (subscription, options) => call('GET', `/v1/subscriptions/${part(subscription)}/upcoming`, { ...options }),
      /** Another price or quantity from now on, or what it would cost. Scope pay.payments. Body: price?, quantity?, at?, preview?. @returns {Promise<Subscription|SubscriptionPreview>} */
      change: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/change`, { body, ...options }),
      /** Say what a chargeback does to it from now on. Scope pay.payments. Body: on_dispute. @returns {Promise<Subscription>} */
      onDispute: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/on_dispute`, { body, ...options }),
      /** Charge another saved card; what is open is tried at once. Scope pay.payments. Body: saved_card. @returns {Promise<Subscription>} */
      card: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/card`, { body, ...options }),
      /** End a subscription: now, with its period or at a moment. Scope pay.payments. Body: at_period_end?, cancel_at?, unused?. @returns {Promise<Subscription>} */
      cancel: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/cancel`, { body, ...options }),
      /** Begin no further period until it is resumed. Scope pay.payments. @returns {Promise<Subscription>} */
      pause: (subscription, options) => call('POST', `/v1/subscriptions/${part(subscription)}/pause`, { ...options }),
      /** Go on with a paused subscription. Scope pay.payments. @returns {Promise<Subscription>} */
      resume: (subscription, options) => call('POST', `/v1/subscriptions/${part(subscription)}/resume`, { ...options }),
      /** Announce another price to one subscription's buyer. Scope pay.payments. Body: to, effective_at, without_consent. @returns {Promise<Subscription>} */
      price: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/price`, { body, ...options }),
    },
    invoices: {
      /** Read an invoice. Scope pay.payments. @returns {Promise<Invoice>} */
      read: (invoice, options) => call('GET', `/v1/invoices/${part(invoice)}`, { ...options }),
      /** List invoices of all subscriptions, newest first. Scope pay.payments. Query: store?, status?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Invoice>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/invoices`, { query, ...options }),
      /** Charge an open invoice again now, and not when it is due. Scope pay.payments. @returns {Promise<Invoice>} */
      retry: (invoice, options) => call('POST', `/v1/invoices/${part(invoice)}/retry`, { ...options }),
      /** Forgive an open invoice; its subscription goes on. Scope pay.payments. @returns {Promise<Invoice>} */
      void: (invoice, options) => call('POST', `/v1/invoices/${part(invoice)}/void`, { ...options }),
    },
    savedCards: {
      /** List the saved cards that may be charged, newest first. Scope pay.payments. Query: store?, buyer?, payment?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<SavedCard>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/saved_cards`, { query, ...options }),
      /** Read a saved card. Scope pay.payments. @returns {Promise<SavedCard>} */
      read: (card, options) => call('GET', `/v1/saved_cards/${part(card)}`, { ...options }),
      /** End a saved card: it cannot be charged any more. Scope pay.payments. */
      remove: (card, options) => call('DELETE', `/v1/saved_cards/${part(card)}`, { ...options }),
    },
    billingLinks: {
      /** The address of a buyer's page, for a day. Scope pay.payments. Body: store, buyer. @returns {Promise<BillingLink>} */
      create: (body, options) => call('POST', `/v1/billing_links`, { body, ...options }),
    },
    billing: {
      /** What a chargeback does to subscriptions of stores that say nothing. Scope pay.stores. @returns {Promise<BillingDefaults>} */
      read: (options) => call('GET', `/v1/billing`, { ...options }),
      /** Say it. Scope pay.stores. Body: on_dispute. @returns {Promise<BillingDefaults>} */
      create: (body, options) => call('POST', `/v1/billing`, { body, ...options }),
    },
    reports: {
      /** The partner's report of a month under the cooperation agreement: json, csv, or the act as pdf. Scope pay.balance. Query: currency?, format?, locale?. @returns {Promise<PartnerReport|Blob>} */
      read: (month, query, options) => call('GET', `/v1/reports/${part(month)}`, { query, ...options }),
      /** The partner's months that are closed. Scope pay.balance. @returns {Promise<{object: 'list', data: Array<{number: number, month: string, currency: string, closed_at: string}>}>} */
      list: (options) => call('GET', `/v1/reports`, { ...options }),
    },
    statement: {
      /** Statement of a user's or the partner's account: csv, jsonl, camt053 or pdf, from a day to a day. Scope pay.balance. Query: account?, user?, currency?, from?, to?, zone?, format?, locale?. @returns {Promise<Blob>} */
      read: (query, options) => call('GET', `/v1/statement`, { query, ...options }),
    },
    ledger: {
      /** Every entry of the partner's books with its debits and credits: csv or jsonl, from a day to a day. Scope pay.balance. Query: from?, to?, zone?, format?. @returns {Promise<Blob>} */
      journal: (query, options) => call('GET', `/v1/ledger/journal`, { query, ...options }),
      /** Opening, debits, credits and closing of each of the partner's accounts, and their sums: csv or jsonl. Scope pay.balance. Query: from?, to?, zone?, format?. @returns {Promise<Blob>} */
      trialBalance: (query, options) => call('GET', `/v1/ledger/trial_balance`, { query, ...options }),
      /** Ledger entries of a user's or the partner's account, newest first. Scope pay.balance. Query: limit?, cursor?, account?, user?. @returns {Promise<{object: 'list', data: Array<LedgerEntry>, has_more: boolean, next_cursor: string|null}>} */
      read: (query, options) => call('GET', `/v1/ledger`, { query, ...options }),
    },
    payoutLists: {
      /** Request several payouts at once; one code is mailed to the owner. Scope pay.payouts. Body: user?, payouts. @returns {Promise<PayoutList>} */
      create: (body, options) => call('POST', `/v1/payout_lists`, { body, ...options }),
      /** Confirm all payouts of a list with the mailed code. Scope pay.payouts. Body: code. @returns {Promise<PayoutList>} */
      confirm: (list, body, options) => call('POST', `/v1/payout_lists/${part(list)}/confirm`, { body, ...options }),
      /** Mail a new code, which keeps the number of guesses. Scope pay.payouts. @returns {Promise<PayoutList>} */
      resend: (list, options) => call('POST', `/v1/payout_lists/${part(list)}/resend`, { ...options }),
      /** Cancel a list that was not confirmed yet. Scope pay.payouts. @returns {Promise<PayoutList>} */
      cancel: (list, options) => call('POST', `/v1/payout_lists/${part(list)}/cancel`, { ...options }),
      /** Read a list of payouts. Scope pay.payouts. @returns {Promise<PayoutList>} */
      read: (list, options) => call('GET', `/v1/payout_lists/${part(list)}`, { ...options }),
    },
    payoutSchedules: {
      /** Ask for payouts by schedule; a code is mailed. Scope pay.payouts. Body: user?, requisite, currency, every, day?, at, zone, any_day?, minimum?. @returns {Promise<PayoutSchedule>} */
      create: (body, options) => call('POST', `/v1/payout_schedules`, { body, ...options }),
      /** List the schedules of a user, newest first. Scope pay.payouts. Query: user?. @returns {Promise<{object: 'list', data: Array<PayoutSchedule>}>} */
      list: (query, options) => call('GET', `/v1/payout_schedules`, { query, ...options }),
      /** Put a schedule in force with the mailed code. Scope pay.payouts. Body: code. @returns {Promise<PayoutSchedule>} */
      confirm: (schedule, body, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/confirm`, { body, ...options }),
      /** Pause a schedule. Scope pay.payouts. @returns {Promise<PayoutSchedule>} */
      pause: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/pause`, { ...options }),
      /** Go on with a schedule that is paused. Scope pay.payouts. @returns {Promise<PayoutSchedule>} */
      resume: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/resume`, { ...options }),
      /** End a schedule. Scope pay.payouts. @returns {Promise<PayoutSchedule>} */
      end: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/end`, { ...options }),
      /** Read a schedule, with its last times. Scope pay.payouts. @returns {Promise<PayoutSchedule>} */
      read: (schedule, options) => call('GET', `/v1/payout_schedules/${part(schedule)}`, { ...options }),
    },
    balance: {
      /** What a user or the partner has: available, pending, held back, in transit. Scope pay.balance. Query: user?, party?. @returns {Promise<Balance>} */
      read: (query, options) => call('GET', `/v1/balance`, { query, ...options }),
    },
    holdbacks: {
      /** List what is held back of a user, the next to be available first. Scope pay.balance. Query: limit?, cursor?, user?. @returns {Promise<{object: 'list', data: Array<Holdback>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/holdbacks`, { query, ...options }),
    },
    webhookEndpoints: {
      /** Add a webhook endpoint; the secret is shown once. Scope pay.webhooks. Body: url, events?, store?, contact_email?, payload?, api_version?. @returns {Promise<WebhookEndpoint>} */
      create: (body, options) => call('POST', `/v1/webhook_endpoints`, { body, ...options }),
      /** List the webhook endpoints. Scope pay.webhooks. Query: store?. @returns {Promise<{object: 'list', data: Array<WebhookEndpoint>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/webhook_endpoints`, { query, ...options }),
      /** Read a webhook endpoint. Scope pay.webhooks. @returns {Promise<WebhookEndpoint>} */
      read: (endpoint, options) => call('GET', `/v1/webhook_endpoints/${part(endpoint)}`, { ...options }),
      /** Remove a webhook endpoint and its queue. Scope pay.webhooks. */
      remove: (endpoint, options) => call('DELETE', `/v1/webhook_endpoints/${part(endpoint)}`, { ...options }),
      /** Change a webhook endpoint's address or events, disable it, or enable it again. Scope pay.webhooks. Body: url?, status?, events?, contact_email?, payload?, api_version?. @returns {Promise<WebhookEndpoint>} */
      update: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}`, { body, ...options }),
      /** Give a webhook endpoint a new secret, shown once; the old one signs beside it for a while. Scope pay.webhooks. Body: expire_old_in?. @returns {Promise<WebhookEndpoint>} */
      rotateSecret: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/rotate_secret`, { body, ...options }),
      /** Send a webhook endpoint an event that says nothing, to try it. Scope pay.webhooks. @returns {Promise<{object: 'webhook_ping', event: string}>} */
      ping: (endpoint, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/ping`, { ...options }),
      /** Deliver one event or a range of them again. Scope pay.webhooks. Body: event?, from?, to?. @returns {Promise<{object: 'webhook_replay', queued: number, last_event: string, has_more: boolean}>} */
      replay: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/replay`, { body, ...options }),
    },
    deliveries: {
      /** What was delivered to a webhook endpoint, newest first. Scope pay.webhooks. Query: limit?, cursor?. @returns {Promise<{object: 'list', data: Array<WebhookDelivery>, has_more: boolean, next_cursor: string|null}>} */
      list: (endpoint, query, options) => call('GET', `/v1/webhook_endpoints/${part(endpoint)}/deliveries`, { query, ...options }),
    },
    events: {
      /** List events, newest first: of one type, or about one object. Scope pay.webhooks. Query: type?, about?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<Event>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/events`, { query, ...options }),
      /** Read an event. Scope pay.webhooks. @returns {Promise<Event>} */
      read: (event, options) => call('GET', `/v1/events/${part(event)}`, { ...options }),
    },
    apiVersion: {
      /** In which version the partner is answered, and which there are. Scope pay.webhooks. @returns {Promise<ApiVersion>} */
      read: (options) => call('GET', `/v1/api_version`, { ...options }),
      /** Have requests that name no version, and webhooks, answered in this one. Scope pay.webhooks. Body: version. @returns {Promise<ApiVersion>} */
      create: (body, options) => call('POST', `/v1/api_version`, { body, ...options }),
    },
    requestLog: {
      /** Search the requests of the last 30 days, newest first. Scope pay.webhooks. Query: status?, method?, path?, object?, idempotency_key?, error_code?, from?, to?, limit?, cursor?. @returns {Promise<{object: 'list', data: Array<LoggedRequest>, has_more: boolean, next_cursor: string|null}>} */
      list: (query, options) => call('GET', `/v1/request_log`, { query, ...options }),
      /** Read what became of a request, by its X-Request-Id. Scope pay.webhooks. @returns {Promise<LoggedRequest>} */
      read: (request, options) => call('GET', `/v1/request_log/${part(request)}`, { ...options }),
    },
  };
}

/** @typedef {{type: string, title: string, status: number, code: string, retryable: boolean, detail?: string, param?: string, request_id?: string, attempts_left?: number, payment?: string, decline_code?: string, advice?: string}} Problem */
/** @typedef {{party: 'platform'|'partner'|'seller'|'user', user?: string, rest?: boolean, bp?: number, fixed?: number, min?: number, cap?: number, on_refund?: 'pro_rata'|'full'|'none'}} SplitRule */
/** @typedef {Payment|PaymentAttempt|TransferCredit|TransferRepayment|Refund|Receipt|Hold|Dispute|BalanceRelief|Reserve|Settlement|BankBooking|Payout|PayoutList|PayoutFee|PayoutSchedule|Requisite|Invoice|Subscription|SavedCard|Store|StoreTariff|SplitProfile|User|Confirmation|LegalProfile|AgreementAcceptance|TestClock|WebhookEndpoint|EventObject} EventData */
/** @typedef {{id: string, object: string, erased?: boolean}} EventObject */
/** @typedef {'card'|'wallet'|'bank_transfer'} PaymentMethod */
/** @typedef {{party: 'platform'|'partner'|'seller'|'user', user?: string, amount: number}} Share */
/** @typedef {{flow: 'frictionless'|'challenge'|null, result: 'authenticated'|'attempted'|'exempted'|'unavailable'|'failed'|'rejected', liability_shift: boolean}} ThreeDSecure */
/** @typedef {{id: string, object: 'payment', livemode: boolean, status: 'requires_payment_method'|'processing'|'requires_action'|'requires_capture'|'succeeded'|'canceled'|'expired', amount: number, currency: string, capture_method: 'automatic'|'manual', amount_captured: number, amount_capturable: number, amount_refunded: number, amount_disputed: number, store: string, user: string|null, description: string, external_id: string|null, metadata?: Object<string, string>, method?: PaymentMethod|null, decline_code?: string, card?: {brand: string, last4: string}, three_d_secure?: ThreeDSecure, authorized_until?: string, cancellation_reason?: string, checkout: {session: string, url: string, embed_url: string}, split_profile?: string, split: Array<Share>, created_at: string, expires_at: string, version?: number, locale?: string|null, next_action?: {type: 'redirect', url: string}|{type: 'bank_transfer', iban: string, bic?: string, holder_name: string, reference: string, amount: number, currency: string, expires_at: string}, capture?: Capture}} Payment */
/** @typedef {{id: string, object: 'capture', status: 'pending'|'succeeded'|'failed', payment: string, amount: number, currency: string, final: boolean, decline_code?: string, split: Array<Share>, created_at: string}} Capture */
/** @typedef {{id: string, object: 'payment_attempt', status: string, payment: string, amount: number, currency: string}} PaymentAttempt */
/** @typedef {{id: string, object: 'refund', status: 'queued'|'pending'|'succeeded'|'failed'|'canceled', payment: string, amount: number, currency: string, reason: string|null, reason_code?: string, initiated_by?: 'partner'|'user'|'system', decline_code?: string, split: Array<Share>, created_at: string}} Refund */
/** @typedef {{id: string, object: 'receipt', kind: 'sale'|'refund', payment: string, capture?: string, refund: string|null, store: string, user: string|null, amount: number, currency: string, customer: {email?: string, phone?: string}|null, tax_system: string|null, items: Array<{name: string, quantity: string, price: number, amount: number, vat: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}>|null}} Receipt */
/** @typedef {{id: string, object: 'dispute_file', name: string, type: string, size: number, created_at: string}} DisputeFile */
/** @typedef {{id: string, object: 'dispute', phase: 'inquiry'|'chargeback', status: 'needs_response'|'under_review'|'won'|'lost'|'closed', payment: string, user: string|null, amount: number, currency: string, reason: string, amount_taken: number, fee: number, fee_bearer: string, funds: 'none'|'held'|'lost'|'returned', response: 'submitted'|'accepted'|null, evidence_due_at: string|null, evidence?: string|null, files?: Array<DisputeFile>, split: Array<Share>, created_at: string, closed_at: string|null}} Dispute */
/** @typedef {{id: string, object: 'invoice', status: 'open'|'paid'|'void'|'uncollectible', status_reason?: 'not_paid'|'payment_canceled'|'unsplittable'|'subscription_canceled'|'store_state'|'method_unavailable'|'forgiven', subscription: string, kind: string, period: number, period_start: string, period_end: string, currency: string, lines: Array<{type: string, price?: string, quantity: number, amount: number, from: string, to: string}>, total: number, balance_applied: number, amount_due: number, payment: string|null, attempts_declined: number, given_up_at?: string, next_attempt_at?: string, created_at: string, finished_at?: string, dispute?: 'open'|'won'|'lost'}} Invoice */
/** @typedef {{object: 'upcoming_invoice', subscription: string, at: string, ends: boolean, period?: number, period_start?: string, period_end?: string, price?: string, quantity?: number, currency: string, total: number, balance_applied: number, amount_due: number, refund?: number}} UpcomingInvoice */
/** @typedef {{id: string, object: 'balance_relief', kind: 'cover'|'write_off'|'recovery', user: string|null, amount: number, currency: string, borne_by: string, reason: string, created_at: string}} BalanceRelief */
/** @typedef {{id: string, object: 'reserve', user: string, amount: number, held: number, currency: string, reason: string, ends_at: string|null, created_at: string, released_at?: string}} Reserve */
/** @typedef {{opening: number, closing: number}} OpeningClosing */
/** @typedef {{number: number|null, object: 'partner_report', partner: string, name: string, month: string, currency: string, zone: string, from: string, to: string, closed: boolean, platform?: {name: string, address: string|null}, agreement: {number: string, signed_on: string, name: string, address: string|null}|null, figures: {sales: number, refunds: number, disputes: number, sellers_share: number, partner_share: number, platform_share: number, paid_out: number, payouts_returned: number}, balances: {partner: OpeningClosing, sellers: OpeningClosing, in_transit: OpeningClosing}, entries: Array<{kind: string, count: number, gross: number, sellers: number, partner: number, platform: number, in_transit: number}>}} PartnerReport */
/** @typedef {{id: string, object: 'confirmation', livemode: boolean, type: 'email_code', operation: 'user'|'requisite'|'store'|'store_connection'|'user_email'|'requisite_name', status: 'awaiting_code'|'confirmed'|'canceled'|'expired', label: string, user: string, subject: string, masked_address: string, summary: {name?: string, email?: string, old_email?: string, country?: string, account?: string, bic?: string, bik?: string, inn?: string, holder_name?: string, matched_name?: string, town?: string, store?: string, currency?: string, url?: string}, created_at: string, expires_at?: string, attempts_left?: number, resend_after?: string|null, confirmed_at: string|null, reason: string|null}} Confirmation */
/** @typedef {{id: string, object: 'email_change', user: string, email: string, status: 'awaiting_code', confirmations: Array<Confirmation>, created_at: string}} EmailChange */
/** @typedef {{object: 'legal_profile', user: string, version: number, kind: 'individual'|'sole_proprietor'|'company', name: string, tax_id: string|null, registration_number: string|null, address: {country?: string, town?: string, street?: string, building?: string, postcode?: string}, created_at: string}} LegalProfile */
/** @typedef {{object: 'agreement', version: string, url: string|null, content: string|null, sha256: string, valid_from: string, due_at: string}} Agreement */
/** @typedef {{id: string, object: 'agreement_acceptance', user: string, version: string, sha256: string, accepted_by: string, accepted_ip: string|null, user_agent: string|null, accepted_at: string}} AgreementAcceptance */
/** @typedef {{id: string, object: 'user', status?: 'pending'|'active'|'closed', closed_reason?: string|null, external_id: string|null, name: string, email: string|null, email_verified: boolean, country: string|null, locale?: string|null, payouts_frozen: boolean, payouts_from?: string|null, consent_withdrawn_at?: string|null, erased_at?: string|null, created_at: string, confirmation?: Confirmation}} User */
/** @typedef {{object: 'user_data', user: User, previous_email: string|null, legal_profiles: Array<LegalProfile>, agreement_acceptances: Array<AgreementAcceptance>, requisites: Array<Requisite>, stores: Array<Store>, balances: Array<{account: string, currency: string, amount: number, statement: string}>, payouts: Array<Payout>, payout_schedules: Array<PayoutSchedule>, confirmations: Array<Confirmation>, more: Array<string>}} UserData */
/** @typedef {{id: string, object: 'requisite', type: 'bank_account'|'card'|'wallet', user: string, version: number, status: 'pending_confirmation'|'active'|'cooling'|'disabled', usable_from: string|null, disabled_reason: string|null, destination: string, iban?: string, bic?: string|null, bik?: string, account?: string, correspondent?: string, inn?: string, kpp?: string, holder_name?: string, address?: {country?: string, town?: string, street?: string, building?: string, postcode?: string}, card?: {brand: string, last4: string, exp_month: number, exp_year: number}, wallet?: string, created_at: string, verification?: {status: 'unknown'|'match'|'close_match'|'no_match'|'not_possible', matched_name?: string, checked_at: string|null, accepted_at?: string}|null, confirmation?: Confirmation}} Requisite */
/** @typedef {{id: string, object: 'store', name: string, owner: 'user'|'partner', user: string|null, currency: string, url: string|null, external_id: string|null, status: 'pending_confirmation'|'draft'|'review'|'active'|'suspended'|'closed', status_reason: string|null, tariff: string, split_profile?: string, split?: {platform_bp: number, partner_bp: number}, domains: Array<string>, methods?: Array<PaymentMethod>|null, locale?: string|null, locales?: Array<string>|null, branding: StoreBranding, twin: string|null, moved_from?: string, moved_to?: string, confirmation?: Confirmation, created_at: string}} Store */
/** @typedef {{display_name: string|null, accent: string|null, support_email: string|null, support_url: string|null, statement_descriptor: string|null, logo_url: string|null}} StoreBranding */
/** @typedef {{id: string, object: 'store_tariff', store: string, status: 'planned'|'in_force'|'past'|'canceled', split_profile?: string, split?: {platform_bp: number, partner_bp: number}, valid_from: string, canceled_at?: string, created_at: string}} StoreTariff */
/** @typedef {{object: 'store_domain', store: string, host: string, status: 'pending'|'verified', verification: {url: string, content: string}, failure: string|null, verified_at?: string, created_at: string}} StoreDomain */
/** @typedef {{id: string, object: 'store_connection', store: string, user: string, status: 'awaiting_code'|'confirmed'|'canceled'|'expired', new_store: string|null, confirmation?: Confirmation, created_at: string}} StoreConnection */
/** @typedef {{id: string, object: 'payout_list', status: 'awaiting_code'|'confirmed'|'canceled'|'expired', label: string, user: string, count: number, totals: Array<{currency: string, amount: number}>, created_at: string, expires_at?: string, attempts_left?: number, confirmed_at: string|null, reason: string|null, payouts?: Array<Payout>}} PayoutList */
/** @typedef {{id: string, object: 'payout', livemode: boolean, status: 'awaiting_code'|'awaiting_approval'|'confirmed'|'sent'|'unknown'|'paid'|'returned'|'rejected'|'failed'|'canceled'|'expired', label: string, amount: number, fee?: number, currency: string, user: string, requisite: string, rail: 'bank'|'card'|'wallet', list: string|null, schedule: string|null, destination: string, created_at: string, expires_at?: string, attempts_left?: number, confirmed_at: string|null, sent_at: string|null, paid_at: string|null, returned_at: string|null, waits_for: 'review'|'account_check'|null, waiting_since: string|null, reason: string|null}} Payout */
/** @typedef {{object: 'payout_fee', payout: string, fee: number, currency: string, status: 'charged'|'returned'}} PayoutFee */
/** @typedef {{id: string, object: 'payout_schedule', status: 'awaiting_code'|'active'|'paused'|'ended', reason: string|null, label: string, user: string, requisite: string, destination: string, currency: string, every: 'day'|'week'|'month', day: number|null, at: string, zone: string, banking_days: boolean, minimum: number, created_at: string, expires_at?: string, attempts_left?: number, next_at: string|null, runs?: Array<{due_at: string, outcome: string, payout: string|null, amount: number, created_at: string}>}} PayoutSchedule */
/** @typedef {{id: string, object: 'saved_card', status: string, store: string, buyer: string, payment: string, brand?: string, last4?: string, exp_month: number, exp_year: number, mandate: {id: string, version: string, accepted_at: string}, withdrawn_at?: string, withdrawn_by?: string}} SavedCard */
/** @typedef {{object: 'billing_link', store: string, buyer: string, url: string, expires_at: string}} BillingLink */
/** @typedef {{object: 'billing_defaults', on_dispute: 'continue'|'pause'|'cancel'}} BillingDefaults */
/** @typedef {{object: 'billing_settings', store: string, mails_receipts: boolean, on_dispute: 'continue'|'pause'|'cancel'}} BillingSettings */
/** @typedef {{id: string, object: 'price_migration', price: string, to: string, effective_at: string, without_consent: 'keep_old'|'end', created_at: string}} PriceMigration */
/** @typedef {{id: string, object: 'settlement', kind: string, amount: number, currency: string, created_at: string}} Settlement */
/** @typedef {{id: string, object: 'bank_booking', account: 'partner'|'own_sales'|'platform'|'suspense', amount: number, currency: string, created_at: string}} BankBooking */
/** @typedef {{id: string, object: 'split_profile', name: string|null, currency: string|null, rules: Array<SplitRule>, created_at: string, archived_at?: string}} SplitProfile */
/** @typedef {{id: string, object: 'price', store: string, name: string, amount: number, currency: string, interval: 'day'|'week'|'month'|'year', interval_count: number, notice_days?: number, notice_above?: number, receipt?: {vat: string, tax_system?: string, subject?: string, mode?: string, measure?: string, supplier?: {name: string, inn: string, phone?: string}}, archived: boolean, created_at: string}} Price */
/** @typedef {{id: string, object: 'subscription', status: 'trialing'|'active'|'past_due'|'paused'|'unpaid'|'canceled', status_reason?: 'not_paid'|'payment_canceled'|'unsplittable'|'store_state'|'method_unavailable'|'disputed', store: string, price: string, quantity: number, saved_card: string, buyer: string, external_id: string|null, zone: string, period: number, period_start: string, period_end: string, periods?: number, ends_at?: string, balance: number, cancel_at_period_end: boolean, cancel_at?: string, cancel_unused?: 'none'|'refund', when_unpaid: 'keep'|'cancel', on_dispute: 'continue'|'pause'|'cancel', price_change?: {price: string, amount: number, effective_at: string, agreed: boolean, without_consent: 'keep_old'|'end'}, created_at: string, canceled_at?: string}} Subscription */
/** @typedef {{object: 'test_clock', partner: string, livemode: boolean, status: 'ready'|'advancing', now: string, advancing_to: string|null}} TestClock */
/** @typedef {{type: string, timestamp: string, sequence?: number, data: EventData}} WebhookMessage */
/** @typedef {{id: string, object: 'webhook_endpoint', url: string, events: Array<string>, status: 'enabled'|'disabled', disabled_reason: string|null, store: string|null, contact_email: string|null, payload: 'full'|'thin', api_version: string|null, secret?: string, previous_secret_expires_at?: string, created_at: string}} WebhookEndpoint */
/** @typedef {{currency: string, amount: number}} Money */
/** @typedef {{object: 'balance', livemode: boolean, user?: string, available: Array<{currency: string, amount: number, negative_since?: string}>, pending: Array<Money>, held_back: Array<Money>, in_transit: Array<Money>}} Balance */
/** @typedef {{object: 'ledger_entry', entry: number, kind: string, reference: string, amount: number, currency: string, created_at: string, available_on?: string|null, held?: number}} LedgerEntry */
/** @typedef {{id: string, object: 'event', livemode: boolean, type: string, timestamp: string, sequence?: number, data: EventData}} Event */
/** @typedef {{object: 'hold', payment: string, status: 'unpaid'|'held'|'ended', until: 'delivered', ends_after: string, at_end: 'release'|'return', amount: number, amount_returned: number, amount_released: number, amount_held: number, currency: string, ends_at: string|null, ended_at?: string, ended_by?: 'release'|'end'|'return'}} Hold */
/** @typedef {{object: 'holdback', payment?: string, part: 'delay'|'reserve'|'deal'|'fixed', amount: number, held: number, currency: string, available_on: string|null}} Holdback */
/** @typedef {{entry: number, kind: string, reference: string, payment: string|null, external_id: string|null, description: string|null, gross: number|null, fee: number|null, net: number|null, platform: number|null, partner: number|null, other_sellers: number|null, amount: number, balance: number, created_at: string}} PayoutStatementLine */
/** @typedef {{object: 'payout_statement', payout: string, status: string, user: string, currency: string, previous_payout: string|null, held_at: string, opening: number, amount: number, closing: number|null, data: Array<PayoutStatementLine>, has_more: boolean, next_cursor: string|null}} PayoutStatement */
/** @typedef {{object: 'subscription_preview', at: string, unused: number, rest: number, amount_due: number, balance: number}} SubscriptionPreview */
/** @typedef {{object: 'api_version', version: string, newest: string, versions: Array<string>}} ApiVersion */
/** @typedef {{id: string, object: 'test_mail', livemode: boolean, kind: string, recipient: string, subject: string|null, text: string|null, code: string|null, unreadable: string|null, created_at: string}} TestMail */
/** @typedef {{id: string, object: 'request', created_at: string, client: string, method: string, path: string, route: string, status: number, duration_us: number, api_version: string|null, idempotency_key: string|null, about: string|null, parent: string|null, error_code: string|null, problem: Problem|null}} LoggedRequest */
/** @typedef {{id: string, object: 'transfer_credit', payment: string, amount: number, currency: string, payer_name: string|null, payer_iban: string|null, amount_applied?: number, late?: boolean, reversed?: boolean, created_at: string}} TransferCredit */
/** @typedef {{id: string, object: 'transfer_repayment', payment: string, credit: string, refund: string|null, reason: 'refund'|'surplus'|'incomplete'|'late'|'resent', amount: number, currency: string, iban: string|null, holder_name: string, status: 'confirmed'|'sent'|'unknown'|'paid'|'rejected'|'returned'|'canceled'|'offset', bank_reason: string|null, created_at: string}} TransferRepayment */
/** @typedef {{id: string, object: 'transfer', livemode: boolean, payment: string, status: 'waiting'|'paid'|'closed', amount: number, amount_received: number, currency: string, reference: string, iban: string, bic?: string, holder_name: string, expires_at: string, waits_until: string, credits: Array<TransferCredit>, repayments: Array<TransferRepayment>, created_at: string}} Transfer */
/** @typedef {{object: 'webhook_delivery', event: string, type: string, status: 'pending'|'delivered'|'failed', attempts: number, response_status: number|null, failure: string|null, next_attempt_at?: string, created_at: string, finished_at?: string}} WebhookDelivery */
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
 *   'payout_list.confirmed': PayoutList,
 *   'payout_list.canceled': PayoutList,
 *   'payout_schedule.confirmation_required': PayoutSchedule,
 *   'payout_schedule.confirmed': PayoutSchedule,
 *   'payout_schedule.paused': PayoutSchedule,
 *   'payout_schedule.active': PayoutSchedule,
 *   'payout_schedule.ended': PayoutSchedule,
 *   'requisite.created': Requisite,
 *   'requisite.activated': Requisite,
 *   'requisite.disabled': Requisite,
 *   'requisite.verified': Requisite,
 *   'confirmation.required': Confirmation,
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
