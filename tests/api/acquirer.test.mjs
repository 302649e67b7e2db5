/*
 * The sandbox acquirer over its own contract (docs/protocol/acquirer.md): charges, refunds, the card page, 3-D Secure, test cards, faults,
 * notifications, and what a kill -9 leaves.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.mjs';

const PROGRAM = join(fileURLToPath(new URL('../../', import.meta.url)), 'build', process.env.STOA_BUILD ?? 'dev', 'paysrv/sandbox/stoa-acquirer');
const KEY = 'merchant_key_of_this_test';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const RETURN = 'http://127.0.0.1:9/return?state=x';

const notifications = [];
let refuses = () => false; /* what the merchant's server answers 500 to: (id of the message, how many tries there were) */
let dir, child, base, merchant;

async function start() {
  child = spawn(PROGRAM, ['--port', '0', '--data', join(dir, 'data'), '--key-file', join(dir, 'key'), '--webhook-secret-file', join(dir, 'secret'),
    '--webhook-url', `http://127.0.0.1:${merchant.address().port}/hook`, '--frame-ancestors', 'https://shop.example', '--merchant', 'Test shop'],
  { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  base = `http://127.0.0.1:${JSON.parse(line).listening}`;
}

async function stop(signal) {
  const gone = once(child, 'exit');
  child.kill(signal);
  return (await gone)[0];
}

before(async () => {
  dir = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'acquirer-'));
  writeFileSync(join(dir, 'key'), `${KEY}\n`, { mode: 0o600 });
  writeFileSync(join(dir, 'secret'), SECRET, { mode: 0o600 });
  merchant = createServer((request, answer) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece)).on('end', () => {
      const id = request.headers['webhook-id'];
      const refused = refuses(id, notifications.filter(({ headers }) => headers['webhook-id'] === id).length);
      notifications.push({ headers: request.headers, raw: Buffer.concat(pieces).toString(), refused, at: Date.now() });
      answer.writeHead(refused ? 500 : 204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(merchant, 'listening');
  await start();
});

after(async () => {
  assert.equal(await stop('SIGTERM'), 0, 'SIGTERM ends it cleanly');
  merchant.close();
  rmSync(dir, { recursive: true });
});

async function call(method, path, body, { key, auth = `Bearer ${KEY}`, type = 'application/json', signal } = {}) {
  const headers = { ...(auth && { authorization: auth }), ...(body !== undefined && { 'content-type': type }), ...(key && { 'idempotency-key': key }) };
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  const text = await answer.text();
  let json = null;
  try { json = JSON.parse(text); } catch { /* a fault answers what is no JSON */ }
  return { status: answer.status, body: json, text };
}

let serial = 0;
const fresh = () => `key-${process.pid}-${++serial}`;
const charge = (token, { key = fresh(), amount = 1000, ...more } = {}) =>
  call('POST', '/v1/charges', { amount, currency: 'EUR', token, reference: 'pay_1', ...more }, { key });
const tokenOf = async (number) => (await call('POST', '/v1/tokens', { number })).body.id;
const chargeOf = async (key) => (await call('GET', `/v1/charges?key=${key}`)).body.data;

const told = (id) => notifications.filter((one) => !one.refused && JSON.parse(one.raw).data.id === id);

async function cardPage(more = {}) {
  const { status, body } = await call('POST', '/v1/card_sessions', { return_url: RETURN, amount: 1050, currency: 'EUR', description: '<i>An article</i>', ...more });
  assert.equal(status, 200);
  return base + new URL(body.url).pathname;
}
const submit = (url, fields) => fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
const leadsTo = (html) => html.match(/http-equiv="refresh" content="0;url=([^"]*)"/)?.[1].replaceAll('&amp;', '&');

describe('charges', () => {
  test('one key makes one charge, and another body is refused', async () => {
    const key = fresh();
    const first = await charge('tok_test_visa', { key });
    assert.equal(first.status, 200);
    assert.deepEqual({ ...first.body, id: 'x' }, { id: 'x', object: 'charge', status: 'succeeded', amount: 1000, currency: 'EUR', reference: 'pay_1', key, card: { brand: 'visa', last4: '4242' }, captured: 1000, refunded: 0 });
    assert.match(first.body.id, /^ch_/);
    assert.deepEqual((await charge('tok_test_visa', { key })).body, first.body);
    const other = await charge('tok_test_visa', { key, amount: 1001 });
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'idempotency_mismatch');
    assert.deepEqual(await chargeOf(key), [first.body]);
    assert.deepEqual((await call('GET', `/v1/charges/${first.body.id}`)).body, first.body);
    assert.deepEqual(await chargeOf('never-used'), []);
    assert.equal((await call('GET', '/v1/charges/ch_none')).status, 404);
  });

  test('a hundred at once with one key make one', async () => {
    const key = fresh();
    const answers = await Promise.all(Array.from({ length: 100 }, () => charge('tok_test_visa', { key })));
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  });

  test('only the merchant may call, and bad input names the field', async () => {
    assert.equal((await call('GET', '/v1/charges?key=a', undefined, { auth: null })).status, 401);
    assert.equal((await call('GET', '/v1/charges?key=a', undefined, { auth: `Bearer ${KEY}x` })).status, 401);
    const cases = [[{}, 'amount'], [{ amount: 0 }, 'amount'], [{ amount: 1.5 }, 'amount'], [{ amount: '5' }, 'amount'],
      [{ amount: 5, currency: 'eur' }, 'currency'], [{ amount: 5, currency: 'XTS', token: 't', reference: 'r' }, 'currency'],
      [{ amount: 5, currency: 'EUR' }, 'token'], [{ amount: 5, currency: 'EUR', token: 't', reference: 'r', extra: 1 }, 'extra']];
    for (const [body, param] of cases) {
      const answer = await call('POST', '/v1/charges', body, { key: fresh() });
      assert.deepEqual([answer.status, answer.body.param], [400, param], JSON.stringify(body));
    }
    const without = await call('POST', '/v1/charges', { amount: 5, currency: 'EUR', token: 't', reference: 'r' });
    assert.deepEqual([without.status, without.body.param], [400, 'Idempotency-Key']);
    assert.equal((await call('POST', '/v1/charges', {}, { key: fresh(), type: 'text/plain' })).status, 415);
  });

  test('a token works once; the standing ones always', async () => {
    const token = await tokenOf('4242 4242 4242 4242');
    assert.equal((await charge(token)).body.status, 'succeeded');
    const again = (await charge(token)).body;
    assert.deepEqual([again.status, again.decline_code], ['declined', 'token_unusable']);
    assert.equal((await charge('tok_unknown')).body.decline_code, 'token_unusable');
    assert.equal((await call('POST', '/v1/tokens', { number: '4111111111111111' })).status, 422);
  });

  for (const [number, code] of [['4000000000000002', 'generic_decline'], ['4000000000009995', 'insufficient_funds'], ['4000000000000069', 'expired_card'],
    ['4000000000000127', 'incorrect_cvc'], ['4000000000009987', 'lost_card'], ['4000000000009979', 'stolen_card']]) {
    test(`card ${number.slice(-4)} is declined ${code}`, async () => {
      const { body } = await charge(await tokenOf(number));
      assert.deepEqual([body.status, body.decline_code], ['declined', code]);
      await eventually(() => told(body.id).length === 1, { what: 'the notification' });
      assert.equal(JSON.parse(told(body.id)[0].raw).type, 'charge.declined');
    });
  }

  test('card 0259 executes and never answers, and others are served meanwhile', async () => {
    const key = fresh(), patience = new AbortController();
    const asked = call('POST', '/v1/charges', { amount: 7, currency: 'EUR', token: await tokenOf('4000000000000259'), reference: 'r' }, { key, signal: patience.signal });
    const over = assert.rejects(asked, { name: 'AbortError' });
    await eventually(async () => (await chargeOf(key))[0]?.status === 'succeeded', { what: 'it is executed' });
    assert.equal((await charge('tok_test_visa')).status, 200);
    patience.abort();
    await over;
  });

  test('card 0341 fails before executing and works the second time', async () => {
    const key = fresh(), token = await tokenOf('4000000000000341');
    assert.equal((await charge(token, { key })).status, 500);
    assert.deepEqual(await chargeOf(key), []);
    assert.equal((await charge(token, { key })).body.status, 'succeeded');
  });

  test('card 0507 executes and then fails', async () => {
    const key = fresh(), token = await tokenOf('4000000000000507');
    assert.equal((await charge(token, { key })).status, 500);
    assert.equal((await charge(token, { key })).body.status, 'succeeded');
    assert.equal((await chargeOf(key)).length, 1);
  });
});

