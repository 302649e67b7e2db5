/*
 * Payouts (docs/protocol/pay/payouts.md): the mailed code, its limits, the races. SECURITY group L, I06, I13, I20 to I22, I27.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { isOpen, outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { partnerToken, pay, userTokens } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { codeIn, IBAN, newSeller, ofRequest, SCOPES, wrongCode } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s;

before(async () => {
  s = await sharedStack();
});

after(() => s?.stop());

const sound = async () => assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
const code = async (seller, payout) => codeIn(await s.mail(seller.email, ofRequest(payout.label)));

test('the code is nowhere but in the mail', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const digits = (await code(seller, payout)).replace(' ', '');
  await seller.confirm(payout.id, wrongCode(digits));
  assert.doesNotMatch(s.log('paysrv'), new RegExp(`(?<!\\d)${digits}(?!\\d)`), 'not in the log, whose moments and durations have as many digits');
  const rows = await s.psql(`select row_to_json(c)::text as c from pay.payout_code c where subject = '${payout.id}'
    union all select convert_from(coalesce(content, ''), 'LATIN1') from pay.mail where recipient = '${seller.email}'
    union all select data from pay.event where object_id = '${payout.id}'`);
  assert.ok(rows.length >= 3);
  for (const { c } of rows) assert.ok(!c.includes(digits) && !c.includes(`${digits.slice(0, 4)} ${digits.slice(4)}`));
});

test('100 parallel guesses are at most 5 comparisons, and then even the right code is refused', async (t) => {
  const partner = await newPartner(s);
  t.after(() => partner.remove());
  const seller = await newSeller(s.env, { token: partner.token });
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const right = await code(seller, payout);
  const guesses = await Promise.all(Array.from({ length: 100 }, () => seller.confirm(payout.id, wrongCode(right))));
  const unheard = guesses.filter(({ status }) => status === 503).length, left = guesses.filter((one) => one.body.attempts_left > 0).length;
  assert.ok(guesses.every((one) => one.status === 503 || (one.status === 422 && one.body.code === 'code_refused')));
  assert.ok(left <= 4 && left >= 4 - unheard, `four left something, the fifth nothing: ${left} of those that were heard`);
  assert.deepEqual(await s.psql(`select attempts from pay.payout_code where subject = '${payout.id}'`), [{ attempts: 5 }]);
  const late = await seller.confirm(payout.id, right);
  assert.deepEqual([late.status, late.body.code, late.body.attempts_left], [422, 'code_refused', 0]);
  assert.match(s.log('paysrv'), new RegExp(`"codes.guessed"[^\n]*"partner":"${partner.slug}"`), 'more than people mistype: an alarm that names it');
  await sound();
});

test('one of a name is made once, also when its key is forgotten and whatever became of it', async () => {
  const seller = await newSeller(s.env), external_id = `salary-${randomUUID()}`, key = randomUUID();
  await seller.sell(1000);
  const request = (more, options) => seller.call('POST', '/v1/payouts', { amount: 100, currency: 'EUR', requisite: seller.requisite.id, user: seller.user.id, ...more }, options);
  const named = async (query = '') => (await seller.call('GET', `/v1/payouts?external_id=${external_id}${query}`)).body.data.map(({ id, external_id: name }) => [id, name]);
  assert.deepEqual(await named(), []);
  const { status, body: payout } = await request({ external_id }, { key });
  assert.deepEqual([status, payout.external_id], [201, external_id], JSON.stringify(payout));
  assert.equal((await request({ external_id }, { key })).body.id, payout.id, 'the key is there');
  await s.psql(`delete from pay.idempotency where key = '${key}'`); // as the job does after 30 days
  const taken = async (more) => {
    const { status: got, body } = await request({ external_id, ...more }, { key });
    assert.deepEqual([got, body.code, body.param], [409, 'external_id_taken', 'external_id'], JSON.stringify(body));
  };
  for (const more of [{}, { amount: 1_000_000 }]) await taken(more);
  assert.deepEqual([await named(), await named('&status=awaiting_code'), await named('&status=paid'), await named(`&user=${seller.user.id}`)], [[[payout.id, external_id]], [[payout.id, external_id]], [], [[payout.id, external_id]]]);
  const { body: confirmed } = await seller.confirm(payout.id, await code(seller, payout));
  assert.deepEqual([confirmed.status, confirmed.external_id], ['confirmed', external_id]);
  assert.equal((await seller.call('POST', `/v1/payouts/${payout.id}/cancel`)).body.external_id, external_id);
  await taken({});
  const together = await Promise.all([1, 2, 3, 4].map((amount) => outcomeOf((options) => request({ amount, external_id: `${external_id}-2` }, options))));
  assert.deepEqual(together.map(({ status: got }) => got).sort(), [201, 409, 409, 409], JSON.stringify(together.map(({ body }) => body)));
  assert.equal((await request()).body.external_id, null);
});

test('a changed account waits, and the owner is told at the new and the old address; an ended one is used no more', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const old = `old-${seller.email}`;
  await s.psql(`update pay.pay_user set previous_email = '${old}', email_changed_at = now() where user_id = '${seller.user.id}'`);
  const path = `/v1/users/${seller.user.id}/requisites`;
  const added = await seller.call('POST', path, { type: 'bank_account', iban: 'NL91ABNA0417164300', holder_name: 'Ada', address: { country: 'NL', town: 'Delft' } });
  assert.deepEqual([added.status, added.body.status, added.body.version], [201, 'cooling', 2]);
  assert.equal(seller.requisite.status, 'active', 'the first account of a user waits for nothing');
  for (const to of [seller.email, old]) assert.match((await s.mail(to, /Another account/)).text, /NL•• •••• 4300[^]*payouts\/not-me\//);
  const order = { amount: 100, currency: 'EUR', requisite: added.body.id, user: seller.user.id };
  const early = await seller.call('POST', '/v1/payouts', order);
  assert.deepEqual([early.status, early.body.code, early.body.param], [409, 'requisite_cooling', 'requisite']);
  assert.equal((await seller.request(100)).status, 201, 'the one before is good meanwhile');
  await s.psql(`update pay.pay_user set payouts_from = now() + interval '1 day' where user_id = '${seller.user.id}'`);
  const cooling = await seller.request(100);
  assert.deepEqual([cooling.status, cooling.body.code, cooling.body.param], [409, 'payouts_cooling', 'user'], 'as after another address');
  await s.psql(`update pay.pay_user set payouts_from = now() where user_id = '${seller.user.id}'`);
  await s.psql(`update pay.requisite set usable_from = now() - interval '1 second' where requisite_id = '${added.body.id}'`);
  assert.equal((await seller.call('POST', '/v1/payouts', order)).status, 201);

  const other = await newSeller(s.env);
  assert.equal((await other.call('POST', `/v1/users/${other.user.id}/requisites/${added.body.id}/disable`)).status, 404);
  await seller.call('POST', `/v1/users/${seller.user.id}/requisites/${added.body.id}/disable`);
  const ended = await seller.call('POST', `/v1/users/${seller.user.id}/requisites/${added.body.id}/disable`);
  assert.deepEqual([ended.status, ended.body.status, ended.body.disabled_reason], [200, 'disabled', 'partner']);
  assert.equal((await seller.call('POST', '/v1/payouts', order)).body.code, 'requisite_disabled');
  assert.match((await s.operator('paysrv', 'requisites', 'shared')).stdout, new RegExp(`DE•• •••• 3000\t\\d+ users:`));
  const events = await s.psql(`select type from pay.event where object_id = '${added.body.id}' order by sequence`);
  assert.deepEqual(events.map((one) => one.type), ['requisite.created', 'requisite.disabled']);
});

test('one idempotency key makes one payout and one mail', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => outcomeOf((options) => seller.request(100, options), key)));
  assert.ok(answers.every((one) => one.status === 201));
  assert.equal(new Set(answers.map((one) => one.body.id)).size, 1);
  assert.equal(answers.filter((one) => one.headers.get('idempotent-replayed') !== 'true').length, 1);
  await code(seller, answers[0].body);
  assert.equal((await s.mails(seller.email)).length, 1);
  const other = await seller.request(101, { key });
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_mismatch']);
  const without = await seller.request(100, { key: null });
  assert.deepEqual([without.status, without.body.code, without.body.param], [400, 'idempotency_key_required', 'Idempotency-Key']);
});

test('a code of one payout does nothing for another', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const [a, b] = [(await seller.request(100)).body, (await seller.request(100)).body];
  const codeOfA = await code(seller, a);
  const codeOfB = await code(seller, b);
  if (codeOfA !== codeOfB) assert.equal((await seller.confirm(b.id, codeOfA)).status, 422);
  const tampered = await newSeller(s.env);
  assert.equal((await tampered.call('POST', `/v1/payouts/${b.id}x/confirm`, { code: codeOfB })).status, 404);
  assert.equal((await seller.confirm(b.id, codeOfB)).status, 200);
});

test('a changed amount or destination voids the code', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const right = await code(seller, payout);
  await s.psql(`update pay.payout set amount = 600 where payout_id = '${payout.id}'`);
  assert.equal((await seller.confirm(payout.id, right)).body.code, 'code_refused');
  await s.psql(`update pay.payout set amount = 100, destination = sha256('x') where payout_id = '${payout.id}'`);
  assert.equal((await seller.confirm(payout.id, right)).body.code, 'code_refused');
  assert.equal(await seller.available(), 700);
});

test('resend: after 30 s, keeps the guesses, replaces the code', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const first = await s.mail(seller.email, /request/);
  assert.match(first.text, /^ +Requested by: Inkwell$/m, 'by the partner itself, once');
  await s.psql(`update pay.payout_code set created_at = now() where subject = '${payout.id}'`); /* however long the mail took */
  const early = await seller.call('POST', `/v1/payouts/${payout.id}/resend`);
  assert.deepEqual([early.status, early.body.code], [429, 'too_many_requests']);
  assert.match(early.body.detail, /^Another code can be mailed in \d+ s\.$/);
  assert.ok(Number(early.headers.get('retry-after')) > 0);
  await seller.confirm(payout.id, wrongCode(codeIn(first)));
  await s.psql(`update pay.payout_code set created_at = created_at - interval '31 seconds' where subject = '${payout.id}'`);
  const resent = await seller.call('POST', `/v1/payouts/${payout.id}/resend`);
  assert.deepEqual([resent.status, resent.body.attempts_left], [200, 4]);
  const second = await s.mail(seller.email, /request/, { after: first.id });
  if (codeIn(first) !== codeIn(second)) {
    const replaced = await seller.confirm(payout.id, codeIn(first));
    assert.deepEqual([replaced.status, replaced.body.code], [422, 'code_refused']);
  }
  assert.equal((await seller.confirm(payout.id, codeIn(second))).status, 200);
  assert.equal((await seller.call('POST', `/v1/payouts/${payout.id}/resend`)).body.code, 'payout_state');
  await sound();
});

