/* The feed of revocations: paysrv refuses a token that authsrv took back within seconds, without asking about each. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader, generateKeyPair, exportJWK, calculateJwkThumbprint, SignJWT } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { createServer, request as httpRequest } from 'node:http';
import { readFileSync } from 'node:fs';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { operatorLogIn } from '../support/people.mjs';
import { addClient, addUser, operator, post, sound } from '../support/relying_party.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';

let s, rp, rs;

before(async () => {
  s = await startStack({ profile: 'demo' });
  rp = await addClient(s, { scope: 'pay.webhooks pay.stores', grants: 'client_credentials', redirect: [], more: ['--partner', 'inkwell'] });
  rs = { id: 'stoa-operator', secret: readFileSync(`${s.data}/secrets/operator_client_secret`, 'utf8').trim() };
});

after(async () => {
  await sound(s);
  await s.stop();
});

const token = async (headers = {}) => (await post(s, '/token', { grant_type: 'client_credentials' }, { basic: rp, headers })).body.access_token;
const call = (bearer, headers = {}) => fetch(new URL('/v1/webhook_endpoints', s.env.pay_api), { headers: { authorization: `Bearer ${bearer}`, ...headers } });
const feed = async (cursor, basic = rs) => post(s, '/revocations', { ...(cursor && { cursor }) }, { basic });

test('a revoked token is refused by paysrv within seconds, others are not', async () => {
  const [gone, kept] = [await token(), await token()];
  assert.deepEqual([(await call(gone)).status, (await call(kept)).status], [200, 200]);
  await post(s, '/revoke', { token: gone }, { basic: rp });
  await eventually(async () => (await call(gone)).status === 401, { what: 'the token is refused' });
  assert.match((await call(gone)).headers.get('www-authenticate'), /invalid_token/);
  assert.equal((await call(kept)).status, 200);
});

test('of what ended in a day only the tokens that still count are fetched', { timeout: 300000 }, async () => {
  const user = await addUser(s);
  const [{ audience }] = await s.psql(`select r.audience from auth.resource r join auth.client c on c.resource_server = r.audience where c.id = '${rs.id}'`);
  const [{ id: person }] = await s.psql(`select id from auth.users where login = '${user.email}'`);
  await s.psql(`insert into auth.grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, created_at, expires_at, revoked_at, revoked_why)
    select 'gr_day' || i, '${person}', '${rp.id}', 'day', '', '${audience}', now(), '', now(), now() + interval '1 hour', now() - interval '1 hour', 'logout' from generate_series(1, 300) i`);
  await s.psql(`insert into auth.access_token (jti, grant_id, scope, issued_at, expires_at)
    select 'day' || i || '_' || k, 'gr_day' || i, '', now() - interval '2 hours', now() + case k when 1 then interval '5 minutes' else interval '-1 hour' end from generate_series(1, 300) i, generate_series(1, 60) k`);
  const fetched = async () => Number((await s.psql("select pg_stat_clear_snapshot(), idx_tup_fetch as n from pg_stat_user_tables where schemaname = 'auth' and relname = 'access_token'"))[0].n);
  let last = -1;
  const settled = () => eventually(async () => { const n = await fetched(), is = n === last; last = n; return is; }, { what: 'the statistics are written', pause: 2000 });
  await settled();
  const before = await fetched();
  const { body } = await feed();
  assert.equal(body.revoked.filter(({ jti }) => jti?.startsWith('day')).length, 300);
  await eventually(async () => (await fetched()) > before, { what: 'the question is in the statistics', pause: 1000 });
  await settled();
  const n = (await fetched()) - before;
  assert.ok(n < 6000, `${n} tokens fetched`);
});

test('the feed: ids and ends, a cursor, and only for resource servers', async () => {
  const gone = await token();
  const start = (await feed()).body.cursor;
  await post(s, '/revoke', { token: gone }, { basic: rp });
  const { status, body } = await feed(start);
  assert.equal(status, 200);
  const { jti, exp } = decodeJwt(gone);
  assert.deepEqual(body.revoked.find((item) => item.jti === jti), { jti, exp });
  assert.ok(BigInt(body.cursor) >= BigInt(start));
  assert.equal(body.more, false);
  assert.deepEqual([(await feed(undefined, rp)).status, (await feed(undefined, rp)).body.error], [400, 'unauthorized_client']);
  assert.equal((await feed('x')).status, 400);
  assert.equal((await post(s, '/revocations', {})).status, 401);
});

test('many withdrawals of consent are pages that a reader takes, and none is lost', async () => {
  await s.psql(`insert into auth.consent_withdrawal (user_id, client_id, scope, grants, withdrawn_at)
    select 'usr_' || n, '${rp.id}', 'openid pay.stores', array_fill('gr_' || n, array[1 + n % 40]), now() - interval '1 hour' + n * interval '1 millisecond' from generate_series(1, 900) as n`);
  await s.psql(`insert into auth.consent_withdrawal (user_id, client_id, scope, grants, withdrawn_at) values ('usr_0', '${rp.id}', 'openid email', '{}', now() - interval '1 hour')`);
  const told = new Map();
  let body = {}, pages = 0;
  do {
    ({ body } = await feed(body.cursor));
    assert.ok(JSON.stringify(body).length < 1 << 18);
    for (const item of body.revoked) if (item.withdrawal) told.set(item.withdrawal, item);
    pages++;
  } while (body.more && pages < 50);
  assert.equal(told.size, 900, 'but that which is nothing to this resource server');
  const [{ sub, client_id, partner, grants, exp, withdrawn_at }] = told.values();
  assert.deepEqual([sub, client_id, partner, grants.length, exp - withdrawn_at], ['usr_1', rp.id, 'inkwell', 2, 90 * 86400]);
  assert.ok(pages > 1);
});

test('tokens of one grant that end at one moment may be more than a page, and hold up nothing behind them', async () => {
  const moment = "now() - interval '30 minutes'";
  await s.psql(`insert into auth.revoked_jti (jti, client_id, revoked_at, expires_at)
    select 'at_same_' || n, '${rp.id}', ${moment}, now() + interval '1 hour' from generate_series(1, 4500) as n`);
  await s.psql(`insert into auth.revoked_jti (jti, client_id, revoked_at, expires_at) values ('at_behind', '${rp.id}', ${moment} + interval '1 second', now() + interval '1 hour')`);
  const told = new Set();
  let body = {}, pages = 0;
  do {
    ({ body } = await feed(body.cursor));
    for (const item of body.revoked) told.add(item.jti);
    pages++;
  } while (body.more && pages < 20);
  assert.ok(told.has('at_behind'), `after ${pages} pages`);
  assert.equal([...told].filter((jti) => jti?.startsWith('at_same_')).length, 4500);
  const gone = await token();
  assert.equal((await call(gone)).status, 200);
  await post(s, '/revoke', { token: gone }, { basic: rp });
  await eventually(async () => (await call(gone)).status === 401, { what: 'paysrv has read on' });
});

test('what very many others took back makes paysrv forget nothing', { timeout: 300000 }, async () => {
  await s.psql(`insert into auth.revoked_jti (jti, client_id, revoked_at, expires_at) select 'at_crowd_' || n, '${rp.id}', now() - interval '1 second', now() + interval '1 hour' from generate_series(1, 80000) as n`);
  const gone = await token();
  assert.equal((await call(gone)).status, 200);
  await post(s, '/revoke', { token: gone }, { basic: rp });
  await eventually(async () => (await call(gone)).status === 401, { what: 'the token is refused' });
  assert.equal((await call(await token())).status, 200);
  await s.psql("delete from auth.revoked_jti where jti like 'at_crowd_%'");
});

test('a client takes back its own tokens for as long as that is no flood', async () => {
  const flood = await addClient(s, { scope: 'pay.webhooks', grants: 'client_credentials', redirect: [], more: ['--partner', 'inkwell'] });
  const own = (await post(s, '/token', { grant_type: 'client_credentials' }, { basic: flood })).body.access_token;
  const statuses = [];
  for (let i = 0; i < 1500 && !statuses.includes(429); i += 50) statuses.push(...await Promise.all(Array.from({ length: 50 }, async () => (await post(s, '/revoke', { token: own }, { basic: flood })).status)));
  assert.deepEqual(new Set(statuses), new Set([200, 429]));
  assert.equal((await post(s, '/revoke', { token: await token() }, { basic: rp })).status, 200, 'others go on');
});

test('while the feed is down tokens stay good until their end, and the age is measured', async () => {
  const bearer = await token();
  assert.equal((await call(bearer)).status, 200);
  await s.kill('authsrv', 'SIGTERM');
  const age = async () => Number(/^stoa_revocation_feed_age_seconds (\d+)/m.exec(await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text())?.[1]);
  await eventually(async () => (await age()) >= 3, { what: 'the feed is three seconds old' });
  assert.equal((await call(bearer)).status, 200);
  await s.restart('authsrv');
  await eventually(async () => (await age()) <= 2, { what: 'the feed is young again' });
});

test('a disabled client is refused as well, whatever it holds', async () => {
  const other = await addClient(s, { scope: 'pay.webhooks', grants: 'client_credentials', redirect: [], more: ['--partner', 'inkwell'] });
  const bearer = (await post(s, '/token', { grant_type: 'client_credentials' }, { basic: other })).body.access_token;
  assert.equal((await call(bearer)).status, 200);
  await operator(s, 'clients', 'disable', other.id);
  await eventually(async () => (await call(bearer)).status === 401, { what: 'the token is refused' });
});

/* By itself it reads the keys every five minutes. */
test('what a revoked key signed is refused by paysrv within seconds, whatever it says; its successor is taken', async () => {
  const gone = await token();
  assert.equal((await call(gone)).status, 200);
  const { kid } = decodeProtectedHeader(gone), before = Math.floor(Date.now() / 1000);
  await operator(s, 'keys', 'revoke', kid);
  let told, page = {};
  do {
    page = (await feed(page.cursor)).body;
    told = page.revoked.find((item) => item.kid);
  } while (!told && page.more);
  assert.deepEqual(Object.keys(told), ['kid', 'exp']);
  assert.deepEqual([told.kid, told.exp >= before + 86_400], [kid, true]);
  await eventually(async () => (await call(gone)).status === 401, { what: 'the token is refused', seconds: 180 });
  const signedAfter = (last) => eventually(async () => {
    const one = await token();
    return decodeProtectedHeader(one).kid !== last && one;
  }, { what: 'another key signs' });
  const second = await signedAfter(kid);
  await eventually(async () => (await call(second)).status === 200, { what: 'its successor is known', seconds: 180 });
  await operator(s, 'keys', 'revoke', decodeProtectedHeader(second).kid);
  const third = await signedAfter(decodeProtectedHeader(second).kid); /* by a key that was made a moment ago */
  await eventually(async () => (await call(third)).status === 200, { what: 'a key that nobody had read is known', seconds: 180 });
  await eventually(async () => (await call(second)).status === 401, { what: 'and the second one refused', seconds: 180 });
  assert.equal((await call(gone)).status, 401);
});

