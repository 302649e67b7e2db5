/* The payment API as functions, written by generate.mjs from its OpenAPI document: not to be edited. */
import { caller } from './call.mjs';
export { PayError, items } from './call.mjs';

const part = encodeURIComponent;

/* connect: what caller() takes. Each function's options are { key, signal }: an idempotency key, and what ends it early. */
export function payClient(connect) {
  const call = caller(connect);
  return {
    payments: {
      /* Create a payment for a store. Scope pay.payments. Body: store, amount, currency, description, external_id?, return_url?, origins?, metadata?, capture_method?, split_profile?, save_card?, split?. */
      create: (body, options) => call('POST', `/v1/payments`, { body, ...options }),
      /* List payments, newest first. Scope pay.payments. Query: store?, status?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/payments`, { query, ...options }),
      /* Read a payment. Scope pay.payments. */
      read: (payment, options) => call('GET', `/v1/payments/${part(payment)}`, { ...options }),
      /* Confirm a payment with a card token, or with a saved card while the buyer is not there. Scope pay.payments. Body: payment_token, return_url?, replace_attempt?. */
      confirm: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/confirm`, { body, ...options }),
      /* Cancel a payment, or what is left of its authorisation. Scope pay.payments. */
      cancel: (payment, options) => call('POST', `/v1/payments/${part(payment)}/cancel`, { ...options }),
      /* Capture an authorised payment, wholly or in part. Scope pay.payments. Body: amount?, final?, split_profile?, split?. */
      capture: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/capture`, { body, ...options }),
      /* In which payouts the shares of a payment went out. Scope pay.payments. */
      payouts: (payment, options) => call('GET', `/v1/payments/${part(payment)}/payouts`, { ...options }),
    },
    testClock: {
      /* How a sandbox partner's clock stands. Scope pay.payments. */
      read: (options) => call('GET', `/v1/test_clock`, { ...options }),
      /* Set a sandbox partner's clock forward; all that is due on the way happens in its order. Scope pay.payments. Body: to?, by?. */
      advance: (body, options) => call('POST', `/v1/test_clock/advance`, { body, ...options }),
    },
    testMails: {
      /* List what a sandbox partner's users were mailed, newest first. Scope pay.payouts. Query: recipient?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/test_mails`, { query, ...options }),
    },
    captures: {
      /* List the captures of a payment. Scope pay.payments. */
      list: (payment, options) => call('GET', `/v1/payments/${part(payment)}/captures`, { ...options }),
    },
    refunds: {
      /* Refund a payment, wholly or in part. Scope pay.payments. Body: amount?, reason?. */
      create: (payment, body, options) => call('POST', `/v1/payments/${part(payment)}/refunds`, { body, ...options }),
      /* List the refunds of a payment. Scope pay.payments. */
      list: (payment, options) => call('GET', `/v1/payments/${part(payment)}/refunds`, { ...options }),
    },
    disputes: {
      /* List disputes, newest first. Scope pay.payments. Query: payment?, status?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/disputes`, { query, ...options }),
      /* Read a dispute with its evidence. Scope pay.payments. */
      read: (dispute, options) => call('GET', `/v1/disputes/${part(dispute)}`, { ...options }),
      /* Write the text of the evidence; it can be replaced until it is submitted. Scope pay.payments. Body: text. */
      evidence: (dispute, body, options) => call('POST', `/v1/disputes/${part(dispute)}/evidence`, { body, ...options }),
      /* Submit the evidence to the acquirer, once. Scope pay.payments. */
      submit: (dispute, options) => call('POST', `/v1/disputes/${part(dispute)}/submit`, { ...options }),
      /* Accept a chargeback: it is lost, and nothing more is asked. Scope pay.payments. */
      accept: (dispute, options) => call('POST', `/v1/disputes/${part(dispute)}/accept`, { ...options }),
    },
    files: {
      /* Add a file to the evidence: PDF, PNG, JPEG or text, at most 1 MiB, by its Content-Type. Scope pay.payments. Body: a Blob with its type. */
      create: (dispute, body, options) => call('POST', `/v1/disputes/${part(dispute)}/files`, { body, ...options }),
      /* Take a file back out of evidence that was not submitted. Scope pay.payments. */
      remove: (dispute, file, options) => call('DELETE', `/v1/disputes/${part(dispute)}/files/${part(file)}`, { ...options }),
    },
    users: {
      /* Create a user; with a user's token, the payment account of that user. Scope pay.users. Body: external_id?, name, email?, country?. */
      create: (body, options) => call('POST', `/v1/users`, { body, ...options }),
      /* List the partner's users. Scope pay.users. Query: limit?, cursor?, external_id?. */
      list: (query, options) => call('GET', `/v1/users`, { query, ...options }),
      /* Read a user; `me` with a user's token. Scope pay.users. */
      read: (user, options) => call('GET', `/v1/users/${part(user)}`, { ...options }),
    },
    requisites: {
      /* Add a bank account of a user. Scope pay.users. Body: type, iban, bic?, holder_name, address. */
      create: (user, body, options) => call('POST', `/v1/users/${part(user)}/requisites`, { body, ...options }),
      /* List a user's bank accounts, newest first. Scope pay.users. Query: limit?, cursor?. */
      list: (user, query, options) => call('GET', `/v1/users/${part(user)}/requisites`, { query, ...options }),
      /* End a bank account; payouts that are not sent yet fail, with their money available again. Scope pay.users. */
      disable: (user, requisite, options) => call('POST', `/v1/users/${part(user)}/requisites/${part(requisite)}/disable`, { ...options }),
    },
    stores: {
      /* Open a store. Scope pay.stores. Body: name, user?, currency, url?, external_id?, split?, split_profile?. */
      create: (body, options) => call('POST', `/v1/stores`, { body, ...options }),
      /* List stores, newest first. Scope pay.stores. Query: limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/stores`, { query, ...options }),
      /* Read a store. Scope pay.stores. */
      read: (store, options) => call('GET', `/v1/stores/${part(store)}`, { ...options }),
      /* Split a store's new payments by another profile. Scope pay.stores. Body: split_profile?. */
      splitProfile: (store, body, options) => call('POST', `/v1/stores/${part(store)}/split_profile`, { body, ...options }),
    },
    splitProfiles: {
      /* Store rules that payments are split by. Scope pay.stores. Body: name, currency?, rules. */
      create: (body, options) => call('POST', `/v1/split_profiles`, { body, ...options }),
      /* List split profiles, newest first. Scope pay.stores. Query: limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/split_profiles`, { query, ...options }),
      /* Read a split profile. Scope pay.stores. */
      read: (splitProfile, options) => call('GET', `/v1/split_profiles/${part(splitProfile)}`, { ...options }),
      /* Put a split profile away: no new payment uses it. Scope pay.stores. */
      archive: (splitProfile, options) => call('POST', `/v1/split_profiles/${part(splitProfile)}/archive`, { ...options }),
    },
    payouts: {
      /* Request a payout; a code is mailed to the owner. Scope pay.payouts. Body: amount, currency, requisite, user?. */
      create: (body, options) => call('POST', `/v1/payouts`, { body, ...options }),
      /* List payouts, newest first. Scope pay.payouts. Query: limit?, cursor?, status?. */
      list: (query, options) => call('GET', `/v1/payouts`, { query, ...options }),
      /* Confirm a payout with the mailed code. Scope pay.payouts. Body: code. */
      confirm: (payout, body, options) => call('POST', `/v1/payouts/${part(payout)}/confirm`, { body, ...options }),
      /* Mail a new code, which keeps the number of guesses. Scope pay.payouts. */
      resend: (payout, options) => call('POST', `/v1/payouts/${part(payout)}/resend`, { ...options }),
      /* Cancel a payout that was not sent yet. Scope pay.payouts. */
      cancel: (payout, options) => call('POST', `/v1/payouts/${part(payout)}/cancel`, { ...options }),
      /* Read a payout. Scope pay.payouts. */
      read: (payout, options) => call('GET', `/v1/payouts/${part(payout)}`, { ...options }),
      /* What is in a payout: each payment, refund and fee since the one before; format=csv for a sheet. Scope pay.payouts. Query: limit?, cursor?, format?. */
      statement: (payout, query, options) => call('GET', `/v1/payouts/${part(payout)}/statement`, { query, ...options }),
    },
    prices: {
      /* Make a price of a store. Scope pay.payments. Body: store, name, amount, currency, interval, interval_count?. */
      create: (body, options) => call('POST', `/v1/prices`, { body, ...options }),
      /* List prices, newest first. Scope pay.payments. Query: store?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/prices`, { query, ...options }),
      /* Take no new subscriptions at a price. Scope pay.payments. */
      archive: (price, options) => call('POST', `/v1/prices/${part(price)}/archive`, { ...options }),
    },
    subscriptions: {
      /* Subscribe a buyer, on a card that the store keeps. Scope pay.payments. Body: price, saved_card, payment?, external_id?, zone?, starts_at?, ends_at?, when_unpaid?, quantity?, periods?. */
      create: (body, options) => call('POST', `/v1/subscriptions`, { body, ...options }),
      /* List subscriptions, newest first. Scope pay.payments. Query: store?, buyer?, status?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/subscriptions`, { query, ...options }),
      /* Read a subscription. Scope pay.payments. */
      read: (subscription, options) => call('GET', `/v1/subscriptions/${part(subscription)}`, { ...options }),
      /* Another price or quantity from now on, or what it would cost. Scope pay.payments. Body: price?, quantity?, at?, preview?. */
      change: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/change`, { body, ...options }),
      /* Charge another saved card; what is open is tried at once. Scope pay.payments. Body: saved_card. */
      card: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/card`, { body, ...options }),
      /* End a subscription, now or with its period. Scope pay.payments. Body: at_period_end?. */
      cancel: (subscription, body, options) => call('POST', `/v1/subscriptions/${part(subscription)}/cancel`, { body, ...options }),
      /* Begin no further period until it is resumed. Scope pay.payments. */
      pause: (subscription, options) => call('POST', `/v1/subscriptions/${part(subscription)}/pause`, { ...options }),
      /* Go on with a paused subscription. Scope pay.payments. */
      resume: (subscription, options) => call('POST', `/v1/subscriptions/${part(subscription)}/resume`, { ...options }),
    },
    invoices: {
      /* List the invoices of a subscription, newest first. Scope pay.payments. Query: limit?, cursor?. */
      list: (subscription, query, options) => call('GET', `/v1/subscriptions/${part(subscription)}/invoices`, { query, ...options }),
    },
    savedCards: {
      /* List the saved cards that may be charged, newest first. Scope pay.payments. Query: store?, buyer?, payment?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/saved_cards`, { query, ...options }),
      /* Read a saved card. Scope pay.payments. */
      read: (card, options) => call('GET', `/v1/saved_cards/${part(card)}`, { ...options }),
      /* End a saved card: it cannot be charged any more. Scope pay.payments. */
      remove: (card, options) => call('DELETE', `/v1/saved_cards/${part(card)}`, { ...options }),
    },
    reports: {
      /* The partner's report of a month under the cooperation agreement: json or csv. Scope pay.balance. Query: currency?, format?. */
      read: (month, query, options) => call('GET', `/v1/reports/${part(month)}`, { query, ...options }),
      /* The partner's months that are closed. Scope pay.balance. */
      list: (options) => call('GET', `/v1/reports`, { ...options }),
    },
    statement: {
      /* Statement of a user's or the partner's account: csv, jsonl or camt053, from a day to a day. Scope pay.balance. Query: account?, user?, currency?, from?, to?, zone?, format?. */
      read: (query, options) => call('GET', `/v1/statement`, { query, ...options }),
    },
    payoutLists: {
      /* Request several payouts at once; one code is mailed to the owner. Scope pay.payouts. Body: user?, payouts. */
      create: (body, options) => call('POST', `/v1/payout_lists`, { body, ...options }),
      /* Confirm all payouts of a list with the mailed code. Scope pay.payouts. Body: code. */
      confirm: (list, body, options) => call('POST', `/v1/payout_lists/${part(list)}/confirm`, { body, ...options }),
      /* Mail a new code, which keeps the number of guesses. Scope pay.payouts. */
      resend: (list, options) => call('POST', `/v1/payout_lists/${part(list)}/resend`, { ...options }),
      /* Cancel a list that was not confirmed yet. Scope pay.payouts. */
      cancel: (list, options) => call('POST', `/v1/payout_lists/${part(list)}/cancel`, { ...options }),
      /* Read a list of payouts. Scope pay.payouts. */
      read: (list, options) => call('GET', `/v1/payout_lists/${part(list)}`, { ...options }),
    },
    payoutSchedules: {
      /* Ask for payouts by schedule; a code is mailed. Scope pay.payouts. Body: user?, requisite, currency, every, day?, at, zone, any_day?, minimum?. */
      create: (body, options) => call('POST', `/v1/payout_schedules`, { body, ...options }),
      /* List the schedules of a user, newest first. Scope pay.payouts. Query: user?. */
      list: (query, options) => call('GET', `/v1/payout_schedules`, { query, ...options }),
      /* Put a schedule in force with the mailed code. Scope pay.payouts. Body: code. */
      confirm: (schedule, body, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/confirm`, { body, ...options }),
      /* Pause a schedule. Scope pay.payouts. */
      pause: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/pause`, { ...options }),
      /* Go on with a schedule that is paused. Scope pay.payouts. */
      resume: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/resume`, { ...options }),
      /* End a schedule. Scope pay.payouts. */
      end: (schedule, options) => call('POST', `/v1/payout_schedules/${part(schedule)}/end`, { ...options }),
      /* Read a schedule, with its last times. Scope pay.payouts. */
      read: (schedule, options) => call('GET', `/v1/payout_schedules/${part(schedule)}`, { ...options }),
    },
    balance: {
      /* What a user or the partner has: available, pending, held back, in transit. Scope pay.balance. Query: user?, party?. */
      read: (query, options) => call('GET', `/v1/balance`, { query, ...options }),
    },
    holdbacks: {
      /* List what is held back of a user, the next to be available first. Scope pay.balance. Query: limit?, cursor?, user?. */
      list: (query, options) => call('GET', `/v1/holdbacks`, { query, ...options }),
    },
    ledger: {
      /* Ledger entries of a user's or the partner's account, newest first. Scope pay.balance. Query: limit?, cursor?, account?, user?. */
      read: (query, options) => call('GET', `/v1/ledger`, { query, ...options }),
    },
    webhookEndpoints: {
      /* Add a webhook endpoint; the secret is shown once. Scope pay.webhooks. Body: url, events?. */
      create: (body, options) => call('POST', `/v1/webhook_endpoints`, { body, ...options }),
      /* List the webhook endpoints. Scope pay.webhooks. */
      list: (options) => call('GET', `/v1/webhook_endpoints`, { ...options }),
      /* Read a webhook endpoint. Scope pay.webhooks. */
      read: (endpoint, options) => call('GET', `/v1/webhook_endpoints/${part(endpoint)}`, { ...options }),
      /* Remove a webhook endpoint and its queue. Scope pay.webhooks. */
      remove: (endpoint, options) => call('DELETE', `/v1/webhook_endpoints/${part(endpoint)}`, { ...options }),
      /* Change a webhook endpoint's address or events, disable it, or enable it again. Scope pay.webhooks. Body: url?, status?, events?. */
      update: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}`, { body, ...options }),
      /* Give a webhook endpoint a new secret, shown once; the old one signs beside it for a while. Scope pay.webhooks. Body: expire_old_in?. */
      rotateSecret: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/rotate_secret`, { body, ...options }),
      /* Send a webhook endpoint an event that says nothing, to try it. Scope pay.webhooks. */
      ping: (endpoint, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/ping`, { ...options }),
      /* Deliver one event or a range of them again. Scope pay.webhooks. Body: event?, from?, to?. */
      replay: (endpoint, body, options) => call('POST', `/v1/webhook_endpoints/${part(endpoint)}/replay`, { body, ...options }),
    },
    deliveries: {
      /* What was delivered to a webhook endpoint, newest first. Scope pay.webhooks. Query: limit?, cursor?. */
      list: (endpoint, query, options) => call('GET', `/v1/webhook_endpoints/${part(endpoint)}/deliveries`, { query, ...options }),
    },
    events: {
      /* List events, newest first: of one type, or about one object. Scope pay.webhooks. Query: type?, about?, limit?, cursor?. */
      list: (query, options) => call('GET', `/v1/events`, { query, ...options }),
      /* Read an event. Scope pay.webhooks. */
      read: (event, options) => call('GET', `/v1/events/${part(event)}`, { ...options }),
    },
  };
}
