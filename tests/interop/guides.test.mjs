/* The programs of docs/integrate/payouts.md, subscriptions.md and seller-login.md, as a partner with a sandbox of his own runs them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { clientToken, payClient } from '../../web/client/pay.mjs';
import { createAgent } from '../support/agent.mjs';
import { app } from '../support/authenticator_app.mjs';
import { addUser, inFile } from '../support/relying_party.mjs';
import { codeIn, ofRequest } from '../support/seller.mjs';
import { ROOT, freePortBase, sharedStack } from '../support/stack.mjs';
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

/* Who has no authenticator app adds one, and goes on. */
async function enrolled(agent, page) {
  const code = app(/class="secret" dir="ltr">([^<]+)</.exec(page.text)[1]);
  const codes = await agent.submit(page, { code: code() });
  return agent.submit(codes, {}, { button: 'I have kept them' });
}

/* Through authsrv's pages, one after another, until the browser is back at the program: the page there, and what was seen on the way. */
async function through(agent, user, page) {
  const seen = [];
  for (let next = page; ;) {
    const { pathname, origin } = next.url;
    if (origin !== new URL(s.env.issuer).origin) return { ...next, seen };
    seen.push({ pathname, text: next.text });
    if (pathname === '/login') next = await agent.submit(next, user, { button: 'Sign in' });
    else if (pathname === '/consent') next = await agent.submit(next, {}, { button: 'Allow' });
    else if (pathname === '/login/enrol') next = await enrolled(agent, next);
    else assert.fail(`${next.url} ${next.status}: ${next.text.slice(0, 500)}`);
  }
}

async function startStudio() {
  const page = 'seller-login.md', port = await freePortBase(), id = `${env.CLIENT_ID}-studio`, at = `http://127.0.0.1:${port}`;
  const [, metadata] = /^ {4}printf '(.*)' >studio\.json$/m.exec(readFileSync(join(ROOT, 'docs/integrate', page), 'utf8'));
  await inFile(env.CLIENT_SECRET, (secret) => inFile(metadata, (file) => command(s, page, 'clients add', {
    shop: env.CLIENT_ID, 'shop-studio': id, 'shop.secret': secret, 'studio.json': file, 'http://127.0.0.1:8080/callback': `${at}/callback`,
  })));
  await command(s, page, 'payouts limit', { shop: env.CLIENT_ID }, 'paysrv');
  return { at, ...(await example(page, 'seller.mjs', { env: { ...env, CLIENT_ID: id, PORT: String(port) }, ready: /^ready/m })) };
}

test('a seller who logs in allows a payout by itself, and proves himself once more for a large one', async () => {
  const studio = await startStudio(), agent = createAgent(), user = await addUser(s, ['--full-profile']);
  const own = payClient({ base: env.PAY_API, token: clientToken({ issuer: env.ISSUER, clientId: env.CLIENT_ID, clientSecret: env.CLIENT_SECRET, scope: 'pay.payments' }) });
  try {
    const home = await through(agent, user, await agent.open(`${studio.at}/login`));
    const [, store] = /store (st_\w+)/.exec(home.text);
    await own.payments.create({ store, amount: 20_000, currency: 'EUR', description: 'A painting', confirm: { payment_token: 'tok_test_visa' } });
    const payOut = async (amount) => {
      const form = await agent.open(studio.at);
      const asked = await through(agent, user, await agent.submit(form, { amount: String(amount) }, { button: 'Pay out' }));
      const [, label] = new RegExp(`awaiting_code: (\\w+), ${amount} EUR`).exec(asked.text) ?? assert.fail(asked.text + studio.errors);
      const code = codeIn(await s.mail(user.email, ofRequest(label)));
      const done = await agent.submit(asked, { code }, { button: 'Confirm' });
      assert.match(done.text, /<p>confirmed<\/p>/);
      return asked.seen;
    };
    assert.deepEqual(await payOut(900), [], 'the code alone');
    const [consent, ...others] = await payOut(2000);
    assert.match(consent.text, /Pay out 20\.00 EUR of your balance to Ada Lovelace/);
    assert.deepEqual(others, []);
    const large = await payOut(6000);
    assert.deepEqual(large.map(({ pathname }) => pathname), ['/login', '/login/enrol', '/consent']);
    assert.match(large.at(-1).text, /Pay out 60\.00 EUR/);
    const payouts = await s.psql(`select amount::int from pay.payout join pay.store using (user_id) where store_id = '${store}' order by amount`);
    assert.deepEqual(payouts.map(({ amount }) => amount), [900, 2000, 6000], 'each once');
  } finally {
    await studio.stop();
  }
});

test("the README's two lines lead to the partner's own log-in", async () => {
  const shown = readFileSync(join(ROOT, 'README.md'), 'utf8').match(/^ {4}const (config|url) = .*\n/gm).join('').replace('http://127.0.0.1:7000', s.env.issuer);
  const run = new (async () => {}).constructor('client', 'id', 'secret', 'redirect_uri', 'code_challenge', `${shown} return url;`);
  const { client_id: id, client_secret: secret } = s.env.demo;
  const url = await run(client, id, secret, `${s.env.partner_site}/connect/callback`, await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()));
  const page = await createAgent().open(url);
  assert.deepEqual([page.status, page.url.origin], [200, s.env.partner_site], page.text.slice(0, 300));
});
