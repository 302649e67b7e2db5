/*
 * What is held moves on while an acquirer hangs: deals that end and refunds that waited are in jobs of their own, which ask for few of them and begin none
 * when the server stops; and what is returned of a deal is what was not released. Cards that are to be kept are asked about in the same way. docs/decisions/0063-holds.md.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, sellers;

before(async () => {
  s = await startStack({ profile: 'demo', env: { PAYSRV_RECONCILE_AFTER: '2s' } });
  sellers = await Promise.all(['Anna', 'Boris', 'Clara'].map((holder) => newSeller(s.env, { holder })));
  await Promise.all(sellers.map((seller) => seller.sell(5000))); // fees are not returned
});

after(async () => {
  try {
    if (s) await eventually(async () => (await s.psql('select * from pay.v_inv')).length === 0, { what: 'the books are whole' });
  } finally {
    await s?.stop();
  }
});

async function paid(seller, fields) {
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
  const { body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' }, options));
  assert.equal(body.status, 'succeeded', JSON.stringify(body));
  return payment.id;
}

const list = (payments) => `'{${payments.join(',')}}'`;
async function deals(n) {
  const made = await Promise.all(Array.from({ length: n }, (_, i) => paid(sellers[i % sellers.length], { hold: { until: 'delivered', ends_after: 'P1D', at_end: 'return' } })));
  await eventually(async () => (await s.psql(`select 1 from pay.deal where payment_id = any (${list(made)})`)).length === n, { what: 'their ends are written down' });
  return made;
}
/* In their order. */
const end = (payments) => s.psql(`update pay.deal set ends_at = now(), due_at = now() - interval '1 second' + array_position(${list(payments)}::text[], payment_id) * interval '10 milliseconds' where payment_id = any (${list(payments)})`);
const returned = async (payments) => (await s.psql(`select coalesce(sum(amount), 0)::int as n from pay.refund r right join unnest(${list(payments)}::text[]) with ordinality as u (id, n) on r.payment_id = u.id and r.status = 'succeeded' group by u.n order by u.n`)).map(({ n }) => n);
const asked = async (payments) => (await s.psql(`select 1 from pay.acquirer_call where op = 'refund' and payment_id = any (${list(payments)})`)).length;
const allReturned = (payments) => eventually(async () => {
  await s.psql(`update pay.deal set due_at = now() where due_at > now() and payment_id = any (${list(payments)})`); // what was taken, or put off
  return (await s.psql(`select 1 from pay.deal where ended_by = 'return' and payment_id = any (${list(payments)})`)).length === payments.length;
}, { what: 'all is returned' });

/* One of each seller, whose time is over, so that it is tried whatever the balance. */
async function waited(payments) {
  await s.psql(`insert into pay.refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, initiated_by, fees, status, created_at, ends_at)
    select 're_waited' || right(payment_id, 10), partner_id, payment_id, user_id, currency, amount, 1, 'partner', 'keep keep', 'queued', now(), now() from pay.payment where payment_id = any (${list(payments)})`);
}

async function hung(work) {
  process.kill(s.env.pids.acquirer, 'SIGSTOP');
  try {
    return await work();
  } finally {
    process.kill(s.env.pids.acquirer, 'SIGCONT');
  }
}

test('what is held of others is released while deals that end and refunds that waited hang at an acquirer; what is released of a deal meanwhile is not returned', async () => {
  assert.equal((await s.operator('paysrv', 'stores', 'settle', sellers[0].store.id, '--delay-days', '3')).code, 0);
  const delayed = await eventually(async () => {
    const payment = await paid(sellers[0]);
    return (await s.psql(`select 1 from pay.payment where payment_id = '${payment}' and settlement_terms is not null`)).length > 0 && payment;
  }, { what: 'new payments wait for their day' });
  await eventually(async () => (await s.psql(`select 1 from pay.holdback where payment_id = '${delayed}'`)).length, { what: 'its part is written down' });
  const ending = await deals(9), waits = await Promise.all(sellers.map((seller) => paid(seller)));
  await hung(async () => {
    await end(ending);
    await waited(waits);
    await eventually(async () => await asked(ending) > 0 && await asked(waits) > 0, { what: 'the first of either is asked for' });
    assert.equal((await sellers[2].call('POST', `/v1/payments/${ending[8]}/release`, { amount: 400 })).status, 200);
    await s.psql(`update pay.holdback set available_on = now() where payment_id = '${delayed}'`);
    await eventually(async () => (await s.psql(`select 1 from pay.holdback where payment_id = '${delayed}' and released_at is not null`)).length, { what: 'what is due is released beside them', seconds: 30 });
  });
  await allReturned(ending);
  assert.deepEqual(await returned(ending), [...Array(8).fill(1000), 600]);
  await eventually(async () => (await returned(waits)).every((amount) => amount === 1000), { what: 'those that waited are made, too' });
  assert.equal(await asked([...ending, ...waits]), 12, 'each once');
});

