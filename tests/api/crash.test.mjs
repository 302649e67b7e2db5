/*
 * kill -9 at every named crash point of charge, expiry, capture, void, refund, renewal, payout and bank file, of authsrv between code and token, and of the acquirer.
 * After restart and reconciliation the invariants are empty, every acknowledged operation is there, and every retry with the same key ends in one effect.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { notice } from '../support/bank.mjs';
import { eventually } from '../support/eventually.mjs';
import { partnerToken, pay, userTokens } from '../support/people.mjs';
import { codeIn, newSeller, ofRequest, RUSSIAN } from '../support/seller.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

const IBAN = 'DE89370400440532013000';
const QUICK = { PAYSRV_RECONCILE_AFTER: '1s' };

let s, partner, author;

before(async () => {
  s = await startStack({ profile: 'demo', env: QUICK });
  partner = await partnerToken(s.env);
  author = (await pay(s.env, partner, 'POST', '/v1/users', { name: 'A second author' })).body.id;
});

after(() => s?.stop());

const restart = (service) => s.restart(service, { env: QUICK });

/* Shared by two sellers, so that every step has two balances to keep. */
async function newPayment(amount = 1000, fields = {}) {
  const split = [{ party: 'partner', bp: 2500, on_refund: 'full' }, { party: 'user', user: author, bp: 3333 }];
  const { status, body } = await pay(s.env, partner, 'POST', '/v1/payments', { store: s.env.demo.store_id, amount, currency: 'EUR', description: 'An article', split, ...fields });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

/* The call whose server dies under it has no answer; whatever comes of it is found out afterwards. */
const cutOff = (call) => call.then((answer) => answer, () => null);

const reconciled = () => eventually(async () =>
  (await s.psql("select call_id from pay.acquirer_call where state in ('intent', 'sent', 'unknown')")).length === 0, { what: 'no call without an outcome' });

const sound = async () => assert.deepEqual(await s.psql('select * from pay.v_inv'), []);

async function effects(kind, reference) {
  const { data } = await s.acquirer('GET', '/v1/report');
  return data.filter((one) => one.kind === kind && one.reference === reference && one.status === 'succeeded');
}

const settled = (payment) => eventually(async () => {
  const { body } = await pay(s.env, partner, 'GET', `/v1/payments/${payment}`);
  return body.status === 'succeeded' && body;
}, { what: `${payment} has an outcome` });

describe('a renewal', () => {
  let card, price;

  before(async () => {
    const store = s.env.demo.store_id, agent = createAgent();
    price = (await pay(s.env, partner, 'POST', '/v1/prices', { store, name: 'The weekly issue', amount: 700, currency: 'EUR', interval: 'week' })).body;
    const payment = await newPayment(700, { save_card: { buyer: 'reader', email: 'reader@example.com' } });
    const { body } = await pay(s.env, partner, 'GET', `/v1/payments/${payment}`);
    const set = await agent.submit(await agent.open(body.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
    await agent.submit(set, { number: '4242424242424242', exp: '11/39', csc: '123' });
    card = await eventually(async () => (await pay(s.env, partner, 'GET', `/v1/saved_cards?payment=${payment}`)).body.data[0], { what: 'the card is kept' });
  });

  for (const point of ['invoice.before_payment', 'charge.after_call', 'invoice.after_charge']) {
    test(`killed at ${point} charges its period exactly once`, async () => {
      s.dieAt(point);
      await cutOff(pay(s.env, partner, 'POST', '/v1/subscriptions', { price: price.id, saved_card: card.id, external_id: point }));
      await s.ended('paysrv');
      await restart('paysrv');
      const [made] = await s.psql(`select subscription_id as id from pay.subscription where external_id = '${point}'`);
      const invoice = await eventually(async () => {
        await s.psql("update pay.invoice set look_at = now() where status = 'open'"); /* what the dead server had taken is free again */
        return (await pay(s.env, partner, 'GET', `/v1/subscriptions/${made.id}/invoices`)).body.data.find(({ status }) => status === 'paid');
      }, { what: 'the period is paid' });
      assert.deepEqual([invoice.attempts_declined, (await effects('charge', invoice.payment)).length], [0, 1]);
      await sound();
    });
  }
});

describe('a charge', () => {
  const points = ['charge.before_t1', 'charge.after_t1', 'charge.after_call', 'charge.before_t2_commit', 'charge.after_t2', 'charge.before_reply'];
  for (const point of points) {
    test(`killed at ${point} is charged and booked exactly once`, async () => {
      const payment = await newPayment();
      const key = `crash-${point}`;
      const confirm = () => pay(s.env, partner, 'POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' }, { key });
      s.dieAt(point);
      await cutOff(confirm());
      await s.ended('paysrv');
      await restart('paysrv');
      await reconciled();
      const again = await confirm();
      assert.ok([200, 202].includes(again.status), `${again.status} ${JSON.stringify(again.body)}`);
      await settled(payment);
      assert.equal((await confirm()).body.status, 'succeeded');
      assert.equal((await effects('charge', payment)).length, 1);
      await sound();
    });
  }
});

describe('a payment that nobody pays', () => {
  const told = async (id) => (await s.psql(`select type from pay.event where object_id = '${id}'`)).map(({ type }) => type);
  const end = (id) => s.psql(`update pay.payment set expires_at = least(expires_at, now()), timer_at = now() where payment_id = '${id}' and status = 'requires_payment_method'`);

  for (const point of ['payment.before_expiry', 'payment.after_expiry']) {
    test(`killed at ${point} is told of exactly once`, async () => {
      const payment = await newPayment();
      s.dieAt(point);
      await end(payment);
      await s.ended('paysrv');
      await restart('paysrv');
      const next = await newPayment();
      for (const id of [payment, next]) {
        await eventually(async () => {
          await end(id); /* what the dead server had taken is free again */
          return (await told(id)).length;
        }, { what: 'it is told' });
      }
      assert.deepEqual([await told(payment), await told(next)], [['payment.expired'], ['payment.expired']]);
      assert.equal((await pay(s.env, partner, 'GET', `/v1/payments/${payment}`)).body.status, 'expired');
      await sound();
    });
  }
});

describe('a refund', () => {
  const points = ['refund.before_t1', 'refund.after_t1', 'refund.after_sent', 'refund.after_call', 'refund.before_t2_commit', 'refund.after_t2', 'refund.before_reply'];
  for (const point of points) {
    test(`killed at ${point} is refunded and booked exactly once`, async () => {
      const payment = await newPayment();
      await pay(s.env, partner, 'POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' });
      const refund = () => pay(s.env, partner, 'POST', `/v1/payments/${payment}/refunds`, { amount: 333 }, { key: `crash-${point}` });
      s.dieAt(point);
      await cutOff(refund());
      await s.ended('paysrv');
      await restart('paysrv');
      await reconciled();
      const again = await refund();
      assert.ok([200, 202].includes(again.status), `${again.status} ${JSON.stringify(again.body)}`);
      const { body } = await eventually(async () => {
        const answer = await pay(s.env, partner, 'GET', `/v1/payments/${payment}`);
        return answer.body.amount_refunded === 333 && answer;
      }, { what: 'the refund is booked' });
      assert.equal(body.status, 'succeeded');
      assert.equal((await effects('refund', payment)).length + (await effects('refund', again.body.id)).length, 1);
      await sound();
    });
  }
});

describe('a dispute', () => {

  test('killed when its money was booked, and when its acceptance was told, is held and lost exactly once', async () => {
    const payment = await newPayment();
    await pay(s.env, partner, 'POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' });
    const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment}'`);
    const disputed = (is) => eventually(async () => {
      const [one] = (await pay(s.env, partner, 'GET', `/v1/disputes?payment=${payment}`)).body.data;
      return one?.funds === is && one;
    }, { what: `its money is ${is}` });
    s.dieAt('dispute.after_book');
    await s.acquirer('POST', '/v1/disputes', { charge, amount: 700 });
    await s.ended('paysrv');
    await restart('paysrv');
    const { id } = await disputed('held');
    s.dieAt('dispute.after_tell');
    await cutOff(pay(s.env, partner, 'POST', `/v1/disputes/${id}/accept`));
    await s.ended('paysrv');
    await restart('paysrv');
    await disputed('lost');
    const entries = await s.psql(`select kind from pay.entry where ref = '${id}' order by entry_id`);
    assert.deepEqual(entries.map(({ kind }) => kind), ['dispute_hold', 'dispute_lose']);
    await sound();
  });
});

