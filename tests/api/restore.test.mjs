/*
 * A database that is restored to an earlier moment (docs/OPERATIONS.md, "Restoring"): what acquirer and bank did since then is not in its books,
 * and nobody is paid a second time for that. MONEY 31; I13, I27.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../support/agent.mjs';
import { notice } from '../support/bank.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { partnerToken, pay } from '../support/people.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

const BIN = '/usr/lib/postgresql/15/bin';
let s, directory, seller;

before(async () => {
  s = await startStack({ profile: 'demo' });
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-restore-'));
  seller = await newSeller(s.env);
  await seller.sell(10_000);
});

after(async () => {
  if (directory) rmSync(directory, { recursive: true, force: true });
  await s?.stop();
});

async function confirmed(amount) {
  const { body } = await seller.request(amount);
  assert.equal((await seller.confirm(body.id, codeIn(await s.mail(seller.email, ofRequest(body.label))))).status, 200);
  return body.id;
}

const verb = async (...words) => {
  const answer = await s.operator('paysrv', ...words);
  assert.equal(answer.code, 0, answer.stderr);
  return answer.stdout;
};
/* All that the acquirer ever moved. */
const moved = async () => (await s.acquirer('GET', '/v1/report')).data.filter(({ status }) => status === 'succeeded').map(({ kind, amount }) => [kind, amount]);
const exported = async (name) => {
  const file = join(directory, name);
  await verb('payouts', 'export', '--out', file);
  return readFileSync(file, 'utf8');
};
const stateOf = async (payout) => (await seller.call('GET', `/v1/payouts/${payout}`)).body.status;

/* As stoa-backup@.service does; with the programs of `before` in place of PostgreSQL's own. */
function backUp(into, { keep = 14, before = BIN } = {}) {
  const url = new URL(s.env.database_url), said = (name, value) => (value ? { [name]: decodeURIComponent(value) } : {});
  const env = { PATH: `${before}:${BIN}:${process.env.PATH}`, STOA_BACKUP_KEEP: String(keep), ...said('PGHOST', url.searchParams.get('host') ?? url.hostname), ...said('PGPORT', url.searchParams.get('port') ?? url.port),
    ...said('PGUSER', url.username), ...said('PGPASSWORD', url.password), ...said('PGDATABASE', url.pathname.slice(1)) };
  const { status, stderr } = spawnSync(join(ROOT, 'docs/deploy/backup'), [into], { encoding: 'utf8', env });
  return { status, stderr, files: readdirSync(into).filter((file) => file !== '.lock').sort() };
}

const backup = (name) => {
  const into = join(directory, name);
  mkdirSync(into);
  const { status, stderr, files } = backUp(into);
  assert.deepEqual([status, stderr, files.length], [0, '', 2]);
  return join(into, files[0]);
};

/* With both servers stopped; what Redis holds is newer than the books. meanwhile: until paysrv is started. */
async function restore(dump, { meanwhile = () => {}, env } = {}) {
  await s.kill('paysrv', 'SIGTERM');
  await s.kill('authsrv', 'SIGTERM');
  execFileSync(`${BIN}/pg_restore`, ['--clean', '--if-exists', '--single-transaction', '-d', s.env.database_url, dump]);
  execFileSync('redis-cli', ['-u', s.env.redis_url, 'flushall']);
  await meanwhile();
  await s.restart('authsrv');
  await s.restart('paysrv', { env });
}