test('a node of the issuer’s that is late with its keys, or away, holds up no key that was made a moment ago', async () => {
  const { hostname, port } = new URL(s.env.issuer), behind = await freePortBase();
  const node = spawn(s.program('authsrv'), ['serve', '--config', s.config('authsrv')], { env: { ...process.env, AUTHSRV_PORT: String(behind), AUTHSRV_ADMIN_PORT: '0' }, stdio: 'ignore' });
  const ended = new Promise((done) => { node.once('exit', done); });
  await eventually(() => fetch(`http://${hostname}:${behind}/readyz`).then(({ ok }) => ok, () => false), { what: 'the other node is ready' });
  await s.kill('authsrv');
  let early = null; /* what the late node says */
  const asked = { late: 0, away: 0 };
  const proxy = createServer((req, res) => {
    const keys = req.url === '/jwks.json' && early;
    if (keys && asked.away < 1) return void (asked.away += 1, res.writeHead(503).end());
    if (keys && asked.late < 2) return void (asked.late += 1, res.writeHead(200, { 'content-type': 'application/json' }).end(early));
    const onward = httpRequest({ hostname, port: behind, path: req.url, method: req.method, headers: req.headers }, (answer) => answer.pipe(res.writeHead(answer.statusCode, answer.headers)));
    req.pipe(onward.on('error', () => res.destroy()));
  });
  await new Promise((done) => { proxy.listen(port, hostname, done); });
  try {
    const first = await eventually(() => token().catch(() => false), { what: 'nobody uses a connection to the node that was killed' });
    await eventually(async () => (await call(first)).status === 200, { what: 'all is well' });
    early = await (await fetch(`http://${hostname}:${behind}/jwks.json`)).text();
    const kidOf = (one) => decodeProtectedHeader(one).kid;
    let last = kidOf(first);
    for (let i = 0; i < 2; i += 1) { /* twice: the key after the first one has been published before */
      await operator(s, 'keys', 'revoke', '--', last);
      const next = await eventually(async () => { const one = await token(); return one && kidOf(one) !== last && one; }, { what: 'another key signs' });
      last = kidOf(next);
    }
    assert.ok(!early.includes(last), 'nobody had read it');
    await eventually(async () => (await call(await token())).status === 200, { what: 'it is known', seconds: 180 });
    assert.deepEqual([asked.away, asked.late], [1, 2]);
  } finally {
    proxy.closeAllConnections();
    await new Promise((done) => { proxy.close(done); });
    node.kill();
    await ended;
    await s.restart('authsrv');
  }
});