describe('the second step of a payment', () => {
  const operations = {
    capture: { path: 'capture', fields: { amount: 333, final: true }, kind: 'capture', end: ['succeeded', 333] },
    void: { path: 'cancel', fields: undefined, kind: null, end: ['canceled', 0] },
  };

  /* Dies at the point; what comes back makes sure afterwards that the operation was done once. */
  async function killed(name, point) {
    const { path, fields, kind, end } = operations[name];
    const payment = await newPayment(1000, { capture_method: 'manual' });
    await pay(s.env, partner, 'POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' });
    const operate = () => pay(s.env, partner, 'POST', `/v1/payments/${payment}/${path}`, fields, { key: `crash-${name}-${point}` });
    s.dieAt(`${name}.${point}`);
    await cutOff(operate());
    await s.ended('paysrv');
    await restart('paysrv');
    return async () => {
      const again = await operate();
      assert.equal(again.status, 200, JSON.stringify(again.body));
      assert.deepEqual([again.body.status, again.body.amount_captured], end);
      const calls = await s.psql(`select call_id, acquirer_ref from pay.acquirer_call where payment_id = '${payment}' and op = '${name}'`);
      assert.deepEqual([calls.length, Boolean(calls[0].acquirer_ref)], [1, true], 'one operation at the acquirer');
      if (kind) assert.equal((await effects(kind, calls[0].call_id)).length, 1);
      await sound();
    };
  }

  for (const [name, point] of [['capture', 'after_t1'], ['capture', 'after_call'], ['capture', 'after_t2'], ['void', 'after_t1'], ['void', 'after_call']]) {
    test(`killed at ${name}.${point} is done and booked exactly once`, async () => {
      const check = await killed(name, point);
      await reconciled();
      await check();
    });
  }

  test('killed at capture.after_sent and void.after_sent is done and booked exactly once, after what may be on its way', async () => {
    const checks = [await killed('capture', 'after_sent'), await killed('void', 'after_sent')];
    await reconciled();
    for (const check of checks) await check();
  });

  test('killed between an attempt that succeeds late and its reversal gives the money back once', async () => {
    const payment = await newPayment();
    const { body } = await pay(s.env, partner, 'POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_3ds', return_url: 'https://shop.example/' });
    assert.equal((await pay(s.env, partner, 'POST', `/v1/payments/${payment}/cancel`)).status, 200);
    s.dieAt('late.before_t2_commit');
    await fetch(body.next_action.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ result: 'approve' }) });
    await s.ended('paysrv');
    await restart('paysrv');
    const [reversal] = await eventually(async () => {
      const rows = await s.psql(`select call_id, state from pay.acquirer_call where payment_id = '${payment}' and op = 'late_refund'`);
      return rows[0]?.state === 'ok' && rows;
    }, { what: 'it is reversed' });
    assert.equal((await effects('refund', reversal.call_id)).length, 1);
    await sound();
  });
});