test('a server that stops begins no more of the deals that end and of the refunds that waited', async () => {
  const ending = await deals(9), waits = await Promise.all(sellers.map((seller) => paid(seller)));
  let begun;
  await hung(async () => {
    await end(ending);
    await waited(waits);
    await eventually(async () => await asked(ending) > 0 && await asked(waits) > 0, { what: 'the first of either is asked for' });
    process.kill(s.env.pids.paysrv, 'SIGTERM');
    await eventually(async () => !await fetch(`${s.env.pay_api}/healthz`).then(() => true, () => false), { what: 'it takes no more', pause: 10 });
    begun = [await asked(ending), await asked(waits)];
    await sleep(2000); // it stops in parts, of which the jobs are the next
  });
  await s.ended('paysrv');
  assert.ok(await asked(ending) <= begun[0] + 2 && await asked(waits) <= begun[1] + 2, 'what was under way has ended, and no more');
  await s.restart('paysrv');
  await allReturned(ending);
  await eventually(async () => (await returned(waits)).every((amount) => amount === 1000), { what: 'the next server makes those that waited' });
  assert.deepEqual([await returned(ending), await asked([...ending, ...waits])], [Array(9).fill(1000), 12], 'each once');
});

test('what a partner releases of a deal while its return begins is not returned', async () => {
  const [one] = await deals(1);
  const held = await holding(s.env, `update pay.payment set returned_seen = least(returned_seen, 0) - 1 where payment_id = '${one}'`);
  await end([one]);
  await held.waiters(s, [new Promise(() => {})]);
  await s.psql(`update pay.deal set released = 400 where payment_id = '${one}'`);
  await held.release();
  await allReturned([one]);
  assert.deepEqual(await returned([one]), [600]);
});

/* A card that a buyer lets the first seller's store keep. */
async function kept() {
  const buyer = randomUUID(), agent = createAgent(), [seller] = sellers;
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 700, currency: 'EUR', description: 'The first', save_card: { buyer, email: `${buyer}@example.com`, required: true } });
  const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number: '4242424242424242', exp: '11/49', csc: '123' });
  const card = await eventually(async () => (await seller.call('GET', `/v1/saved_cards?payment=${payment.id}`)).body.data[0], { what: 'the card is kept' });
  return card.id;
}

test('what expires does so while the acquirer hangs that is asked about cards to keep', async () => {
  const cards = await Promise.all(Array.from({ length: 6 }, kept));
  const { body: open } = await sellers[0].call('POST', '/v1/payments', { store: sellers[0].store.id, amount: 1000, currency: 'EUR', description: 'An article' });
  await hung(async () => {
    await s.psql(`update pay.saved_card set state = 'pending', activated_at = null, tries = 0, due_at = now() where saved_card_id = any (${list(cards)})`);
    await eventually(async () => (await s.psql(`select 1 from pay.saved_card where tries > 0 and saved_card_id = any (${list(cards)})`)).length, { what: 'it is asked about the first' });
    await s.psql(`update pay.payment set expires_at = now(), timer_at = now() where payment_id = '${open.id}'`);
    await eventually(async () => (await s.psql(`select 1 from pay.payment where status = 'expired' and payment_id = '${open.id}'`)).length, { what: 'the payment expires beside them', seconds: 30 });
    const [{ held }] = await s.psql(`select count(*)::int as held from pay.saved_card where due_at > now() + interval '15 seconds' and saved_card_id = any (${list(cards)})`);
    assert.ok(held <= 1, 'taken one by one, each for longer than a look takes');
  });
  await eventually(async () => (await s.psql(`select 1 from pay.saved_card where state = 'active' and saved_card_id = any (${list(cards)})`)).length === cards.length, { what: 'all are kept' });
});
