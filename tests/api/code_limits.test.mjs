/*
 * How many codes are mailed in an hour (MONEY 6.B16; docs/protocol/pay/confirmations.md): to a user, and to an address, whoever has it. The
 * first codes are asked for, the others are put beside them: hundreds of requests would tell no more.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { IBAN } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const BANK = { type: 'bank_account', iban: IBAN, holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin' } };

let s;
const partners = [];

before(async () => {
  s = await sharedStack();
  for (const confirmations of ['none', 'user', 'user', 'user', 'requisite']) partners.push(await newPartner(s, '--confirmations', confirmations));
});

after(async () => {
  for (const partner of partners) await partner.remove();
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const address = () => `${randomUUID()}@example.com`;

async function made({ token }, path, body, status = 201) {
  const answer = await pay(s.env, token, 'POST', path, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
}

/* A seller with an account, who can agree to a schedule without any money. */
async function seller(partner, email) {
  const user = await made(partner, '/v1/users', { name: 'Ada Lovelace', email });
  const requisite = await made(partner, `/v1/users/${user.id}/requisites`, BANK);
  return { user: user.id, requisite: requisite.id, call: (path, body) => pay(s.env, partner.token, 'POST', path, body) };
}

const schedule = (of) => of.call('/v1/payout_schedules', { user: of.user, requisite: of.requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' });

async function asked(answer, status) {
  const { status: got, body, headers } = await answer;
  assert.equal(got, status, JSON.stringify(body));
  if (status === 429) assert.deepEqual([body.code, headers.get('retry-after')], ['too_many_requests', '600']);
  return body;
}

/* So many more codes of this operation's, mailed to its address or to another. */
async function mailedAgain(subject, n, to = null) {
  const series = randomUUID().slice(0, 8);
  await s.psql(`insert into pay.mail (mail_id, kind, recipient, content, due_at, created_at, sent_at, clock)
    select '${series}_' || i, m.kind, coalesce(${to ? `'${to}'` : 'null'}, m.recipient), null, m.due_at, m.created_at, now(), m.clock
      from pay.mail m join pay.payout_code c using (mail_id) cross join generate_series(1, ${n}) i where c.subject = '${subject}' and c.is_live`);
  await s.psql(`insert into pay.payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, is_live, mail_id)
    select c.subject, c.code_key, c.mac, c.bind_hash, 0, 5, 0, c.created_at, c.expires_at, false, '${series}_' || i
      from pay.payout_code c cross join generate_series(1, ${n}) i where c.subject = '${subject}' and c.is_live`);
}

const hourPasses = async (subject) => {
  await s.psql(`update pay.mail set created_at = created_at - interval '1 hour' where mail_id in (select mail_id from pay.payout_code where subject = '${subject}')`);
  await s.psql(`update pay.payout_code set created_at = created_at - interval '1 hour' where subject = '${subject}'`);
};

test('users with one address are mailed no more codes of a partner than one user is', async () => {
  const email = address(), [partner] = partners;
  const one = await seller(partner, email), two = await seller(partner, email), shouted = await seller(partner, email.toUpperCase()), far = await seller(partner, address());
  const { id: subject } = await asked(schedule(one), 201);
  await mailedAgain(subject, 98);
  await asked(schedule(two), 201); // the hundredth
  await asked(schedule(two), 429);
  await asked(schedule(shouted), 429); // one mailbox, however it is written
  await asked(schedule(far), 201);
  const store = await made(partner, '/v1/stores', { name: 'Shop', user: two.user, currency: 'EUR' });
  const { id: payment } = await made(partner, '/v1/payments', { store: store.id, amount: 1000, currency: 'EUR', description: 'An article' });
  await made(partner, `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' }, 200);
  const payout = { amount: 10, currency: 'EUR', requisite: two.requisite };
  await asked(two.call('/v1/payouts', { ...payout, user: two.user }), 429);
  await asked(two.call('/v1/payout_lists', { user: two.user, payouts: [payout] }), 429);
  await hourPasses(subject);
  const { id } = await asked(two.call('/v1/payouts', { ...payout, user: two.user }), 201);
  await mailedAgain(id, 99);
  await s.psql(`update pay.payout_code set created_at = created_at - interval '31 seconds' where subject = '${id}'`);
  await asked(two.call(`/v1/payouts/${id}/resend`), 429);
});

test('a user is mailed a hundred, wherever they went', async () => {
  const [partner, , , , careful] = partners;
  const one = await seller(partner, address());
  const { id } = await asked(schedule(one), 201);
  await mailedAgain(id, 98, address());
  await asked(schedule(one), 201);
  await asked(schedule(one), 429);
  const { id: user } = await made(careful, '/v1/users', { name: 'Ada Lovelace', email: address() });
  const { confirmation } = await made(careful, `/v1/users/${user}/requisites`, BANK, 202);
  await mailedAgain(confirmation.id, 99, address());
  await asked(pay(s.env, careful.token, 'POST', `/v1/users/${user}/requisites`, BANK), 429);
});

test('confirmations are mailed to an address twenty times by one partner and sixty times by all, payouts go on until all were three hundred', async () => {
  const email = address(), [plain, ...others] = partners;
  const wish = (partner) => pay(s.env, partner.token, 'POST', '/v1/users', { name: 'Ada Lovelace', email });
  const mine = await seller(plain, email), careful = await made(others[3], '/v1/users', { name: 'Ada Lovelace', email });
  const subjects = [];
  for (const partner of others.slice(0, 3)) {
    const { confirmation } = await asked(wish(partner), 202);
    await mailedAgain(confirmation.id, 18);
    await asked(wish(partner), 202);
    await asked(wish(partner), 429);
    subjects.push(confirmation.id);
  }
  const account = () => pay(s.env, others[3].token, 'POST', `/v1/users/${careful.id}/requisites`, BANK);
  await asked(account(), 429);
  await asked(schedule(mine), 201);
  await s.psql(`update pay.mail set kind = 'payout_code' where mail_id in (select mail_id from pay.payout_code where subject = '${subjects[0]}')`);
  await asked(account(), 202);
  await mailedAgain(subjects[0], 300 - 62 - 1);
  await asked(schedule(mine), 201);
  await asked(schedule(mine), 429);
});