test('paysrv wants the proof of a bound token, once', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const proof = (htm, htu, more = {}) => new SignJWT({ jti: randomUUID(), htm, htu, iat: Math.floor(Date.now() / 1000), ...more }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).sign(pair.privateKey);
  const bound = await token({ dpop: await proof('POST', `${s.env.issuer}/token`) });
  assert.deepEqual(decodeJwt(bound).cnf, { jkt: await calculateJwkThumbprint(jwk) });
  const plain = await call(bound);
  assert.equal(plain.status, 401);
  assert.match(plain.headers.get('www-authenticate'), /^DPoP error="invalid_token"/);
  const ath = createHash('sha256').update(bound).digest('base64url');
  const dpop = await proof('GET', `${s.env.pay_api}/v1/webhook_endpoints`, { ath });
  const used = () => call(bound, { authorization: `DPoP ${bound}`, dpop });
  assert.equal((await used()).status, 200);
  assert.equal((await used()).status, 401);
});

/* What ends the sessions of an operator at the payment server: each is told of by the feed, and none waits for the session's own end. */
const ENDINGS = {
  'the account is disabled': (user) => operator(s, 'users', 'disable', user.email),
  'the account is no operator any more': (user) => operator(s, 'users', 'role', user.email, 'user'),
  'its log-in is ended': async (user) => {
    const [{ sid }] = await s.psql(`select sid from auth.session where user_id = (select id from auth.users where login = '${user.email}') and ended_at is null`);
    return operator(s, 'sessions', 'end', sid);
  },
  'its password was changed': async (user) => s.psql(`update auth.users set cred_changed_at = now() where login = '${user.email}'`),
};

