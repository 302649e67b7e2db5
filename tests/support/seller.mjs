/*
 * A seller of one's own for tests that move money: a user of the demo's partner with a store, a bank account and a mail address,
 * funded by real payments through the sandbox acquirer.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { outcomeOf } from './outcome.mjs';
import { partnerToken, pay } from './people.mjs';

export const SCOPES = 'pay.users pay.stores pay.payments pay.payouts pay.balance pay.webhooks';
export const IBAN = 'DE89370400440532013000';

async function made(env, token, path, body) {
  const { status, body: answer } = await pay(env, token, 'POST', path, body);
  assert.equal(status, 201, JSON.stringify(answer));
  return answer;
}

/* An account in Russia, whose numbers fit. */
export const RUSSIAN = { bik: '044525225', account: '40702810438000060473', correspondent: '30101810400000000225', inn: '7707083893' };

/* account: in place of the one by IBAN, as RUSSIAN with currency RUB */
export async function newSeller(env, { holder = 'Åsa Müller & Söhne', token: given, currency = 'EUR', account } = {}) {
  const token = given ?? await partnerToken(env, SCOPES);
  const name = `seller-${randomUUID()}`;
  const email = `${name}@example.com`;
  const user = await made(env, token, '/v1/users', { name, external_id: name, email });
  const store = await made(env, token, '/v1/stores', { name, user: user.id, currency });
  const requisite = await made(env, token, `/v1/users/${user.id}/requisites`, {
    type: 'bank_account', holder_name: holder, ...account ?? { iban: IBAN }, address: { country: 'DE', town: 'Köln', street: 'Domkloster', building: '4', postcode: '50667' },
  });
  const call = (method, path, body, options) => pay(env, token, method, path, body, options);
  return {
    token, email, user, store, requisite, call,
    /* Sells an article; resolves to what the seller got of it, in minor units. */
    async sell(amount) {
      const payment = await made(env, token, '/v1/payments', { store: store.id, amount, currency, description: 'An article' });
      const { status, body } = await outcomeOf((options) => call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' }, options));
      assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
      return payment.split.find((part) => part.party === 'seller').amount;
    },
    async available() {
      const { body } = await call('GET', `/v1/balance?user=${user.id}`);
      return body.available.find((one) => one.currency === currency)?.amount ?? 0;
    },
    request: (amount, options) => call('POST', '/v1/payouts', { amount, currency, requisite: requisite.id, user: user.id }, options),
    confirm: (payout, code, options) => call('POST', `/v1/payouts/${payout}/confirm`, { code }, options),
  };
}

export const codeIn = (mail) => /\b(\d{4} \d{4})\b/.exec(mail.text)[1];
/* The mail of one request, by its label: four digits alone would also match an amount, an account or another code. */
export const ofRequest = (label) => new RegExp(`(?:request|:) ${label}\\b`);
/* Another code than the right one. */
export const wrongCode = (code) => String((Number(code.replace(' ', '')) + 1) % 1e8).padStart(8, '0');