describe('refunds', () => {
  test('never more than the charge, once per key', async () => {
    const { body: { id } } = await charge('tok_test_visa');
    const refund = (amount, key = fresh()) => call('POST', '/v1/refunds', { charge: id, amount, reference: 're' }, { key });
    const key = fresh();
    const first = await refund(400, key);
    assert.deepEqual({ ...first.body, id: 'x' }, { id: 'x', object: 'refund', status: 'succeeded', charge: id, amount: 400, currency: 'EUR', reference: 're', key });
    assert.deepEqual((await refund(400, key)).body, first.body);
    assert.equal((await refund(401, key)).status, 422);
    assert.deepEqual((({ status, decline_code }) => [status, decline_code])((await refund(601)).body), ['declined', 'amount_too_large']);
    assert.equal((await refund(600)).body.status, 'succeeded');
    assert.equal((await refund(1)).body.status, 'declined');
    assert.equal((await call('GET', `/v1/charges/${id}`)).body.refunded, 1000);
    assert.deepEqual((await call('GET', `/v1/refunds?key=${key}`)).body.data, [first.body]);
    await eventually(() => told(first.body.id).length === 1, { what: 'the notification' });
    assert.equal((await call('POST', '/v1/refunds', { charge: 'ch_none', amount: 1, reference: 'r' }, { key: fresh() })).status, 404);
  });

  test('are of what was captured of an authorisation; the rest is released once, by a final capture or a void', async () => {
    const operate = (kind, id, amount, { key = fresh(), ...more } = {}) => call('POST', `/v1/${kind}s`, { charge: id, amount, reference: kind, ...more }, { key });
    const said = ({ body }) => body.decline_code ?? body.status;
    const { body: { id, ...held } } = await charge('tok_test_visa', { authorize_only: true });
    assert.deepEqual([held.status, held.captured, held.released], ['authorized', 0, false]);
    assert.ok(held.capture_before > Date.now() / 1000 + 6 * 86400);
    assert.equal(said(await operate('refund', id, 1)), 'charge_not_succeeded');
    const key = fresh();
    const first = await operate('capture', id, 300, { key });
    assert.deepEqual([first.body.object, first.body.status, first.body.final], ['capture', 'succeeded', false]);
    assert.deepEqual((await operate('capture', id, 300, { key })).body, first.body);
    assert.equal((await operate('capture', id, 300, { key, final: true })).status, 422);
    assert.deepEqual((await call('GET', `/v1/captures?key=${key}`)).body.data, [first.body]);
    assert.equal(said(await operate('capture', id, 701)), 'amount_too_large');
    assert.deepEqual([said(await operate('refund', id, 301)), said(await operate('refund', id, 300))], ['amount_too_large', 'succeeded']);
    assert.deepEqual([said(await operate('void', id, 600)), said(await operate('void', id, 700)), said(await operate('void', id, 700))],
      ['amount_differs', 'succeeded', 'authorization_released']);
    assert.equal(said(await operate('capture', id, 1)), 'authorization_released');
    const { body: other } = await charge('tok_test_visa', { authorize_only: true });
    assert.equal(said(await operate('capture', other.id, 10, { final: true })), 'succeeded');
    assert.deepEqual([said(await operate('capture', other.id, 1)), said(await operate('void', other.id, 990))], ['authorization_released', 'authorization_released']);
    const { body: paid } = await charge('tok_test_visa');
    assert.deepEqual([said(await operate('capture', paid.id, 1)), said(await operate('void', paid.id, 1000))], ['charge_not_authorized', 'charge_not_authorized']);
    const { data } = (await call('GET', '/v1/report')).body;
    assert.deepEqual(data.filter((row) => row.id === id || row.id === other.id), [], 'an authorisation moves nothing');
    assert.equal(data.filter((row) => row.kind === 'capture' && row.id === first.body.id).length, 1);
  });

  test('card 1059 is authorised for three seconds only', async () => {
    const { body: { id } } = await charge(await tokenOf('4000000000001059'), { authorize_only: true });
    await eventually(async () => (await call('POST', '/v1/captures', { charge: id, amount: 1, reference: 'r' }, { key: fresh() })).body.decline_code === 'authorization_expired',
      { what: 'the authorisation is over' });
    const { captured } = (await call('GET', `/v1/charges/${id}`)).body;
    assert.equal((await call('POST', '/v1/voids', { charge: id, amount: 1000 - captured, reference: 'r' }, { key: fresh() })).body.status, 'succeeded');
  });

  test('card 0838 is charged but never refunded', async () => {
    const { body: { id } } = await charge(await tokenOf('4000000000000838'));
    const { body } = await call('POST', '/v1/refunds', { charge: id, amount: 10, reference: 'r' }, { key: fresh() });
    assert.deepEqual([body.status, body.decline_code], ['declined', 'refund_failed']);
  });
});