test('an expired code is refused like a wrong one', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const right = await code(seller, payout);
  await s.psql(`update pay.payout_code set expires_at = now() - interval '1 second' where subject = '${payout.id}'`);
  await s.psql(`update pay.payout set expires_at = now() - interval '1 second' where payout_id = '${payout.id}'`);
  const late = await seller.confirm(payout.id, right);
  assert.deepEqual([late.status, late.body.code], [422, 'code_refused']);
  const { body: shown } = await seller.call('GET', `/v1/payouts/${payout.id}`);
  assert.equal(shown.status, 'expired');
  assert.equal(await seller.available(), 700);
});

test('what the balance does not hold, other currencies, foreign requisites: refused', async () => {
  const seller = await newSeller(s.env);
  const other = await newSeller(s.env);
  await seller.sell(1000);
  const request = (change) => seller.call('POST', '/v1/payouts', { amount: 100, currency: 'EUR', requisite: seller.requisite.id, user: seller.user.id, ...change });
  const { body: poor } = await request({ amount: 701 });
  assert.deepEqual([poor.code, poor.detail], ['insufficient_funds', 'The balance does not hold this amount: 7.00 EUR is available.']);
  assert.deepEqual([(await request({ currency: 'USD' })).body.code, (await request({ currency: 'USD' })).body.param], ['invalid_parameter', 'currency']);
  const { status: foreign, body: unknown } = await request({ requisite: other.requisite.id });
  assert.deepEqual([foreign, unknown.param], [404, 'requisite']);
  assert.equal((await request({ user: other.user.id })).status, 404);
  assert.equal((await request({ user: undefined })).body.param, 'user');
  for (const amount of [0, -1, 1.5, '100', 1e15]) {
    const { status, body } = await request({ amount });
    assert.ok(status === 400 || status === 422, `${amount}: ${status}`);
    assert.equal(body.param, 'amount');
  }
});

test('"this was not me": the link only shows, its button freezes all payouts of the owner', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const waiting = (await seller.request(100)).body;
  const mail = await s.mail(seller.email, ofRequest(waiting.label));
  const { body: planned } = await seller.call('POST', '/v1/payout_schedules', { user: seller.user.id, requisite: seller.requisite.id, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' });
  const agree = codeIn(await s.mail(seller.email, ofRequest(planned.label)));
  const [link] = new RegExp(`${s.env.pay_api}/payouts/not-me/[\\w-]+`).exec(mail.text);
  const agent = createAgent();
  const page = await agent.open(link);
  assert.equal(page.status, 200);
  assert.match(page.text, /Nothing has happened yet/);
  assert.equal((await seller.call('GET', `/v1/payouts/${waiting.id}`)).body.status, 'awaiting_code', 'GET does nothing');
  assert.equal((await agent.open(`${link}x`)).status, 404);
  assert.equal((await agent.submit(page)).status, 200);
  assert.equal((await seller.call('GET', `/v1/payouts/${waiting.id}`)).body.status, 'canceled');
  assert.equal((await seller.confirm(waiting.id, codeIn(mail))).body.code, 'code_refused');
  assert.equal((await seller.request(100)).body.code, 'payouts_frozen');
  const { body: ended } = await seller.call('GET', `/v1/payout_schedules/${planned.id}`);
  assert.deepEqual([ended.status, ended.reason], ['ended', 'frozen'], 'and the schedule that waited for its code');
  assert.equal((await s.psql(`select type from pay.event where object_id = '${planned.id}' order by sequence desc limit 1`))[0].type, 'payout_schedule.ended');
  const after_ = (await agent.open(link)).text;
  const told = async () => (await s.psql(`select type, data from pay.event where object_id = '${seller.user.id}' order by sequence`)).map(({ type, data }) => [type, JSON.parse(data).payouts_frozen]);
  assert.deepEqual((await told()).at(-1), ['user.updated', true], 'the partner hears that he stopped them');
  const anomalies = () => s.psql(`select detail, closed_by, note from pay.anomaly where kind = 'payouts_frozen' and ref = '${seller.user.id}'`);
  assert.deepEqual(await anomalies(), [{ detail: 'nothing is held', closed_by: null, note: null }], 'and an operator');
  assert.match(after_, /Your payouts are stopped/, 'who comes back to the page, or opens another mail, is not told that nothing has happened');
  assert.doesNotMatch(after_, /Nothing has happened yet/);
  for (let i = 0; i < 2; i += 1) assert.equal((await s.operator('paysrv', 'payouts', 'unfreeze', seller.user.id)).code, 0);
  assert.deepEqual((await told()).filter(([type]) => type === 'user.updated'), [['user.updated', true], ['user.updated', false]], 'once each');
  assert.deepEqual(await anomalies(), [{ detail: 'nothing is held', closed_by: 'machine', note: 'payouts go on' }]);
  assert.equal((await seller.call('POST', `/v1/payout_schedules/${planned.id}/confirm`, { code: agree })).body.code, 'code_refused');
  assert.equal((await seller.request(100)).status, 201);
  await sound();
});

test('an owner who stops his payouts while one is confirmed: it is held and not sent, or canceled, and books agree', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const mail = await s.mail(seller.email, /request/);
  const agent = createAgent();
  const page = await agent.open(new RegExp(`${s.env.pay_api}/payouts/not-me/[\\w-]+`).exec(mail.text)[0]);
  const held = await holding(s.env, `select from pay.balance b join pay.account a using (account_id) where a.user_id = '${seller.user.id}' and a.kind = 'seller' for update of b`);
  const confirmed = seller.confirm(payout.id, codeIn(mail));
  await held.waiters(s, [confirmed]);
  const stopped = agent.submit(page);
  await held.waiters(s, [confirmed, stopped]);
  await held.release();
  const [, { status: stop }] = await Promise.all([confirmed, stopped]);
  assert.equal(stop === 503 ? (await agent.submit(page)).status : stop, 200);
  await sound();
  const { status } = (await seller.call('GET', `/v1/payouts/${payout.id}`)).body;
  assert.ok(['confirmed', 'canceled'].includes(status), status);
  assert.equal(await seller.available(), status === 'confirmed' ? 600 : 700);
});