for (const [what, end] of Object.entries(ENDINGS))
  test(`an operator is out of the operator's pages when ${what}, and another one is not`, async () => {
    const [user, other] = [await addUser(s, ['--role', 'operator']), await addUser(s, ['--role', 'operator'])];
    const agents = new Map();
    for (const one of [user, other]) {
      agents.set(one, createAgent());
      const page = await operatorLogIn(s.env, agents.get(one), { username: one.email, password: one.password });
      assert.equal(page.url.pathname, '/operator');
    }
    /* Its session at the issuer may be over long before: that alone signs nobody out here. */
    await s.psql(`update auth.session set ended_at = now(), ended_why = 'idle' where user_id = (select id from auth.users where login = '${other.email}') and ended_at is null`);
    await s.psql(`update auth.access_token set expires_at = now() where grant_id in (select id from auth.grants where user_id = (select id from auth.users where login = '${user.email}'))`);
    await end(user);
    const sessions = async (one) => (await s.psql(`select 1 from pay.operator_session where name = '${one.email}'`)).length;
    await eventually(async () => (await sessions(user)) === 0, { what: 'the session is ended' });
    const until = (url) => url.pathname === '/login';
    const page = await agents.get(user).open(`${s.env.pay_api}/operator/payouts`, { until });
    assert.notEqual(page.status, 200, 'to the log-in, which an account that is none any more does not get through');
    assert.equal((await agents.get(other).open(`${s.env.pay_api}/operator/payouts`)).status, 200);
  });

