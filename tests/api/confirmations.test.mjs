/*
 * Users, accounts and addresses that their owner confirms with a mailed code (MONEY 6.B15, B17; docs/protocol/pay/confirmations.md):
 * nothing of it is in use before, and a code is worth something for one operation only.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { codeIn, IBAN, newSeller, wrongCode } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const BANK = { type: 'bank_account', iban: IBAN, holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin' } };

let s, partner;

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s, '--confirmations', 'all');
});

after(async () => {
  await partner?.remove();
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const call = (method, path, body, options) => pay(s.env, partner.token, method, path, body, options);
const confirm = (id, code, options) => call('POST', `/v1/confirmations/${id}/confirm`, { code }, options);
const address = () => `${randomUUID()}@example.com`;

function refused(answer, status, code) {
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
  return answer.body;
}

async function pendingUser(email = address(), more = {}) {
  const { status, body } = await call('POST', '/v1/users', { name: 'Ada Lovelace', email, ...more });
  assert.deepEqual([status, body.status, body.email_verified, body.confirmation.status], [202, 'pending', false, 'awaiting_code'], JSON.stringify(body));
  return body;
}

async function activeUser(email = address()) {
  const user = await pendingUser(email);
  const { status, body } = await confirm(user.confirmation.id, codeIn(await s.mail(email)));
  assert.deepEqual([status, body.status], [200, 'confirmed'], JSON.stringify(body));
  return { ...user, email };
}

const eventsOf = async (object) => (await s.psql(`select type from pay.event where object_id = '${object}' order by sequence`)).map(({ type }) => type);

test('a user of the partner is in use when the owner of the address has typed the code', async () => {
  const email = address();
  const user = await pendingUser(email, { locale: 'pt-BR', country: 'DE' });
  const { confirmation } = user;
  assert.deepEqual([confirmation.object, confirmation.type, confirmation.operation, confirmation.subject, confirmation.attempts_left, confirmation.user],
    ['confirmation', 'email_code', 'user', user.id, 5, user.id]);
  assert.equal(confirmation.masked_address, `${email[0]}•••@example.com`);
  assert.deepEqual(confirmation.summary, { name: 'Ada Lovelace', email, country: 'DE' });
  for (const [path, body] of [['/v1/stores', { name: 'x', currency: 'EUR', user: user.id }], [`/v1/users/${user.id}/requisites`, BANK], [`/v1/users/${user.id}/email`, { email: address() }]])
    assert.match(refused(await call('POST', path, body), 409, 'user_state').detail, /pending/);
  const mail = await s.mail(email);
  assert.match(mail.subject, new RegExp(`^Confirme a sua conta para repasses – pedido ${confirmation.label}$`), 'his language');
  for (const word of ['Nome: Ada Lovelace', email, 'País: DE', 'Other']) assert.ok(mail.text.includes(word), word);
  assert.equal((await confirm(confirmation.id, codeIn(mail))).body.status, 'confirmed');
  const { body: now } = await call('GET', `/v1/users/${user.id}`);
  assert.deepEqual([now.status, now.email_verified, now.locale], ['active', true, 'pt-BR']);
  assert.deepEqual(await eventsOf(confirmation.id), ['confirmation.required', 'confirmation.confirmed']);
  assert.deepEqual(await eventsOf(user.id), ['user.created', 'user.activated']);
  refused(await confirm(confirmation.id, codeIn(mail)), 422, 'code_refused');
  refused(await call('POST', `/v1/confirmations/${confirmation.id}/cancel`), 409, 'confirmation_state');
});

test('so he is when the code was typed on the page that the mail leads to', async () => {
  const email = address(), agent = createAgent();
  const user = await pendingUser(email, { locale: 'de' });
  const mail = await s.mail(email), page = await agent.open(new RegExp(`${s.env.pay_api}/confirm/[\\w-]+`).exec(mail.text)[0]);
  for (const part of [`Antrag: ${user.confirmation.label}`, 'Ada Lovelace', 'Verbleibende Versuche: 5']) assert.ok(page.text.includes(part), `${part} in ${page.text}`);
  assert.match((await agent.submit(page, { code: codeIn(mail) })).text, /Bestätigt/);
  assert.equal((await call('GET', `/v1/users/${user.id}`)).body.status, 'active');
});

test('an account of a user waits for its code, and then cools if it is not the first', async () => {
  const user = await activeUser();
  const path = `/v1/users/${user.id}/requisites`;
  const first = (await call('POST', path, BANK)).body;
  assert.deepEqual([first.status, first.confirmation.summary], ['pending_confirmation', { account: 'DE•• •••• 3000', holder_name: 'Ada Lovelace' }]);
  const payout = { amount: 100, currency: 'EUR', user: user.id, requisite: first.id };
  refused(await call('POST', '/v1/payouts', payout), 409, 'requisite_pending');
  const mail = await s.mail(user.email, /where you are paid out/);
  assert.ok(mail.text.includes('DE•• •••• 3000') && mail.text.includes('Ada Lovelace') && !mail.text.includes(IBAN), mail.text);
  const second = (await call('POST', path, { ...BANK, iban: 'NL91ABNA0417164300' })).body;
  const other = await s.mail(user.email, /NL••/);
  /* The code of one operation is worth nothing for another, and both stay as they are. */
  assert.equal(refused(await confirm(second.confirmation.id, codeIn(mail)), 422, 'code_refused').attempts_left, 4);
  await confirm(first.confirmation.id, codeIn(mail));
  refused(await call('POST', '/v1/payouts', payout), 409, 'insufficient_funds');
  await confirm(second.confirmation.id, codeIn(other));
  const { body: { data } } = await call('GET', path);
  assert.deepEqual(data.map(({ id, status }) => [id, status]), [[second.id, 'cooling'], [first.id, 'active']]);
  assert.deepEqual(await eventsOf(second.id), ['requisite.created', 'requisite.activated']);
  await s.mail(user.email, /Another account/);
  const third = (await call('POST', path, BANK)).body;
  assert.equal((await call('POST', `/v1/confirmations/${third.confirmation.id}/cancel`)).body.status, 'canceled');
  const ended = (await call('GET', path)).body.data[0];
  assert.deepEqual([ended.status, ended.disabled_reason], ['disabled', 'canceled']);
});