test('requests of an owner that could be confirmed at one time have labels of their own', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const labels = [];
  for (let i = 0; i < 40; i += 1) labels.push((await seller.request(1)).body.label);
  assert.equal(new Set(labels).size, labels.length, labels.join(' '));
});

/* A list of payouts of a seller's; amounts in turn to his accounts. */
const listOf = (seller, ...payouts) => seller.call('POST', '/v1/payout_lists', { user: seller.user.id, payouts: payouts.map(([amount, requisite = seller.requisite.id]) => ({ amount, currency: 'EUR', requisite })) });
const listConfirm = (seller, list, typed, options) => seller.call('POST', `/v1/payout_lists/${list}/confirm`, { code: typed }, options);

const pageIn = (mail) => new RegExp(`${s.env.pay_api}/confirm/[\\w-]+`).exec(mail.text)[0];
const typesOf = async (id) => (await s.psql(`select type from pay.event where object_id = '${id}' order by sequence`)).map(({ type }) => type);

test('the code can be typed on the page that the mail leads to, which shows what it is for and does nothing by being opened', async () => {
  const seller = await newSeller(s.env), agent = createAgent();
  await seller.sell(10_000);
  const { body: payout } = await seller.request(100);
  const mail = await s.mail(seller.email, ofRequest(payout.label)), link = pageIn(mail), right = codeIn(mail);
  assert.ok(mail.text.includes(`Enter it only in the pages of Inkwell, or here:\n${link}\n`), mail.text);
  for (const url of [`${link}x`, link.slice(0, -1), `${s.env.pay_api}/confirm/${payout.id}`]) assert.equal((await agent.open(url)).status, 404, url);
  let page;
  for (let i = 0; i < 3; i += 1) page = await agent.open(link);
  assert.equal(page.status, 200);
  for (const part of [`Request: ${payout.label}`, 'Amount: 1.00 EUR', 'To: DE•• •••• 3000, Åsa Müller', 'Inkwell', 'Tries left: 5', 'inputmode="numeric" autocomplete="one-time-code"', '/payouts/not-me/']) assert.ok(page.text.includes(part), `${part} in ${page.text}`);
  assert.ok(!page.text.includes(right) && !page.text.includes(right.replace(' ', '')) && !page.text.includes(IBAN));
  const header = (name) => page.headers.get(name);
  assert.match(header('content-security-policy'), /default-src 'none'[^]*frame-ancestors 'none'/);
  assert.deepEqual([header('cache-control'), header('referrer-policy')], ['no-store', 'strict-origin']);
  assert.deepEqual(await s.psql(`select attempts, is_live from pay.payout_code where subject = '${payout.id}'`), [{ attempts: 0, is_live: true }], 'GET does nothing');
  const empty = await agent.submit(page, { code: '' });
  assert.deepEqual([empty.status, /Tries left: 5/.test(empty.text)], [422, true], 'no guess');
  const wrong = await agent.submit(page, { code: wrongCode(right) });
  assert.deepEqual([wrong.status, /not accepted/.test(wrong.text), /Tries left: 4/.test(wrong.text)], [422, true, true]);
  const typed = [...right.replace(' ', '')].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('');
  const done = await agent.submit(wrong, { code: ` ${typed.slice(0, 4)}\u3000${typed.slice(4)}` });
  assert.deepEqual([done.status, done.url.href, /<h1 class="done">Confirmed</.test(done.text)], [200, link, true], done.text);
  assert.equal((await agent.submit(wrong, { code: right })).status, 200, 'sent twice it is done once');
  assert.ok(!done.text.includes('1.00') && !done.text.includes('3000'), 'the link of yesterday says nothing of it');
  assert.equal((await seller.call('GET', `/v1/payouts/${payout.id}`)).body.status, 'confirmed');
  assert.deepEqual(await typesOf(payout.id), ['payout.confirmation_required', 'payout.confirmed']);
  assert.equal((await seller.confirm(payout.id, right)).body.code, 'code_refused');
  const token = link.split('/').at(-1);
  assert.ok(!s.log('paysrv').includes(token), 'it is in no log');
  assert.equal((await s.psql(`select from pay.event where data like '%${token}%'`)).length, 0);
  await sound();
});

test('the page says what became of a code: replaced, expired, over', async () => {
  const seller = await newSeller(s.env), agent = createAgent();
  await seller.sell(10_000);
  const asked = async () => { const { body } = await seller.request(100); return { ...body, link: pageIn(await s.mail(seller.email, ofRequest(body.label))) }; };
  const over = async ({ link }, title) => { const page = await agent.open(link); assert.deepEqual([page.status, page.text.includes(`<h1>${title}</h1>`), page.text.includes('3000')], [410, true, false], page.text); return page; };
  const replaced = await asked(), first = await s.mail(seller.email, ofRequest(replaced.label)), form = await agent.open(replaced.link);
  await s.psql(`update pay.payout_code set created_at = created_at - interval '31 seconds' where subject = '${replaced.id}'`);
  assert.equal((await seller.call('POST', `/v1/payouts/${replaced.id}/resend`)).status, 200);
  const second = await s.mail(seller.email, ofRequest(replaced.label), { after: first.id });
  await over(replaced, 'There is a newer code');
  assert.equal((await agent.submit(form, { code: codeIn(second) })).status, 410, 'nor does its form take the new one');
  const canceled = await asked();
  await seller.call('POST', `/v1/payouts/${canceled.id}/cancel`);
  await over(canceled, 'This request is over');
  const late = await asked(), lateForm = await agent.open(late.link);
  for (const [table, id] of [['payout_code', 'subject'], ['payout', 'payout_id']]) await s.psql(`update pay.${table} set expires_at = now() - interval '1 second' where ${id} = '${late.id}'`);
  await over(late, 'This code has expired');
  assert.equal((await agent.submit(lateForm, { code: '1' })).status, 410);
  const last = await agent.submit(await agent.open(pageIn(second)), { code: codeIn(second) });
  const request = async () => { const { body } = await seller.request(await seller.available()); return s.mail(seller.email, ofRequest(body.label)); };
  const [all, none] = [await request(), await request()];
  await agent.submit(await agent.open(pageIn(all)), { code: codeIn(all) });
  const poor = await agent.submit(await agent.open(pageIn(none)), { code: codeIn(none) });
  assert.deepEqual([poor.status, poor.text.includes('does not hold'), poor.text.includes(`href="${new URL(pageIn(none)).pathname}"`)], [409, true, true], 'and what else keeps it from being done');
  assert.match(last.text, /Confirmed/);
});

