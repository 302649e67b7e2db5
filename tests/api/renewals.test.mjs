/*
 * Very many periods that are due at once: several are charged at a time, by two servers of which one is killed in the middle, and each once; an acquirer
 * that does not answer is not asked for all of them, and a card that comes meanwhile is tried. MONEY 6.C 23, docs/decisions/0106-renewals-at-once.md.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { partnerToken, pay } from '../support/people.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';

const QUICK = { PAYSRV_RECONCILE_AFTER: '2s' };
const GOOD = '4242424242424242', SOFT = '4000000000001117', HARD = '4000000000001224';
let s, token, price, first, columns;

const call = async (method, path, body) => (await pay(s.env, token, method, path, body)).body;

async function kept(buyer, number) {
  const agent = createAgent();
  const { id } = await call('POST', '/v1/payments', { store: s.env.demo.store_id, amount: 700, currency: 'EUR', description: 'First', save_card: { buyer, email: `${buyer}@example.com` } });
  const { checkout } = await call('GET', `/v1/payments/${id}`);
  const set = await agent.submit(await agent.open(checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number, exp: '11/39', csc: '123' });
  return eventually(async () => (await call('GET', `/v1/saved_cards?payment=${id}`)).data[0], { what: 'the card is kept' });
}

before(async () => {
  s = await startStack({ profile: 'demo', env: QUICK });
  token = await partnerToken(s.env);
  price = await call('POST', '/v1/prices', { store: s.env.demo.store_id, name: 'The weekly issue', amount: 700, currency: 'EUR', interval: 'week' });
  const card = await kept('reader', GOOD);
  first = await call('POST', '/v1/subscriptions', { price: price.id, saved_card: card.id });
  await eventually(async () => (await s.psql("select 1 from pay.invoice where status = 'paid'")).length, { what: 'its first period is paid' });
  columns = (await s.psql("select column_name as c from information_schema.columns where table_schema = 'pay' and table_name = 'subscription'")).map(({ c }) => c);
});

after(() => s?.stop());

/* As many as are wanted of the same kind, all of them due. */
async function due(name, n) {
  const other = { subscription_id: `'sub_${name}' || 10000 + n`, period_start: "now() - interval '7 days'", period_end: "now() - interval '1 minute'", due_at: 'now()', external_id: 'null' };
  await s.psql(`insert into pay.subscription (${columns}) select ${columns.map((c) => other[c] ?? c)} from pay.subscription, generate_series(1, ${n}) n where subscription_id = '${first.id}'`);
}

const freed = () => s.psql(`update pay.invoice set look_at = now() where status = 'open' and look_at > now();
  update pay.subscription set due_at = now() where due_at > now() and period_end < now()`); // what a dead server, or a refused round, had taken

const paid = async (name) => (await s.psql(`select count(*)::int as n from pay.invoice where subscription_id like 'sub\\_${name}%' and status = 'paid'`))[0].n;

/* Each has one period more, with one payment, which the acquirer has charged once. */
async function eachOnce(name, n) {
  const invoices = await s.psql(`select subscription_id, payment_id from pay.invoice where subscription_id like 'sub\\_${name}%'`);
  assert.deepEqual([invoices.length, new Set(invoices.map((one) => one.subscription_id)).size, new Set(invoices.map((one) => one.payment_id)).size], [n, n, n]);
  const { data } = await s.acquirer('GET', '/v1/report');
  const charges = data.filter(({ kind, status }) => kind === 'charge' && status === 'succeeded').map(({ reference }) => reference);
  const counted = new Map(invoices.map(({ payment_id: id }) => [id, 0]));
  for (const id of charges) if (counted.has(id)) counted.set(id, counted.get(id) + 1);
  assert.deepEqual([...counted].filter(([, times]) => times !== 1), []);
  await eventually(async () => (await s.psql('select * from pay.v_inv')).length === 0, { what: 'the books are whole' });
}

