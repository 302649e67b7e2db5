/*
 * What a person has to look at: listed, read, closed with a word, by API, page and command; and told again when it is news
 * (docs/OPERATIONS.md, Anomalies; docs/decisions/0095-anomalies.md).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { newDesk } from '../support/desk.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, partner, seller, operator, accountant, agent;

before(async () => {
  s = await sharedStack();
  ({ partner, seller, operator, accountant, agent } = await newDesk(s));
});

after(async () => {
  await partner?.remove();
  await s?.stop();
});

const api = (method, path, body) => pay(s.env, operator, method, `/v1/operator/anomalies${path}`, body);
const list = async (query = '') => (await api('GET', `?partner=${partner.slug}${query}`)).body.data;
const open = (path) => agent.open(`${s.env.pay_api}/operator/anomalies${path}`);
const command = (...words) => s.operator('paysrv', 'anomalies', ...words);
const metric = async (kind) => Number(new RegExp(`^stoa_anomalies_open\\{kind="${kind}"\\} (\\d+)$`, 'm').exec(await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text())[1]);

/* A payment whose authorization the acquirer has released by itself, so that it refuses to release it again. */
async function unreleasable() {
  const { body: { id } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', capture_method: 'manual' });
  await outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, options));
  const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${id}'`);
  await s.acquirer('POST', '/v1/voids', { charge, amount: 1000, reference: 'behind our back' }, { 'idempotency-key': randomUUID() });
  await refused(id);
  return id;
}