test('a list and a schedule are confirmed on the page as well', async () => {
  const seller = await newSeller(s.env), agent = createAgent();
  await seller.sell(10_000);
  const { body: list } = await listOf(seller, [100], [200]);
  const { body: schedule } = await seller.call('POST', '/v1/payout_schedules', { user: seller.user.id, requisite: seller.requisite.id, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' });
  for (const [made, parts, status] of [[list, ['Payouts: 2', '1.00 EUR to DE•• •••• 3000', '2.00 EUR to'], 'confirmed'], [schedule, ['every day at 17:00', 'DE•• •••• 3000'], 'active']]) {
    const mail = await s.mail(seller.email, ofRequest(made.label)), page = await agent.open(pageIn(mail));
    for (const part of parts) assert.ok(page.text.includes(part), `${part} in ${page.text}`);
    assert.equal((await agent.submit(page, { code: codeIn(mail) })).status, 200);
    assert.equal((await seller.call('GET', `/v1/${made.object}s/${made.id}`)).body.status, status);
  }
  await sound();
});

test('guesses through the page and the API are five together, and the last one is told of once', async () => {
  const seller = await newSeller(s.env), agent = createAgent();
  await seller.sell(10_000);
  const { body: payout } = await seller.request(100);
  const mail = await s.mail(seller.email, ofRequest(payout.label)), right = codeIn(mail), page = await agent.open(pageIn(mail));
  const guesses = [...Array(95).fill(() => seller.confirm(payout.id, wrongCode(right))), ...Array(5).fill(() => agent.submit(page, { code: wrongCode(right) }))];
  const answers = await Promise.all(guesses.map((guess) => guess()));
  assert.ok(answers.every(({ status }) => [410, 422].includes(status)), JSON.stringify(answers.map(({ status }) => status)));
  assert.deepEqual(await s.psql(`select attempts from pay.payout_code where subject = '${payout.id}'`), [{ attempts: 5 }]);
  const after_ = await agent.submit(page, { code: right });
  assert.deepEqual([after_.status, after_.text.includes('<h1>Too many wrong codes</h1>')], [410, true]);
  assert.equal((await seller.call('GET', `/v1/payouts/${payout.id}`)).body.status, 'awaiting_code');
  assert.deepEqual(await typesOf(payout.id), ['payout.confirmation_required', 'payout.confirmation_failed']);
  const [{ data }] = await s.psql(`select data from pay.event where object_id = '${payout.id}' and type = 'payout.confirmation_failed'`);
  assert.deepEqual([JSON.parse(data).id, JSON.parse(data).attempts_left], [payout.id, 0]);
  for (const digits of [right, wrongCode(right)]) assert.ok(!data.includes(digits.replace(' ', '')));
});

test('of a partner whose codes are sealed the API takes none, whatever is asked, and only an operator opens them', async (t) => {
  const partner = await newPartner(s), agent = createAgent(), operator = await operatorToken(s);
  t.after(() => partner.remove());
  const seller = await newSeller(s.env, { token: partner.token }), path = `/v1/operator/partners/${partner.slug}/codes`;
  await seller.sell(10_000);
  const set = (codes, token = operator) => pay(s.env, token, 'POST', path, { codes });
  const { body: before_ } = await seller.request(100);
  const early = await code(seller, before_);
  assert.deepEqual((await pay(s.env, operator, 'GET', path)).body, { object: 'partner_codes', partner: partner.slug, codes: 'open' });
  assert.equal((await set('sealed')).body.codes, 'sealed');
  const { body: payout } = await seller.request(100);
  const mail = await s.mail(seller.email, ofRequest(payout.label)), right = codeIn(mail);
  assert.ok(mail.text.includes(`Enter it only here, and never in the pages of Other:\n${pageIn(mail)}\n`), mail.text);
  const said = async (path_, typed) => { const { status, body } = await seller.call('POST', path_, { code: typed }); const { instance, request_id, ...rest } = body; return [status, rest]; };
  const refusals = await Promise.all([[`payouts/${payout.id}`, right], [`payouts/${payout.id}`, wrongCode(right)], [`payouts/${before_.id}`, early], ['payouts/po_none', right],
    ['payout_lists/pol_none', right], ['payout_schedules/pos_none', right], ['confirmations/cnf_none', right]].map(([what, typed]) => said(`/v1/${what}/confirm`, typed)));
  for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
  assert.deepEqual([refusals[0][0], refusals[0][1].code], [403, 'codes_sealed']);
  assert.deepEqual(await s.psql(`select distinct attempts from pay.payout_code where subject in ('${payout.id}', '${before_.id}')`), [{ attempts: 0 }], 'no guess is counted');
  for (const token of [partner.token, seller.token]) assert.equal((await set('open', token)).status, 403);
  assert.match((await agent.submit(await agent.open(pageIn(mail)), { code: right })).text, /Confirmed/);
  const { status, body: misspelt } = await set('closed');
  assert.deepEqual([status, misspelt.code, misspelt.param], [422, 'invalid_parameter', 'codes']);
  assert.equal((await pay(s.env, operator, 'POST', '/v1/operator/partners/nobody/codes', { codes: 'sealed' })).status, 404);
  const word = async (...words) => (await s.operator('paysrv', 'partners', 'set', partner.slug, ...words));
  assert.match((await word()).stdout, /\tcodes sealed$/m);
  assert.match((await word('--codes', 'open')).stdout, /\tcodes open$/m);
  assert.equal((await word('--codes', 'shut')).code, 2);
  assert.equal((await seller.confirm(before_.id, early)).status, 200, 'what counts is how it is now');
  const audited = await s.psql(`select actor, detail::text from pay.audit where object = '${partner.slug}' and detail::text like '%codes_sealed%' and action like '%change%' order by at`);
  assert.deepEqual(audited.map(({ actor }) => actor.split(':')[0]), ['operator', 'cli'], JSON.stringify(audited));
  await sound();
});

test('one code confirms a list: bound to all of it, for all of it, once', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(10_000);
  const second = (await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'bank_account', iban: 'NL91ABNA0417164300', holder_name: 'Grace', address: { country: 'NL', town: 'Delft' } })).body;
  await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${second.id}'`);
  const { status, body: list } = await listOf(seller, [100], [200, second.id], [300]);
  assert.deepEqual([status, list.status, list.count, list.totals, list.payouts.length], [201, 'awaiting_code', 3, [{ currency: 'EUR', amount: 600 }], 3], JSON.stringify(list));
  const mail = await s.mail(seller.email, /Confirm payouts/);
  for (const part of [list.label, 'Payouts: 3', '6.00 EUR', '1.00 EUR to DE•• •••• 3000', '2.00 EUR to NL•• •••• 4300, Grace', '/payouts/not-me/']) assert.ok(mail.text.includes(part), `${part} in ${mail.text}`);
  const right = codeIn(mail);
  const [member] = list.payouts;
  for (const verb of ['confirm', 'cancel', 'resend']) {
    const alone = await seller.call('POST', `/v1/payouts/${member.id}/${verb}`, verb === 'confirm' ? { code: right } : undefined);
    assert.deepEqual([alone.status, alone.body.code, alone.body.param], [409, 'payout_state', 'payout'], verb);
  }
  const wrong = await listConfirm(seller, list.id, wrongCode(right));
  assert.deepEqual([wrong.status, wrong.body.code, wrong.body.attempts_left], [422, 'code_refused', 4]);
  await s.psql(`update pay.payout set amount = 101 where payout_id = '${member.id}'`);
  assert.equal((await listConfirm(seller, list.id, right)).body.code, 'code_refused', 'another amount in it');
  await s.psql(`update pay.payout set amount = 100 where payout_id = '${member.id}'`);

  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => listConfirm(seller, list.id, right, i < 3 ? { key } : {})));
  const fresh = answers.filter((one) => one.status === 200 && one.headers.get('idempotent-replayed') !== 'true');
  assert.equal(fresh.length, 1, JSON.stringify(answers.map((one) => [one.status, one.body.code])));
  assert.ok(answers.every((one) => one.status === 200 || one.body.code === 'code_refused' || isOpen(one)));
  assert.deepEqual(fresh[0].body.payouts.map((one) => one.status), ['confirmed', 'confirmed', 'confirmed']);
  assert.equal(await seller.available(), 6400);
  const events = await s.psql(`select type from pay.event where object_id = '${list.id}' order by sequence`);
  assert.deepEqual(events.map((one) => one.type), ['payout_list.confirmation_required', 'payout_list.confirmed']);
  assert.equal((await seller.call('POST', `/v1/payouts/${member.id}/cancel`)).body.status, 'canceled', 'confirmed, each goes its own way');
  assert.equal((await seller.call('GET', `/v1/payout_lists/${list.id}`)).body.payouts[0].status, 'canceled');
  assert.equal((await (await newSeller(s.env)).call('GET', `/v1/payout_lists/${list.id}x`)).status, 404);
  await sound();
});

