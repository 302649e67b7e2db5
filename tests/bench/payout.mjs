/*
 * payout: payouts of sellers with a bank account, requested and confirmed with the mailed code, through HTTP; the time in between, in which the mails arrive, is not
 * counted. The limit is the same rows straight on PostgreSQL, each step a transaction of its own (rows/payout.sql), by pgbench at the best of 1, 8 and 32 clients.
 */
import { eventually } from '../support/eventually.mjs';
import { codeIn } from '../support/seller.mjs';
import { withCpu } from '../support/cpu.mjs';
import { accountOf, closeShop, once, openShop, payments, rows, rowsPrepare } from './shop.mjs';

const SELLERS = 120; /* and as many for the limit: one is sent 100 codes an hour at most */
const CONNECTIONS = 64; /* fewer than sellers: two requests of one at the same moment may have one label, by which codes are told apart here */
const EACH = 8; /* payouts of a seller in a round */
const SECONDS = 4;
const MAILS_S = 300;

/* The codes of these payouts, by what their mails name. */
async function codes(shop, payouts) {
  const { stack } = shop;
  const found = new Map();
  await eventually(async () => {
    for (const user of shop.users.slice(0, SELLERS)) {
      for (const mail of await stack.mails(user.email)) {
        const label = /request (\w+)|: (\w+)/.exec(mail.text);
        if (label) found.set(`${user.id} ${label[1] ?? label[2]}`, codeIn(mail));
      }
    }
    return payouts.every(({ user, label }) => found.has(`${user} ${label}`));
  }, { what: 'the codes of all payouts', seconds: MAILS_S });
  return payouts.map(({ user, label }) => found.get(`${user} ${label}`));
}

async function payOut(shop, round) {
  const orders = Array.from({ length: SELLERS * EACH }, (_, i) => i % SELLERS);
  const [{ before }] = await shop.stack.psql(`select coalesce(max(payout_id), '') as before from pay.payout`);
  const asked = await once(shop, `payouts-${round}`, orders.map((i) => ['/v1/payouts', { amount: 100, currency: 'EUR', requisite: shop.requisites[i], user: shop.users[i].id }]), CONNECTIONS);
  const payouts = await shop.stack.psql(`select payout_id as id, user_id as user, label from pay.payout where payout_id > '${before}'`);
  const typed = await codes(shop, payouts);
  const confirmed = await once(shop, `codes-${round}`, payouts.map(({ id }, i) => [`/v1/payouts/${id}/confirm`, { code: typed[i] }]), CONNECTIONS);
  return { rate: asked.count / (asked.seconds + confirmed.seconds), count: asked.count, p50_ms: asked.p50_ms + confirmed.p50_ms, p99_ms: asked.p99_ms + confirmed.p99_ms };
}

export async function payoutRates(stack, compare) {
  const shop = await openShop(stack, { sellers: 2 * SELLERS, areToBePaid: true });
  try {
    await payments(shop, SECONDS);
    let round = 0;
    const load = () => {
      round += 1;
      return withCpu(stack.env.pids, ['paysrv', 'postgres'], () => payOut(shop, round));
    };
    await load();
    await rowsPrepare(stack, 'bench_owner', `select row_number() over ()::int as n, s.partner_id, s.user_id, s.requisite_id, ${accountOf('seller', 's.user_id')} as seller,
      ${accountOf('payout_transit', 's.user_id')} as transit, sha256(s.user_id::bytea) as hash,
      (select e.data from pay.event e where e.type = 'payout.confirmed' and e.partner_id = s.partner_id limit 1) as body
      from pay.requisite s where s.requisite_id = any ('{${shop.requisites.slice(SELLERS).join(',')}}')`);
    return await compare(
      () => withCpu(stack.env.pids, ['postgres'], () => rows(stack, 'payout', { clients: [1, 8, 32], variables: { owners: SELLERS } })),
      load,
    );
  } finally {
    closeShop(shop);
  }
}