test('who signs out at the issuer is signed out of the operator\'s pages, and who loses the role loses what was bought with it', async () => {
  const user = await addUser(s, ['--role', 'operator']);
  const agent = createAgent();
  await operatorLogIn(s.env, agent, { username: user.email, password: user.password });
  const out = await agent.open(`${s.env.issuer}/logout`);
  await agent.submit(out, {}, { button: 'Sign out' });
  await eventually(async () => (await s.psql(`select 1 from pay.operator_session where name = '${user.email}'`)).length === 0, { what: 'the session is ended' });

  const again = createAgent();
  await operatorLogIn(s.env, again, { username: user.email, password: user.password });
  const grants = () => s.psql(`select revoked_why from auth.grants where user_id = (select id from auth.users where login = '${user.email}') and revoked_at is null`);
  assert.equal((await grants()).length, 1);
  await operator(s, 'users', 'role', user.email, 'accountant');
  assert.deepEqual(await grants(), [], 'pay.operator is nothing that an accountant is given');
});

test('who is no operator any more when the log-in is through does not get in by it', async () => {
  const user = await addUser(s, ['--role', 'operator']), named = `name = '${user.email}'`;
  const sessions = async () => (await s.psql(`select 1 from pay.operator_session where ${named}`)).length;
  const logIn = () => operatorLogIn(s.env, createAgent(), { username: user.email, password: user.password });
  assert.equal((await logIn()).url.pathname, '/operator');
  /* The next session is on its way until there is a row in `go`, and not to be seen by who ends sessions. */
  await s.psql(`create table public.go (); create function public.wait_to_go() returns trigger language plpgsql security definer as $$ begin
      while not exists (select from public.go) loop perform pg_sleep(0.02); end loop; return new; end $$;
    create trigger wait_to_go after insert on pay.operator_session for each row when (new.${named}) execute function public.wait_to_go()`);
  const late = logIn();
  await eventually(async () => (await s.psql("select 1 from pg_stat_activity where wait_event = 'PgSleep' and query ~* 'insert into operator_session'")).length, { what: 'the session is on its way' });
  await operator(s, 'users', 'disable', user.email);
  await eventually(async () => (await sessions()) === 0, { what: 'the first session is ended' });
  await s.psql('insert into public.go default values');
  const page = await late;
  assert.notEqual(page.status, 200, page.text);
  assert.equal(await sessions(), 0);
  await s.psql('drop trigger wait_to_go on pay.operator_session; drop function public.wait_to_go(); drop table public.go');
});