test('many are charged at a time, by two servers of which one is killed in the middle, and each once', async () => {
  const base = await freePortBase(), crash = join(s.data, 'crash-second');
  const second = spawn(s.program('paysrv'), ['serve', '--config', s.config('paysrv')], { stdio: 'ignore', env: { ...process.env, ...QUICK, STOA_CRASH_FILE: crash, PAYSRV_PORT: `${base}`, PAYSRV_ADMIN_PORT: `${base + 1}` } });
  const ended = new Promise((resolve) => second.once('exit', (code, signal) => resolve(signal)));
  try {
    await eventually(async () => (await fetch(`http://127.0.0.1:${base}/healthz`).catch(() => null))?.ok, { what: 'the second server answers' });
    await s.acquirer('PUT', '/v1/faults', { seed: 7, rates: { slow: 1000, lost_notification: 1000 } }); // 0.3 to 1.5 s each
    await due('many', 150);
    const most = await eventually(async () => {
      const [{ n }] = await s.psql("select count(*)::int as n from pay.acquirer_call where state = 'sent'");
      return n >= 6 && n;
    }, { what: 'several calls are under way at a time' });
    assert.ok(most >= 6);
    writeFileSync(crash, 'charge.after_call');
    assert.equal(await ended, 'SIGKILL');
  } finally {
    second.kill('SIGKILL');
  }
  await s.acquirer('DELETE', '/v1/faults');
  await eventually(async () => { await freed(); return await paid('many') === 150; }, { what: 'all are paid' });
  await eachOnce('many', 150);
});

test('an acquirer that does not answer is asked for a few, and for all when it answers again', async () => {
  await s.acquirer('PUT', '/v1/faults', { seed: 7, rates: { error_before: 1000, lost_notification: 1000 } });
  await due('away', 200);
  const unclear = async () => (await s.psql("select count(*)::int as n from pay.acquirer_call c join pay.invoice i on i.payment_id = c.payment_id where i.subscription_id like 'sub\\_away%'"))[0].n;
  const rounds = async () => (await s.psql("select count(*)::int as n from pay.invoice where subscription_id like 'sub\\_away%' and look_at > now() + interval '30 seconds'"))[0].n;
  await eventually(async () => await unclear() > 0 && await rounds() > 0, { what: 'what was taken and is not begun waits' });
  for (let round = 0; round < 3; round++) {
    const before = await unclear();
    await freed();
    await eventually(async () => await unclear() > before, { what: 'the next round asks again' });
  }
  assert.ok(await unclear() <= 3 * 32, `${await unclear()} of 200 were asked for`);
  /* Between those that are not asked for yet stand such as ask nobody, as their payments are under way: no answer that would be. */
  const asked = await unclear();
  for (let round = 0; round < 3; round++) {
    const before = await unclear();
    await s.psql(`update pay.invoice i set look_at = now() - interval '1 hour' + o.n * interval '1 second' from (
      select invoice_id, 2 * row_number() over (partition by c.known order by invoice_id) + case when c.known then 0 else 1 end as n from pay.invoice
        cross join lateral (select exists (select from pay.acquirer_call k where k.payment_id = invoice.payment_id) as known) c where status = 'open') o where o.invoice_id = i.invoice_id`);
    await eventually(async () => await unclear() > before, { what: 'the next round asks behind them' });
  }
  assert.ok(await unclear() <= asked + 6, `${await unclear() - asked} of 200 were asked for in three rounds`);
  await s.acquirer('DELETE', '/v1/faults');
  await eventually(async () => { await freed(); return await paid('away') === 200; }, { what: 'all are paid' });
  await eachOnce('away', 200);
});

async function unanswered(work, how = 'error_before') {
  await s.acquirer('PUT', '/v1/faults', { seed: 7, rates: { [how]: 1000, lost_notification: 1000 } });
  try {
    return await work();
  } finally {
    await s.acquirer('DELETE', '/v1/faults');
  }
}

/* Its charge was begun, and nobody knows what became of it. */
async function begun(card) {
  const { id } = await call('POST', '/v1/subscriptions', { price: price.id, saved_card: card.id });
  return begunOf(id);
}

async function begunOf(id) {
  const [invoice] = await eventually(async () => {
    await freed();
    const rows = await s.psql(`select i.invoice_id, i.payment_id from pay.invoice i join pay.payment p on p.payment_id = i.payment_id where i.subscription_id = '${id}' and p.status = 'processing'`);
    return rows.length > 0 && rows;
  }, { what: 'nobody knows what became of it' });
  return { id, invoice: invoice.invoice_id, payment: invoice.payment_id };
}