test('a card and a wallet wait for their code as an account does', async () => {
  const user = await activeUser();
  const path = `/v1/users/${user.id}/requisites`;
  for (const [body, shown, secret] of [[{ type: 'card', token: 'tok_test_visa' }, 'Visa •• 4242', 'tok_test_visa'], [{ type: 'wallet', wallet: 'buyer@wallet.example' }, 'wallet b••@wallet.example', 'buyer@']]) {
    const { status, body: added } = await call('POST', path, body);
    assert.deepEqual([status, added.status, added.confirmation?.summary.account], [202, 'pending_confirmation', shown], JSON.stringify(added));
    refused(await call('POST', '/v1/payouts', { amount: 100, currency: 'EUR', user: user.id, requisite: added.id }), 409, 'requisite_pending');
    const mail = await s.mail(user.email, new RegExp(shown));
    assert.ok(!mail.text.includes(secret), mail.text);
    assert.equal((await confirm(added.confirmation.id, codeIn(mail))).status, 200);
    const { data } = (await call('GET', path)).body;
    assert.ok(['cooling', 'active'].includes(data.find(({ id }) => id === added.id).status));
  }
});

test('five wrong codes end it, a new code takes the place of the old one, and both keep the number of guesses', async () => {
  const email = address();
  const { confirmation: { id } } = await pendingUser(email);
  const first = await s.mail(email);
  const coded = (when) => s.psql(`update pay.payout_code set created_at = now() ${when} where subject = '${id}'`);
  await coded("+ interval '1 minute'"); /* however slow this is, it is too soon */
  refused(await call('POST', `/v1/confirmations/${id}/resend`), 429, 'too_many_requests');
  assert.equal(refused(await confirm(id, wrongCode(codeIn(first))), 422, 'code_refused').attempts_left, 4);
  await coded("- interval '31 seconds'");
  assert.equal((await call('POST', `/v1/confirmations/${id}/resend`)).body.attempts_left, 4);
  const second = await s.mail(email, /./, { after: first.id });
  assert.equal(refused(await confirm(id, codeIn(first)), 422, 'code_refused').attempts_left, 3);
  for (const left of [2, 1, 0]) assert.equal(refused(await confirm(id, wrongCode(codeIn(second))), 422, 'code_refused').attempts_left, left);
  refused(await confirm(id, codeIn(second)), 422, 'code_refused');
  refused(await call('POST', `/v1/confirmations/${id}/resend`), 409, 'resend_limit');
});

const canceledIn = (path) => eventually(async () => { const { body } = await call('GET', path); return body.reason && body; }, { what: `${path} has a reason` });

test('a mail that comes back later ends what waits for its code; other reports end nothing', async () => {
  const email = `back.${randomUUID()}@example.com`;
  const user = await pendingUser(email);
  const { id } = user.confirmation;
  await s.mail(email, /./);
  const [{ mail }] = await s.psql(`select mail_id as mail from pay.payout_code where subject = '${id}'`);
  const report = readFileSync(new URL('../fuzz/corpus/bounce/failed', import.meta.url), 'utf8').replace(/mail_\w+/, mail);
  const folder = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'bounce-'));
  const bring = (text) => { writeFileSync(join(folder, 'report'), text); return s.operator('paysrv', 'mails', 'bounce', join(folder, 'report')); };
  const late = await bring(report.replace('failed\nStatus: 5.1.1', 'delayed\nStatus: 4.4.1'));
  assert.deepEqual([late.code, /no failure for good/.test(late.stderr)], [1, true], late.stderr);
  assert.equal((await bring(report.replace(mail, mail.slice(0, -4) + '0000'))).code, 1, 'no mail of ours');
  assert.equal((await call('GET', `/v1/confirmations/${id}`)).body.status, 'awaiting_code');
  assert.equal((await bring(report)).stdout, `${mail}: 5.1.1\n`);
  const { body: ended } = await call('GET', `/v1/confirmations/${id}`);
  assert.deepEqual([ended.status, ended.reason], ['canceled', 'code_undeliverable']);
  assert.equal((await bring(report)).stdout, `${mail}: 5.1.1, had failed before\n`);
  assert.match((await s.operator('paysrv', 'mails', 'list')).stdout, new RegExp(`^${mail}\t.*\tbounced\t.*\t5.1.1\t`, 'm'));
});