describe('a payout', () => {
  let writer;

  before(async () => {
    writer = (await userTokens(s.env, s.env.demo.seller)).access_token;
    const user = (await pay(s.env, writer, 'POST', '/v1/users', { name: 'Ada Lovelace' })).body;
    const store = (await pay(s.env, writer, 'POST', '/v1/stores', { name: 'Ada', currency: 'EUR' })).body;
    const requisite = await pay(s.env, writer, 'POST', `/v1/users/${user.id}/requisites`,
      { type: 'bank_account', iban: IBAN, holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin', street: 'Teststr.', building: '1', postcode: '10115' } });
    assert.equal(requisite.status, 201, JSON.stringify(requisite.body));
    const card = await pay(s.env, writer, 'POST', `/v1/users/${user.id}/requisites`, { type: 'card', token: 'tok_test_visa' });
    assert.equal(card.status, 201, JSON.stringify(card.body));
    await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${card.body.id}'`);
    writer = { token: writer, requisite: requisite.body.id, card: card.body.id };
    const { body: payment } = await pay(s.env, partner, 'POST', '/v1/payments', { store: store.id, amount: 100000, currency: 'EUR', description: 'Many articles' });
    await pay(s.env, partner, 'POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
  });

  async function request(amount, requisite = writer.requisite) {
    const mails = await s.mails(s.env.demo.seller.email);
    const { status, body } = await pay(s.env, writer.token, 'POST', '/v1/payouts', { amount, currency: 'EUR', requisite });
    assert.equal(status, 201, JSON.stringify(body));
    const mail = await s.mail(s.env.demo.seller.email, ofRequest(body.label), { after: mails.at(-1)?.id });
    return { id: body.id, code: /\b(\d{4}) ?(\d{4})\b/.exec(mail.text).slice(1).join('') };
  }

  for (const point of ['payout.before_confirm_commit', 'payout.after_confirm_commit', 'payout.before_reply']) {
    test(`killed at ${point} holds the money exactly once`, async () => {
      const payout = await request(700);
      const confirm = () => pay(s.env, writer.token, 'POST', `/v1/payouts/${payout.id}/confirm`, { code: payout.code }, { key: `crash-${point}` });
      s.dieAt(point);
      await cutOff(confirm());
      await s.ended('paysrv');
      await restart('paysrv');
      const again = await confirm();
      assert.equal(again.status, 200, JSON.stringify(again.body));
      assert.equal(again.body.status, 'confirmed');
      await sound();
    });
  }

  for (const point of ['payout.after_call', 'payout.after_outcome']) {
    test(`to a card, killed at ${point}, is paid once`, async () => {
      const payout = await request(600, writer.card);
      s.dieAt(point);
      await cutOff(pay(s.env, writer.token, 'POST', `/v1/payouts/${payout.id}/confirm`, { code: payout.code }));
      await s.ended('paysrv');
      await restart('paysrv');
      await eventually(async () => (await pay(s.env, writer.token, 'GET', `/v1/payouts/${payout.id}`)).body.status === 'paid', { what: 'it is paid' });
      const { data } = await s.acquirer('GET', `/v1/pushes?key=${payout.id}`);
      assert.deepEqual(data.map(({ status, amount }) => [status, amount]), [['succeeded', 600]]);
      await sound();
    });
  }

  test('killed after the mail went out, the code arrives and works', async () => {
    await s.psql('update pay.mail set due_at = now() where sent_at is null and failed_at is null'); /* the leases of those who were killed before are over */
    await eventually(async () => (await s.psql('select mail_id from pay.mail where sent_at is null and failed_at is null')).length === 0, { what: 'no other mail is on its way' });
    s.dieAt('mail.after_send');
    const mails = await s.mails(s.env.demo.seller.email);
    await cutOff(pay(s.env, writer.token, 'POST', '/v1/payouts', { amount: 100, currency: 'EUR', requisite: writer.requisite })); /* its mail may be sooner than its answer */
    await s.ended('paysrv');
    await restart('paysrv');
    const [body] = await s.psql('select payout_id as id, label from pay.payout order by payout_id desc limit 1');
    const mail = await s.mail(s.env.demo.seller.email, ofRequest(body.label), { after: mails.at(-1)?.id });
    const code = /\b(\d{4}) ?(\d{4})\b/.exec(mail.text).slice(1).join('');
    const confirmed = await pay(s.env, writer.token, 'POST', `/v1/payouts/${body.id}/confirm`, { code });
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    await sound();
  });
});

describe('a file of the bank’s', () => {
  const bankVerb = (words, point) => {
    const crash = join(s.data, `crash-${words.join('-').replaceAll('/', '_').slice(-60)}`);
    writeFileSync(crash, point ?? '');
    return spawnSync(s.program('paysrv'), [...words, '--config', s.config('paysrv')], { env: { ...process.env, STOA_CRASH_FILE: crash }, encoding: 'utf8' });
  };

  async function atBank(name) {
    const seller = await newSeller(s.env);
    await seller.sell(2000);
    const { body } = await seller.request(700);
    const code = codeIn(await s.mail(seller.email, /request/));
    assert.equal((await seller.confirm(body.id, code)).status, 200);
    assert.equal(bankVerb(['payouts', 'export', '--out', join(s.data, `${name}.xml`)]).status, 0);
    const [{ order, total }] = await s.psql(`select msg_id as order, b.total from pay.payout p join pay.bank_batch b using (msg_id) where payout_id = '${body.id}'`);
    return { seller, payout: body.id, order, total, before: await seller.available() };
  }

  const ends = {
    'bank.before_file_commit': 'returned', 'bank.after_file_commit': 'returned', 'bank.before_line': 'returned', 'bank.between_paid_and_returned': 'returned',
    'bank.after_line': 'returned', 'bank.within_order': 'paid',
  };
  for (const [point, end] of Object.entries(ends)) {
    test(`killed at ${point} is taken up once, by the next round of the job or the same file again`, async () => {
      const { seller, payout, order, total, before } = await atBank(point);
      const file = join(s.data, `${point}-answer.xml`);
      writeFileSync(file, notice(end === 'paid' ? [{ amount: -total, order }] : [{ amount: 700, payout, reason: 'AC04' }]));
      assert.equal(bankVerb(['bank', 'import', file], point).signal, 'SIGKILL');
      await sound();
      if (point !== 'bank.before_line') assert.equal(bankVerb(['bank', 'import', file]).status, 0);
      await eventually(async () => (await seller.call('GET', `/v1/payouts/${payout}`)).body.status === end, { what: `the payout is ${end}` });
      assert.equal(bankVerb(['bank', 'import', file]).status, 0);
      assert.equal(await seller.available(), end === 'paid' ? before : before + 700);
      assert.deepEqual(await s.psql(`select kind from pay.bank_break where payout_id = '${payout}'`), []);
      await sound();
    });
  }
});

describe('the acquirer', () => {
  test('killed in the middle keeps what it answered, and payments end', async () => {
    const before = await newPayment();
    await pay(s.env, partner, 'POST', `/v1/payments/${before}/confirm`, { payment_token: 'tok_test_visa' });
    const during = await newPayment();
    await s.kill('acquirer');
    const answer = await pay(s.env, partner, 'POST', `/v1/payments/${during}/confirm`, { payment_token: 'tok_test_visa' }, { key: 'acquirer-down' });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    assert.equal(answer.body.status, 'processing');
    await s.restart('acquirer');
    await settled(during);
    assert.equal((await effects('charge', before)).length, 1);
    assert.equal((await effects('charge', during)).length, 1);
    await sound();
  });
});

describe('authsrv', () => {
  const sane = async () => assert.deepEqual(await s.psql('select * from auth.v_inv'), []);

  for (const point of ['code.before_commit', 'code.after_commit', 'token.before_reply', 'session.after_commit', 'refresh.before_commit', 'refresh.after_commit']) {
    test(`killed at ${point}, a new log-in works and no half tokens remain`, async () => {
      const { refreshTokenGrant } = await import('openid-client');
      const { partnerClient } = await import('../support/people.mjs');
      const before = point.startsWith('refresh') ? await userTokens(s.env, s.env.demo.seller) : null;
      s.dieAt(point);
      const doomed = before ? refreshTokenGrant(await partnerClient(s.env), before.refresh_token) : userTokens(s.env, s.env.demo.buyer, 'openid email offline_access', createAgent());
      await assert.rejects(doomed);
      await s.ended('authsrv');
      await restart('authsrv');
      await sane();
      const tokens = await userTokens(s.env, s.env.demo.buyer);
      assert.ok(tokens.access_token);
      await sane();
    });
  }
});

/* Last, because paysrv then carries every confirmed payout to the sandbox bank by itself. */
describe('the channel to the bank', () => {
  const key = () => readFileSync(join(s.data, 'secrets', 'acquirer_key'), 'utf8').trim();
  const bank = async (method, path, body) => {
    const answer = await fetch(`${s.env.acquirer}/v1/bank/${path}`, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json' } });
    assert.ok(answer.ok, await (answer.ok ? '' : answer.text()));
    return answer;
  };
  const day = (statement) => bank('POST', 'days', { statement });
  const channel = (env = {}) => s.restart('paysrv', { env: { ...QUICK, ...env, PAYSRV_BANK_URL: `${s.env.acquirer}/v1/bank`, PAYSRV_BANK_KEY_FILE: join(s.data, 'secrets', 'acquirer_key') } });

  async function confirmed(holder, options = {}) {
    const seller = await newSeller(s.env, { holder, ...options });
    await seller.sell(1000);
    const { body } = await seller.request(300);
    const code = codeIn(await s.mail(seller.email, /request/));
    const confirm = seller.confirm(body.id, code);
    const becomes = (status) => eventually(async () => (await seller.call('GET', `/v1/payouts/${body.id}`)).body.status === status, { what: `${holder} is ${status}` });
    return { seller, id: body.id, confirm, becomes };
  }

  before(() => channel());

  test('orders go out once, answers come in: paid, refused, lost on the way and returned days later, with statements late and twice', async () => {
    const good = await confirmed('Ada Lovelace');
    const lost = await confirmed('Timeout');
    const back = await confirmed('Return AC06');
    const bad = await confirmed('Reject AC04');
    const roubles = { currency: 'RUB', account: RUSSIAN };
    const { body: accounts } = await good.seller.call('GET', `/v1/users/${good.seller.user.id}/requisites`);
    assert.ok(['unknown', 'match'].includes(accounts.data[0].verification.status), 'the bank is asked whose it is');
    const [russian, russianBad] = [await confirmed('Return AC06', roubles), await confirmed('Reject AC04', roubles)];
    await Promise.all([good, lost, back, bad, russian, russianBad].map((one) => one.confirm));
    await Promise.all([bad, russianBad].map((one) => one.becomes('rejected')));
    assert.equal((await good.seller.call('GET', `/v1/users/${good.seller.user.id}/requisites`)).body.data[0].verification.status, 'match', 'and nothing leaves before it has said so');
    assert.equal(await bad.seller.available(), 700);
    const order = (payout) => s.psql(`select b.msg_id as id, b.delivered_at is not null as delivered from pay.payout p join pay.bank_batch b using (msg_id) where p.payout_id = '${payout}'`);
    await eventually(async () => (await order(lost.id))[0]?.delivered, { what: 'the bank has the lost order: it was sent again, as it was, or the bank’s file about it came first' });
    await lost.becomes('unknown');
    await day('once');
    await Promise.all([good, lost, back, russian].map((one) => one.becomes('paid')));
    await day('late');
    await day('twice');
    await day('once');
    await Promise.all([back, russian].map((one) => one.becomes('returned')));
    assert.equal(await russian.seller.available(), 700, 'in roubles the same, in orders and statements of their own');
    assert.deepEqual([await good.seller.available(), await back.seller.available()], [400, 700]);
    await eventually(async () => (await s.psql("select state from pay.bank_file where state <> 'done'")).length === 0, { what: 'no statement waits' });
    const open = await s.psql("select kind from pay.bank_break where closed_at is null and created_at > now() - interval '10 minutes'");
    assert.deepEqual([...new Set(open.map((one) => one.kind))], ['unanswered'], 'only that an order was lost on the way is left for a person');
    await sound();
  });

  test('killed after the order left, it is sent again with the same bytes, and paid once', async () => {
    const payout = await confirmed('Grace Hopper');
    s.dieAt('bank.after_order');
    await cutOff(payout.confirm);
    await s.ended('paysrv');
    await channel();
    await eventually(async () => (await s.psql('select msg_id from pay.bank_batch where channel = \'bank\' and delivered_at is null')).length === 0, { what: 'the bank has it' });
    await day('once');
    await payout.becomes('paid');
    assert.deepEqual(await s.psql("select kind from pay.bank_break where kind in ('duplicate', 'state', 'unmatched')"), []);
    await sound();
  });

  test('a buyer’s transfer pays once, though killed with its credit in the books, and what was too much goes back to him', async () => {
    const seller = await newSeller(s.env);
    const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article' });
    const { body: told } = await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { method: 'bank_transfer' });
    const { iban: account, reference } = told.next_action;
    const give = (fields) => bank('POST', 'credits', { account, name: 'Ada Lovelace', iban: 'DE89370400440532013000', ...fields });
    await give({ amount: 700, text: `for ${reference.replace(/(.{4})/g, '$1 ')}`.trim() });
    const { booking } = await (await give({ amount: 450, reference })).json();
    assert.match(booking, /^C\d+$/);
    const transfer = async () => (await seller.call('GET', `/v1/payments/${payment.id}/transfer`)).body;
    s.dieAt('transfer.after_credit');
    await day('twice');
    await s.ended('paysrv');
    await channel();
    await eventually(async () => (await transfer()).repayments.length === 1, { what: 'it is paid' });
    assert.deepEqual((await transfer()).credits.map((one) => [one.amount, one.amount_applied]), [[700, 700], [450, 300]]);
    const isAtBank = async (n) => (await s.psql(`select 1 from pay.repayment r join pay.bank_batch b using (msg_id) where r.payment_id = '${payment.id}' and b.delivered_at is not null`)).length === n;
    await eventually(() => isAtBank(1), { what: 'the surplus is ordered' });
    await day('once');
    await eventually(async () => (await transfer()).repayments[0].status === 'paid', { what: 'the surplus is back' });
    const { body: refund } = await seller.call('POST', `/v1/payments/${payment.id}/refunds`, { amount: 700 });
    assert.equal(refund.status, 'pending');
    await eventually(() => isAtBank(2), { what: 'the refund is ordered' });
    s.dieAt('repayment.after_refund');
    await day('once');
    await s.ended('paysrv');
    await channel();
    await eventually(async () => (await seller.call('GET', `/v1/payments/${payment.id}`)).body.amount_refunded === 700, { what: 'it is refunded' });
    await eventually(async () => (await transfer()).repayments[1].status === 'paid', { what: 'the refund is paid' });
    await sound();
  });

  test('orders as 1C text go the same round: out, paid by statements that come late and twice, and returned', async () => {
    await channel({ PAYSRV_ROUBLE_ORDERS: '1c', PAYSRV_BANK_ANSWER_WITHIN: '1h' });
    const options = { currency: 'RUB', account: RUSSIAN };
    const [good, back, silent] = [await confirmed('ООО «Ромашка»', options), await confirmed('Return AC06', options), await confirmed('Silent', options)];
    await Promise.all([good, back, silent].map((one) => one.confirm));
    await eventually(async () => (await s.psql(`select 1 from pay.payout p join pay.bank_batch b using (msg_id) where p.payout_id in ('${good.id}', '${back.id}', '${silent.id}') and b.delivered_at is not null and b.format = '1c'`)).length === 3, { what: 'the bank has the orders' });
    await s.restart('acquirer');
    await day('once');
    await Promise.all([good, back].map((one) => one.becomes('paid')));
    for (const how of ['late', 'twice', 'once']) await day(how);
    await back.becomes('returned');
    assert.deepEqual([await good.seller.available(), await back.seller.available()], [400, 700]);
    await eventually(async () => (await s.psql("select state from pay.bank_file where state <> 'done'")).length === 0, { what: 'no statement waits' });
    assert.deepEqual(await s.psql("select kind, detail from pay.bank_break where kind in ('duplicate', 'state', 'unmatched', 'amount', 'refused', 'changed')"), []);
    await silent.becomes('sent');
    const wrong = Buffer.from('1CClientBankExchange\r\nКодировка=UTF-8\r\nКонецФайла\r\n');
    const refused = await fetch(`${s.env.acquirer}/v1/bank/orders`, { method: 'POST', body: wrong, headers: { authorization: `Bearer ${key()}`, 'content-type': 'text/plain; charset=utf-8' } });
    assert.equal(refused.status, 400);
    await sound();
  });

  test('the sandbox bank’s files are valid', async (t) => {
    const schemas = join(ROOT, '..', 'shared', 'iso20022');
    if (!existsSync(schemas)) return t.skip('../shared/iso20022 is not there');
    const { data } = await (await bank('GET', 'files?after=0')).json();
    assert.ok(data.length > 5);
    const places = {}; /* by schema, which xmllint then reads once */
    for (const { file } of data) {
      const xml = await (await bank('GET', `files/${file}`)).text();
      if (!xml.startsWith('<')) continue;
      const place = join(s.data, `bank-file-${file}.xml`);
      writeFileSync(place, xml);
      (places[/tech:xsd:([^"]*)"/.exec(xml)[1]] ??= []).push(place);
    }
    for (const [type, of] of Object.entries(places)) {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', join(schemas, `${type}.xsd`), ...of], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }
  });
});