async function refused(id) {
  const { status, body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/cancel`, undefined, options));
  assert.deepEqual([status, body.code], [402, 'cancel_declined'], JSON.stringify(body));
}

const of = (rows, id) => rows.filter(({ reference }) => reference === id);

/* As a job tells it; partner null: nobody's is known. */
async function told(kind, ref, whose = `'${partner.slug}'`) {
  await s.psql(`insert into pay.anomaly (partner_id, kind, ref, detail, created_at) values (${whose}, '${kind}', '${ref}', 'told', now())`);
  return Number((await s.psql(`select anomaly_id as id from pay.anomaly where kind = '${kind}' and ref = '${ref}'`))[0].id);
}

test('what the acquirer refuses is listed, read and closed once, and the audit says by whom', async () => {
  const id = await unreleasable();
  const [one] = of(await list('&kind=void_refused'), id);
  assert.deepEqual({ ...one, id: 0, created_at: '' }, {
    id: 0, object: 'anomaly', kind: 'void_refused', about: 'payment', reference: id, detail: 'authorization_released', status: 'open', partner: partner.slug,
    payment: id, subscription: null, closed_by: null, note: null, manual_entry: null, created_at: '', closed_at: null,
  });
  assert.deepEqual((await api('GET', `/${one.id}`)).body, one);
  assert.deepEqual(of(await list('&kind=notification'), id), []);

  const close = (note) => api('POST', `/${one.id}/close`, note === undefined ? {} : { note });
  for (const note of [undefined, 'no', 'x'.repeat(501), 'a\nb c', 7]) {
    const { status, body } = await close(note);
    assert.deepEqual([status, body.param], [400, 'note'], `${note}: ${JSON.stringify(body)}`);
  }
  assert.deepEqual((await api('GET', `/${one.id}`)).body, one, 'what was refused has changed nothing');

  const long = await close('ё'.repeat(501));
  assert.match(long.body.detail ?? long.body.title, /3 to 500 characters/, 'the limit is of characters, and said');
  const another = await told('void_refused', `pay_${randomUUID()}`);
  const letters = await api('POST', `/${another}/close`, { note: 'ё😀'.repeat(250) });
  assert.deepEqual([letters.status, [...letters.body.note].length], [200, 500], 'whatever alphabet they are of');

  const { status, body } = await close('the bank had it already');
  assert.deepEqual([status, body.status, body.note], [200, 'closed', 'the bank had it already'], JSON.stringify(body));
  assert.ok(body.closed_by && body.closed_at);
  assert.deepEqual((await close('the bank had it already')).body, body, 'the same word again is the same answer');
  const again = await close('another word');
  assert.deepEqual([again.status, again.body.code], [409, 'anomaly_state']);
  assert.deepEqual(of(await list(), id), []);
  assert.deepEqual(of(await list('&status=closed'), id), [body]);
  const audited = await s.psql(`select action, actor, partner_id, detail from pay.audit where object = '${one.id}' and action like 'anomaly%'`);
  assert.equal(audited.length, 1, JSON.stringify(audited));
  assert.deepEqual([audited[0].action, audited[0].partner_id], ['anomaly.changed', partner.slug]);
  assert.match(audited[0].actor, /^operator:/);
  assert.match(audited[0].detail, /closed_at = .*note = the bank had it already/);
  const log = await agent.open(`${s.env.pay_api}/operator/audit?object=${one.id}&action=anomaly.changed`);
  assert.match(log.text, new RegExp(`<bdi>${s.env.admin.username} \\([^<)]+\\)</bdi><br><code dir="ltr">${audited[0].actor}<`), 'the log has the client of the token, the page also whose it was');
});

test('the same refusal rests after it was closed, and is another anomaly a day later', async () => {
  const id = await unreleasable();
  const [{ id: first }] = of(await list(), id);
  await refused(id);
  assert.equal(of(await list(), id).length, 1, 'while it is open it is told once');
  assert.equal((await api('POST', `/${first}/close`, { note: 'seen' })).status, 200);
  await refused(id);
  assert.deepEqual(of(await list(), id), []);
  await s.psql(`update pay.anomaly set closed_at = now() - interval '25 hours' where anomaly_id = ${first}`);
  await refused(id);
  const [second] = of(await list(), id);
  assert.ok(second.id > first, JSON.stringify(second));
  assert.deepEqual(of(await list('&status=closed'), id).map(({ id: one, note }) => [one, note]), [[first, 'seen']], 'the first says what was found');
});

test('lists come page by page, open ones the oldest first, closed ones the newest first', async () => {
  const ids = [];
  for (let i = 0; i < 3; i++) ids.push(await told('invoice_unchargeable', `inv_none_${randomUUID().slice(0, 8)}`));
  const walk = async (query) => {
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const { status, body } = await api('GET', `?partner=${partner.slug}&kind=invoice_unchargeable&limit=2${query}${cursor && `&cursor=${cursor}`}`);
      assert.equal(status, 200, JSON.stringify(body));
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    return seen;
  };
  assert.deepEqual(await walk(''), ids);
  for (const id of ids) assert.equal((await api('POST', `/${id}/close`, { note: 'seen' })).status, 200);
  assert.deepEqual([await walk(''), await walk('&status=closed')], [[], ids.toReversed()]);

  for (const [query, status, param] of [['?status=old', 422, 'status'], ['?kind=dispute', 422, 'kind'], ['?cursor=AAAA', 422, 'cursor'], ['?limit=0', 400, 'limit'], ['?all=true', 400, 'all']]) {
    const answer = await api('GET', query);
    assert.deepEqual([answer.status, answer.body.param], [status, param], `${query}: ${JSON.stringify(answer.body)}`);
  }
  const { body: { next_cursor: cursor } } = await api('GET', `?partner=${partner.slug}&status=closed&limit=1`);
  assert.equal((await api('GET', `?cursor=${cursor}`)).body.param, 'cursor', 'of another list');
  assert.deepEqual((await api('GET', '?partner=nobody')).body.data, []);
  for (const path of ['/999999999999', '/x', '/-1']) assert.equal((await api('GET', path)).status, 404, path);
  assert.equal((await api('POST', '/999999999999/close', { note: 'seen' })).status, 404);
});

test('a partner has no part in it, and an accountant reads and closes nothing', async () => {
  const id = await told('hold_return_refused', `pay_none_${randomUUID().slice(0, 8)}`);
  const reads = await operatorToken(s, accountant, 'pay.operator pay.operator.read');
  for (const [token, status] of [[partner.token, 403], [reads, 200]]) {
    assert.equal((await pay(s.env, token, 'GET', '/v1/operator/anomalies')).status, status);
    assert.equal((await pay(s.env, token, 'GET', `/v1/operator/anomalies/${id}`)).status, status);
    assert.equal((await pay(s.env, token, 'POST', `/v1/operator/anomalies/${id}/close`, { note: 'seen' })).status, 403);
  }
  const looker = createAgent();
  await operatorLogIn(s.env, looker, { username: accountant.email, password: accountant.password });
  const page = await looker.open(`${s.env.pay_api}/operator/anomalies?no=${id}`);
  assert.ok(page.status === 200 && page.text.includes('hold_return_refused') && !page.text.includes(`/operator/anomalies/${id}/close`));
  assert.equal((await api('GET', `/${id}`)).body.status, 'open');
});

test('what it is about is found by its reference', async () => {
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article' });
  await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
  const [{ call_id: call }] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${payment.id}'`);
  const id = await told('call_unresolved', call);
  const { body } = await api('GET', `/${id}`);
  assert.deepEqual([body.about, body.reference, body.payment, body.partner], ['operation', call, payment.id, partner.slug]);

  const message = `evt_${randomUUID()}`;
  await s.psql(`insert into pay.acquirer_event (event_id, type, call_id, state, body, received_at) values ('${message}', 'charge.succeeded', '${call}', 'anomaly', '{}', now())`);
  const other = await told('notification', message, 'null');
  const { body: heard } = await api('GET', `/${other}`);
  assert.deepEqual([heard.about, heard.payment, heard.partner], ['message', payment.id, partner.slug], 'a message leads to its operation');
  assert.ok(of(await list('&kind=notification'), message).length, 'and belongs to its partner');
  const page = await open(`?no=${other}`);
  assert.ok(page.text.includes(`href="/operator/payments/${payment.id}"`) && page.text.includes(message), page.text.slice(0, 300));
});