test('an address that takes no mail ends at once what waits for the code, and says why', async () => {
  const email = `unknown.${randomUUID()}@example.com`, external_id = randomUUID();
  const user = await pendingUser(email, { external_id });
  const ended = await canceledIn(`/v1/confirmations/${user.confirmation.id}`);
  assert.deepEqual([ended.status, ended.reason], ['canceled', 'code_undeliverable']);
  const { body: now } = await call('GET', `/v1/users/${user.id}`);
  assert.deepEqual([now.status, now.closed_reason], ['closed', 'code_undeliverable']);
  assert.deepEqual([await eventsOf(user.confirmation.id), await eventsOf(user.id)], [['confirmation.required', 'confirmation.canceled'], ['user.created', 'user.closed']]);
  const [told] = await s.psql(`select data::json->>'reason' as reason from pay.event where object_id = '${user.confirmation.id}' and type = 'confirmation.canceled'`);
  assert.equal(told.reason, 'code_undeliverable');
  refused(await call('POST', `/v1/confirmations/${user.confirmation.id}/resend`), 409, 'confirmation_state');
  await pendingUser(address(), { external_id });
  const [mail] = await s.psql(`select m.tries, m.failure, m.reply, m.content is null as forgotten from pay.mail m join pay.payout_code using (mail_id) where subject = '${user.confirmation.id}'`);
  assert.deepEqual(mail, { tries: 1, failure: 'refused', reply: '550 5.1.1', forgotten: true });
  const { stdout } = await s.operator('paysrv', 'mails', 'list');
  assert.match(stdout, new RegExp(`\tconfirmation_code\tu•••@example.com\t1\trefused\t.*\t550 5.1.1\t${partner.slug}\t${user.confirmation.id}$`, 'm'));
  assert.ok(!stdout.includes(email));
  await eventually(async () => /^stoa_mails_total\{result="refused"\} [1-9]/m.test(await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text()), { what: 'it is counted' });
});

