/*
 * The operator's own service is asked about a payee before money first goes to him (docs/OPERATIONS.md; MONEY A8). A
 * stack of this file's own: in the shared one there is nobody to ask.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { codeIn, IBAN, newSeller, ofRequest } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const asked = [], answers = new Map(); // requisite -> what is said of it; absent: no answer
let s, partner, service, dir;

before(async () => {
  s = await startStack({ profile: 'demo' });
  partner = await newPartner(s);
  service = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString(), question = JSON.parse(body), answer = answers.get(question.payee.requisite);
      asked.push({ headers: request.headers, body, question });
      if (!answer) return request.socket.destroy();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve));
  dir = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'screening-'));
  writeFileSync(join(dir, 'secret'), SECRET, { mode: 0o600 });
  await s.restart('paysrv', { env: { PAYSRV_SCREENING_URL: `http://127.0.0.1:${service.address().port}/payees`, PAYSRV_SCREENING_SECRET_FILE: join(dir, 'secret') } });
});

after(async () => {
  service?.closeAllConnections();
  service?.close();
  if (dir) rmSync(dir, { recursive: true, force: true });
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

/* A payout that its owner has confirmed. */
async function confirmed(seller) {
  const { body: payout } = await seller.request(100);
  const { status, body } = await seller.confirm(payout.id, codeIn(await s.mail(seller.email, ofRequest(payout.label))));
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const questions = (payout) => asked.filter(({ question }) => question.payout === payout.id);
const read = async (seller, { id }) => (await seller.call('GET', `/v1/payouts/${id}`)).body;
const becomes = (seller, payout, states) => eventually(async () => {
  const now = await read(seller, payout);
  return states.includes(now.status) && now;
}, { what: `it is ${states}` });
const GOES = ['confirmed', 'sent', 'paid'];

test('a payee is asked about, signed; yes lets the payout go, no closes it, and silence holds it until there is an answer', async () => {
  const sellers = [];
  for (const holder of ['Ada Good', 'Bob Bad', 'Cyd Unknown']) {
    const seller = await newSeller(s.env, { token: partner.token, holder });
    await seller.sell(1000);
    sellers.push(seller);
  }
  const [good, bad, unknown] = sellers;
  answers.set(good.requisite.id, { decision: 'allow', reference: 'case-1' });
  answers.set(bad.requisite.id, { decision: 'deny' });
  const payouts = [];
  for (const seller of sellers) payouts.push(await confirmed(seller));
  assert.deepEqual(payouts.map(({ status }) => status), Array(3).fill('awaiting_approval'), 'none goes before there is an answer');

  await becomes(good, payouts[0], GOES);
  const [{ headers, body, question }] = questions(payouts[0]);
  assert.deepEqual(new Webhook(SECRET).verify(body, headers), question);
  assert.throws(() => new Webhook(SECRET).verify(body.replace('Good', 'Bad'), headers));
  assert.equal(headers['webhook-id'], payouts[0].id);
  const { destination, ...payee } = question.payee;
  assert.deepEqual([{ ...question, payee }, destination.includes(IBAN)], [{ object: 'screening', payout: payouts[0].id, partner: partner.slug, user: good.user.id, amount: 100, currency: 'EUR',
    payee: { requisite: good.requisite.id, type: 'bank_account', name: 'Ada Good', iban: IBAN } }, false]);

  const closed = await becomes(bad, payouts[1], ['rejected']);
  assert.equal(closed.reason, 'screening');
  assert.deepEqual(new Set(questions(payouts[1]).map((one) => one.headers['webhook-id'])).size, 1);
  assert.equal(await bad.available(), 700, 'he has his money again');

  await eventually(() => questions(payouts[2]).length >= 1, { what: 'the third was asked about' });
  await eventually(async () => (await s.psql(`select 1 from pay.payout_screening where payout_id = '${payouts[2].id}' and state = 'open' and tries >= 1 and due_at < now() + interval '30 seconds'`)).length, { what: 'it is asked again' });
  assert.equal((await read(unknown, payouts[2])).status, 'awaiting_approval', 'silence is no yes');
  answers.set(unknown.requisite.id, { decision: 'allow' });
  await becomes(unknown, payouts[2], GOES);
  const both = questions(payouts[2]);
  assert.deepEqual([both.length >= 2, new Set(both.map((one) => one.headers['webhook-id'])).size], [true, 1], 'the same question');
  for (const one of both) new Webhook(SECRET).verify(one.body, one.headers);

  const again = await confirmed(good);
  assert.ok(GOES.includes(again.status), 'who was allowed is not asked about again');
  assert.equal(questions(again).length, 0);
});