describe('the card page', () => {
  test('makes a token of a good card and leads back without a redirect', async () => {
    const url = await cardPage();
    const page = await fetch(url);
    const html = await page.text();
    assert.match(page.headers.get('content-security-policy'), /form-action 'self'; frame-ancestors https:\/\/shop\.example;/);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    for (const word of ['autocomplete="cc-number"', 'autocomplete="cc-exp"', 'autocomplete="cc-csc"', '10.50 EUR', '&lt;i&gt;An article', 'Test shop']) assert.ok(html.includes(word), word);
    assert.ok(!/<script/i.test(html));
    const answer = await submit(url, { number: '4242 4242 4242 4242', exp: '12 / 39', csc: '123' });
    assert.equal(answer.status, 200);
    const back = new URL(leadsTo(await answer.text()));
    assert.equal(back.searchParams.get('state'), 'x');
    const token = back.searchParams.get('card_token');
    assert.match(token, /^tok_/);
    const twice = leadsTo(await (await submit(url, { number: '4242424242424242', exp: '1239', csc: '123' })).text());
    assert.equal(new URL(twice).searchParams.get('card_token'), token, 'a second submission makes no second token');
    assert.equal((await charge(token)).body.status, 'succeeded');
  });

  test('names every field that is wrong and shows no number again', async () => {
    const url = await cardPage();
    const year = new Date().getUTCFullYear() % 100;
    const cases = [
      [{ number: '4242424242424241', exp: '12/39', csc: '123' }, ['number']],
      [{ number: '4111 1111 1111 1111', exp: '12/39', csc: '123' }, ['number']],
      [{ number: 'abc', exp: '13/39', csc: '12' }, ['number', 'exp', 'csc']],
      [{ number: '4242424242424242', exp: `12/${year - 1}`, csc: '123' }, ['exp']],
      [{}, ['number', 'exp', 'csc']],
    ];
    for (const [fields, wrong] of cases) {
      const answer = await submit(url, fields);
      const html = await answer.text();
      assert.equal(answer.status, 422);
      assert.deepEqual([...html.matchAll(/id="(\w+)-mistake"/g)].map(([, name]) => name), wrong, JSON.stringify(fields));
      assert.ok(html.includes('role="alert"'));
      if (fields.number) assert.ok(!html.includes(`value="${fields.number}"`));
    }
  });

  test('can be cancelled; unknown pages are not there', async () => {
    const back = leadsTo(await (await submit(await cardPage(), { cancel: 'yes' })).text());
    assert.equal(new URL(back).searchParams.get('card_error'), 'cancelled');
    assert.match(await (await fetch(await cardPage({ locale: 'ar-EG' }), { headers: { 'accept-language': 'de' } })).text(), /<html lang="ar" dir="rtl">/);
    const { status, body } = await call('POST', '/v1/card_sessions', { return_url: RETURN, amount: 1050, currency: 'EUR', description: 'x', locale: 'sv' });
    assert.deepEqual([status, body.param], [400, 'locale']);
    const none = await fetch(`${base}/card/cds_none`);
    assert.equal(none.status, 404);
    assert.match(none.headers.get('content-type'), /^text\/html/);
  });

  test('the number is nowhere on the disk', () => {
    const journal = readFileSync(join(dir, 'data', 'journal'), 'utf8');
    assert.ok(journal.includes('"last4":"4242"'));
    assert.ok(!/(?<![0-9a-z])\d{12,19}(?![0-9a-z])/.test(journal.replaceAll(/"(at|expires|capture_before)_us":\d+/g, ''))); /* an id may have many digits in a row */
  });
});