test('a card that comes while the one before has no answer yet is tried when that is declined, for good or when no time is left, too', async () => {
  const declined = await Promise.all([[SOFT, 0], [HARD, 0], [SOFT, 8]].map(async ([number, days]) => {
    const buyer = randomUUID();
    return { days, card: await kept(buyer, number), better: await kept(buyer, GOOD) };
  }));
  const open = await unanswered(() => Promise.all(declined.map(async ({ days, card, better }) => {
    const one = await begun(card);
    if (days) await s.psql(`update pay.invoice set failed_at = now() - interval '${days} days' where invoice_id = '${one.invoice}'`);
    assert.equal((await call('POST', `/v1/subscriptions/${one.id}/card`, { saved_card: better.id })).saved_card, better.id);
    return one;
  })));
  await Promise.all(open.map(async ({ id, invoice, payment }) => {
    await eventually(async () => (await call('GET', `/v1/invoices/${invoice}`)).status === 'paid', { what: 'the card of now pays it' });
    const calls = await s.psql(`select idem_key, state from pay.acquirer_call where payment_id = '${payment}' order by created_at`);
    assert.deepEqual(calls, [{ idem_key: `${invoice}:1`, state: 'declined' }, { idem_key: `${invoice}:2`, state: 'ok' }]);
    assert.equal((await call('GET', `/v1/subscriptions/${id}`)).status, 'active');
  }));
});

test('a card that comes while the fifteenth attempt has no answer yet is not tried when that is declined', async () => {
  const buyer = randomUUID(), card = await kept(buyer, SOFT), better = await kept(buyer, GOOD);
  const { id } = await call('POST', '/v1/subscriptions', { price: price.id, saved_card: card.id });
  await eventually(async () => (await call('GET', `/v1/subscriptions/${id}`)).status === 'past_due', { what: 'the first attempt is declined' });
  await s.psql(`update pay.invoice set attempt = 15 where subscription_id = '${id}'`);
  const { invoice, payment } = await unanswered(async () => {
    await s.psql(`update pay.invoice set retry_at = now(), look_at = now() where subscription_id = '${id}'`);
    const one = await begunOf(id);
    assert.equal((await call('POST', `/v1/subscriptions/${id}/card`, { saved_card: better.id })).saved_card, better.id);
    return one;
  });
  const row = await eventually(async () => {
    const [now] = await s.psql(`select attempt, waits_for_buyer, retry_at is not null as is_given_up from pay.invoice where invoice_id = '${invoice}' and attempt > 15`);
    return now;
  }, { what: 'that is counted' });
  assert.deepEqual(row, { attempt: 16, waits_for_buyer: true, is_given_up: true });
  const calls = await s.psql(`select idem_key, state from pay.acquirer_call where payment_id = '${payment}' order by created_at`);
  assert.deepEqual(calls, [1, 15].map((n) => ({ idem_key: `${invoice}:${n}`, state: 'declined' })));
});

test('an attempt of before an upgrade, whose key does not name its card, is not made again at once when it is declined', async () => {
  const refused = await kept(randomUUID(), HARD);
  const one = await unanswered(async () => {
    const made = await begun(refused);
    const digest = createHash('sha256').update(`invoice_attempt\0${made.invoice}:1`).digest('hex');
    await s.psql(`update pay.idempotency set fingerprint = '\\x${digest}' where route = 'invoice' and key = '${made.invoice}:1'`);
    assert.equal((await s.psql(`select 1 from pay.idempotency where fingerprint = '\\x${digest}'`)).length, 1);
    return made;
  });
  const waits = await eventually(async () => {
    const [row] = await s.psql(`select attempt, waits_for_buyer from pay.invoice where invoice_id = '${one.invoice}' and failed_at is not null`);
    return row;
  }, { what: 'that is counted' });
  assert.deepEqual(waits, { attempt: 2, waits_for_buyer: true });
});

