/* The server checks the rules of the books by itself: who is told (docs/OPERATIONS.md, The books). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually, timed } from '../support/eventually.mjs';
import { operatorLogIn } from '../support/people.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

const OFTEN = { PAYSRV_LEDGER_CHECK_EVERY: '10s' };
let s, seller;

before(async () => {
  s = await startStack({ env: OFTEN });
  seller = await newSeller(s.env);
  await seller.sell(5000);
});

after(() => s?.stop());

const WAIT = { pause: 500 };
const metric = async (name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text())?.[1]);
const told = () => s.psql("select ref, detail from pay.anomaly where kind = 'rule_violated' and closed_at is null");
const outgoing = (change) => s.psql(`update pay.balance b set pending_out = pending_out ${change} from pay.account a where a.account_id = b.account_id and a.user_id = '${seller.user.id}' and a.kind = 'seller'`);

test('what is wrong in the books is told by a number, an anomaly and the operator’s first page, and whole books are', async () => {
  await eventually(async () => (await s.psql('select count(*) > 30 and bool_and(checked_at is not null) as so from pay.ledger_rule'))[0].so, { what: 'all rules are checked', ...WAIT });
  assert.equal(await metric('stoa_ledger_violations'), 0);
  await outgoing('+ 5');
  await eventually(async () => (await told()).length === 1, { what: 'it is told', ...WAIT });
  assert.match((await told())[0].detail, /^1 violation\(s\), the first is \d+$/);
  await eventually(async () => (await metric('stoa_ledger_violations')) === 1, { what: 'it is counted', ...WAIT });
  const page = await operatorLogIn(s.env, createAgent(), s.env.admin);
  assert.match(page.text, new RegExp(`did not hold when the server last checked them: <strong>${(await told())[0].ref}</strong>`));
  assert.match(page.text, /The server has checked all rules of the books since/);
  await outgoing('- 5');
  await eventually(async () => (await metric('stoa_ledger_violations')) === 0, { what: 'it is whole', ...WAIT });
});

test('a server that stops does not wait for a rule that takes long, and leaves it', async () => {
  await s.psql("create view pay.v_inv_slow as select 'SLOW1'::text as inv, pg_sleep(600)::text as k");
  await s.psql('grant select on pay.v_inv_slow to public');
  await s.restart('paysrv', { env: OFTEN }); /* a round that begins knows it */
  const sleeping = () => s.psql("select pid from pg_stat_activity where wait_event = 'PgSleep'");
  await eventually(async () => (await sleeping()).length === 1, { what: 'the rule is checked', ...WAIT });
  const { ms } = await timed(() => s.kill('paysrv', 'SIGTERM'));
  assert.ok(ms < 120_000, `it took ${ms} ms of the 600,000 of the rule`);
  await eventually(async () => (await sleeping()).length === 0, { what: 'its statement ends', ...WAIT });
  await s.psql('drop view pay.v_inv_slow');
  await s.restart('paysrv');
});
