/*
 * ./stoa bench ledger-size: what a payment costs of the processor when the ledger has 10,000 entries, and 100,000, and so on to 10,000,000: it must not grow with them. Older
 * sales are written by the database. Runs only when it is named: the last step takes some ten minutes and 15 GB.
 */
import { withCpu } from '../support/cpu.mjs';
import { accountOf, closeShop, openShop, payments, renewToken } from './shop.mjs';

const SIZES = (process.env.LEDGER_SIZES ?? '10000,100000,1000000,10000000').split(',').map(Number);
const STORES = 64;
const SECONDS = 6;
const CHUNK = 100_000;
const GROWTH_MOST = 1.5;

/* Sales as payments leave them; the triggers of the ledger are what a payment costs, and not what is measured. */
export async function writeSales(stack, { partner, store, user }, first, last) {
  const account = (kind, owner) => accountOf(kind, owner && `'${owner}'`, `'${partner}'`);
  for (let from = first; from < last; from += CHUNK) {
    const series = `generate_series(${from + 1}, ${Math.min(from + CHUNK, last)}) as n`;
    await stack.psql(`begin; set local session_replication_role = replica;
      insert into pay.payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp, partner_bp, status, description, external_id, origins, created_at, expires_at, succeeded_at)
        select 'pay_s' || n, '${partner}', '${store}', '${user}', 'EUR', 1000, 100, 200, 700, 1000, 2000, 'succeeded', 'An article, number ' || n, 'order-' || n, '{}', now(), now(), now() from ${series};
      with made as (insert into pay.entry (partner_id, kind, ref, created_at) select '${partner}', 'charge', 'pay_s' || n, now() from ${series} returning entry_id)
      insert into pay.posting (entry_id, line, account_id, currency, amount)
        select m.entry_id, l.line, l.account, 'EUR', l.amount from made m cross join (values (1, ${account('acquirer_receivable')}, 1000), (2, ${account('platform')}, -100),
          (3, ${account('partner')}, -200), (4, ${account('seller', user)}, -700)) as l (line, account, amount);
      commit`);
  }
  for (const table of ['posting', 'entry', 'payment']) await stack.psql(`vacuum analyze pay.${table}`);
}

/* As the job seals them (ledger_seal_next), which takes its time: what a payment costs is not what older ones still wait for. */
const seal = (stack) => stack.psql(`do $$
declare last pay.ledger_seal; top bigint; d record;
begin
  loop
    select * into last from pay.ledger_seal order by seal_id desc limit 1;
    select max(entry_id) into top from (select e.entry_id from pay.entry e where e.entry_id > last.last_entry order by e.entry_id limit 1000) b;
    exit when top is null;
    select * into d from pay.ledger_digest(last.hash, last.last_entry + 1, top);
    insert into pay.ledger_seal (seal_id, first_entry, last_entry, entries, postings, prev, hash, sealed_at)
      values (last.seal_id + 1, last.last_entry + 1, top, d.entries, d.postings, last.hash, d.hash, now()) on conflict (seal_id) do nothing;
    commit;
  end loop;
end $$`);

export async function ledgerSize(stack) {
  const shop = await openShop(stack, { sellers: STORES });
  try {
    await payments(shop, SECONDS); /* opens the accounts, and warms everything up */
    const [{ partner }] = await stack.psql(`select partner_id as partner from pay.store where store_id = '${shop.stores[0]}'`);
    let smallest, written = 0;
    for (const size of SIZES) {
      const [{ n }] = await stack.psql('select count(*) as n from pay.entry');
      const more = Math.max(0, size - Number(n));
      await writeSales(stack, { partner, store: shop.stores[0], user: shop.users[0].id }, written, written + more);
      written += more;
      await seal(stack);
      await stack.psql('checkpoint');
      await renewToken(shop);
      const { rate, cpu } = await withCpu(stack.env.pids, ['paysrv', 'postgres'], () => payments(shop, SECONDS));
      const each = cpu.paysrv + cpu.postgres;
      smallest ??= each;
      console.log(`ledger-size: ${String(Math.max(size, Number(n))).padStart(9)} entries: ${rate.toFixed(0)}/s, paysrv ${cpu.paysrv.toFixed(3)} ms, postgres ${cpu.postgres.toFixed(3)} ms of processor each, `
        + `${(each / smallest).toFixed(2)} of the first`);
      if (each > GROWTH_MOST * smallest) throw new Error(`a payment costs ${(each / smallest).toFixed(2)} times what it did among ${SIZES[0]} entries`);
    }
  } finally {
    closeShop(shop);
  }
}
