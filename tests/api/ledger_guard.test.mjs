/* What the schemas refuse by themselves, whoever asks: the ledger and the audit log are append-only, entries balance and fit their accounts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { partnerToken, pay } from '../support/people.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, entry, payment;

before(async () => {
  s = await sharedStack({ profile: 'demo' });
  const token = await partnerToken(s.env);
  const { body } = await pay(s.env, token, 'POST', '/v1/payments', { store: s.env.demo.store_id, amount: 1000, currency: 'EUR', description: 'An article' });
  payment = body.id;
  await pay(s.env, token, 'POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' });
  [entry] = await s.psql(`select e.entry_id, min(p.account_id) as account_id, e.partner_id from pay.entry e join pay.posting p using (entry_id)
    where e.ref = '${payment}' group by 1, 3`);
});

after(() => s?.stop());

const refuses = (sql, why) => assert.rejects(s.psql(sql), why, sql);
const newEntry = (ref, partner = `'${entry.partner_id}'`) =>
  `insert into pay.entry (partner_id, kind, ref, created_at) values (${partner}, 'charge', '${ref}', now()) returning entry_id`;
const lines = (from, values) => `set search_path = pay; with e as (${from}) insert into pay.posting (entry_id, line, account_id, currency, amount)
  select e.entry_id, v.line, v.account_id, v.currency, v.amount from e, (values ${values}) as v (line, account_id, currency, amount)`;

describe('the ledger', () => {
  for (const [table, column] of [['entry', 'ref'], ['posting', 'amount']]) {
    test(`takes no update, delete or truncate of ${table}`, async () => {
      await refuses(`update pay.${table} set ${column} = ${column} where entry_id = ${entry.entry_id}`, /append-only/);
      await refuses(`delete from pay.${table} where entry_id = ${entry.entry_id}`, /append-only/);
      await refuses(`truncate pay.${table} cascade`, /append-only/);
    });
  }

  test('takes no entry that is not whole', async () => {
    await refuses(`set search_path = pay; ${newEntry('no lines')}`, /not whole/);
    await refuses(lines(newEntry('one-sided'), `(1, ${entry.account_id}, 'EUR', 100), (2, ${entry.account_id}, 'EUR', -99)`), /sum to zero/);
  });

  test('takes no balanced lines on an entry that is committed', () =>
    refuses(lines(`select ${entry.entry_id} as entry_id`, `(91, ${entry.account_id}, 'EUR', 100), (92, ${entry.account_id}, 'EUR', -100)`), /do not fit/));

  test('takes no lines of an account that is not there, of another currency, or of another partner', async () => {
    await refuses(lines(newEntry('nowhere'), "(1, 999999999, 'EUR', 100), (2, 999999999, 'EUR', -100)"), /do not fit/);
    await refuses(lines(newEntry('francs'), `(1, ${entry.account_id}, 'CHF', 100), (2, ${entry.account_id}, 'CHF', -100)`), /do not fit/);
    await refuses(lines(newEntry('others', "'somebody-else'"), `(1, ${entry.account_id}, 'EUR', 100), (2, ${entry.account_id}, 'EUR', -100)`), /do not fit/);
  });

  test('takes one entry for one payment', () => refuses(newEntry(payment), /entry_ref_key/));
});

test('the audit log takes no update, delete or truncate', async () => {
  await refuses('delete from auth.audit', /append-only/);
  await refuses("update auth.audit set actor = 'nobody'", /append-only/);
  await refuses('truncate auth.audit cascade', /append-only/);
});

test('nothing of this left a trace', async () => {
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
  assert.deepEqual(await s.psql('select * from auth.v_inv'), []);
});