async function subscribed() {
  const token = await partnerToken(s.env), agent = createAgent();
  const call = async (method, path, body) => (await pay(s.env, token, method, path, body)).body;
  const price = await call('POST', '/v1/prices', { store: s.env.demo.store_id, name: 'The weekly issue', amount: 700, currency: 'EUR', interval: 'week' });
  const { id } = await call('POST', '/v1/payments', { store: s.env.demo.store_id, amount: 700, currency: 'EUR', description: 'First', save_card: { buyer: 'reader', email: 'reader@example.com' } });
  const { checkout } = await call('GET', `/v1/payments/${id}`);
  const set = await agent.submit(await agent.open(checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number: '4242424242424242', exp: '11/39', csc: '123' });
  const card = await eventually(async () => (await call('GET', `/v1/saved_cards?payment=${id}`)).data[0], { what: 'the card is kept' });
  const made = await call('POST', '/v1/subscriptions', { price: price.id, saved_card: card.id });
  const invoices = () => s.psql(`select period_n, status from pay.invoice where subscription_id = '${made.id}' order by period_n`);
  await eventually(async () => (await invoices())[0]?.status === 'paid', { what: 'its first period is paid' });
  return { id: made.id, invoices, cancel: () => call('POST', `/v1/subscriptions/${made.id}/cancel`, { unused: 'refund' }) };
}

/* Of one who sells, and is paid out to his card each week. */
async function scheduled() {
  const one = await newSeller(s.env);
  await one.sell(20_000);
  const { body: card } = await one.call('POST', `/v1/users/${one.user.id}/requisites`, { type: 'card', token: 'tok_test_visa' });
  await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${card.id}'`);
  const day = new Date(Date.now() + 2 * 86_400_000).getUTCDay() || 7; /* it comes only when the test says so */
  const { body: made } = await one.call('POST', '/v1/payout_schedules', { user: one.user.id, requisite: card.id, currency: 'EUR', every: 'week', day, at: '12:00', zone: 'UTC', any_day: true });
  assert.equal((await one.call('POST', `/v1/payout_schedules/${made.id}/confirm`, { code: codeIn(await s.mail(one.email, ofRequest(made.label))) })).status, 200);
  const times = () => s.psql(`select outcome from pay.payout_schedule_run where schedule_id = '${made.id}'`);
  const ask = async (amount) => {
    const { body: payout } = await one.call('POST', '/v1/payouts', { amount, currency: 'EUR', requisite: card.id, user: one.user.id });
    assert.equal((await one.confirm(payout.id, codeIn(await s.mail(one.email, ofRequest(payout.label))))).status, 200);
    return payout.id;
  };
  return { ...one, schedule: made.id, times, ask };
}

test('what the bank was told after the backup is found by an order that is not handed over, and is paid once', async () => {
  const [paid, waiting] = [await confirmed(1000), await confirmed(2000)], dump = backup('dump');
  assert.ok((await exported('before.xml')).includes(paid.replace('_', '-')), 'the bank has the order, and makes one of it');
  const lost = await outcomeOf((options) => seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 700, currency: 'EUR', description: 'Lost', confirm: { payment_token: 'tok_test_visa' } }, options));
  assert.equal(lost.body.status, 'succeeded', JSON.stringify(lost.body));

  await restore(dump);
  assert.match(await verb('ledger', 'check'), /^0 violation\(s\)$/m);
  assert.match(await verb('ledger', 'verify'), /whole/);
  assert.deepEqual([await stateOf(paid), await stateOf(waiting)], ['confirmed', 'confirmed']);
  assert.equal((await seller.call('GET', `/v1/payments/${lost.body.id}`)).status, 404);

  await exported('not-handed-over.xml');
  const file = join(directory, 'notice.xml');
  writeFileSync(file, notice([{ amount: -1000, payout: paid }]));
  await verb('bank', 'import', file);
  assert.deepEqual([await stateOf(paid), await stateOf(waiting)], ['paid', 'sent']);
  const [{ order }] = await s.psql(`select msg_id as order from pay.payout where payout_id = '${waiting}'`);
  assert.match(await verb('payouts', 'refused', order), /: 1 payout\(s\) given back/);
  assert.deepEqual([await stateOf(waiting), await seller.available()], ['rejected', 6000], 'it is the seller’s again, who asks anew');
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});