describe('3-D Secure', () => {
  async function challenged() {
    const { body } = await charge('tok_test_3ds', { return_url: RETURN });
    assert.equal(body.status, 'requires_action');
    return { id: body.id, url: base + new URL(body.action_url).pathname };
  }

  for (const [result, status, code] of [['approve', 'succeeded', undefined], ['deny', 'declined', 'authentication_failed']]) {
    test(`${result} settles the charge once`, async () => {
      const { id, url } = await challenged();
      const html = await (await fetch(url)).text();
      for (const word of ['Test shop', '10.00 EUR', '3220']) assert.ok(html.includes(word), word);
      assert.equal(notifications.filter(({ raw }) => raw.includes(id)).length, 0, 'nothing is final yet');
      const back = leadsTo(await (await submit(url, { result })).text());
      assert.equal(back, `${RETURN}&charge=${id}`);
      await submit(url, { result: result === 'approve' ? 'deny' : 'approve' });
      const { body } = await call('GET', `/v1/charges/${id}`);
      assert.deepEqual([body.status, body.decline_code, body.action_url], [status, code, undefined]);
      assert.deepEqual(body.three_d_secure, { flow: 'challenge', trans_status: result === 'approve' ? 'Y' : 'N' });
      await eventually(() => told(id).length === 1, { what: 'the notification' });
      assert.equal(JSON.parse(told(id)[0].raw).type, `charge.${status}`);
    });
  }

  test('that nobody answers has an end, after which no answer counts', async () => {
    const { id, url } = await challenged();
    const { status, body } = await call('POST', `/v1/charges/${id}/expire`);
    assert.deepEqual([status, body.status, body.decline_code, body.three_d_secure.trans_status], [200, 'declined', 'authentication_failed', 'N']);
    await submit(url, { result: 'approve' });
    assert.equal((await call('GET', `/v1/charges/${id}`)).body.status, 'declined');
    await eventually(() => told(id).length === 1, { what: 'the notification' });
    assert.equal((await call('POST', '/v1/charges/ch_nothing/expire')).status, 404);
  });

  for (const [card, letter, status, code] of [['3105', 'Y', 'succeeded'], ['3113', 'A', 'succeeded'], ['3121', 'U', 'succeeded'],
    ['3139', 'N', 'declined', 'authentication_failed'], ['3147', 'R', 'declined', 'authentication_rejected']]) {
    test(`without a question ends ${letter}`, async () => {
      const { body } = await charge(`tok_test_${card}`, { return_url: RETURN });
      assert.deepEqual([body.status, body.decline_code, body.three_d_secure], [status, code, { flow: 'frictionless', trans_status: letter }]);
      assert.equal((await fetch(`${base}/3ds/${body.id}`)).status, 404, 'nobody is asked');
    });
  }

  test('is asked in the language of the charge, of the session that the card was typed in, or that is chosen at the foot', async () => {
    const spoken = async (url, accepts = 'de') => (await (await fetch(url, { headers: { 'accept-language': accepts } })).text()).match(/<html lang="([^"]+)"/)[1];
    const at = async (fields, token = 'tok_test_3ds') => { const { body } = await charge(token, { return_url: RETURN, ...fields }); return base + new URL(body.action_url).pathname; };
    const french = await at({ locale: 'fr-CA' });
    assert.deepEqual([await spoken(await at({})), await spoken(french), await spoken(await at({ locale: 'sv' })), await spoken(`${french}?locale=ja`), await spoken(`${french}?locale=sv`)],
      ['de', 'fr', 'de', 'ja', 'fr']);
    const links = [...(await (await fetch(french)).text()).matchAll(/href="\/3ds\/[^"?]+\?locale=([\w-]+)"/g)].map(([, tag]) => tag);
    assert.ok(links.length >= 14 && links.includes('ar'), String(links));
    const page = await cardPage({ locale: 'es' });
    const typed = leadsTo(await (await submit(page, { number: '4000000000003220', exp: '11/39', csc: '123' })).text());
    assert.equal(await spoken(await at({ locale: 'fr' }, new URL(typed).searchParams.get('card_token'))), 'es');
    const { status } = await submit(`${french}`, { result: 'approve', locale: 'ja' });
    assert.equal(status, 200);
  });

  test('other answers and other charges are refused', async () => {
    const { url } = await challenged();
    assert.equal((await submit(url, { result: 'maybe' })).status, 400);
    const { body } = await charge('tok_test_visa');
    assert.equal((await fetch(`${base}/3ds/${body.id}`)).status, 404);
  });
});

