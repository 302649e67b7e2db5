/*
 * refund: one refund after the other of payments that were made before, a tenth of each, through HTTP and the sandbox acquirer. The limit is the same rows straight on
 * PostgreSQL, each step a transaction of its own (rows/refund.sql), by pgbench at the best of 1, 8 and 32 clients; of other payments.
 */
import { withCpu } from '../support/cpu.mjs';
import { accountOf, closeShop, once, openShop, payments, rows, rowsPrepare } from './shop.mjs';

const STORES = 64;
const SECONDS = 4;

export async function refundRates(stack, compare) {
  const shop = await openShop(stack, { sellers: STORES });
  try {
    await payments(shop, SECONDS);
    const paid = `pay.payment p where p.store_id = any ('{${shop.stores.join(',')}}') and p.status = 'succeeded'`;
    const [{ half }] = await stack.psql(`select count(*) / 2 as half from ${paid}`);
    await rowsPrepare(stack, 'bench_paid', `select row_number() over (order by p.payment_id)::int as n, p.payment_id, p.partner_id, ${accountOf('seller', 'p.user_id', 'p.partner_id')} as seller,
      ${accountOf('acquirer_receivable', "''", 'p.partner_id')} as receivable, sha256(p.payment_id::bytea) as hash,
      (select e.data from pay.event e where e.object_id = p.payment_id and e.type = 'payment.succeeded') as body from ${paid}`);
    const ours = await stack.psql(`select payment_id as id from pay.bench_paid where n > ${half}`);
    let round = 0;
    return await compare(
      () => withCpu(stack.env.pids, ['postgres'], () => rows(stack, 'refund', { clients: [1, 8, 32], variables: { payments: half } })),
      () => {
        round += 1;
        return withCpu(stack.env.pids, ['paysrv', 'postgres'], () => once(shop, `refunds-${round}`, ours.map(({ id }) => [`/v1/payments/${id}/refunds`, { amount: 100 }])));
      },
    );
  } finally {
    closeShop(shop);
  }
}
