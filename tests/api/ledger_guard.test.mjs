/* What the schemas refuse by themselves, whoever asks: the ledger and the audit log are append-only, entries balance and fit their accounts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { truncation } from '../support/append_only.mjs';
import { eventually } from '../support/eventually.mjs';
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
      assert.match((await truncation(s, `pay.${table}`)).message, /append-only/);
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

  test('takes no line of nothing, and none that no number should hold', async () => {
    for (const amount of ['0', '1000000000000001'])
      await refuses(lines(newEntry('beyond'), `(1, ${entry.account_id}, 'EUR', ${amount}), (2, ${entry.account_id}, 'EUR', -${amount})`), /posting_amount_check/);
  });

  test('takes back an entry once', async () => {
    const reversal = (ref) => lines(`insert into pay.entry (partner_id, kind, ref, reverses, created_at) values ('${entry.partner_id}', 'refund', '${ref}', ${entry.entry_id}, now()) returning entry_id`,
      `(1, ${entry.account_id}, 'EUR', -1), (2, ${entry.account_id}, 'EUR', 1)`);
    await refuses(`${reversal('once')}; ${reversal('twice')}`, /entry_reverses_key/);
  });

  test('takes one name of the acquirer’s for one operation', () =>
    refuses(`insert into pay.acquirer_call select (jsonb_populate_record(c, '{"call_id": "cha_another"}')).* from pay.acquirer_call c where payment_id = '${payment}'`, /acquirer_call_ref_key/));

  test('takes one code that is alive, and one that was used, for one payout', async () => {
    const coded = (how) => `insert into pay.payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, ${how})`;
    const values = "values ('po_nobody', sha256('a'), sha256('b'), sha256('c'), 0, 5, 0, now(), now() + interval '1 hour'";
    for (const [how, value, index] of [['is_live', 'true', /payout_code_live/], ['is_live, consumed_at', 'false, now()', /payout_code_consumed/]])
      await refuses(`set search_path = pay; ${coded(how)} ${values}, ${value}); ${coded(how)} ${values}, ${value})`, index);
  });
});

test('what is kept as it was takes no update, delete or truncate', async () => {
  const [{ tables }] = await s.psql(`select string_agg(c.relname, ' ' order by c.relname) as tables from pg_trigger t
    join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'pay' and p.proname = 'ledger_is_append_only'`);
  assert.equal(tables, 'audit audit_chain balance_relief dispute_step entry fee_tax ledger_cut ledger_head ledger_seal partner_month partner_report payout_decision posting seller_agreement settlement_entry settlement_terms');
  for (const table of tables.split(' ')) {
    const [{ column }] = await s.psql(`select column_name as column from information_schema.columns where table_schema = 'pay' and table_name = '${table}' and is_identity = 'NO' order by ordinal_position limit 1`);
    await refuses(`update pay.${table} set ${column} = ${column} where false`, /append-only/);
    await refuses(`delete from pay.${table} where false`, /append-only/);
    assert.match((await truncation(s, `pay.${table}`)).message, /append-only/);
  }
});

test('the audit log takes no update, delete or truncate', async () => {
  await refuses('delete from auth.audit', /append-only/);
  await refuses("update auth.audit set actor = 'nobody'", /append-only/);
  assert.match((await truncation(s, 'auth.audit')).message, /append-only/);
});

/* A backup that is restored beside the run; who tampers with it is a superuser who switches the triggers off. */
describe('a ledger that somebody has changed, in a restored backup', () => {
  const BIN = '/usr/lib/postgresql/15/bin', run = promisify(execFile);
  let url, head;
  const sql = async (text) => (await run(`${BIN}/psql`, [url, '-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-c', `set session_replication_role = replica; set search_path = pay; ${text}`])).stdout.trim();
  const verify = (...words) => s.operator('paysrv', 'ledger', 'verify', ...words, { env: { PAYSRV_DATABASE_URL: url } });
  const isBroken = async (change, undo, words = []) => {
    await sql(change);
    const { code, stdout } = await verify(...words);
    await sql(undo);
    assert.deepEqual([code, /^BROKEN seal \d+/.test(stdout)], [1, true], `${change}: ${stdout}`);
    return stdout;
  };

  before(async () => {
    await eventually(async () => (await s.psql(`select count(*)::int as n from pay.ledger_seal where last_entry >= ${entry.entry_id}`))[0].n > 0, { what: 'the entry is sealed' });
    const { stdout } = await s.operator('paysrv', 'ledger', 'verify');
    head = /^\d+ seals over \d+ entries, whole; \d+ entries not sealed yet; head (\d+:[0-9a-f]{64})$/m.exec(stdout)?.[1];
    assert.ok(head, stdout);
    const name = `backup_${randomUUID().slice(0, 8)}`, file = join(mkdtempSync(join(tmpdir(), 'stoa-backup-')), 'dump');
    await run(`${BIN}/psql`, [s.env.database_url, '-X', '-q', '-c', `create database ${name}`]);
    url = s.env.database_url.replace(/\/[^/?]+(?=\?|$)/, `/${name}`);
    await run(`${BIN}/pg_dump`, [s.env.database_url, '-Fc', '-n', 'pay', '-f', file]);
    await run(`${BIN}/pg_restore`, ['-d', url, '-j', '2', file]);
    rmSync(dirname(file), { recursive: true });
  });
  after(() => url && s.psql(`drop database ${/\/(backup_\w+)/.exec(url)[1]}`));

  test('is whole as it was sealed, and its head is known again', async () => {
    const { code, stdout } = await verify('--anchor', head);
    assert.deepEqual([code, /whole/.test(stdout)], [0, true], stdout);
  });

  test('shows each change of an entry, a line, or whose account it was, though the books still balance', async () => {
    const told = await isBroken(`update posting set amount = amount * 2 where entry_id = ${entry.entry_id}`, `update posting set amount = amount / 2 where entry_id = ${entry.entry_id}`);
    const [, first, last] = /entries (\d+) to (\d+) are not what was sealed/.exec(told).map(Number);
    assert.ok(first <= entry.entry_id && entry.entry_id <= last, told);
    await isBroken(`update entry set created_at = created_at + interval '1 s' where entry_id = ${entry.entry_id}`, `update entry set created_at = created_at - interval '1 s' where entry_id = ${entry.entry_id}`);
    await isBroken(`update account set user_id = user_id || 'x' where account_id = ${entry.account_id}`, `update account set user_id = left(user_id, -1) where account_id = ${entry.account_id}`);
    await isBroken(`create table gone as select * from entry where entry_id = ${entry.entry_id}; delete from entry where entry_id = ${entry.entry_id}`,
      'insert into entry (entry_id, partner_id, kind, ref, reverses, created_at) overriding system value select * from gone; drop table gone');
  });

  test('shows an entry that was put among old ones', () =>
    isBroken("insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value select 0, partner_id, 'charge', 'x', now() from partner limit 1; update ledger_seal set first_entry = 0 where seal_id = 1",
      "delete from entry where entry_id = 0; update ledger_seal set first_entry = 1 where seal_id = 1"));

  test('shows by a head that was kept elsewhere that the newest seals are others', async () => {
    assert.equal((await verify('--anchor', head.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).code, 1);
    await isBroken(`update ledger_seal set seal_id = -seal_id where seal_id >= ${head.split(':')[0]}`, 'update ledger_seal set seal_id = -seal_id where seal_id < 0', ['--anchor', head]);
    assert.deepEqual([(await verify('--anchor', head)).code, (await verify('--anchor', 'x')).code], [0, 2]);
    const [seal, hash] = head.split(':');
    for (const kept of [head, hash]) assert.match((await verify('--head', kept)).stdout, new RegExp(`the head that was kept is seal ${seal}: nothing up to it has changed`));
    const unknown = await verify('--head', hash.split('').reverse().join(''));
    assert.deepEqual([unknown.code, unknown.stdout], [1, 'BROKEN the head that was kept is no seal of this ledger\n']);
    await sql(`insert into ledger_head (day, seal_id, hash, published_at) values ('2026-11-01', ${seal}, decode('${hash}', 'hex'), now())`);
    assert.equal((await verify()).code, 0, 'what was published is there');
    await sql(`update ledger_seal set seal_id = -seal_id where seal_id >= ${seal}`);
    assert.match((await verify()).stdout, /BROKEN the head published for 2026-11-01, seal \d+, is no seal of this ledger/);
    await sql('update ledger_seal set seal_id = -seal_id where seal_id < 0');
    const listed = await (await fetch(`${s.env.pay_api}/ledger/heads`)).json();
    assert.equal(listed.object, 'list', 'anybody may read what is published');
  });
});

test('nothing of this left a trace', async () => {
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
  assert.deepEqual(await s.psql('select * from auth.v_inv'), []);
});