test('a backup is whole, read back and the newest of some; one that goes wrong leaves those before it', async () => {
  const into = join(directory, 'kept'), wrong = join(directory, 'wrong');
  for (const path of [into, wrong]) mkdirSync(path);
  const fake = (name, script) => writeFileSync(join(wrong, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const nextSecond = () => sleep(1001 - Date.now() % 1000); /* they are named by it */
  const made = [backUp(into).files[0]];
  for (let i = 0; i < 2; i++) {
    await nextSecond();
    made.push(backUp(into, { keep: 2 }).files.at(-2));
  }
  const kept = made.slice(1).flatMap((name) => [name, `${name}.sha256`]);
  assert.deepEqual(backUp(into, { keep: 0 }), { status: 1, stderr: 'backup: STOA_BACKUP_KEEP: how many are kept, 1 or more\n', files: kept });
  execFileSync('sha256sum', ['--check', '--quiet', `${made[2]}.sha256`], { cwd: into });
  assert.deepEqual(kept.map((file) => (statSync(join(into, file)).mode & 0o077)), [0, 0, 0, 0]);

  await nextSecond();
  fake('df', 'echo Avail; echo 1000');
  assert.match(backUp(into, { before: wrong }).stderr, /^backup: \d{5,} bytes are needed in .*, and 1000 are free\n$/);
  fake('df', 'echo Avail; echo 1000000000000');
  const truncated = (bytes) => `for word; do case $word in --file=*) head -c ${bytes} ${join(into, made[2])} >"\${word#--file=}" ;; esac; done`;
  for (const script of [`${truncated(1000)}; echo away >&2; exit 1`, truncated(statSync(join(into, made[2])).size - 2000)]) {
    fake('pg_dump', script);
    const { status, files } = backUp(into, { keep: 1, before: wrong });
    assert.deepEqual([status === 0, files.filter((file) => !file.endsWith('.partial'))], [false, kept], script);
  }
  rmSync(join(wrong, 'pg_dump'));
  writeFileSync(join(into, 'stoa-20260101T000000Z.dump.sha256'), '');
  const { status, files } = backUp(into, { keep: 1 });
  assert.deepEqual([status, files.length, made.includes(files[0])], [0, 2, false], 'and takes up what they left behind');
});

test('a renewal, and a payout of a schedule, that were made after the backup are held until the operator has looked, and nobody pays or is paid twice', async () => {
  const subscription = await subscribed(), payee = await scheduled(), dump = backup('before-the-week');
  const weekPasses = () => s.psql(`update pay.subscription set period_start = now() - interval '7 days', period_end = now() - interval '1 minute', due_at = now() where subscription_id = '${subscription.id}';
    update pay.payout_schedule set next_at = now() - interval '1 minute' where schedule_id = '${payee.schedule}'`);
  const statuses = async () => (await subscription.invoices()).map(({ status }) => status);
  await weekPasses();
  await eventually(async () => (await statuses())[1] === 'paid' && (await s.psql(`select 1 from pay.payout where schedule_id = '${payee.schedule}' and status = 'paid'`)).length, { what: 'the renewal is paid, and the payout' });
  const before = await moved();

  await restore(dump, { meanwhile: weekPasses, env: { PAYSRV_HOLD_OUTGOING: 'on' } });
  await eventually(async () => (await s.psql(`select 1 from pay.invoice i join pay.payment p using (payment_id) where i.subscription_id = '${subscription.id}' and i.status = 'open' and i.look_at > now()`)).length, { what: 'the renewal is looked at' });
  await s.operator('paysrv', 'payouts', 'scheduled', { env: { PAYSRV_HOLD_OUTGOING: 'on' } });
  const asked = await payee.ask(100), pushes = async () => (await s.acquirer('GET', `/v1/pushes?key=${asked}`)).data.length;
  await sleep(3000); // a job a second would have sent it
  assert.deepEqual([await statuses(), await payee.times(), await moved(), await pushes()], [['paid', 'open'], [], before, 0]);
  await verb('subscriptions', 'forgive', subscription.id);
  await verb('balances', 'reserve', payee.user.id, '--partner', s.env.demo.partner_id, '--currency', 'EUR', '--amount', String(await payee.available()), '--reason', 'paid out before the restore');

  await s.kill('paysrv', 'SIGTERM');
  await s.restart('paysrv');
  await eventually(async () => (await payee.times()).length && await pushes(), { what: 'the schedule goes on, and what he has asked for since' });
  assert.deepEqual([await statuses(), await payee.times(), await moved()], [['paid', 'void'], [{ outcome: 'minimum' }], before]);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});

/* A deal of 10.00 of which the buyer gets back 4.00 when its time is over. */
async function released(one) {
  const { body } = await outcomeOf((options) => one.call('POST', '/v1/payments', { store: one.store.id, amount: 1000, currency: 'EUR', description: 'Made to measure', hold: { until: 'delivered', ends_after: 'P14D', at_end: 'return' }, confirm: { payment_token: 'tok_test_visa' } }, options));
  assert.equal(body.status, 'succeeded', JSON.stringify(body));
  assert.equal((await one.call('POST', `/v1/payments/${body.id}/release`, { amount: 600 })).status, 200);
  await eventually(async () => (await s.psql(`select 1 from pay.deal where payment_id = '${body.id}' and ends_at is not null`)).length, { what: 'it is known when it ends' });
  return body.id;
}

/* Of a seller whose balance does not hold it. */
async function queued() {
  const one = await newSeller(s.env);
  await verb('disputes', 'policy', s.env.demo.partner_id, '--currency', 'EUR', '--shortfall', 'queue');
  const { body: payment } = await outcomeOf((options) => one.call('POST', '/v1/payments', { store: one.store.id, amount: 1000, currency: 'EUR', description: 'An article', confirm: { payment_token: 'tok_test_visa' } }, options));
  const { body: payout } = await one.request(await one.available());
  assert.equal((await one.confirm(payout.id, codeIn(await s.mail(one.email, ofRequest(payout.label))))).status, 200);
  const { status, body: refund } = await one.call('POST', `/v1/payments/${payment.id}/refunds`, {});
  assert.equal(status, 202, JSON.stringify(refund));
  await verb('disputes', 'policy', s.env.demo.partner_id, '--currency', 'EUR', '--shortfall', 'refuse');
  return { ...one, refund: refund.id };
}

test('what went back to buyers by itself after the backup is held until the operator has looked, and nobody gets it twice', async () => {
  const one = await newSeller(s.env), made = await released(one), waiting = await released(one), poor = await queued(), subscription = await subscribed();
  const held = await holding(s.env, `select from pay.subscription where subscription_id = '${subscription.id}' for key share`); // no job takes it
  await subscription.cancel();
  const dump = backup('before-the-refunds');
  await held.release();
  const ends = (...payments) => s.psql(`update pay.deal set ends_at = now() - interval '1 minute', due_at = now() where payment_id in (${payments.map((id) => `'${id}'`)})`);
  const due = async () => (await s.psql(`select 1 from pay.subscription where subscription_id = '${subscription.id}' and refund_at is not null`)).length;
  const dealIs = async (payment) => (await one.call('GET', `/v1/payments/${payment}/hold`)).body.status;
  const refundIs = async () => (await poor.call('GET', `/v1/refunds/${poor.refund}`)).body.status;
  await ends(made);
  await poor.sell(1000);
  await eventually(async () => !await due() && await refundIs() === 'succeeded' && (await one.call('GET', `/v1/payments/${made}/refunds`)).body.data[0]?.status === 'succeeded', { what: 'all of it is given back' });
  const before = await moved();

  await restore(dump, { meanwhile: () => ends(made, waiting), env: { PAYSRV_HOLD_OUTGOING: 'on' } });
  await poor.sell(1000);
  const sold = ['charge', 1000];
  await eventually(async () => (await s.psql(`select 1 from pay.deal where payment_id in ('${made}', '${waiting}') and due_at > now()`)).length === 2, { what: 'the deals are looked at' });
  await sleep(12_000); // jobs that come every five seconds
  assert.deepEqual([await moved(), await dealIs(made), await due(), await refundIs()], [[...before, sold], 'held', 1, 'queued']);
  assert.equal((await one.call('POST', `/v1/payments/${made}/release`, {})).body.status, 'ended');
  await verb('refunds', 'cancel', poor.refund);
  assert.match(await verb('subscriptions', 'returned', subscription.id), new RegExp(`^${subscription.id}: `));
  assert.match(await verb('audit', 'list', '--since', '1h', '--object', subscription.id), /subscription\.changed[^]*refund_at/);
  assert.match((await s.operator('paysrv', 'subscriptions', 'returned', subscription.id)).stderr, /nothing of it/);

  await s.kill('paysrv', 'SIGTERM');
  await s.restart('paysrv');
  await s.psql(`update pay.deal set due_at = now() where payment_id = '${waiting}' and ended_at is null`);
  await eventually(async () => (await one.call('GET', `/v1/payments/${waiting}/refunds`)).body.data[0]?.status === 'succeeded', { what: 'what nobody had yet is given back' });
  await sleep(6000);
  assert.deepEqual([await moved(), await due(), await refundIs()], [[...before, sold, ['refund', 400]], 0, 'canceled']);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});

test('an invoice for fees that was issued after the backup is held until the operator has said which number was the last, and no number is on two', async () => {
  const one = await newSeller(s.env), month = '2026-01', partner = s.env.demo.partner_id;
  await s.psql(`insert into pay.fee_charged values ('${partner}', '${month}', '${one.user.id}', 'platform', 'EUR', 'sale', 1, 50)`);
  const over = () => s.psql(`update pay.fee_month set month = '${month}', begins_at = '2026-01-01', ends_at = '2026-02-01', position = 0, to_entry = 0, zone = 'UTC', due_at = now() where partner_id = '${partner}'`);
  const issued = () => s.psql(`select issuer, number::int from pay.fee_invoice where partner_id = '${partner}' order by issued_at`);
  const dump = backup('before-the-invoices');
  await over();
  await eventually(async () => (await issued()).length, { what: 'it is issued' });
  const [{ number }] = await issued();
  await eventually(() => s.log('paysrv').includes(`"number":"FEE-${number}"`), { what: 'which the log says' });

  const held = { PAYSRV_HOLD_OUTGOING: 'on' };
  await restore(dump, { meanwhile: over, env: held });
  assert.match((await s.operator('paysrv', 'fees', 'issue', { env: held })).stderr, /hold_outgoing is on/);
  await sleep(12_000); // a job that comes every ten seconds
  assert.deepEqual(await issued(), []);
  assert.match(await verb('fees', 'lift', String(number)), new RegExp(`^platform: FEE-${number + 1} comes next, and would have been FEE-${number}$`, 'm'));
  assert.match(await verb('fees', 'lift', '40', '--partner', partner), /^\S+: FEE-41 comes next, and would have been FEE-\d+$/m);
  assert.match(await verb('audit', 'list', '--since', '1h', '--object', 'platform'), new RegExp(`fee_series\\.lifted[^]*last_number: ${number - 1} -> ${number}`));
  await verb('partners', 'add', 'lift-sandbox', '--name', 'Sandbox', '--platform-bp', '500', '--partner-bp', '2500', '--sandbox');
  for (const [words, said] of [[['50', '--partner', 'lift-sandbox'], /a sandbox's numbers/], [[String(number)], /given out already/], [['39', '--partner', partner], /given out already/], [['0'], /LAST/], [[], /./], [['50', '--partner', 'nobody'], /no such partner/]]) {
    const { code, stderr } = await s.operator('paysrv', 'fees', 'lift', ...words);
    assert.deepEqual([code, said.test(stderr)], [2, true], `${words}: ${stderr}`);
  }

  await s.kill('paysrv', 'SIGTERM');
  await s.restart('paysrv');
  await eventually(async () => (await issued()).length, { what: 'it is issued anew' });
  assert.deepEqual(await issued(), [{ issuer: 'platform', number: number + 1 }]);
});
