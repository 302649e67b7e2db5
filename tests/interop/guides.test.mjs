/* The programs of docs/integrate/payouts.md and subscriptions.md, as a partner with a sandbox of his own runs them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { inFile } from '../support/relying_party.mjs';
import { ROOT, sharedStack } from '../support/stack.mjs';
import { command, example } from './support.mjs';

const GOOD = '4242424242424242';
let s, env;

before(async () => {
  s = await sharedStack();
  const slug = `guide-${randomUUID().slice(0, 8)}`, secret = randomUUID();
  await inFile(secret, async (file) => {
    await command(s, 'first-payment.md', 'partners add', { shop: slug, 'shop.secret': file });
    await command(s, 'first-payment.md', 'clients add', { shop: slug, 'shop.secret': file });
  });
  await command(s, 'first-payment.md', 'partners add', { shop: slug }, 'paysrv');
  env = { ISSUER: s.env.issuer, PAY_API: s.env.pay_api, CLIENT_ID: slug, CLIENT_SECRET: secret };
});

after(() => s?.stop());

/* What a page says that its program prints: the indented block after "prints", or "Then it says". */
const printed = (page) => /^(?:prints|.*goes on to say:?)\n\n((?: {4}.*\n)+)/m.exec(readFileSync(join(ROOT, 'docs/integrate', page), 'utf8'))[1].replace(/^ {4}/gm, '');

test('a seller is paid out', async () => {
  const run = await example('payouts.md', 'payout.mjs', { env });
  assert.equal(run.output, printed('payouts.md'));
});

for (const [HOLDER, ...said] of [['Reject AC04', 'rejected (AC04) after two days'], ['Return AC06', 'paid after two days', 'returned (AC06) after six']]) {
  test(`what becomes of a payout to "${HOLDER}"`, async () => {
    const { output } = await example('payouts.md', 'payout.mjs', { env: { ...env, HOLDER } });
    for (const line of said) assert.ok(output.split('\n').includes(line), output);
  });
}

test('a subscription is sold, renewed, changed and ended', async () => {
  const run = await example('subscriptions.md', 'subscription.mjs', { env, ready: /^Open (\S+) and pay$/m });
  const [line, address] = /^Open (\S+) and pay\n/.exec(run.output), agent = createAgent();
  const page = await agent.submit(await agent.open(address), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(page, { number: GOOD, exp: '11/39', csc: '123' });
  assert.equal(await run.ended, 0, run.errors);
  assert.equal(run.output.slice(line.length), printed('subscriptions.md'));
});
