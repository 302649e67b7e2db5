/*
 * Complete payments (create + confirm) through HTTP, authsrv's token and the sandbox acquirer, beside PostgreSQL alone:
 *   payment          the steps of the protocol, one transaction each (payment_control.c), at the best of 1, 8 and 32 connections
 *   payment-batches  the same rows, 64 payments in each transaction, and the log of their requests (rows/payments.sql), by pgbench, at the best of 1, 2 and 4 clients
 *   payment-at-once  created and confirmed by one request each, beside the rows of that in batches likewise
 *   payment-pace     half of what they reach at most, at an even pace: how long one takes
 * What a payment costs of the processor is told too: rates depend on what else the machine does, this hardly.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.mjs';
import { withCpu } from '../support/cpu.mjs';
import { accountOf, closeShop, ledgerIsSpoiled, ledgerSpoil, openShop, operator, payments, program, rows, rowsPaced, rowsPrepare } from './shop.mjs';

const SECONDS = 5;
const CONTROL_SECONDS = 3;
const STORES = 64;
const PACE_ROUNDS = 3;

const run = promisify(execFile);

async function control(stack, stores) {
  ledgerSpoil(stack);
  const { stdout } = await run(program('payment-control'), [stack.env.database_url, stores.join(','), String(CONTROL_SECONDS)]);
  const tries = stdout.trim().split('\n').map((line) => line.split(' ').slice(1).map(Number));
  const [connections, rate, p50, p99] = tries.reduce((best, one) => (one[1] > best[1] ? one : best));
  const count = tries.reduce((sum, one) => sum + one[1] * CONTROL_SECONDS, 0);
  if (!rate) throw new Error('the control made no payment');
  return { connections, rate, count, p50_ms: p50 / 1000, p99_ms: p99 / 1000 };
}

async function opened(stack) {
  const shop = await openShop(stack, { sellers: STORES });
  await payments(shop, SECONDS); /* opens the accounts of the stores, and warms everything up */
  if (!ledgerIsSpoiled(stack)) await operator(stack, 'paysrv', 'ledger', 'check');
  return shop;
}

/* What was written before is sealed behind it, which is not the cost of what comes after it. */
const booksAreSealed = (stack) => eventually(async () => (await stack.psql(`select count(*) < 1000 as is_done
  from (select from pay.entry e where e.entry_id > (select max(last_entry) from pay.ledger_seal) limit 1000) s`))[0].is_done, { what: 'the books are sealed', pause: 500 });

const measured = (stack, shop, seconds, how) => withCpu(stack.env.pids, ['paysrv', 'postgres'], () => payments(shop, seconds, how));

/* compare(limit, load) takes turns and gives the median round. */
export async function paymentRates(stack, compare) {
  const shop = await opened(stack);
  try {
    return await compare(
      () => withCpu(stack.env.pids, ['postgres'], () => control(stack, shop.stores)),
      () => measured(stack, shop, SECONDS),
    );
  } finally {
    closeShop(shop);
  }
}

/* What rows/payments.sql reads. */
const rowsOfShop = (stack, shop) => rowsPrepare(stack, 'bench_shop', `select row_number() over ()::int as n, s.partner_id, s.store_id, s.user_id, ${accountOf('seller', 's.user_id')} as seller,
  ${accountOf('acquirer_receivable')} as receivable, ${accountOf('platform')} as platform, ${accountOf('partner')} as partner, sha256(s.store_id::bytea) as hash,
  (select e.data from pay.event e where e.type = 'payment.succeeded' and e.partner_id = s.partner_id limit 1) as body
  from pay.store s where s.store_id = any ('{${shop.stores.join(',')}}')`);

async function besideBatches(stack, compare, atOnce) {
  const shop = await opened(stack);
  try {
    await rowsOfShop(stack, shop);
    return await compare(
      async () => {
        const bound = await withCpu(stack.env.pids, ['postgres'], () => rows(stack, 'payments', { work: STORES, clients: [1, 2, 4], variables: { at_once: Number(atOnce) } }));
        await booksAreSealed(stack);
        return bound;
      },
      () => measured(stack, shop, SECONDS, { atOnce }),
    );
  } finally {
    closeShop(shop);
  }
}

export const paymentBatches = (stack, compare) => besideBatches(stack, compare, false);
export const paymentAtOnce = (stack, compare) => besideBatches(stack, compare, true);

/* By turns too, and the round with the median p99 is what is told: the disk stands still for a tenth of a second now and then, for both. */
export async function paymentPace(stack) {
  const shop = await opened(stack);
  try {
    const { rate } = await payments(shop, SECONDS);
    await rowsOfShop(stack, shop);
    const rounds = [];
    for (let round = 0; round < PACE_ROUNDS; round += 1) {
      await booksAreSealed(stack);
      const found = await measured(stack, shop, 2 * SECONDS, { perSecond: rate / 2 });
      await booksAreSealed(stack);
      const bound = await rowsPaced(stack, 'payments', { variables: { at_once: 0 }, work: STORES, clients: 4, seconds: SECONDS, perSecond: rate / 2 });
      rounds.push({ ...found, bound });
    }
    const all = (of) => rounds.map((round) => of(round).p99_ms.toFixed(1)).join(', ');
    const { p50_ms: p50, p99_ms: p99, cpu, bound } = [...rounds].sort((a, b) => a.p99_ms - b.p99_ms)[Math.floor(PACE_ROUNDS / 2)];
    console.log(`payment-pace: of ${rate.toFixed(0)}/s half, ${(rate / 2).toFixed(0)} at an even pace: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms (${all((round) => round)}); `
      + `limit p50 ${bound.p50_ms.toFixed(2)} ms, p99 ${bound.p99_ms.toFixed(2)} ms (${all((round) => round.bound)}; pgbench, the same rows at the same pace, ${STORES} payments in a transaction); `
      + `paysrv ${cpu.paysrv.toFixed(3)} ms, postgres ${cpu.postgres.toFixed(3)} ms of processor each`);
  } finally {
    closeShop(shop);
  }
}