describe('notifications', () => {
  test('are signed as Standard Webhooks and repeated until a 2xx', async () => {
    refuses = (id, before) => before === 0;
    const { body } = await charge('tok_test_visa');
    await eventually(() => told(body.id).length >= 1, { what: 'the second try' });
    refuses = () => false;
    const tries = notifications.filter(({ raw }) => raw.includes(body.id));
    assert.ok(tries.length >= 2, `${tries.length}`);
    assert.equal(new Set(tries.map(({ headers }) => headers['webhook-id'])).size, 1);
    for (const { headers, raw } of tries) {
      const mac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64')).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${raw}`).digest('base64');
      assert.equal(headers['webhook-signature'], `v1,${mac}`);
      const event = JSON.parse(raw);
      assert.deepEqual([event.id, event.type, event.mode, event.account], [headers['webhook-id'], 'charge.succeeded', 'test', 'Test shop']);
      assert.deepEqual(event.data, body);
    }
  });

  test('card 0614 is notified twice with one id, card 0721 five seconds late', async () => {
    const sent = Date.now();
    const late = (await charge(await tokenOf('4000000000000721'))).body;
    const twice = (await charge(await tokenOf('4000000000000614'))).body;
    await eventually(() => told(twice.id).length >= 2, { what: 'two copies' });
    assert.equal(new Set(told(twice.id).map(({ headers }) => headers['webhook-id'])).size, 1);
    await eventually(() => told(late.id).length >= 1, { what: 'the late one' });
    assert.ok(told(late.id)[0].at - sent > 4000);
  });
});