test('a card that comes while the last attempt with the one before is given up is tried', async () => {
  const buyer = randomUUID(), card = await kept(buyer, SOFT), better = await kept(buyer, GOOD);
  const { id } = await call('POST', '/v1/subscriptions', { price: price.id, saved_card: card.id });
  const [{ invoice_id: invoice }] = await eventually(async () => {
    const rows = await s.psql(`select invoice_id from pay.invoice where subscription_id = '${id}' and failed_at is not null`);
    return rows.length > 0 && rows;
  }, { what: 'the first attempt is declined' });
  const held = await holding(s.env, `update pay.subscription set saved_card_id = '${better.id}' where subscription_id = '${id}'`);
  await s.psql(`update pay.invoice set failed_at = now() - interval '8 days', retry_at = now(), look_at = now() where invoice_id = '${invoice}'`);
  await held.waiters(s, [new Promise(() => {})]);
  await held.release();
  await s.psql(`update pay.invoice set waits_for_buyer = false, retry_at = null, look_at = now() where invoice_id = '${invoice}' and status = 'open'`); // which the same statement does
  await eventually(async () => (await call('GET', `/v1/invoices/${invoice}`)).status !== 'open', { what: 'it is settled' });
  assert.deepEqual([(await call('GET', `/v1/invoices/${invoice}`)).status, (await call('GET', `/v1/subscriptions/${id}`)).status], ['paid', 'active']);
});

test('what was paused while its charge had no answer yet is past due when that is declined and it goes on, and ends when it is to end with its period', async () => {
  const disputed = (id) => s.psql(`update pay.subscription set status = 'paused', status_reason = 'disputed', held_from = status, held_at = now(), due_at = null, notice_at = null where subscription_id = '${id}'`);
  const ways = [['pause', 'resume', 'past_due'], ['dispute', 'resume', 'past_due'], ['pause', 'cancel', 'canceled'], ['dispute', 'cancel', 'canceled']];
  const cards = await Promise.all(ways.map(() => kept(randomUUID(), SOFT)));
  const paused = await unanswered(() => Promise.all(cards.map(async (card, i) => {
    const one = await begun(card), [how] = ways[i];
    if (how === 'pause') assert.equal((await call('POST', `/v1/subscriptions/${one.id}/pause`)).status, 'paused');
    else await disputed(one.id);
    return one;
  })));
  await Promise.all(paused.map(async ({ id, invoice, payment }, i) => {
    const [how, action, status] = ways[i];
    await eventually(async () => (await call('GET', `/v1/payments/${payment}`)).status === 'requires_payment_method', { what: 'it is declined' });
    if (how === 'pause') await eventually(async () => (await call('GET', `/v1/invoices/${invoice}`)).attempts_declined === 1, { what: 'that is counted' });
    assert.equal((await call('GET', `/v1/subscriptions/${id}`)).status, 'paused');
    const now = await call('POST', `/v1/subscriptions/${id}/${action}`, action === 'cancel' ? { at_period_end: true } : undefined);
    if (how === 'dispute' && action === 'resume') { // nothing of it was looked at while it was held
      await eventually(async () => (await call('GET', `/v1/subscriptions/${id}`)).status === status, { what: 'that is counted' });
      return;
    }
    assert.equal(now.status, status, `${how}, ${action}`);
    const { type } = (await call('GET', `/v1/events?about=${id}`)).data.sort((a, b) => b.sequence - a.sequence)[0];
    assert.equal(type, action === 'cancel' ? 'subscription.canceled' : 'subscription.resumed');
  }));
  await eventually(async () => (await s.psql('select * from pay.v_inv')).length === 0, { what: 'the books are whole' });
});