test('a list is held as a whole or not at all, and says which payout was too much', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(10_000);
  const refused = await listOf(seller, [100], [200, 'req_nobody']);
  assert.equal(refused.status, 404);
  assert.equal((await listOf(seller, [6000], [1001])).body.code, 'insufficient_funds');
  const { body: list } = await listOf(seller, [3000], [3500]);
  const right = codeIn(await s.mail(seller.email, /Confirm payouts/));
  const { body: single } = await seller.request(1000);
  assert.equal((await seller.confirm(single.id, await code(seller, single))).status, 200);
  const short = await listConfirm(seller, list.id, right);
  assert.deepEqual([short.status, short.body.code, short.body.param, await seller.available()], [409, 'insufficient_funds', 'payouts[1]', 6000]);
  assert.equal((await seller.call('GET', `/v1/payout_lists/${list.id}`)).body.status, 'awaiting_code');
  await sound();
  await seller.sell(1000);
  assert.equal((await listConfirm(seller, list.id, right)).status, 200, 'the same code, when the money is there');

  const [{ id: partner }] = await s.psql(`select partner_id as id from pay.pay_user where user_id = '${seller.user.id}'`);
  await s.operator('paysrv', 'payouts', 'limit', partner, '--currency', 'EUR', '--seller', seller.user.id, '--most', '150', '--per-day', '160');
  assert.deepEqual([(await listOf(seller, [1], [151])).body.param, (await listOf(seller, [1], [151])).body.code], ['payouts[1].amount', 'payout_limit']);
  const { body: waiting } = await listOf(seller, [80], [81]);
  const next = codeIn(await s.mail(seller.email, ofRequest(waiting.label)));
  const over = await listConfirm(seller, waiting.id, next);
  assert.deepEqual([over.status, over.body.code, over.body.param], [409, 'payout_limit', 'payouts[1].amount']);
  await s.psql(`update pay.payout_code set created_at = now() where subject = '${waiting.id}'`); /* however long the mail took */
  assert.equal((await seller.call('POST', `/v1/payout_lists/${waiting.id}/resend`)).body.code, 'too_many_requests');
  assert.equal((await seller.call('POST', `/v1/payout_lists/${waiting.id}/cancel`)).body.status, 'canceled');
  assert.equal((await seller.call('POST', `/v1/payout_lists/${waiting.id}/cancel`)).body.code, 'payout_state');
  const { body: stopped } = await listOf(seller, [1], [2]);
  const agent = createAgent();
  await agent.submit(await agent.open(/http\S+not-me\/\S+/.exec((await s.mail(seller.email, ofRequest(stopped.label))).text)[0]));
  assert.equal((await seller.call('GET', `/v1/payout_lists/${stopped.id}`)).body.status, 'canceled', 'the link in the mail stops lists, too');
  await sound();
});

test('a payout explains each payment, refund and fee since the one before, and a payment says in which payout it went', async () => {
  const seller = await newSeller(s.env);
  const paid = async (amount, description) => {
    const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount, currency: 'EUR', description, external_id: `+${randomUUID()}` });
    assert.equal((await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' })).status, 200);
    return payment;
  };
  const held = async (amount) => {
    const { body } = await seller.request(amount);
    assert.equal((await seller.call('GET', `/v1/payouts/${body.id}/statement`)).body.code, 'payout_state', 'nothing is in it before it is held');
    assert.equal((await seller.confirm(body.id, await code(seller, body))).status, 200);
    return body.id;
  };
  const statementOf = async (payout, query = '') => (await seller.call('GET', `/v1/payouts/${payout}/statement${query}`)).body;
  const first = await paid(1000, '=HYPERLINK("http://a.example")');
  await paid(2000, 'two, with a comma');
  const refund = (await seller.call('POST', `/v1/payments/${first.id}/refunds`, { amount: 500 })).body;
  const a = await held(1000);
  await paid(1000, 'plain');
  assert.equal((await seller.call('POST', `/v1/payouts/${a}/cancel`)).status, 200);
  const b = await held(500);

  const whole = await statementOf(a);
  assert.deepEqual([whole.opening, whole.amount, whole.closing, whole.previous_payout, whole.status], [0, 1000, 750, null, 'canceled'], JSON.stringify(whole));
  assert.deepEqual(whole.data.map((one) => [one.kind, one.gross, one.platform, one.partner, one.other_sellers, one.amount, one.balance]),
    [['charge', 1000, 50, 250, 0, 700, 700], ['charge', 2000, 100, 500, 0, 1400, 2100], ['refund', -500, -25, -125, 0, -350, 1750]]);
  assert.deepEqual([whole.data[2].reference, whole.data[2].payment, whole.data[0].external_id], [refund.id, first.id, first.external_id]);
  const page = await statementOf(a, '?limit=2');
  assert.deepEqual([page.has_more, page.closing, page.data], [true, null, whole.data.slice(0, 2)]);
  assert.equal((await statementOf(b, `?cursor=${page.next_cursor}`)).param, 'cursor', 'one of another payout');
  const rest = await statementOf(a, `?limit=2&cursor=${page.next_cursor}`);
  assert.deepEqual([rest.has_more, rest.opening, rest.closing, rest.data], [false, 0, 750, whole.data.slice(2)]);
  const next = await statementOf(b);
  assert.deepEqual([next.opening, next.closing, next.previous_payout, next.data.map((one) => [one.kind, one.amount])], [750, 1950, a, [['charge', 700], ['payout_canceled', 1000]]]);
  assert.equal(next.closing, await seller.available());

  const went = (await seller.call('GET', `/v1/payments/${first.id}/payouts`)).body.data;
  assert.deepEqual(went.map((one) => [one.user, one.amount, one.payout, one.payout_status]), [[seller.user.id, 700, a, 'canceled'], [seller.user.id, 700, b, 'confirmed']], 'what came back went out with the next one');
  const last = await paid(1000, 'not paid out');
  assert.deepEqual((await seller.call('GET', `/v1/payments/${last.id}/payouts`)).body.data.map((one) => one.payout), [null]);

  const sheet = async (path) => {
    const answer = await fetch(`${s.env.pay_api}${path}`, { headers: { authorization: `Bearer ${seller.token}` } });
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/csv; charset=utf-8']);
    const [, link] = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '') ?? [];
    return (await answer.text()) + (link ? await sheet(`${link}&limit=1`) : '');
  };
  const csv = await sheet(`/v1/payouts/${a}/statement?format=csv&limit=1`);
  assert.equal(csv, await sheet(`/v1/payouts/${a}/statement?format=csv`), 'pages one after another are the sheet');
  const [{ partner }] = await s.psql(`select partner_id as partner from pay.payout where payout_id = '${a}'`);
  assert.equal((await s.operator('paysrv', 'payouts', 'explain', partner, a)).stdout, csv);
  const lines = csv.trimEnd().split('\r\n');
  assert.equal(lines.length, 6);
  assert.ok(lines[2].endsWith(`,"'${first.external_id}",10.00,0.00,10.00,0.50,2.50,0.00,7.00,7.00,EUR,"'=HYPERLINK(""http://a.example"")"`), lines[2]);
  assert.match(lines[5], new RegExp(`,payout,${a},,,,,,,,,-10.00,7.50,EUR,$`));
  assert.equal((await seller.call('GET', `/v1/payouts/${a}/statement?format=xls`)).body.param, 'format');
  assert.equal((await seller.call('GET', `/v1/payouts/${a}x/statement`)).status, 404);
});