describe('faults', () => {
  const plan = (rates, seed = 7) => call('PUT', '/v1/faults', { seed, rates });
  const outcome = (answer) => answer.then(({ status, body }) => (body?.id ? `${status}` : `${status} garbage`), () => 'cut off');

  test('the same seed gives the same faults, and every key ends in one charge', async () => {
    const runs = [];
    for (let run = 0; run < 2; run++) {
      assert.equal((await plan({ error_before: 250, error_after: 250, garbage: 250, reset: 200 })).status, 200);
      const seen = [];
      for (let i = 0; i < 30; i++) {
        const key = fresh();
        seen.push([key, await outcome(charge('tok_test_visa', { key }))]);
      }
      runs.push(seen.map(([, what]) => what));
      assert.equal((await call('DELETE', '/v1/faults')).status, 204);
      for (const [key] of seen) {
        const before = await chargeOf(key);
        const { body } = await charge('tok_test_visa', { key });
        assert.equal(body.status, 'succeeded');
        if (before.length) assert.equal(before[0].id, body.id);
      }
    }
    assert.deepEqual(runs[0], runs[1]);
    assert.ok(new Set(runs[0]).size >= 3, runs[0].join());
  });

  test('lost notifications are lost, slow answers are slow, the plan is shown', async () => {
    await plan({ lost_notification: 1000, slow: 1000 });
    const begin = Date.now();
    const { body } = await charge('tok_test_visa');
    assert.ok(Date.now() - begin >= 290);
    const shown = (await call('GET', '/v1/faults')).body;
    assert.deepEqual([shown.on, shown.seed, shown.rates.slow, shown.rates.reset], [true, 7, 1000, 0]);
    await call('DELETE', '/v1/faults');
    const { body: later } = await charge('tok_test_visa');
    await eventually(() => told(later.id).length >= 1, { what: 'the notification of a later one' });
    assert.equal(told(body.id).length, 0);
    assert.equal((await plan({ timeout: 600, reset: 600 })).body.param, 'rates');
    assert.equal((await plan({ unknown: 1 })).body.param, 'rates.unknown');
  });
});