test('who ends what was paused, or is past due, with its period while it is charged gets back what comes of that', async () => {
  const ways = { paused: "status = 'paused'", disputed: "status = 'paused', status_reason = 'disputed', held_from = status, held_at = now()", behind: "status = 'past_due'" };
  const cards = await Promise.all(Object.keys(ways).map(() => kept(randomUUID(), GOOD)));
  const ended = await unanswered(() => Promise.all(Object.values(ways).map(async (way, i) => {
    const one = await begun(cards[i]);
    await s.psql(`update pay.subscription set ${way}, due_at = null, notice_at = null where subscription_id = '${one.id}'`);
    const now = await call('POST', `/v1/subscriptions/${one.id}/cancel`, { at_period_end: true });
    assert.deepEqual([now.status, now.cancel_at_period_end], ['canceled', false], Object.keys(ways)[i]);
    return one;
  })), 'error_after');
  await Promise.all(ended.map(async ({ id, invoice, payment }, i) => {
    const what = `what was ${Object.keys(ways)[i]}`;
    await eventually(async () => (await call('GET', `/v1/invoices/${invoice}`)).status === 'paid', { what: `${what} is paid` });
    const [refund] = await eventually(async () => {
      await s.psql(`update pay.subscription set refund_at = now() where refund_at > now() and subscription_id = '${id}'`);
      const rows = await s.psql(`select amount from pay.refund where payment_id = '${payment}' and status = 'succeeded'`);
      return rows.length > 0 && rows;
    }, { what: `${what} is given back` });
    assert.ok(refund.amount > 690, `${what}: ${refund.amount} of 700`);
  }));
});

test('periods begin while refunds of unused time wait for an acquirer that hangs, which is not asked for all of them', async () => {
  const card = await kept(randomUUID(), GOOD);
  const made = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/v1/subscriptions', { price: price.id, saved_card: card.id })));
  const ids = `'{${made.map(({ id }) => id).join(',')}}'`;
  await eventually(async () => (await s.psql(`select 1 from pay.invoice where subscription_id = any (${ids}) and status = 'paid'`)).length === 8, { what: 'all are paid' });
  const refunds = async (condition) => (await s.psql(`select 1 from pay.acquirer_call c join pay.invoice i on i.payment_id = c.payment_id where i.subscription_id = any (${ids}) and c.op = 'refund' and ${condition}`)).length;
  process.kill(s.env.pids.acquirer, 'SIGSTOP');
  try {
    for (const { id } of made) assert.equal((await call('POST', `/v1/subscriptions/${id}/cancel`, { unused: 'refund' })).status, 'canceled');
    await eventually(async () => await refunds('true') > 0, { what: 'the first is asked for' });
    await due('beside', 1);
    await eventually(async () => (await s.psql("select 1 from pay.invoice where subscription_id like 'sub\\_beside%'")).length === 1, { what: 'a period begins beside them' });
    assert.ok(await refunds('true') < made.length, 'one after the other');
  } finally {
    process.kill(s.env.pids.acquirer, 'SIGCONT');
  }
  await eventually(async () => {
    await s.psql(`update pay.subscription set refund_at = now() where refund_at > now() and subscription_id = any (${ids})`);
    await freed();
    return await refunds("c.state = 'ok'") === 8 && await paid('beside') === 1;
  }, { what: 'all is done when it answers again' });
  await eachOnce('beside', 1);
});

test('a server that stops begins nothing of what it has claimed', async () => {
  await s.restart('paysrv', { env: QUICK }); // which begins with few at a time
  const asked = async () => (await s.psql("select count(*)::int as n from pay.acquirer_call c join pay.invoice i on i.payment_id = c.payment_id where i.subscription_id like 'sub\\_stopped%'"))[0].n;
  process.kill(s.env.pids.acquirer, 'SIGSTOP');
  try {
    await due('stopped', 50);
    await eventually(async () => await asked() > 0, { what: 'the first are under way', pause: 10 });
    process.kill(s.env.pids.paysrv, 'SIGTERM');
    await eventually(async () => !await fetch(`${s.env.pay_api}/healthz`).then(() => true, () => false), { what: 'it takes no more', pause: 10 });
    await sleep(1000); // it stops in parts, of which the jobs are the next
  } finally {
    process.kill(s.env.pids.acquirer, 'SIGCONT');
  }
  await s.ended('paysrv');
  assert.ok(await asked() <= 20, `${await asked()} of 50 were asked for`);
  await s.restart('paysrv', { env: QUICK });
  await eventually(async () => { await freed(); return await paid('stopped') === 50; }, { what: 'the next server goes on' });
  await eachOnce('stopped', 50);
});