test('so it is with accounts, with either address of a change, with payouts, lists and schedules; a full mailbox is asked again', async () => {
  const [user, mover, seller] = [await activeUser(), await activeUser(), await newSeller(s.env)];
  const away = (id, kind = 'unknown') => s.psql(`update pay.pay_user set email = '${kind}.${randomUUID()}@example.com' where user_id = '${id}'`);
  const { body: change } = await call('POST', `/v1/users/${mover.id}/email`, { email: `spam.${randomUUID()}@example.com` });
  for (const { id } of change.confirmations) assert.equal((await canceledIn(`/v1/confirmations/${id}`)).status, 'canceled');
  await away(user.id);
  const requisite = (await call('POST', `/v1/users/${user.id}/requisites`, BANK)).body;
  await canceledIn(`/v1/confirmations/${requisite.confirmation.id}`);
  const [{ status, disabled_reason }] = (await call('GET', `/v1/users/${user.id}/requisites`)).body.data;
  assert.deepEqual([status, disabled_reason], ['disabled', 'code_undeliverable']);

  await seller.sell(10_000);
  const available = await seller.available();
  await away(seller.user.id, 'full');
  const { body: patient } = await seller.request(100);
  await eventually(async () => (await s.psql(`select from pay.mail join pay.payout_code using (mail_id) where subject = '${patient.id}' and tries > 0`)).length, { what: 'it was tried' });
  await away(seller.user.id);
  const one = { user: seller.user.id, requisite: seller.requisite.id, currency: 'EUR' };
  for (const [path, body, to] of [['payouts', { ...one, amount: 100 }, 'canceled'], ['payout_lists', { user: one.user, payouts: [{ requisite: one.requisite, currency: 'EUR', amount: 100 }] }, 'canceled'],
    ['payout_schedules', { ...one, every: 'day', at: '17:00', zone: 'UTC' }, 'ended']]) {
    const made = await seller.call('POST', `/v1/${path}`, body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const read = () => seller.call('GET', `/v1/${path}/${made.body.id}`);
    await eventually(async () => (await read()).body.reason, { what: `${path} has ended` });
    const { body: now } = await read();
    assert.deepEqual([now.status, now.reason], [to, 'code_undeliverable'], path);
    for (const payout of now.payouts ?? []) assert.deepEqual([payout.status, payout.reason], ['canceled', 'code_undeliverable']);
    assert.equal((await eventsOf(now.id)).at(-1), `${made.body.object}.${to}`);
  }
  assert.equal((await seller.call('GET', `/v1/payouts/${patient.id}`)).body.status, 'awaiting_code', 'not now is not never');
  assert.equal(await seller.available(), available, 'nothing was held, nothing was given back');
  /* That there is a store behind an address is not told by the address taking no mail. */
  const asked = await call('POST', '/v1/store_connections', { store: seller.store.id, user: mover.id });
  const failed = () => s.psql(`select from pay.mail join pay.payout_code using (mail_id) where subject = '${asked.body.confirmation.id}' and failure = 'refused'`);
  await eventually(async () => (await failed()).length, { what: 'the mail was refused' });
  assert.equal((await call('GET', `/v1/confirmations/${asked.body.confirmation.id}`)).body.status, 'awaiting_code');
});

test('a hundred guesses at once are five', async () => {
  const email = address();
  const { confirmation: { id } } = await pendingUser(email);
  const code = codeIn(await s.mail(email));
  const answers = await Promise.all(Array.from({ length: 100 }, () => confirm(id, wrongCode(code))));
  assert.ok(answers.every(({ status }) => [422, 503].includes(status)), JSON.stringify(answers.map(({ status }) => status)));
  assert.deepEqual(await s.psql(`select attempts from pay.payout_code where subject = '${id}'`), [{ attempts: 5 }]);
  refused(await confirm(id, code), 422, 'code_refused');
  assert.deepEqual(await eventsOf(id), ['confirmation.required', 'confirmation.failed']);
  const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text();
  assert.match(metrics, /^stoa_codes_guessed_total [1-9]/m, 'which is more than people mistype: an alarm');
});

test('what nobody confirms ends, and its name is free again', async () => {
  const external_id = randomUUID(), email = address();
  const user = await pendingUser(email, { external_id });
  refused(await call('POST', '/v1/users', { name: 'x', email, external_id }), 409, 'external_id_taken');
  const code = codeIn(await s.mail(email));
  await s.psql(`update pay.payout_code set expires_at = now() - interval '1 second' where subject = '${user.confirmation.id}'`);
  refused(await confirm(user.confirmation.id, code), 422, 'code_refused');
  /* "This was not me" ends it at once. */
  const mail = await s.mail(email);
  const link = /https?:\S+\/payouts\/not-me\/\S+/.exec(mail.text)[0];
  assert.equal((await fetch(link, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' })).status, 200);
  const { body: now } = await call('GET', `/v1/users/${user.id}`);
  assert.deepEqual([now.status, now.closed_reason], ['closed', 'canceled']);
  assert.notEqual((await pendingUser(email, { external_id })).id, user.id);
  const { body: { data } } = await call('GET', `/v1/confirmations?subject=${user.id}`);
  assert.deepEqual(data.map(({ status }) => status), ['canceled']);
  /* So is a store's, which still says what it was called; whoever looks for the name finds the one that has it. */
  const shop = { name: 'Words', currency: 'EUR', user: (await activeUser()).id, external_id };
  const { body: store } = await call('POST', '/v1/stores', shop);
  refused(await call('POST', '/v1/stores', shop), 409, 'external_id_taken');
  assert.equal((await call('POST', `/v1/confirmations/${store.confirmation.id}/cancel`)).status, 200);
  const next = await call('POST', '/v1/stores', shop), named = (await call('GET', `/v1/stores?external_id=${external_id}`)).body.data;
  assert.deepEqual([next.status, named.map(({ id }) => id)], [202, [next.body.id]], JSON.stringify(next.body));
  const { body: left } = await call('GET', `/v1/stores/${store.id}`);
  assert.deepEqual([left.status, left.status_reason, left.external_id], ['closed', 'confirmation canceled', external_id]);
  const [{ data: told }] = (await call('GET', `/v1/events?about=${store.id}`)).body.data;
  assert.deepEqual([told.status, told.external_id], ['closed', external_id]);
});

test('a sandbox reads its codes itself, and its clock ends what waits', async () => {
  const sandbox = await newPartner(s, '--sandbox', '--confirmations', 'all');
  const there = (method, path, body) => pay(s.env, sandbox.token, method, path, body);
  try {
    const email = address(), user = (await there('POST', '/v1/users', { name: 'Ada', email })).body;
    const [mail] = (await there('GET', `/v1/test_mails?recipient=${email}`)).body.data;
    assert.deepEqual([mail.kind, mail.code.length, user.confirmation.livemode], ['confirmation_code', 8, false]);
    await there('POST', '/v1/test_clock/advance', { by: 'PT11M' });
    const now = await eventually(async () => { const { body } = await there('GET', `/v1/users/${user.id}`); return body.status === 'closed' && body; }, { what: 'it has expired' });
    assert.equal(now.closed_reason, 'expired');
    assert.deepEqual(await eventsOf(user.confirmation.id), ['confirmation.required', 'confirmation.expired']);
  } finally {
    await sandbox.remove();
  }
});

test('an address says nothing about who has it, and belongs to nobody before its owner agrees', async () => {
  const stranger = await newPartner(s, '--confirmations', 'all');
  try {
    const { email } = await activeUser();
    const there = await pay(s.env, stranger.token, 'POST', '/v1/users', { name: 'Ada Lovelace', email });
    const again = await pendingUser(email), fresh = await pendingUser();
    assert.deepEqual([there.status, Object.keys(there.body)], [202, Object.keys(fresh)]);
    assert.deepEqual(Object.keys(again), Object.keys(fresh));
    for (const path of ['', '/confirm', '/resend', '/cancel'])
      assert.equal((await pay(s.env, stranger.token, path ? 'POST' : 'GET', `/v1/confirmations/${again.confirmation.id}${path}`, path === '/confirm' ? { code: '12345678' } : undefined)).status, 404);
  } finally {
    await stranger.remove();
  }
  assert.equal((await call('POST', '/v1/users', { name: 'Nobody' })).body.param, 'email');
  assert.equal((await call('POST', '/v1/users', { name: 'Nobody', email: address(), locale: 'not a tag' })).body.param, 'locale');
});

test('another address is agreed to at both, makes payouts wait, and ends the codes before', async () => {
  const user = await activeUser(), fresh = address();
  const requisite = (await call('POST', `/v1/users/${user.id}/requisites`, BANK)).body;
  const before = codeIn(await s.mail(user.email, /where you are paid out/));
  const asked = [`/v1/users/${user.id}/email`, { email: fresh }, { key: randomUUID() }];
  const { status, body: change } = await call('POST', ...asked);
  assert.deepEqual([status, change.object, change.confirmations.length], [202, 'email_change', 2]);
  const [old, next] = change.confirmations;
  assert.equal((await confirm(next.id, codeIn(await s.mail(fresh)))).status, 200);
  assert.equal((await call('GET', `/v1/users/${user.id}`)).body.email, user.email, 'one of two');
  assert.equal((await confirm(old.id, codeIn(await s.mail(user.email, /another e-mail/)))).status, 200);
  const { body: now } = await call('GET', `/v1/users/${user.id}`);
  assert.deepEqual([now.email, now.payouts_from > new Date().toISOString()], [fresh, true]);
  assert.deepEqual((await call('POST', ...asked)).body, change, 'who did not get the answer gets it');
  refused(await confirm(requisite.confirmation.id, before), 422, 'code_refused');
  for (const to of [user.email, fresh]) assert.match((await s.mail(to, /was changed/)).text, new RegExp(fresh));
  assert.deepEqual(await eventsOf(user.id), ['user.created', 'user.activated', 'user.updated']);
});

test('an address that was never confirmed agrees as well; one that nobody reads the operator changes', async () => {
  const loose = await newPartner(s, '--confirmations', 'requisite');
  const there = (path, body) => pay(s.env, loose.token, body ? 'POST' : 'GET', path, body);
  try {
    const [typo, thief, mine] = [address(), address(), address()];
    const { body: user } = await there('/v1/users', { name: 'Ada Lovelace', email: typo });
    assert.deepEqual([user.status, user.email_verified], ['active', false]);
    const { body: requisite } = await there(`/v1/users/${user.id}/requisites`, BANK);
    const { body: change } = await there(`/v1/users/${user.id}/email`, { email: thief });
    assert.deepEqual(change.confirmations.map(({ masked_address: at }) => at), [typo, thief].map((one) => `${one[0]}•••@example.com`));
    await there(`/v1/confirmations/${change.confirmations[1].id}/confirm`, { code: codeIn(await s.mail(thief)) });
    assert.equal((await there(`/v1/users/${user.id}`)).body.email, typo, 'whoever has a partner\'s token has no codes by it');
    for (const words of [[user.id, 'no address'], [user.id]]) assert.equal((await s.operator('paysrv', 'users', 'email', ...words)).code, 2);
    assert.match((await s.operator('paysrv', 'users', 'email', user.id, mine)).stdout, /has the address .*; payouts from/);
    const { body: now } = await there(`/v1/users/${user.id}`);
    assert.deepEqual([now.email, now.email_verified, now.payouts_from > new Date().toISOString()], [mine, false, true]);
    for (const to of [typo, mine]) assert.match((await s.mail(to, /was changed/)).text, /not-me/);
    for (const { id } of [change.confirmations[0], requisite.confirmation])
      refused(await there(`/v1/confirmations/${id}/confirm`, { code: codeIn(await s.mail(typo, id === requisite.confirmation.id ? /where you are paid out/ : /another e-mail/)) }), 422, 'code_refused');
    assert.deepEqual(await s.psql(`select detail like '%email changed%' as told from pay.audit where object = '${user.id}' and actor like 'cli:%'`), [{ told: true }]);
  } finally {
    await loose.remove();
  }
});

test('a user is closed when nothing of it is open, and then nothing new begins', async () => {
  const user = await activeUser();
  const requisite = (await call('POST', `/v1/users/${user.id}/requisites`, BANK)).body;
  await s.psql(`insert into pay.account (partner_id, kind, user_id, currency, side) values ('${partner.slug}', 'seller', '${user.id}', 'EUR', -1)`);
  const closed = await call('POST', `/v1/users/${user.id}/close`);
  assert.deepEqual([closed.status, closed.body.status, closed.body.closed_reason], [200, 'closed', 'requested']);
  assert.equal((await call('POST', `/v1/users/${user.id}/close`)).body.status, 'closed');
  refused(await call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: user.id }), 409, 'user_state');
  refused(await call('POST', `/v1/users/${user.id}/requisites`, BANK), 409, 'user_state');
  refused(await confirm(requisite.confirmation.id, codeIn(await s.mail(user.email, /where you are paid out/))), 422, 'code_refused');
});

test('what is kept about a user is one document; who has left is erased, but for what the law asks for until its time', async () => {
  const external_id = randomUUID();
  const at = address(), { id, confirmation } = await pendingUser(at, { external_id });
  assert.equal((await confirm(confirmation.id, codeIn(await s.mail(at)))).status, 200);
  const path = `/v1/users/${id}`;
  const first = (await call('POST', `${path}/requisites`, BANK)).body, used = first.id;
  await confirm(first.confirmation.id, codeIn(await s.mail(at, /where you are paid out/)));
  const { id: unused } = (await call('POST', `${path}/requisites`, { ...BANK, iban: 'DE75512108001245126199' })).body;
  await call('POST', `${path}/legal_profile`, { kind: 'individual', name: 'Ada Lovelace', birth_date: '1990-01-02', tax_id: 'de 136 695 976', address: { country: 'DE', town: 'Berlin' } });
  await s.psql(`insert into pay.payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at, closed_at, clock)
    values ('po_${randomUUID()}', '${partner.slug}', '${id}', '${used}', 5, 'EUR', sha256(''), 'K7', 'canceled', now(), now(), now(), '')`);
  await s.psql(`insert into pay.account (partner_id, kind, user_id, currency, side) values ('${partner.slug}', 'seller', '${id}', 'EUR', -1)`);
  await s.psql(`insert into pay.balance (account_id, is_spent) select account_id, true from pay.account where user_id = '${id}'`);
  const [{ account_id: account }] = await s.psql(`select account_id from pay.account where user_id = '${id}'`);
  await s.psql(`insert into pay.account_closing (account_id, entry_id, balance, owner) values (${account}, 0, 0, 'Ada')`);
  await s.psql(`update pay.pay_user set subject = 'sub-${id}' where user_id = '${id}'`);
  await s.psql(`update pay.payout set requested_by = 'sub-${id}' where user_id = '${id}'`);
  const data = async () => (await call('GET', `/v1/users/${id}/data`)).body;
  const kept = await data();
  assert.deepEqual([kept.object, kept.user.email, kept.requisites.length, kept.payouts.length, kept.legal_profiles[0].tax_id, kept.confirmations.length, kept.more], ['user_data', at, 2, 1, '•••••5976', 3, []], JSON.stringify(kept));
  const text = JSON.stringify(kept);
  for (const secret of ['1990-01-02', '136695976', BANK.iban]) assert.ok(!text.includes(secret), secret);
  const whole = JSON.parse((await s.operator('paysrv', 'users', 'export', id, '--whole')).stdout);
  assert.deepEqual([whole.legal_profiles[0].birth_date, whole.legal_profiles[0].whole_tax_id], ['1990-01-02', 'DE136695976']);

  assert.match(refused(await call('POST', `/v1/users/${id}/erase`), 409, 'user_state').detail, /closed first/);
  assert.equal((await s.operator('paysrv', 'users', 'erase', id)).code, 1);
  assert.equal((await call('POST', `${path}/close`)).status, 200);
  const stranger = await newPartner(s);
  assert.equal((await pay(s.env, stranger.token, 'POST', `/v1/users/${id}/erase`)).status, 404);
  await stranger.remove();
  const gone = (await call('POST', `/v1/users/${id}/erase`)).body;
  assert.deepEqual([gone.status, gone.name, gone.email, gone.external_id, Boolean(gone.erased_at)], ['closed', '-', null, null, true]);
  assert.equal((await call('POST', `/v1/users/${id}/erase`)).body.erased_at, gone.erased_at, 'once');
  const left = await data(), rest = JSON.stringify([left, await s.psql(`select data from pay.event where object_id in ('${id}', '${used}', '${unused}') or object_id in (select confirmation_id from pay.confirmation where user_id = '${id}')`)]);
  assert.deepEqual([left.requisites.map((one) => one.id), left.legal_profiles.length, left.payouts.length], [[used], 1, 1], 'what was used, and who that was');
  assert.ok(!rest.includes(at) && !rest.includes(external_id), rest);
  assert.deepEqual(await s.psql(`select requested_by from pay.payout where user_id = '${id}'`), [{ requested_by: id }], 'not by the issuer’s name of him');
  assert.equal((await eventsOf(id)).at(-1), 'user.erased');
  const [{ event_id }] = await s.psql(`select event_id from pay.event where object_id = '${id}' and type = 'user.created'`);
  const whose = async (event) => (({ account, data: of }) => ({ account, data: of }))((await call('GET', `/v1/events/${event}`)).body);
  assert.deepEqual(await whose(event_id), { account: id, data: { id, object: 'user', erased: true } });
  for (const requisite of [used, unused]) {
    const [made] = await s.psql(`select event_id from pay.event where object_id = '${requisite}' and type = 'requisite.created'`);
    assert.deepEqual(await whose(made.event_id), { account: id, data: { id: requisite, object: 'requisite', user: id, erased: true } }, 'also of an account that is gone');
  }
  await pendingUser(at, { external_id });

  /* Evidence goes when its time has come, and not before. */
  await assert.rejects(s.psql(`delete from pay.legal_profile where user_id = '${id}'`), /append-only/);
  await assert.rejects(s.psql(`update pay.account_closing set owner = '-' where account_id = ${account}`), /append-only/);
  await s.psql(`update pay.pay_user set closed_at = closed_at - interval '11 years', erased_at = erased_at - interval '11 years' where user_id = '${id}'`);
  assert.equal((await s.operator('paysrv', 'users', 'forget')).code, 0);
  assert.equal((await data()).legal_profiles.length, 0);
  const [{ iban, holder_name }] = await s.psql(`select iban, holder_name from pay.requisite where requisite_id = '${used}'`);
  assert.deepEqual(await s.psql(`select owner from pay.account_closing where account_id = ${account}`), [{ owner: '-' }], 'nor do statements name him');
  await assert.rejects(s.psql(`update pay.account_closing set owner = 'Eve' where account_id = ${account}`), /append-only/);
  assert.deepEqual([iban, holder_name, (await data()).payouts.length], ['XX0000000000000', '-', 1], 'that it was paid, and how much, stays');
  assert.match((await s.operator('paysrv', 'users', 'reopen', id)).stderr, /nothing is kept of him/);
});

test('whoever has money here is not closed, and to whom is closed nothing is paid in', async () => {
  const [rich, poor] = [await newSeller(s.env), await newSeller(s.env)];
  const payment = ({ call, store }) => call('POST', '/v1/payments', { store: store.id, amount: 100, currency: 'EUR', description: 'x' });
  await rich.sell(1000);
  const { body: held } = await rich.call('POST', '/v1/payments', { store: rich.store.id, amount: 100, currency: 'EUR', description: 'x', capture_method: 'manual' });
  await rich.call('POST', `/v1/payments/${held.id}/confirm`, { payment_token: 'tok_test_visa' });
  const close = ({ call, user }) => call('POST', `/v1/users/${user.id}/close`);
  assert.match(refused(await close(rich), 409, 'user_state').detail, /still open: stores \(1\), balances that are not zero \(1\), payments \(1\)$/);
  /* A payment that this server has just made there, and so knows the store by heart, cannot be paid either. */
  const { body: begun } = await payment(poor);
  assert.match(refused(await close(poor), 409, 'user_state').detail, /still open: stores \(1\)$/);
  await poor.call('POST', `/v1/stores/${poor.store.id}/close`, {});
  assert.equal((await close(poor)).body.status, 'closed');
  refused(await poor.call('POST', `/v1/payments/${begun.id}/confirm`, { payment_token: 'tok_test_visa' }), 409, 'store_state');
  assert.equal((await payment(poor)).status, 404);

  /* The operator can open him again, erased or not; what that is for is in payout_bank. */
  const account = () => poor.call('POST', `/v1/users/${poor.user.id}/requisites`, BANK);
  const reopen = (id) => s.operator('paysrv', 'users', 'reopen', id);
  refused(await account(), 409, 'user_state');
  assert.match((await reopen(rich.user.id)).stderr, /is not closed/);
  assert.equal((await poor.call('POST', `/v1/users/${poor.user.id}/erase`)).status, 200);
  assert.equal((await reopen(poor.user.id)).code, 0);
  const { body: again } = await poor.call('GET', `/v1/users/${poor.user.id}`);
  assert.deepEqual([again.status, again.name, again.erased_at ?? null], ['active', '-', null]);
  assert.deepEqual((await eventsOf(poor.user.id)).slice(-3), ['user.closed', 'user.erased', 'user.reopened']);
  assert.equal((await account()).status, 201);
  assert.equal((await close(poor)).body.status, 'closed');
});

test('a legal profile is another version each time, and its tax number is shown by its end', async () => {
  const user = await activeUser(), path = `/v1/users/${user.id}/legal_profile`;
  assert.equal((await call('GET', path)).status, 404);
  const company = { kind: 'company', name: 'Lovelace GmbH', tax_id: 'de 136 695 976', registration_number: 'HRB 1', address: { country: 'DE', town: 'Berlin' } };
  for (const [param, change] of [['tax_id', { tax_id: 'DE136695975' }], ['kind', { kind: 'club' }], ['birth_date', { birth_date: '1990-01-01' }], ['address.country', { address: { country: 'de', town: 'x' } }]])
    assert.equal(refused(await call('POST', path, { ...company, ...change }), 422, 'invalid_parameter').param, param);
  assert.deepEqual([(await call('POST', path, company)).body.version, (await call('POST', path, { ...company, name: 'Ada & Co.' })).body.version], [1, 2]);
  const { body } = await call('GET', path);
  assert.deepEqual([body.version, body.name, body.tax_id, body.registration_number], [2, 'Ada & Co.', '•••••5976', 'HRB 1']);
  assert.match((await s.operator('paysrv', 'users', 'show', user.id)).stdout, /tax id •••••5976/);
  assert.match((await s.operator('paysrv', 'users', 'show', user.id, '--whole')).stdout, /tax id DE136695976/);
  await assert.rejects(s.psql(`update pay.legal_profile set name = 'Eve' where user_id = '${user.id}'`), /append-only/);
});

test('without the agreement in force nothing is paid out, and who has accepted it is evidence', async () => {
  const user = await activeUser(), requisite = (await call('POST', `/v1/users/${user.id}/requisites`, BANK)).body;
  await confirm(requisite.confirmation.id, codeIn(await s.mail(user.email, /where you are paid out/)));
  const payout = () => call('POST', '/v1/payouts', { amount: 100, currency: 'EUR', user: user.id, requisite: requisite.id });
  const accept = (version) => call('POST', `/v1/users/${user.id}/agreement_acceptances`, { version, accepted_ip: '2001:db8::7', user_agent: 'Browser/1' });
  const publish = (version, ...more) => s.operator('paysrv', 'agreements', 'add', '--partner', partner.slug, '--version', version, '--url', 'https://stoa.example/terms', '--sha256', 'ab'.repeat(32), ...more);
  assert.equal((await call('GET', '/v1/agreement')).status, 404);
  refused(await payout(), 409, 'insufficient_funds');
  assert.equal((await publish('2026-1', '--valid-from', '2026-01-01T00:00:00Z')).code, 0);
  assert.equal((await publish('2026-1')).code, 1, 'a version is published once');
  assert.equal((await publish('no version')).code, 2);
  assert.match(refused(await payout(), 409, 'agreement_not_accepted').detail, /version 2026-1/);
  assert.equal(refused(await accept('2025'), 422, 'invalid_parameter').param, 'version');
  const { body: agreement } = await call('GET', '/v1/agreement');
  assert.deepEqual([agreement.version, agreement.sha256], ['2026-1', 'ab'.repeat(32)]);
  const [first, again] = [await accept('2026-1'), await accept('2026-1')];
  assert.deepEqual([first.status, again.status, again.body], [201, 200, first.body]);
  assert.deepEqual([first.body.accepted_ip, first.body.user_agent, first.body.sha256], ['2001:db8::7', 'Browser/1', 'ab'.repeat(32)]);
  refused(await payout(), 409, 'insufficient_funds');
  /* Another version: until it is due the one before is enough. */
  assert.equal((await publish('2026-2', '--valid-from', '2026-02-01T00:00:00Z', '--acceptance-due', '2099-01-01T00:00:00Z')).code, 0);
  assert.equal((await call('GET', '/v1/agreement')).body.version, '2026-2');
  refused(await payout(), 409, 'insufficient_funds');
  assert.equal((await publish('2026-3', '--valid-from', '2026-03-01T00:00:00Z')).code, 0);
  assert.match(refused(await payout(), 409, 'agreement_not_accepted').detail, /version 2026-3/);
  await s.operator('paysrv', 'partners', 'set', partner.slug, '--agreement-required', 'no');
  refused(await payout(), 409, 'insufficient_funds');
  await s.operator('paysrv', 'partners', 'set', partner.slug, '--agreement-required', 'yes');
  await accept('2026-3');
  refused(await payout(), 409, 'insufficient_funds');
  assert.deepEqual((await call('GET', `/v1/users/${user.id}/agreement_acceptances`)).body.data.map(({ version }) => version), ['2026-3', '2026-1']);
  assert.match((await s.operator('paysrv', 'agreements', 'list')).stdout, new RegExp(`${partner.slug}\t2026-3\t.*accepted by 1`));
  await assert.rejects(s.psql(`delete from pay.agreement_acceptance where user_id = '${user.id}'`), /append-only/);
});

test('the operator says what needs a code', async () => {
  const of = async (...words) => (await s.operator('paysrv', 'partners', 'set', partner.slug, ...words));
  assert.match((await of('--confirmations', 'requisite,user')).stdout, /confirmations requisite,user\tagreement required/);
  assert.equal((await of('--confirmations', 'requisite,payout')).code, 2);
  assert.match((await of('--confirmations', 'none')).stdout, /confirmations none/);
  const { status, body } = await call('POST', '/v1/users', { name: 'Ada', email: address() });
  assert.deepEqual([status, body.status], [201, 'active']);
  assert.match((await of('--confirmations', 'all')).stdout, /confirmations user,requisite,store,store_connection/);
});