test('a schedule that ends is told of, however it ends: another took its place, nobody agreed in time, its owner is closed', async () => {
  const seller = await newSeller(s.env);
  const ask = async () => (await seller.call('POST', '/v1/payout_schedules', { user: seller.user.id, requisite: seller.requisite.id, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' })).body;
  const agreed = async () => {
    const { id, label } = await ask();
    const { body } = await seller.call('POST', `/v1/payout_schedules/${id}/confirm`, { code: codeIn(await s.mail(seller.email, ofRequest(label))) });
    assert.equal(body.status, 'active', JSON.stringify(body));
    return id;
  };
  const ended = (id) => s.psql(`select data::jsonb ->> 'status' as status, data::jsonb ->> 'reason' as reason, data::jsonb ->> 'next_at' as next from pay.event
    where object_id = '${id}' and type = 'payout_schedule.ended'`);
  const [first, second, { id: third }] = [await agreed(), await agreed(), await ask()];
  assert.deepEqual(await ended(first), [{ status: 'ended', reason: 'replaced', next: null }]);
  await s.psql(`update pay.payout_schedule set expires_at = now() where schedule_id = '${third}'`);
  await Promise.all([1, 2].map(() => s.operator('paysrv', 'payouts', 'scheduled', { env: {} })));
  await eventually(async () => (await ended(third)).length, { what: 'its time is over' });
  assert.deepEqual(await ended(third), [{ status: 'ended', reason: 'expired', next: null }]);
  assert.equal((await seller.call('POST', `/v1/stores/${seller.store.id}/close`, {})).status, 200);
  const closed = await seller.call('POST', `/v1/users/${seller.user.id}/close`);
  assert.equal(closed.status, 200, JSON.stringify(closed.body));
  assert.deepEqual([await ended(first), await ended(second), await ended(third)].map((told) => told.map(({ reason }) => reason)), [['replaced'], ['user_closed'], ['expired']], 'each once');
  assert.deepEqual(await s.psql(`select 1 from pay.payout_code where is_live and subject in ('${first}', '${second}', '${third}')`), []);
});

/* Schedules of a seller: how one is, that its time is there, and how it is when its time was taken. */
const schedulesOf = (seller) => {
  const read = async (id) => (await seller.call('GET', `/v1/payout_schedules/${id}`)).body;
  /* As after days without a server: three times have passed. */
  const due = (id) => s.psql(`update pay.payout_schedule set next_at = now() - interval '22 days' where schedule_id = '${id}'`);
  const ran = async (id, times) => {
    const runs = await Promise.all([1, 2].map(() => s.operator('paysrv', 'payouts', 'scheduled')).concat(s.operator('paysrv', 'payouts', 'scheduled', { env: {} })));
    assert.ok(runs.every((one) => one.code === 0), JSON.stringify(runs));
    return eventually(async () => { const one = await read(id); return one.runs.length === times && one; }, { what: `${times} runs of ${id}, which the job may have taken` });
  };
  return { read, due, ran };
};

test('a schedule pays out what is available when it is time, once, however late; the owner agrees by code to each one', async () => {
  const seller = await newSeller(s.env);
  const ask = (fields) => seller.call('POST', '/v1/payout_schedules', { user: seller.user.id, requisite: seller.requisite.id, currency: 'EUR', every: 'week', day: 5, at: '17:00', zone: 'Europe/Berlin', ...fields });
  for (const [fields, param] of [[{ every: 'year' }, 'every'], [{ day: 8 }, 'day'], [{ day: undefined }, 'day'], [{ at: '24:00' }, 'at'], [{ zone: 'Europe/Nowhere' }, 'zone'], [{ zone: '../passwd' }, 'zone'], [{ currency: 'USD' }, 'currency']]) {
    const { status, body } = await ask(fields);
    assert.deepEqual([status, body.code, body.param], [422, 'invalid_parameter', param], JSON.stringify(body));
  }
  const agreed = async (fields) => {
    const { status, body } = await ask(fields);
    assert.deepEqual([status, body.status, body.next_at], [201, 'awaiting_code', null], JSON.stringify(body));
    const mail = await s.mail(seller.email, ofRequest(body.label));
    for (const part of ['every week on Friday at 17:00, Europe/Berlin, on banking days', 'DE•• •••• 3000', '/payouts/not-me/']) assert.ok(mail.text.includes(part), mail.text);
    assert.equal((await seller.call('POST', `/v1/payout_schedules/${body.id}/confirm`, { code: wrongCode(codeIn(mail)) })).body.attempts_left, 4);
    const confirmed = await seller.call('POST', `/v1/payout_schedules/${body.id}/confirm`, { code: codeIn(mail) });
    assert.deepEqual([confirmed.status, confirmed.body.status], [200, 'active'], JSON.stringify(confirmed.body));
    assert.ok(new Date(confirmed.body.next_at) > new Date());
    return body.id;
  };
  const { read, due, ran } = schedulesOf(seller);

  const first = await agreed({ minimum: 500 });
  await due(first);
  assert.deepEqual((await ran(first, 1)).runs.map((one) => [one.outcome, one.payout, one.amount]), [['minimum', null, 0]]);
  await seller.sell(1000);
  /* As while a refund of what is held back has no outcome: nothing is available, and nothing is owed. The books agree, for other tests look at them. */
  const held = `update pay.balance set held = held + (701) where account_id = (select account_id from pay.account where kind = 'seller' and user_id = '${seller.user.id}')`;
  await s.psql(`${held}; insert into pay.holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on)
    select payment_id, payment_id, partner_id, user_id, currency, 'delay', 701, 701, now() + interval '1 year' from pay.payment where store_id = '${seller.store.id}'`);
  await due(first);
  const none = await ran(first, 2);
  await s.psql(`${held.replace('701', '-701')}; delete from pay.holdback where user_id = '${seller.user.id}'`);
  assert.deepEqual([none.runs[0].outcome, none.runs[0].amount, none.status], ['minimum', -1, 'active']);
  await due(first);
  const after = await ran(first, 3);
  assert.deepEqual([after.runs[0].outcome, after.runs[0].amount, after.status], ['paid_out', 700, 'active']);
  assert.ok(new Date(after.next_at) > new Date(), 'times that passed are one payout');
  const { body: payout } = await seller.call('GET', `/v1/payouts/${after.runs[0].payout}`);
  assert.deepEqual([payout.amount, payout.schedule, payout.requisite, await seller.available()], [700, first, seller.requisite.id, 0]);
  assert.ok(['confirmed', 'sent'].includes(payout.status));
  await sound();

  const second = await agreed({});
  assert.deepEqual([(await read(first)).status, (await read(first)).reason], ['ended', 'replaced'], 'another schedule takes its place');
  await seller.sell(1000);
  await s.psql(`update pay.pay_user set payouts_frozen_at = now() where user_id = '${seller.user.id}'`);
  await due(second);
  const frozen = await ran(second, 1);
  assert.deepEqual([frozen.status, frozen.reason, frozen.runs[0].outcome, await seller.available()], ['paused', 'frozen', 'frozen', 700]);
  await s.operator('paysrv', 'payouts', 'unfreeze', seller.user.id);
  assert.equal((await seller.call('POST', `/v1/payout_schedules/${second}/pause`)).body.code, 'payout_state');
  for (const [verb, status] of [['resume', 'active'], ['pause', 'paused'], ['resume', 'active']])
    assert.equal((await seller.call('POST', `/v1/payout_schedules/${second}/${verb}`)).body.status, status, 'again and again, each time under another key');
  await sound();
  await seller.call('POST', `/v1/users/${seller.user.id}/requisites/${seller.requisite.id}/disable`);
  await due(second);
  assert.deepEqual([(await ran(second, 2)).reason, await seller.available()], ['requisite_disabled', 700]);
  assert.equal((await seller.call('POST', `/v1/payout_schedules/${second}/end`)).body.status, 'ended');
  assert.equal((await seller.call('POST', `/v1/payout_schedules/${second}/resume`)).body.code, 'payout_state');
  const { body: list } = await seller.call('GET', `/v1/payout_schedules?user=${seller.user.id}`);
  assert.deepEqual(list.data.map((one) => [one.id, one.status]), [[second, 'ended'], [first, 'ended']]);
  const { body: newest } = await seller.call('GET', `/v1/payout_schedules?user=${seller.user.id}&limit=1`);
  const { body: rest } = await seller.call('GET', `/v1/payout_schedules?user=${seller.user.id}&limit=1&cursor=${newest.next_cursor}`);
  assert.deepEqual([newest, rest].map(({ data, has_more: more }) => [...data.map(({ id }) => id), more]), [[second, true], [first, false]], 'page by page');
  await sound();
});

test('a schedule’s time passes while its owner’s address is new, an agreement is not accepted, another name is at the bank or it is over a limit; a debt pauses it', async (t) => {
  const partner = await newPartner(s);
  t.after(() => partner.remove());
  const seller = await newSeller(s.env, { token: partner.token });
  const done = async (...words) => assert.equal((await s.operator('paysrv', ...words)).code, 0, words.join(' '));
  const { body: asked } = await seller.call('POST', '/v1/payout_schedules', { user: seller.user.id, requisite: seller.requisite.id, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC', any_day: true });
  await seller.call('POST', `/v1/payout_schedules/${asked.id}/confirm`, { code: codeIn(await s.mail(seller.email, ofRequest(asked.label))) });
  const earned = await seller.sell(1000), { due, ran } = schedulesOf(seller);
  let times = 0;
  const takes = async (outcome, { paid = null, status = 'active' } = {}) => {
    const before = await seller.available();
    await due(asked.id);
    const one = await ran(asked.id, times += 1), [run] = one.runs;
    assert.deepEqual([run.outcome, run.amount, one.status, one.reason], [outcome, before, status, status === 'paused' ? outcome : null], JSON.stringify(one));
    assert.deepEqual([(await seller.call('GET', `/v1/payouts/${run.payout}`)).body.amount ?? null, before - await seller.available()], [paid, paid ?? 0]);
    assert.equal(status === 'active', new Date(one.next_at) > new Date(), 'and waits for its next time, if it goes on');
    await sound();
  };

  const { body: { confirmations: [old, next] } } = await seller.call('POST', `/v1/users/${seller.user.id}/email`, { email: `new-${seller.email}` });
  for (const [{ id }, mail] of [[next, await s.mail(`new-${seller.email}`)], [old, await s.mail(seller.email, /another e-mail/)]])
    assert.equal((await seller.call('POST', `/v1/confirmations/${id}/confirm`, { code: codeIn(mail) })).status, 200);
  await takes('payouts_cooling');
  await s.psql(`update pay.pay_user set payouts_from = now() where user_id = '${seller.user.id}'`);

  await done('agreements', 'add', '--partner', partner.slug, '--version', '1', '--url', 'https://stoa.example/terms', '--sha256', 'ab'.repeat(32), '--valid-from', '2026-01-01T00:00:00Z');
  await takes('agreement_not_accepted');
  assert.equal((await seller.call('POST', `/v1/users/${seller.user.id}/agreement_acceptances`, { version: '1', accepted_ip: '2001:db8::7', user_agent: 'Browser/1' })).status, 201);

  await s.psql(`insert into pay.requisite_verification (partner_id, requisite_id, status, matched_name, created_at, checked_at)
    values ('${partner.slug}', '${seller.requisite.id}', 'no_match', 'Somebody Else', now(), now())`);
  await takes('requisite_mismatch');
  await done('requisites', 'release', seller.requisite.id, '--note', 'seen his passport');

  await done('payouts', 'limit', partner.slug, '--currency', 'EUR', '--seller', seller.user.id, '--most', `${earned - 1}`);
  await takes('limit');
  await done('payouts', 'limit', partner.slug, '--currency', 'EUR', '--seller', seller.user.id, '--most', `${earned}`);

  await takes('paid_out', { paid: earned });
  const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.store_id = '${seller.store.id}'`);
  await s.acquirer('POST', '/v1/disputes', { charge });
  await eventually(async () => await seller.available() < 0, { what: 'the dispute has taken its money' });
  await takes('negative_balance', { status: 'paused' });
});

test('the ledger check finds what is wrong', async () => {
  const name = `ledger_${randomUUID().replaceAll('-', '')}`;
  await s.psql(`create database ${name}`);
  const url = new URL(s.env.database_url);
  url.pathname = `/${name}`;
  const psql = (...statements) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', url.href, ...statements.flatMap((one) => ['-c', one])]);
  const paysrv = (...args) => spawnSync(s.program('paysrv'), [...args, '--config', s.config('paysrv')], { env: { ...process.env, PAYSRV_DATABASE_URL: url.href }, encoding: 'utf8' });
  try {
    psql('create schema pay');
    assert.equal(paysrv('migrate').status, 0);
    assert.equal(paysrv('partners', 'add', 'p', '--name', 'P').status, 0);
    assert.equal(paysrv('ledger', 'check').status, 0);
    psql(`with a as (insert into pay.account (partner_id, kind, user_id, currency, side) values ('p', 'seller', 'usr_x', 'EUR', -1) returning account_id)
      insert into pay.balance (account_id, posted, is_spent) select account_id, 1, true from a`);
    const check = paysrv('ledger', 'check');
    assert.deepEqual([check.status, /VIOLATED I05/.test(check.stdout)], [1, true], check.stdout + check.stderr);
    psql('alter table pay.partner rename is_sandbox to is_another');
    const uncounted = paysrv('ledger', 'check');
    assert.deepEqual([uncounted.status, /VIOLATED I05[^]*^1 violation\(s\)$/m.test(uncounted.stdout), uncounted.stderr !== ''], [1, true, true], 'also when the totals cannot be read');
  } finally {
    await s.psql(`drop database ${name} with (force)`); /* the ends of sessions are not waited for */
  }
});

test('lists are cut into pages by cursors that nobody can make', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const ids = [];
  for (let i = 0; i < 3; i += 1) ids.unshift((await seller.request(100)).body.id);
  const { body: first } = await seller.call('GET', '/v1/payouts?limit=2');
  const seen = [...first.data];
  for (let page = first; page.has_more && !seen.some((one) => one.id === ids[2]); seen.push(...page.data)) {
    page = (await seller.call('GET', `/v1/payouts?limit=2&cursor=${page.next_cursor}`)).body;
    assert.ok(page.data.length <= 2);
  }
  assert.deepEqual(seen.map((one) => one.id), seen.map((one) => one.id).sort().reverse(), 'newest first, each once');
  assert.deepEqual(seen.map((one) => one.id).filter((one) => ids.includes(one)), ids, 'all of them, with those that others made meanwhile');
  const at = first.next_cursor.length - 8, changed = first.next_cursor[at] === 'A' ? 'B' : 'A';
  for (const cursor of ['AAAA', first.next_cursor.slice(0, at) + changed + first.next_cursor.slice(at + 1), Buffer.from(ids[0]).toString('base64url')]) {
    const { status, body } = await seller.call('GET', `/v1/payouts?cursor=${cursor}`);
    assert.deepEqual([status, body.param], [422, 'cursor']);
  }
  const elsewhere = await seller.call('GET', `/v1/stores?cursor=${first.next_cursor}`);
  assert.equal(elsewhere.status, 422, 'a cursor of another list');
});

test('a partner lists the payouts of one of its users', async () => {
  const [one, other] = [await newSeller(s.env), await newSeller(s.env)];
  const token = await partnerToken(s.env, SCOPES);
  for (const seller of [one, other]) await seller.sell(1000);
  const ids = [];
  for (const seller of [one, other, one]) ids.push((await seller.request(100)).body.id);
  const of = async (query) => (await pay(s.env, token, 'GET', `/v1/payouts?${query}`)).body;
  assert.deepEqual((await of(`user=${one.user.id}`)).data.map(({ id }) => id), [ids[2], ids[0]]);
  const first = await of(`user=${one.user.id}&limit=1`);
  assert.deepEqual((await of(`user=${one.user.id}&limit=1&cursor=${first.next_cursor}`)).data.map(({ id }) => id), [ids[0]]);
  assert.deepEqual([(await of(`user=${one.user.id}&status=paid`)).data, (await of('user=usr_none')).code], [[], 'not_found']);
});

test('payouts, codes and webhooks are counted on the admin address', async () => {
  const counts = async () => {
    const text = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text();
    const value = (line) => Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec(text)?.[1]);
    return {
      requested: value('stoa_payouts_total{state="requested"}'),
      confirmed: value('stoa_payouts_total{state="confirmed"}'),
      refused: value('stoa_payout_code_attempts_total{result="refused"}'),
      accepted: value('stoa_payout_code_attempts_total{result="accepted"}'),
    };
  };
  const before = await counts();
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(700);
  const right = await code(seller, payout);
  assert.equal((await seller.confirm(payout.id, wrongCode(right))).status, 422);
  assert.equal((await seller.confirm(payout.id, right)).status, 200);
  const after = await counts();
  for (const [name, count] of Object.entries(before)) assert.ok(after[name] > count, `${name}: ${count} to ${after[name]}`);
});

test('from an amount on a user has to have logged in more strongly, and the answer says how (RFC 9470)', async () => {
  await wholeDay();
  const [{ access_token: token }, own] = [await userTokens(s.env, s.env.demo.editor), await partnerToken(s.env, SCOPES)];
  const call = async (path, body, by = token) => {
    const { status, body: answer, headers } = await pay(s.env, by, 'POST', path, body);
    return { status, answer, told: headers.get('www-authenticate') };
  };
  const { answer: user } = await call('/v1/users', { name: 'Eve Editor' });
  const { answer: store } = await call('/v1/stores', { name: 'Eve', currency: 'EUR' });
  const { answer: { id: requisite } } = await call(`/v1/users/${user.id}/requisites`, { type: 'bank_account', iban: IBAN, holder_name: 'Eve Editor', address: { country: 'DE', town: 'Berlin' } });
  const { answer: payment } = await call('/v1/payments', { store: store.id, amount: 10_000, currency: 'EUR', description: 'An article' }, own);
  await call(`/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' }, own);
  const [{ partner }] = await s.psql(`select partner_id as partner from pay.store where store_id = '${store.id}'`);
  const limit = async (...words) => assert.equal((await s.operator('paysrv', 'payouts', 'limit', partner, '--currency', 'EUR', '--seller', user.id, ...words)).code, 0);
  const one = (amount, to = requisite) => ({ amount, currency: 'EUR', requisite: to });
  const [card, wallet] = await Promise.all([{ type: 'card', token: 'tok_test_visa' }, { type: 'wallet', wallet: 'buyer@wallet.example' }].map(async (of) => (await call(`/v1/users/${user.id}/requisites`, of)).answer.id));
  await s.psql(`update pay.requisite set usable_from = null where requisite_id in ('${requisite}', '${card}', '${wallet}')`); /* that of the bank is not his first if others have added one */

  await limit('--step-up-from', '500', '--step-up-acr', 'urn:stoa:acr:2fa', '--step-up-max-age', '300');
  for (const [path, body] of [['/v1/payouts', one(500)], ['/v1/payouts', one(500, card)], ['/v1/payouts', one(500, wallet)], ['/v1/payout_lists', { payouts: [one(100), one(500, card)] }], ['/v1/payout_schedules', { requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' }]]) {
    const { status, answer, told } = await call(path, body);
    assert.deepEqual([status, answer.code], [401, 'insufficient_user_authentication'], `${path} ${JSON.stringify(answer)}`);
    assert.match(told, /^Bearer error="insufficient_user_authentication", .*acr_values="urn:stoa:acr:2fa", max_age="300", resource_metadata="/);
  }
  const held = await holding(s.env, `select from pay.requisite where requisite_id = '${requisite}' for update`);
  const atOnce = [call('/v1/payouts', one(300)), call('/v1/payouts', one(300))];
  await held.waiters(s, atOnce);
  await held.release();
  const answers = [];
  for (const answer of await Promise.all(atOnce)) answers.push(answer.status === 503 ? await call('/v1/payouts', one(300)) : answer);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401], 'nor is one asked for at the same moment without the other');
  assert.equal((await call('/v1/payouts', one(199))).status, 201);
  for (const [path, body] of [['/v1/payouts', one(1)], ['/v1/payout_lists', { payouts: [one(1)] }]])
    assert.equal((await call(path, body)).answer.code, 'insufficient_user_authentication', `${path}: many small ones are a large one`);
  assert.equal((await call('/v1/payouts', { ...one(500), user: user.id }, own)).status, 201, 'a partner’s own token says of nobody how he logged in');
  await limit('--step-up-from', '500', '--step-up-acr', 'urn:stoa:acr:2fa urn:stoa:acr:1fa');
  assert.equal((await call('/v1/payouts', one(500))).status, 201);
  assert.match((await s.operator('paysrv', 'payouts', 'limits', partner)).stdout, new RegExp(`${user.id}.*step-up-from 500.*step-up-acr urn:stoa:acr:2fa urn:stoa:acr:1fa`));
  assert.equal((await s.operator('paysrv', 'payouts', 'limit', partner, '--currency', 'EUR', '--step-up-from', '500')).code, 2);
});
