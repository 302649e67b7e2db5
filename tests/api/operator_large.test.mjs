/* The operator's pages where there are more payments than whoever comes by waits to have added up. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { operatorLogIn } from '../support/people.mjs';
import { startStack } from '../support/stack.mjs';

const MANY = 100_001;
let s, agent;

before(async () => {
  s = await startStack();
  agent = createAgent();
});

after(() => s?.stop());

const words = ({ text }) => text.replace(/<style[^]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('large books are added up and checked for whoever asks for it, and not for all who come by', async () => {
  const small = words(await operatorLogIn(s.env, agent, s.env.admin));
  assert.match(small, /The books balance/);
  assert.doesNotMatch(small, /Add up and check now/);
  await s.psql(`begin; set local session_replication_role = replica;
    insert into pay.payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp, partner_bp,
                             status, description, origins, created_at, expires_at)
    select 'pay_x' || n, partner_id, store_id, user_id, 'EUR', 100, 0, 0, 100, 0, 0, 'canceled', 'Many', '{}', now(), now()
      from (select * from pay.store limit 1) o cross join generate_series(1, ${MANY}) n; commit`);
  const page = await agent.open(`${s.env.pay_api}/operator`);
  assert.equal(page.status, 200);
  assert.match(words(page), /added up, and the books checked, when you ask for it\. Add up and check now/);
  assert.doesNotMatch(words(page), /The books balance|Nothing has been paid yet/);
  const [, link] = /<a href="([^"]+)">Add up and check now/.exec(page.text);
  const whole = words(await agent.open(new URL(link, s.env.pay_api)));
  assert.match(whole, /Nothing has been paid yet/);
  assert.match(whole, /The books balance/);
});