test('the page says what each means, keeps what was typed when it is refused, and closes', async () => {
  const id = await unreleasable();
  const [{ id: number }] = of(await list(), id);
  const page = await open(`?partner=${partner.slug}&kind=void_refused`);
  assert.equal(page.status, 200);
  for (const part of ['The acquirer did not release an authorization', `href="/operator/payments/${id}"`, `href="/operator/anomalies?partner=${partner.slug}"`, ' min ago', 'authorization_released'])
    assert.ok(page.text.includes(part), part);
  const overview = await agent.open(`${s.env.pay_api}/operator`);
  assert.match(overview.text, /<a href="\/operator\/anomalies">Anomalies that wait for a person:<\/a> [1-9]/);

  const one = await open(`?no=${number}`);
  const short = await agent.submit(one, { note: 'x<' }, { button: 'Close' });
  assert.equal(short.status, 422);
  assert.ok(short.text.includes('value="x&lt;"') && short.text.includes('note: says in 3 to 500 characters what was found'), short.text.slice(0, 300));
  const long = await agent.submit(short, { note: 'я'.repeat(501) }, { button: 'Close' });
  assert.deepEqual([long.status, long.text.includes('я'.repeat(501))], [422, true]);
  assert.equal((await api('GET', `/${number}`)).body.status, 'open');
  const closed = await agent.submit(long, { note: 'seen by a person' }, { button: 'Close' });
  assert.deepEqual([closed.status, closed.url.pathname], [200, '/operator/anomalies']);
  assert.equal((await api('GET', `/${number}`)).body.note, 'seen by a person');

  const late = await agent.submit(short, { note: 'seen by another' }, { button: 'Close' });
  assert.equal(late.status, 409);
  assert.ok(late.text.includes('This anomaly is closed.') && late.text.includes('seen by a person'), late.text.slice(0, 300));
  assert.ok((await open(`?status=closed&partner=${partner.slug}`)).text.includes('seen by a person'));
  assert.equal((await open('?no=999999999999')).status, 404);
  assert.equal((await open('?status=old')).status, 422);
  const forged = await fetch(`${s.env.pay_api}/operator/anomalies/${number}/close`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ csrf: 'A'.repeat(43), note: 'seen' }) });
  assert.deepEqual([forged.status, forged.headers.get('location')], [401, null], 'nobody without a session');
});

test('commands list and close, and say what is wrong', async () => {
  const ref = `sub_none_${randomUUID().slice(0, 8)}`;
  const id = await told('unused_not_refunded', ref);
  const listed = await command('list', '--kind', 'unused_not_refunded', '--partner', partner.slug);
  assert.deepEqual([listed.code, listed.stdout.trim()], [0, `${id}\t0 day(s)\tunused_not_refunded\t${ref}\t-\t${partner.slug}\ttold\topen`], listed.stderr);
  for (const [words, code, why] of [
    [['list', '--kind', 'dispute'], 1, /kind.*must be one of: call_unresolved/], [['close', String(id)], 2, /--note TEXT is needed/], [['close', 'x', '--note', 'seen'], 2, /ANOMALY/],
    [['close', String(id), '--note', 'no'], 1, /note.*3 to 500/], [['close', '999999999999', '--note', 'seen'], 1, /no such anomaly/],
  ]) {
    const done = await command(...words);
    assert.deepEqual([done.code, why.test(done.stderr)], [code, true], `${words.join(' ')}: ${done.stderr}`);
  }
  const closed = await command('close', String(id), '--note', 'agreed with the buyer');
  assert.deepEqual([closed.code, closed.stdout], [0, `anomaly ${id} closed\n`], closed.stderr);
  assert.equal((await command('close', String(id), '--note', 'agreed with the buyer')).code, 0, 'twice is once');
  const other = await command('close', String(id), '--note', 'another word');
  assert.deepEqual([other.code, /closed/.test(other.stderr)], [1, true], other.stderr);
  assert.match((await command('list', '--closed', '--partner', partner.slug)).stdout, new RegExp(`^${id}\t.*\tclosed .* by uid:\\d+: agreed with the buyer$`, 'm'));
  assert.match((await s.psql(`select actor from pay.audit where object = '${id}' and action = 'anomaly.changed'`))[0].actor, /^cli:/);
});

test('the gauge counts what is open by kind, but for sandbox partners', async () => {
  const sandbox = await newPartner(s, '--sandbox');
  await s.psql(`insert into pay.anomaly (partner_id, kind, ref, detail, created_at) select '${sandbox.slug}', 'dispute_fee_grew', 'dp_none_' || n || '${sandbox.slug}', 'told', now() from generate_series(1, 100) n`);
  const id = await told('dispute_fee_grew', `dp_none_${randomUUID().slice(0, 8)}`);
  await eventually(async () => {
    const n = await metric('dispute_fee_grew');
    return n > 0 && n < 100;
  }, { what: 'it is counted, and the sandbox is not' });
  const page = await open(`?partner=${sandbox.slug}`);
  assert.ok(page.text.includes('(sandbox)'), 'the lists show them');
  await s.psql(`delete from pay.anomaly where partner_id = '${sandbox.slug}'`);
  await api('POST', `/${id}/close`, { note: 'seen' });
  await sandbox.remove();
});