test('a registry has all that moved money once, comes to its transfer, and is the same after a kill -9', async () => {
  await call('POST', '/v1/settlements', {});
  const { body: paid } = await charge('tok_test_visa', { amount: 2000 });
  const { body: back } = await call('POST', '/v1/refunds', { charge: paid.id, amount: 500, reference: 'r' }, { key: fresh() });
  const { body: held } = await charge('tok_test_visa', { authorize_only: true });
  const { body: taken } = await call('POST', '/v1/captures', { charge: held.id, amount: 300, reference: 'r' }, { key: fresh() });
  const { body: dispute } = await call('POST', '/v1/disputes', { charge: paid.id, amount: 1000 });
  await charge(await tokenOf('4000000000000002'));
  const { body: { data: [made] } } = await call('POST', '/v1/settlements', {});
  assert.deepEqual([made.currency, made.lines, made.gross, made.fee, made.net], ['EUR', 4, 800, 53 + 29 + 1500, 800 - 1582]);
  await call('POST', `/v1/disputes/${dispute.id}/decide`, { outcome: 'won' });
  const { body: { data: [won] } } = await call('POST', '/v1/settlements', {});
  assert.deepEqual([won.settlement, won.lines, won.net], [made.settlement + 1, 1, 1000]);
  assert.deepEqual((await call('POST', '/v1/settlements', {})).body.data, []);
  const { text } = await call('GET', `/v1/settlements/${made.settlement}`);
  const rows = text.trimEnd().split('\r\n').map((line) => line.split(',').slice(1, 9).join());
  assert.deepEqual(rows, ['type,id,key,charge,currency,gross,fee,net', `charge,${paid.id},${paid.key},${paid.id},EUR,2000,53,1947`, `refund,${back.id},${back.key},${paid.id},EUR,-500,0,-500`,
    `capture,${taken.id},${taken.key},${held.id},EUR,300,29,271`, `chargeback,${dispute.id},${paid.key},${paid.id},EUR,-1000,1500,-2500`, `payout,${made.id},,,EUR,800,1582,-782`]);
  await stop('SIGKILL');
  await start();
  assert.equal((await call('GET', `/v1/settlements/${made.settlement}`)).text, text);
  assert.deepEqual((await call('GET', `/v1/settlements?after=${made.settlement}`)).body.data, [won]);
  assert.equal((await call('GET', '/v1/settlements/999999')).status, 404);
});

test('a kill -9 loses nothing that was answered, and a torn line is cut off', async () => {
  const key = fresh(), url = await cardPage();
  const token = await tokenOf('4242424242424242');
  const { body: paid } = await charge(token, { key });
  const { body: waiting } = await charge('tok_test_3ds', { return_url: RETURN });
  const { body: refunded } = await call('POST', '/v1/refunds', { charge: paid.id, amount: 100, reference: 'r' }, { key });
  const { body: held } = await charge('tok_test_visa', { authorize_only: true });
  const { body: captured } = await call('POST', '/v1/captures', { charge: held.id, amount: 100, reference: 'r', final: true }, { key });
  await eventually(() => told(paid.id).length >= 1, { what: 'its notification' });
  refuses = () => true;
  const { body: unheard } = await charge('tok_test_visa');
  await eventually(() => notifications.some(({ raw }) => raw.includes(unheard.id)), { what: 'a refused try' });
  const report = (await call('GET', '/v1/report')).body.data;
  const had = told(paid.id).length;
  await stop('SIGKILL');
  appendFileSync(join(dir, 'data', 'journal'), '{"e":"charge","id":"ch_to');
  refuses = () => false;
  await start();
  assert.deepEqual((await chargeOf(key))[0], { ...paid, refunded: 100 });
  assert.deepEqual((await charge(token, { key })).body.id, paid.id);
  assert.deepEqual((await call('GET', `/v1/refunds?key=${key}`)).body.data, [refunded]);
  assert.deepEqual((await call('GET', `/v1/captures?key=${key}`)).body.data, [captured]);
  assert.deepEqual((await call('GET', `/v1/charges/${held.id}`)).body, { ...held, captured: 100, released: true });
  assert.equal((await charge(token)).body.decline_code, 'token_unusable', 'the token stays used');
  assert.equal((await call('GET', `/v1/charges/${waiting.id}`)).body.status, 'requires_action');
  assert.equal((await fetch(base + new URL(url).pathname)).status, 200, 'the card page is still open');
  assert.deepEqual((await call('GET', '/v1/report')).body.data, report);
  const rows = report.filter(({ id }) => [paid.id, refunded.id].includes(id));
  assert.deepEqual(rows.map(({ kind, amount, status }) => [kind, amount, status]), [['charge', 1000, 'succeeded'], ['refund', 100, 'succeeded']]);
  await eventually(() => told(unheard.id).length >= 1, { what: 'the notification that nobody took' });
  assert.equal(told(paid.id).length, had, 'what was taken is not sent again');
});
