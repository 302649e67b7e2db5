/*
 * Stores (docs/protocol/pay/stores.md; MONEY B18): states and who may change them, tariffs that begin on a date, domains, looks, twins, and
 * the way to another partner.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { codeIn, newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, partner, seller;

/* A picture of one colour, 32 pixels wide and high. */
const chunk = (type, data) => {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length);
  whole.write(type, 4);
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
};
const crc32 = (bytes) => {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
};
const png = (shade) => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', Buffer.from([0, 0, 0, 32, 0, 0, 0, 32, 8, 2, 0, 0, 0])),
  chunk('IDAT', deflateSync(Buffer.concat(Array(32).fill(Buffer.concat([Buffer.from([0]), Buffer.alloc(96, shade)]))))), chunk('IEND', Buffer.alloc(0))]);
const PNG = png(0x4b);

const operator = async (...args) => {
  const { code, stdout, stderr } = await s.operator('paysrv', ...args);
  return { code, text: `${stdout}${stderr}`.trim() };
};

const post = async (path, body, status = 200, of = seller, options) => {
  const ask = (given) => of.call('POST', path, body, given);
  const answer = await (status === 200 ? outcomeOf(ask, options?.key) : ask(options));
  assert.equal(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const get = async (path, of = seller) => {
  const { status, body } = await of.call('GET', path);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};
const refused = async (path, body, of = seller) => {
  const answer = await of.call('POST', path, body);
  return [answer.status, answer.body.code, answer.body.param, answer.body.detail];
};

const newStore = (fields = {}, of = seller) => post('/v1/stores', { name: 'A store', user: of.user.id, currency: 'EUR', ...fields }, 201, of);
const payment = (store, fields = {}) => ({ store, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
const paid = async (store, of = seller) => {
  const { id, checkout } = await post('/v1/payments', payment(store), 201, of);
  await post(`/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, 200, of);
  return { id, checkout };
};
const split = ({ split: parts }) => Object.fromEntries(parts.map((part) => [part.party, part.amount]));

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s, '--sandbox', '--platform-bp', '500', '--partner-bp', '1000');
  await operator('partners', 'stores', partner.slug, '--domains', 'required');
  seller = await newSeller(s.env, { token: partner.token });
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

describe('states of stores', () => {
  test('a suspended store sells nothing, and what it sold goes on', async () => {
    const store = await newStore();
    assert.deepEqual([store.status, store.status_reason, store.domains, store.twin], ['active', null, [], null]);
    const sold = await paid(store.id), open = await post('/v1/payments', payment(store.id), 201);
    const key = randomUUID();
    const made = await post('/v1/payments', payment(store.id), 201, seller, { key });
    const away = await post(`/v1/stores/${store.id}/suspend`, { reason: 'Holidays' });
    assert.deepEqual([away.status, away.status_reason], ['suspended', 'Holidays']);
    assert.deepEqual(await get(`/v1/stores/${store.id}`), away);
    assert.deepEqual(await refused('/v1/payments', payment(store.id)), [409, 'store_state', 'store', 'store: it is suspended, and sells nothing']);
    assert.deepEqual(await post('/v1/payments', payment(store.id), 201, seller, { key }), made, 'what was made is answered again');
    assert.deepEqual((await refused(`/v1/payments/${open.id}/confirm`, { payment_token: 'tok_test_visa' })).slice(0, 3), [409, 'store_state', 'store']);
    const page = await createAgent().open(open.checkout.url);
    assert.match(page.text, /This store does not sell at this time/);
    assert.doesNotMatch(page.text, /Pay by card/);
    assert.equal((await post(`/v1/payments/${sold.id}/refunds`, { amount: 400 })).status, 'succeeded');
    assert.equal((await post(`/v1/stores/${store.id}/activate`, {})).status, 'active');
    await post(`/v1/payments/${open.id}/confirm`, { payment_token: 'tok_test_visa' });
    const told = await get(`/v1/events?type=store.updated&about=${store.id}`);
    assert.deepEqual(told.data.map(({ data }) => data.status), ['active', 'suspended']);
  });

  test('what the operator suspended only he resumes, and closed is for good', async () => {
    const store = await newStore();
    assert.equal((await operator('stores', 'suspend', store.id)).code, 2, 'a reason is needed');
    assert.match((await operator('stores', 'suspend', store.id, '--reason', 'Complaints')).text, /is suspended/);
    assert.deepEqual((await refused(`/v1/stores/${store.id}/activate`, {})).slice(0, 2), [409, 'store_state']);
    assert.equal((await refused('/v1/payments', payment(store.id)))[1], 'store_state');
    assert.match((await operator('stores', 'resume', store.id)).text, /is active/); /* which the server that has just refused knows at once */
    const sold = await paid(store.id);
    assert.equal((await post(`/v1/stores/${store.id}/close`, { reason: 'Moved on' })).status, 'closed');
    assert.equal((await post(`/v1/payments/${sold.id}/refunds`, {})).status, 'succeeded');
    for (const verb of ['activate', 'suspend', 'close']) assert.equal((await refused(`/v1/stores/${store.id}/${verb}`, {}))[1], 'store_state', verb);
    assert.equal((await operator('stores', 'resume', store.id)).code, 1);
    assert.deepEqual((await refused(`/v1/stores/${store.id}/tariffs`, { split: { platform_bp: 500, partner_bp: 0 } })).slice(0, 2), [409, 'store_state']);
    const shown = (await operator('stores', 'show', store.id)).text;
    for (const part of ['status\tclosed', 'active -> suspended\tby operator uid:', 'Complaints', 'active -> closed\tby partner']) assert.ok(shown.includes(part), `${part} in\n${shown}`);
    assert.match((await operator('stores', 'list', partner.slug, '--status', 'closed')).text, new RegExp(store.id));
    assert.deepEqual((await get('/v1/stores?status=closed')).data.map(({ id }) => id), [store.id]);
    const named = await newStore({ external_id: 'shelf 7' });
    assert.deepEqual((await get('/v1/stores?external_id=shelf%207')).data.map(({ id }) => id), [named.id]);
    assert.deepEqual((await get('/v1/stores?external_id=shelf%207&status=closed')).data, []);
    const wrong = await seller.call('GET', '/v1/stores?status=open');
    assert.deepEqual([wrong.body.param, wrong.body.detail], ['status', 'status: must be one of: pending_confirmation draft review active suspended closed']);
  });

  test('with a review, no store sells before the operator has looked at it', async () => {
    await operator('partners', 'stores', partner.slug, '--opening', 'review');
    const looked = await newStore(), draft = await newStore({ status: 'draft' });
    assert.deepEqual([looked.status, draft.status], ['review', 'draft']);
    assert.deepEqual((await refused('/v1/stores', { name: 'x', user: seller.user.id, currency: 'EUR', status: 'active' })).slice(1, 3), ['invalid_parameter', 'status']);
    assert.equal((await refused('/v1/payments', payment(draft.id)))[3], 'store: it is a draft, and sells nothing');
    assert.equal((await post(`/v1/stores/${draft.id}/activate`, {})).status, 'review', 'it is to be looked at first');
    assert.match((await refused(`/v1/stores/${looked.id}/activate`, {}))[3], /only the operator/);
    assert.match((await operator('stores', 'return', looked.id, '--reason', 'No imprint')).text, /is a draft/);
    assert.deepEqual((({ status, status_reason: reason }) => [status, reason])(await get(`/v1/stores/${looked.id}`)), ['draft', 'No imprint']);
    await operator('stores', 'resume', draft.id);
    await operator('partners', 'stores', partner.slug, '--opening', 'active');
    await paid(draft.id);
  });
});

describe('tariffs of a store', () => {
  test('begin at their moment, by the clock of the partner, and are not edited', async () => {
    const store = await newStore(), path = `/v1/stores/${store.id}/tariffs`;
    const now = Date.parse((await get('/v1/test_clock')).now), iso = (ms) => `${new Date(now + ms).toISOString().slice(0, 19)}Z`, DAY = 86_400_000;
    const first = await post(path, { split: { platform_bp: 600, partner_bp: 0 }, valid_from: iso(DAY) }, 201);
    const second = await post(path, { split: { platform_bp: 700, partner_bp: 0 }, valid_from: iso(2 * DAY) }, 201);
    const dropped = await post(path, { split: { platform_bp: 9000, partner_bp: 0 }, valid_from: iso(1.5 * DAY) }, 201);
    assert.deepEqual([first.status, first.split, Date.parse(first.valid_from)], ['planned', { platform_bp: 600, partner_bp: 0 }, Math.floor((now + DAY) / 1000) * 1000]);
    assert.equal((await post(`/v1/stores/${store.id}/tariffs/${dropped.id}/cancel`)).status, 'canceled');
    assert.equal((await refused(`${path}/${dropped.id}/cancel`))[1], 'store_state');
    assert.deepEqual(split(await get(`/v1/payments/${(await paid(store.id)).id}`)), { platform: 50, partner: 100, seller: 850 });
    for (const [wish, platform, states] of [['P1D', 60, ['planned', 'canceled', 'in_force', 'past']], ['P1D', 70, ['in_force', 'canceled', 'past', 'past']]]) {
      await post('/v1/test_clock/advance', { by: wish }, 202);
      await eventually(async () => (await get('/v1/test_clock')).status === 'ready', { what: 'the clock is ready' });
      assert.equal(split(await get(`/v1/payments/${(await paid(store.id)).id}`)).platform, platform);
      assert.deepEqual((await get(path)).data.map(({ status }) => status), states);
    }
    assert.equal((await get(`/v1/stores/${store.id}`)).tariff, second.id);
    await assert.rejects(s.psql(`update pay.store_tariff set platform_bp = 1 where tariff_id = '${second.id}'`), /is not allowed/);
    assert.equal((await refused(`${path}/${second.id}/cancel`))[1], 'store_state', 'it has begun');
    const events = await s.psql(`select type from pay.event where object_id = '${store.id}' order by sequence`);
    assert.deepEqual(events.map(({ type }) => type), ['store.created', 'store.tariff_planned', 'store.tariff_planned', 'store.tariff_planned', 'store.tariff_canceled']);
  });

  test('are refused by what is wrong with them, and keep the profile that they need', async () => {
    const store = await newStore(), path = `/v1/stores/${store.id}/tariffs`;
    const points = { platform_bp: 500, partner_bp: 0 };
    for (const [body, param] of [
      [{}, 'split'],
      [{ split: points, split_profile: 'spl_x' }, 'split'],
      [{ split: { platform_bp: 499, partner_bp: 0 } }, 'split.platform_bp'],
      [{ split: { platform_bp: 9000, partner_bp: 1001 } }, 'split'],
      [{ split_profile: 'spl_unknown' }, 'split_profile'],
      [{ split: points, valid_from: '2020-01-01T00:00:00Z' }, 'valid_from'],
      [{ split: points, valid_from: 'tomorrow' }, 'valid_from'],
    ])
      assert.deepEqual((await refused(path, body)).slice(0, 3), [422, 'invalid_parameter', param], JSON.stringify(body));
    const profile = await post('/v1/split_profiles', { name: 'Half', rules: [{ party: 'partner', bp: 5000 }] }, 201);
    const planned = await post(path, { split_profile: profile.id, valid_from: '2031-01-01T00:00:00Z' }, 201);
    assert.equal((await refused(`/v1/split_profiles/${profile.id}/archive`))[1], 'split_profile_in_use');
    await post(`${path}/${planned.id}/cancel`);
    await post(`/v1/split_profiles/${profile.id}/archive`);
    /* Many that came to nothing hide none that is planned. */
    const last = await post(path, { split: points, valid_from: '2029-01-01T00:00:00Z' }, 201);
    await s.psql(`insert into pay.store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, valid_from, created_at, created_by, canceled_at)
      select partner_id, tariff_id || i, store_id, 500, 0, '2030-01-01', created_at, 'test', created_at from pay.store_tariff, generate_series(1, 200) i where tariff_id = '${last.id}'`);
    assert.equal((await post(`${path}/${last.id}/cancel`)).status, 'canceled');
    assert.equal((await post(path, { split: points }, 201)).status, 'in_force');
    assert.equal(split(await get(`/v1/payments/${(await paid(store.id)).id}`)).partner ?? 0, 0, 'at once on this server');
  });
});

test('what was answered under a key is answered again, whatever the store has become', async () => {
  const store = await newStore(), of = `/v1/stores/${store.id}`;
  const late = new Date(Date.parse((await get('/v1/test_clock')).now) + 3_600_000).toISOString();
  const made = [];
  for (const [path, body] of [
    ['/v1/prices', { store: store.id, name: 'Monthly', currency: 'EUR', amount: 900, interval: 'month' }],
    [`${of}/tariffs`, { split: { platform_bp: 600, partner_bp: 0 }, valid_from: late }],
    [`${of}/split_profile`, {}],
  ]) {
    const key = randomUUID(), { status, body: answer } = await seller.call('POST', path, body, { key });
    assert.ok(status < 300, `${path}: ${JSON.stringify(answer)}`);
    made.push({ path, body, key, status, answer });
  }
  await post(`${of}/close`);
  for (const { path, body, key, status, answer } of made) {
    const again = await seller.call('POST', path, body, { key });
    assert.deepEqual([again.status, again.body], [status, answer], path);
    assert.equal((await refused(path, body))[1], 'store_state');
  }
});

describe('domains of a store', () => {
  let site, served = '';
  before(async () => {
    site = createServer((request, response) => {
      response.writeHead(request.url === '/.well-known/stoa-store-verification' && served ? 200 : 404, { 'content-type': 'text/plain' });
      response.end(served);
    });
    await new Promise((resolve) => { site.listen(Number(new URL(s.env.pay_api).port) + 11, '127.0.0.1', resolve); });
  });
  after(() => site?.close());

  test('are proved by a file, and payments lead back to them alone where that is required', async () => {
    const store = await newStore(), path = `/v1/stores/${store.id}/domains`, host = `shop-${store.id.slice(3).replaceAll('_', '')}.localhost`;
    for (const bad of ['https://shop.example', 'shop.example:8443', '127.0.0.1', 'localhost', 'shop..example'])
      assert.deepEqual((await refused(path, { host: bad })).slice(0, 3), [422, 'invalid_parameter', 'host'], bad);
    assert.equal((await post(path, { host: 'Bücher.example' }, 201)).host, 'xn--bcher-kva.example');
    const added = await post(path, { host: host.toUpperCase() }, 201);
    assert.deepEqual([added.host, added.status, added.failure], [host, 'pending', null]);
    assert.deepEqual(await post(path, { host }, 201), added, 'again is the same');
    const back = { return_url: `https://www.${host}/thanks?order=1` };
    assert.deepEqual((await refused('/v1/payments', payment(store.id, back))).slice(0, 3), [422, 'invalid_parameter', 'return_url']);
    assert.equal((await post(`/v1/stores/${store.id}/domains/${host}/verify`)).failure, 'the host answered 404 where 200 was expected');
    await s.psql(`update pay.store_domain set checked_at = now() where store_id = '${store.id}' and host = '${host}'`); /* however long that took */
    assert.equal((await refused(`${path}/${host}/verify`))[0], 429);
    served = `of another store\n${added.verification.content}\r\n`;
    await s.psql(`update pay.store_domain set checked_at = null where store_id = '${store.id}'`);
    const proved = await post(`${path}/${host}/verify`);
    assert.deepEqual([proved.status, proved.failure], ['verified', null]);
    assert.deepEqual((await get(`/v1/stores/${store.id}`)).domains, [host]);
    const { id } = await post('/v1/payments', payment(store.id, back), 201);
    assert.equal((await refused('/v1/payments', payment(store.id, { return_url: `https://${host}.evil.example/` })))[2], 'return_url');
    assert.equal((await refused('/v1/payments', payment(store.id, { ...back, origins: [`https://${host}`, 'https://evil.example'] })))[2], 'origins');
    assert.equal((await refused(`/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa', return_url: 'https://evil.example/' }))[2], 'return_url');
    await post(`/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa', return_url: back.return_url });
    assert.equal((await seller.call('DELETE', `/v1/stores/${store.id}/domains/${host}`)).status, 204);
    assert.equal((await refused('/v1/payments', payment(store.id, back)))[2], 'return_url', 'at once on this server');
  });
});

describe('webhooks of one store', () => {
  test('are told of what happens there and nothing else', async () => {
    const [one, other] = [await newStore(), await newStore()];
    const nobody = `http://127.0.0.1:${Number(new URL(s.env.pay_api).port) + 10}`; /* a port of the run that it does not use */
    assert.deepEqual((await refused('/v1/webhook_endpoints', { url: nobody, store: 'st_unknown' })).slice(1, 3), ['invalid_parameter', 'store']);
    const endpoint = await post('/v1/webhook_endpoints', { url: `${nobody}/one`, store: one.id }, 201);
    const all = await post('/v1/webhook_endpoints', { url: `${nobody}/all` }, 201);
    assert.deepEqual([endpoint.store, all.store], [one.id, null]);
    assert.deepEqual((await get(`/v1/webhook_endpoints?store=${one.id}`)).data.map(({ id }) => id), [endpoint.id]);
    const refunded = await paid(one.id);
    await paid(other.id);
    await post(`/v1/payments/${refunded.id}/refunds`, { amount: 100 });
    await post(`/v1/stores/${one.id}/suspend`, {});
    const types = async ({ id }) => (await get(`/v1/webhook_endpoints/${id}/deliveries`)).data.map(({ type }) => type);
    await eventually(async () => (await types(all)).length >= 4, { what: 'the events are handed out' });
    assert.deepEqual((await types(endpoint)).sort(), ['payment.succeeded', 'refund.succeeded', 'store.updated']);
    assert.equal((await types(all)).filter((type) => type === 'payment.succeeded').length, 2);
    for (const { id } of [endpoint, all]) await seller.call('DELETE', `/v1/webhook_endpoints/${id}`);
  });
});

describe('how a store looks', () => {
  const upload = async (path, body, more = {}) => {
    const answer = await fetch(`${s.env.pay_api}${path}`, { method: 'POST', headers: { authorization: `Bearer ${seller.token}`, ...more }, body });
    return { status: answer.status, body: await answer.json(), replayed: answer.headers.get('idempotent-replayed') };
  };

  test('is what it says, where it can be read', async () => {
    const store = await newStore(), path = `/v1/stores/${store.id}/branding`;
    for (const [body, param] of [
      [{ accent: '#ffcc00' }, 'accent'],
      [{ accent: 'green' }, 'accent'],
      [{ support_url: 'http://shop.example/help' }, 'support_url'],
      [{ support_email: 'nobody' }, 'support_email'],
      [{ statement_descriptor: 'SHOP*1' }, 'statement_descriptor'],
    ])
      assert.deepEqual((await refused(path, body))[2], param, JSON.stringify(body));
    assert.match((await refused(path, { accent: '#ffcc00' }))[3], /contrast of 1\.\d\d:1 on the page, at least 4\.50:1 is needed; what would do: #[0-9a-f]{6}/);
    const look = { display_name: 'Åsa & Söhne', accent: '#0a7a4b', support_email: 'help@shop.example', support_url: 'https://shop.example/help', statement_descriptor: 'ASA AND SONS' };
    assert.deepEqual((await post(path, look)).branding, { ...look, logo_url: null });
    const svg = await upload(`/v1/stores/${store.id}/logo`, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    assert.deepEqual([svg.status, svg.body.param], [422, 'body']);
    assert.match(svg.body.detail, /SVG is refused/);
    const { body: { branding } } = await upload(`/v1/stores/${store.id}/logo`, PNG);
    const logo = await fetch(branding.logo_url);
    assert.deepEqual([logo.status, logo.headers.get('content-type'), logo.headers.get('content-security-policy'), logo.headers.get('x-content-type-options')],
      [200, 'image/png', "default-src 'none'; sandbox", 'nosniff']);
    assert.deepEqual(Buffer.from(await logo.arrayBuffer()), PNG);
    const { checkout } = await post('/v1/payments', payment(store.id), 201);
    const { text } = await createAgent().open(checkout.url);
    for (const part of ['Åsa &amp; Söhne', new URL(branding.logo_url).pathname, 'href="mailto:help@shop.example"', 'href="https://shop.example/help"']) assert.ok(text.includes(part), part);
    const [, sheet] = /\/store-files\/([0-9a-f]{32}\.css)/.exec(text);
    assert.match(await (await fetch(`${s.env.pay_api}/store-files/${sheet}`)).text(), /^:root \{ --brand: light-dark\(#0a7a4b, #[0-9a-f]{6}\); /);
    const bought = await paid(store.id);
    await post(path, { ...look, statement_descriptor: 'ANOTHER NAME' });
    const [{ key }] = await s.psql(`select charge_id as key from pay.payment where payment_id = '${bought.id}'`);
    const { data: [charge] } = await s.acquirer('GET', `/v1/charges?key=${key}`);
    assert.equal(charge.statement_descriptor, 'ASA AND SONS', 'what the buyer reads on his statement');
    assert.deepEqual(await s.psql(`select descriptor from pay.acquirer_call where call_id = '${key}'`), [{ descriptor: 'ASA AND SONS' }], 'as often as it is sent');
    assert.equal((await post(`/v1/stores/${store.id}/logo/remove`)).branding.logo_url, null);
    assert.deepEqual((await post(path, {})).branding, store.branding);
  });

  test('is the same call again only with the same picture', async () => {
    const store = await newStore(), key = { 'idempotency-key': randomUUID() };
    const put = (picture) => upload(`/v1/stores/${store.id}/logo`, picture, key);
    const first = await put(PNG);
    assert.equal(first.status, 200);
    assert.deepEqual(await put(PNG), { ...first, replayed: 'true' });
    const other = await put(png(0x4c));
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_mismatch']);
  });
});

describe('stores and their owners', () => {
  const codeOf = async (subject, of) => {
    const { data } = await get('/v1/test_mails', of);
    const mail = data.find(({ text }) => text.includes(subject));
    return mail && { text: mail.text, code: codeIn(mail) };
  };

  test('with confirmations a store begins with its owner\'s code, and ends without', async () => {
    await operator('partners', 'set', partner.slug, '--confirmations', 'store');
    const asked = await post('/v1/stores', { name: 'Waits', user: seller.user.id, currency: 'EUR', url: 'https://waits.example' }, 202);
    const other = await post('/v1/stores', { name: 'Never', user: seller.user.id, currency: 'EUR' }, 202);
    await operator('partners', 'set', partner.slug, '--confirmations', 'none');
    assert.deepEqual([asked.status, asked.confirmation.operation, asked.confirmation.summary.store], ['pending_confirmation', 'store', 'Waits']);
    assert.equal((await refused('/v1/payments', payment(asked.id)))[1], 'store_state');
    assert.equal((await refused(`/v1/stores/${asked.id}/activate`, {}))[1], 'store_state');
    const mail = await eventually(() => codeOf('https://waits.example', seller), { what: 'the mail' });
    await post(`/v1/confirmations/${asked.confirmation.id}/confirm`, { code: mail.code });
    assert.equal((await get(`/v1/stores/${asked.id}`)).status, 'active');
    await paid(asked.id);
    await post(`/v1/confirmations/${other.confirmation.id}/cancel`);
    assert.equal((await get(`/v1/stores/${other.id}`)).status, 'closed');
  });

  test('a store goes to another partner with its owner\'s code only; what was before stays', async () => {
    const target = await newPartner(s, '--sandbox', '--partner-bp', '2000');
    const next = await newSeller(s.env, { token: target.token });
    await post('/v1/test_clock/advance', { by: 'P20D' }, 202, next);
    await eventually(async () => (await get('/v1/test_clock', next)).status === 'ready', { what: 'the other partner is days ahead' });
    const store = await newStore({ name: 'On the move' });
    await post(`/v1/stores/${store.id}/branding`, { display_name: 'Known by this' });
    const before = await paid(store.id), open = await post('/v1/payments', payment(store.id), 201);
    const ask = (id) => post('/v1/store_connections', { store: id, user: next.user.id }, 202, next);
    const asked = await ask(store.id), nothing = await ask('st_nothing');
    const shape = ({ confirmation: { masked_address: address, summary, attempts_left: left } }) => [address, summary, left];
    assert.deepEqual(shape(asked), ['•••', {}, 5]);
    assert.deepEqual(shape(nothing), shape(asked), 'nobody learns which stores there are');
    assert.equal((await s.psql("select count(*)::int as n from pay.mail where recipient like '%nobody.invalid'"))[0].n, 0);
    assert.equal((await get(`/v1/stores/${store.id}`)).status, 'active');
    const mail = await eventually(() => codeOf('On the move'), { what: 'the mail' });
    assert.ok(mail.text.includes(next.user.name), mail.text);
    assert.deepEqual((await get('/v1/test_mails', next)).data.filter(({ kind }) => kind === 'confirmation_code'), [], 'who asks for it does not read the code');
    const wrong = await refused(`/v1/confirmations/${nothing.confirmation.id}/confirm`, { code: mail.code }, next);
    assert.deepEqual(wrong.slice(0, 2), [422, 'code_refused']);
    await post(`/v1/confirmations/${asked.confirmation.id}/confirm`, { code: mail.code }, 200, next);
    const { status, new_store: made } = await get(`/v1/store_connections/${asked.id}`, next);
    assert.equal(status, 'confirmed');
    const moved = await get(`/v1/stores/${made}`, next);
    assert.deepEqual([moved.status, moved.moved_from, moved.branding.display_name, moved.user], ['active', store.id, 'Known by this', next.user.id]);
    const old = await get(`/v1/stores/${store.id}`);
    assert.deepEqual([old.status, old.status_reason, old.moved_to], ['closed', 'moved', made]);
    const [left] = (await get(`/v1/events?type=store.moved&about=${store.id}`)).data, [came] = (await get(`/v1/events?type=store.created&about=${made}`, next)).data;
    assert.equal(left.data.moved_to, made);
    const far = async (moment, of) => Math.abs(Date.parse(moment) - Date.parse((await get('/v1/test_clock', of)).now)) > 43_200_000;
    const [{ at, changed }] = await s.psql(`select s.status_at as at, c.changed_at as changed from pay.store s join pay.store_change c on c.store_id = s.store_id and c.reason = 'moved' where s.store_id = '${store.id}'`);
    assert.deepEqual([await far(left.created_at), await far(at), await far(changed), await far(came.created_at, next)], [false, false, false, false], 'each partner has it at his own time');
    assert.equal(split(await get(`/v1/payments/${(await paid(made, next)).id}`, next)).partner, 200);
    assert.equal((await refused('/v1/payments', payment(store.id)))[1], 'store_state');
    await post(`/v1/payments/${open.id}/confirm`, { payment_token: 'tok_test_visa' });
    await post(`/v1/payments/${before.id}/refunds`, { amount: 10 });
    assert.equal((await next.call('GET', `/v1/payments/${before.id}`)).status, 404, 'the history stays');
    await target.remove();
  });

  test('limits of an address do not tell whose store one is, and a code for nobody is never sent', async () => {
    const target = await newPartner(s, '--sandbox', '--confirmations', 'user');
    const next = { call: (...args) => pay(s.env, target.token, ...args) };
    const { confirmation: mine } = await post('/v1/users', { name: 'Spy', email: `${randomUUID()}@example.com` }, 202, next);
    await post(`/v1/confirmations/${mine.id}/confirm`, { code: await eventually(async () => (await get('/v1/test_mails', next)).data[0]?.code, { what: 'the code' }) }, 200, next);
    for (let i = 0; i < 20; i++) await post('/v1/users', { name: 'Victim?', email: seller.email }, 202, next);
    assert.equal((await refused('/v1/users', { name: 'Victim?', email: seller.email }, next))[0], 429);
    const ask = (store) => post('/v1/store_connections', { store, user: mine.user }, 202, next);
    const [there, nothing] = [await ask(seller.store.id), await ask('st_nothing')];
    for (const { confirmation: { id } } of [there, nothing]) {
      await s.psql(`update pay.payout_code set created_at = created_at - interval '31 seconds' where subject = '${id}'`);
      await post(`/v1/confirmations/${id}/resend`, undefined, 200, next);
    }
    assert.equal((await s.psql("select count(*)::int as n from pay.mail where recipient like '%nobody.invalid'"))[0].n, 0);
    assert.equal((await s.psql(`select count(*)::int as n from pay.mail where recipient = '${seller.email}' and clock = '${target.slug}'`))[0].n, 20, 'the owner is spared');
    await target.remove();
  });

  test('a code for a store does not outlive its owner\'s address, and who asks for the store learns nothing of it', async () => {
    const target = await newPartner(s, '--sandbox'), next = await newSeller(s.env, { token: target.token });
    const owner = await newSeller(s.env, { token: partner.token });
    const ask = async (store) => (await post('/v1/store_connections', { store, user: next.user.id }, 202, next)).confirmation.id;
    const asked = await ask(owner.store.id), nothing = await ask('st_nothing');
    const { code, text } = await eventually(() => codeOf(owner.store.name), { what: 'the mail' });
    const seen = async () => { const answer = await fetch(/https?:\S+\/confirm\/\S+/.exec(text)[0]); return [answer.status, (await answer.text()).includes(owner.store.name)]; };
    assert.deepEqual(await seen(), [200, true]);
    await operator('users', 'email', owner.user.id, `${randomUUID()}@example.com`);
    assert.deepEqual(await seen(), [410, false], 'nor does the page of it');
    const told = async (id) => {
      const { attempts_left: left, status, resend_after: again } = await get(`/v1/confirmations/${id}`, next);
      const [http, word] = await refused(`/v1/confirmations/${id}/confirm`, { code }, next);
      await s.psql(`update pay.payout_code set created_at = created_at - interval '31 seconds' where subject = '${id}'`);
      const { resend_after: later, attempts_left: then } = await post(`/v1/confirmations/${id}/resend`, undefined, 200, next);
      return [left, status, typeof again, http, word, then, typeof later];
    };
    assert.deepEqual(await told(asked), [5, 'awaiting_code', 'string', 422, 'code_refused', 4, 'string']);
    assert.deepEqual(await told(nothing), await told(await ask('st_nothing')));
    assert.equal((await get(`/v1/stores/${owner.store.id}`)).status, 'active');
    const mailed = () => s.psql(`select recipient from pay.mail where clock = '${target.slug}' and kind = 'confirmation_code' order by mail_id`);
    assert.deepEqual(await mailed(), [{ recipient: owner.email }], 'none goes to the address of before');
    const again = await ask(owner.store.id);
    const fresh = async () => (await get('/v1/test_mails')).data.filter(({ text }) => text.includes(owner.store.name));
    const [mail] = await eventually(async () => (await fresh()).length === 2 && fresh(), { what: 'the mail to the new one' });
    const offers = async () => (await (await fetch(/https?:\S+\/confirm\/\S+/.exec(mail.text)[0])).text()).includes('/payouts/not-me/');
    assert.equal(await offers(), true, 'to stop his own payouts');
    await post(`/v1/confirmations/${again}/confirm`, { code: codeIn(mail) }, 200, next);
    assert.equal((await get(`/v1/stores/${owner.store.id}`)).status, 'closed');
    assert.equal(await offers(), false, 'nor to stop those of who has asked');
    await target.remove();
  });

  test('a store that the other partner\'s split does not fit stays where it is', async () => {
    const target = await newPartner(s, '--sandbox'), next = await newSeller(s.env, { token: target.token });
    const store = await newStore({ name: 'Does not fit' });
    const profile = await post('/v1/split_profiles', { name: 'Dollars', currency: 'USD', rules: [{ party: 'partner', fixed: 10 }] }, 201, next);
    await operator('splits', 'default', target.slug, profile.id);
    const { id, confirmation } = await post('/v1/store_connections', { store: store.id, user: next.user.id }, 202, next);
    const { code } = await eventually(() => codeOf('Does not fit'), { what: 'the mail' });
    assert.deepEqual((await refused(`/v1/confirmations/${confirmation.id}/confirm`, { code }, next)).slice(0, 3), [422, 'invalid_parameter', 'split_profile']);
    assert.equal((await get(`/v1/stores/${store.id}`)).status, 'active');
    assert.equal((await get(`/v1/store_connections/${id}`, next)).status, 'awaiting_code');
    await operator('splits', 'default', target.slug, 'none');
    await post(`/v1/confirmations/${confirmation.id}/confirm`, { code }, 200, next);
    await target.remove();
  });

  test('"this was not me" of a store that another partner asks for stops its owner\'s payouts, and nobody else\'s', async () => {
    const target = await newPartner(s, '--sandbox'), next = await newSeller(s.env, { token: target.token });
    const owner = await newSeller(s.env, { token: partner.token });
    const { id } = await post('/v1/store_connections', { store: owner.store.id, user: next.user.id }, 202, next);
    const { text } = await eventually(() => codeOf(owner.store.name), { what: 'the mail' });
    const page = await (await fetch(/https?:\S+\/confirm\/\S+/.exec(text)[0])).text();
    assert.equal((await fetch(/https?:[^"\s]+\/payouts\/not-me\/[\w-]+/.exec(page)[0], { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' })).status, 200);
    assert.equal((await get(`/v1/store_connections/${id}`, next)).status, 'canceled');
    const frozen = async (of) => (await get(`/v1/users/${of.user.id}`, of)).payouts_frozen;
    assert.deepEqual([await frozen(owner), await frozen(next)], [true, false]);
    await target.remove();
  });

  test('a live store has one twin in the sandbox of its partner', async () => {
    const live = await newPartner(s), owner = await newSeller(s.env, { token: live.token });
    const path = `/v1/stores/${owner.store.id}/twin`;
    assert.equal((await refused(path, undefined, owner))[1], 'no_sandbox');
    assert.match((await operator('partners', 'add', `${live.slug}-s`, '--name', 'Its tests', '--sandbox-of', live.slug)).text, /added/);
    assert.match((await operator('partners', 'add', `${live.slug}-t`, '--sandbox-of', live.slug)).text, /no sandbox of/);
    assert.match((await operator('partners', 'add', `${live.slug}-u`, '--sandbox-of', `${live.slug}-none`)).text, /no partner .*-none/);
    assert.match((await operator('partners', 'version', `${live.slug}-u`, 'newest')).text, /no such partner/, 'it was not added');
    await post(`/v1/stores/${owner.store.id}/branding`, { accent: '#0a7a4b' }, 200, owner);
    const [one, two] = await Promise.all([post(`/v1/stores/${owner.store.id}/twin`, undefined, 200, owner), post(path, undefined, 200, owner)]);
    assert.equal(two.id, one.id, 'made once');
    assert.deepEqual([one.twin, one.name, one.currency, one.branding.accent, one.split], [owner.store.id, owner.store.name, 'EUR', '#0a7a4b', owner.store.split]);
    assert.equal((await get(`/v1/stores/${owner.store.id}`, owner)).twin, one.id);
    await live.remove();
  });
});
