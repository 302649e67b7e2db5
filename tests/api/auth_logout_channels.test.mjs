/*
 * Telling applications that a session ended: back-channel logout from every cause, with retries and a circuit breaker, across kill -9 and with
 * two servers; front-channel frames; session_state. OIDC.md H7..H13, SECURITY.md F 153, 154, 157, 158.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { eventually, timed } from '../support/eventually.mjs';
import { createReceiver } from '../support/logout_receiver.mjs';
import { REDIRECT, addClient, addUser, authorize, operator, redeem, sound, tokensFor } from '../support/relying_party.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';

const QUICK = {
  AUTHSRV_LOGOUT_RETRY_FIRST: '1s', AUTHSRV_LOGOUT_RETRY_LONGEST: '2s', AUTHSRV_LOGOUT_RETRY_FOR: '600s',
  AUTHSRV_LOGOUT_BREAKER_FAILURES: '3', AUTHSRV_LOGOUT_BREAKER_REST: '2s',
};
let s, receiver, user;

before(async () => {
  s = await startStack({ profile: 'login', env: QUICK });
  receiver = await createReceiver(s.env.issuer);
  user = await addUser(s);
});

after(async () => {
  await sound(s);
  await receiver?.close();
  await s?.stop();
});

/* An application that wants back-channel logouts, and the name of its box. */
async function application(more = {}) {
  const box = randomBytes(4).toString('hex');
  const rp = await addClient(s, { ...more, metadata: { backchannel_logout_uri: receiver.url(box), backchannel_logout_session_required: true, ...more.metadata } });
  return { ...rp, box };
}

const logoutUrl = (fields) => new URL(`/logout?${new URLSearchParams(fields)}`, s.env.issuer);
const signOut = (agent, tokens, more) => agent.open(logoutUrl({ id_token_hint: tokens.id_token, ...more }));
const claimsOf = (tokens) => tokens.claims();
/* As one could be kept by rules of before: a number that the database writes out and that no reader takes. */
const spoil = (rp) => s.psql(`set search_path = auth; update client set metadata = metadata || '{"jwks": {"keys": [], "x": 1e20}}' where id = '${rp.id}'`);
/* Whoever answers late, on a machine that stands still, is told again: of the same sessions, and no more often than is recorded. */
async function assertTold(rp, sids) {
  const [{ attempts }] = await s.psql(`select sum(attempts)::int as attempts from auth.logout where client_id = '${rp.id}'`);
  const told = receiver.got(rp.box).map(({ body }) => decodeJwt(body.get('logout_token')).sid);
  assert.deepEqual([new Set(told), told.length <= attempts], [new Set(sids), true], `${told.length} of ${attempts}`);
}
const stateOf = async (rp) => (await s.psql(`select state, attempts, answered, why from auth.logout where client_id = '${rp.id}' order by id desc limit 1`))[0];

describe('back-channel logout', () => {
  test('tells whoever got tokens in the session, with its algorithm, and nobody else', async () => {
    const [rp, other, stranger, idle] = [await application(), await application({ more: ['--id-token-alg', 'ES256'] }), await application(), await application()];
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    const second = await tokensFor(other, user, { agent });
    await tokensFor(stranger, user);
    await authorize(idle, user, { agent });
    await signOut(agent, tokens);
    const [first] = await receiver.waitFor(rp.box);
    const payload = await receiver.verify(first, rp.id);
    assert.equal(payload.sid, claimsOf(tokens).sid);
    assert.equal(payload.sub, claimsOf(tokens).sub);
    const [also] = await receiver.waitFor(other.box);
    assert.equal((await receiver.verify(also, other.id, 'ES256')).sid, claimsOf(second.tokens).sid);
    await eventually(async () => (await stateOf(rp))?.state === 'delivered', { what: 'it is recorded' });
    assert.equal(receiver.got(stranger.box).length, 0, 'another session');
    assert.equal(receiver.got(idle.box).length, 0, 'it has a code, but never got a token');
    await signOut(agent, tokens);
    assert.equal((await s.psql(`select count(*)::int as n from auth.logout where client_id = '${rp.id}'`))[0].n, 1, 'a second log-out tells nothing new');
    await assertTold(rp, [claimsOf(tokens).sid]);
  });

  test('a code that was not redeemed dies with the session, offline or not', async () => {
    const [rp, idle] = [await application(), await application()];
    const { agent, tokens } = await tokensFor(rp, user);
    const pending = await authorize(idle, user, { agent, scope: 'openid offline_access' });
    await signOut(agent, tokens);
    await assert.rejects(redeem(idle, pending), (error) => error.error === 'invalid_grant');
    assert.ok((await oidc.refreshTokenGrant(rp.config, tokens.refresh_token)).access_token, 'offline_access survives');
  });

  test('the same person’s new log-in is the same session; another person’s ends it', async () => {
    const rp = await application();
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    const again = await tokensFor(rp, user, { agent, scope: 'openid', prompt: 'login' });
    assert.equal(claimsOf(again.tokens).sid, claimsOf(tokens).sid);
    const other = await tokensFor(rp, await addUser(s), { agent, scope: 'openid', prompt: 'login' });
    assert.notEqual(claimsOf(other.tokens).sid, claimsOf(tokens).sid);
    const [delivery] = await receiver.waitFor(rp.box);
    assert.equal((await receiver.verify(delivery, rp.id)).sub, claimsOf(tokens).sub);
    await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token));
  });

  const causes = {
    'an operator ends the session': ['operator', async (sid) => operator(s, 'sessions', 'end', sid)],
    'the account is disabled': ['user_disabled', async (sid, who) => operator(s, 'users', 'disable', who.email)],
    'the credentials change': ['credentials_changed', async (sid, who) => s.psql(`update auth.users set cred_changed_at = now() where login = '${who.email}'`)],
    'its time is over': ['expired', async (sid) => s.psql(`update auth.session set expires_at = now() where sid = '${sid}'`)],
    'nobody used it': ['idle', async (sid) => {
      await s.psql(`update auth.access_token set issued_at = now() - interval '3 hours' where grant_id in (select id from auth.grants where sid = '${sid}')`);
      await s.psql(`update auth.session set last_seen_at = now() - interval '3 hours', used_at = now() - interval '3 hours' where sid = '${sid}'`);
    }],
  };
  for (const [cause, [why, end]] of Object.entries(causes)) {
    test(`when ${cause}`, async () => {
      const [rp, who] = [await application(), await addUser(s)];
      const { tokens } = await tokensFor(rp, who, { scope: 'openid' });
      const { sid, sub } = claimsOf(tokens);
      assert.match(await operator(s, 'sessions', 'list', who.email), new RegExp(sid));
      await end(sid, who);
      const [delivery] = await receiver.waitFor(rp.box);
      assert.deepEqual([(await receiver.verify(delivery, rp.id)).sid, (await s.psql(`select ended_why from auth.session where sid = '${sid}'`))[0].ended_why], [sid, why]);
      await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), 'its grant without offline_access ended');
      const audit = await s.psql(`select detail from auth.audit where action = 'session.ended' and object = '${sid}'`);
      assert.deepEqual(audit, [{ detail: why }]);
      assert.equal((await s.operator('authsrv', 'sessions', 'end', sid)).code, 1, 'it is over');
      assert.ok(sub);
    });
  }

  test('an application that still gets tokens keeps the session, although no browser shows it', async () => {
    const rp = await application();
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    const { sid } = claimsOf(tokens);
    await s.psql(`update auth.session set last_seen_at = now() - interval '3 hours', used_at = now() - interval '3 hours' where sid = '${sid}'`);
    const { callback } = await authorize(rp, user, { agent, scope: 'openid', prompt: 'none' });
    assert.equal(callback.searchParams.get('error'), 'login_required', 'the browser must prove again who it is');
    await eventually(async () => (await s.psql(`select used_at > last_seen_at and ended_at is null as is_kept from auth.session where sid = '${sid}'`))[0].is_kept,
      { what: 'the job has looked at it' });
    assert.ok((await oidc.refreshTokenGrant(rp.config, tokens.refresh_token)).access_token);
    const again = await tokensFor(rp, user, { agent, scope: 'openid' });
    assert.equal(claimsOf(again.tokens).sid, sid);
  });

  test('tries again after failures, with a new token each time; 400 is final', async () => {
    const [rp, refuses] = [await application(), await application()];
    receiver.answer(rp.box, 500, { status: 302, headers: { location: receiver.url('elsewhere') } }, 204);
    receiver.answer(refuses.box, 400);
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    await tokensFor(refuses, user, { agent, scope: 'openid' });
    await signOut(agent, tokens);
    const got = await receiver.waitFor(rp.box, 3);
    for (const one of got) assert.equal((await receiver.verify(one, rp.id)).sid, claimsOf(tokens).sid);
    assert.ok(got[1].at - got[0].at >= 900);
    assert.ok(got[2].at - got[1].at >= 1900, 'the pause doubled');
    assert.equal(receiver.got('elsewhere').length, 0, 'redirects are not followed');
    await eventually(async () => (await stateOf(rp)).state === 'delivered', { what: 'it is delivered' });
    const { attempts, answered } = await stateOf(rp);
    assert.deepEqual([attempts >= 3, answered], [true, 204]);
    await eventually(async () => (await stateOf(refuses)).state === 'refused', { what: 'it is refused' });
    await assertTold(refuses, [claimsOf(tokens).sid]);
    const { attempts: first } = await stateOf(refuses), listed = await operator(s, 'logouts', 'list');
    assert.match(listed, new RegExp(`${refuses.id}\\t\\S+\\trefused\\t${first}\\t`));
    assert.doesNotMatch(listed, new RegExp(rp.id));
    assert.match(await operator(s, 'logouts', 'list', '--all'), new RegExp(`${rp.id}\\t\\S+\\tdelivered\\t${attempts}\\t`));
    await eventually(async () => (await s.psql(`select count(*) as n from auth.audit where action = 'logout.refused' and object = '${refuses.id}'`))[0].n === 1, { what: 'the log says so' });
    receiver.answer(refuses.box, 200);
    await operator(s, 'logouts', 'retry', refuses.id);
    await receiver.verify((await receiver.waitFor(refuses.box, first + 1))[first], refuses.id);
    await eventually(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
      for (const result of ['delivered', 'refused', 'failed']) assert.match(metrics, new RegExp(`stoa_logout_deliveries_total\\{result="${result}"\\} [1-9]`));
      return /stoa_logout_queue \d/.test(metrics);
    }, { what: 'all of it is counted' });
  });

  test('a client that does not answer delays neither the log-out nor others, and rests', async () => {
    const [slow, rp] = [await application(), await application()];
    receiver.answer(slow.box, { status: 200, wait: 8000 });
    const sessions = [];
    for (let i = 0; i < 4; i += 1) {
      const { agent, tokens } = await tokensFor(slow, user, { scope: 'openid' });
      await tokensFor(rp, user, { agent, scope: 'openid' });
      sessions.push({ agent, tokens });
    }
    const times = [];
    for (const { agent, tokens } of sessions) times.push((await timed(() => signOut(agent, tokens))).ms);
    assert.ok(Math.min(...times.slice(0, 3)) < 4000, `none of them waits, also before the breaker is open: ${times}`);
    await receiver.waitFor(rp.box, 4);
    await eventually(async () => (await s.psql(`select failures from auth.logout_receiver where client_id = '${slow.id}' and failures >= 3`)).length === 1, { what: 'the breaker is open' });
    receiver.answer(slow.box, 200);
    await eventually(async () => (await s.psql(`select count(*) as n from auth.logout where client_id = '${slow.id}' and state = 'delivered'`))[0].n === 4, { what: 'all are delivered' });
    assert.deepEqual(await s.psql(`select * from auth.logout_receiver where client_id = '${slow.id}' and failures > 0`), []);
    const sids = new Set();
    for (const one of receiver.got(slow.box)) sids.add((await receiver.verify(one, slow.id)).sid);
    assert.equal(sids.size, 4);
  });

  test('a client that takes long for each of very many holds up nobody else', async () => {
    const [slow, rp] = [await application(), await application()];
    receiver.answer(slow.box, { status: 200, wait: 2500 });
    const { tokens } = await tokensFor(rp, user, { scope: 'openid' });
    await s.psql(`insert into auth.logout (client_id, user_id, sid, due_at, busy_until, created_at)
      select '${slow.id}', user_id, 'slow' || i, now() - interval '1 minute', now(), now() from auth.session, generate_series(1, 30) i where sid = '${claimsOf(tokens).sid}'`);
    await receiver.waitFor(slow.box);
    await operator(s, 'sessions', 'end', claimsOf(tokens).sid);
    await receiver.waitFor(rp.box);
    assert.ok(receiver.got(slow.box).length < 20, `behind ${receiver.got(slow.box).length} of the other's`);
    await eventually(async () => (await s.psql(`select failures from auth.logout_receiver where client_id = '${slow.id}'`))[0]?.failures === 0, { what: 'it is served with those that fail' });
    await s.psql(`delete from auth.logout where client_id = '${slow.id}'`);
    receiver.answer(slow.box, 200);
  });

  test('what nobody takes is given up, and the address guard is asked', async () => {
    const rp = await application({ metadata: { backchannel_logout_uri: 'https://10.0.0.1/out' } });
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    await signOut(agent, tokens);
    await eventually(async () => (await stateOf(rp))?.attempts > 0, { what: 'it failed' });
    assert.equal((await stateOf(rp)).answered, null);
    await s.psql(`update auth.logout set created_at = now() - interval '1 hour' where client_id = '${rp.id}'`);
    await eventually(async () => (await stateOf(rp)).state === 'given_up', { what: 'it is given up' });
    await eventually(async () => (await s.psql(`select count(*) as n from auth.audit where action = 'logout.given_up' and object = '${rp.id}'`))[0].n === 1, { what: 'the log says so' });
  });

  test('a client that cannot be read fails alone: the logouts of all others go out, and it is told when it can be read', async () => {
    const [bad, good] = [await application(), await application()];
    const { agent, tokens } = await tokensFor(bad, user, { scope: 'openid' });
    await tokensFor(good, user, { agent, scope: 'openid' });
    const { metadata } = (await s.psql(`select metadata from auth.client where id = '${bad.id}'`))[0];
    await spoil(bad);
    const { sid } = claimsOf(tokens);
    await s.psql(`update auth.session set ended_at = now(), ended_why = 'operator' where sid = '${sid}'`);
    await receiver.waitFor(good.box);
    await eventually(async () => (await stateOf(bad))?.attempts > 0, { what: 'the failed attempt is recorded' });
    assert.deepEqual(await s.psql(`select failures > 0 as has_failed from auth.logout_receiver where client_id = '${bad.id}'`), [{ has_failed: true }]);
    assert.equal(receiver.got(bad.box).length, 0);
    await s.psql(`set search_path = auth; update client set metadata = '${JSON.stringify(metadata)}' where id = '${bad.id}'`);
    const [delivery] = await receiver.waitFor(bad.box);
    assert.equal((await receiver.verify(delivery, bad.id)).sid, sid);
  });

  test('a server that stops does not first serve all that is due', async () => {
    const slow = [];
    for (let i = 0; i < 6; i += 1) slow.push(await application());
    for (const { box } of slow) receiver.answer(box, { status: 200, wait: 8000 });
    const { agent, tokens } = await tokensFor(slow[0], user, { scope: 'openid' });
    for (const rp of slow.slice(1)) await tokensFor(rp, user, { agent, scope: 'openid' });
    await signOut(agent, tokens);
    await eventually(() => slow.some(({ box }) => receiver.got(box).length > 0), { what: 'the first is told' });
    const { ms } = await timed(() => s.kill('authsrv', 'SIGTERM'));
    assert.ok(ms < 25_000, `it ended after ${ms} ms, of 30 s for all of them`);
    for (const { box } of slow) receiver.answer(box, 200);
    await s.restart('authsrv', { env: QUICK });
    await s.psql(`update auth.logout set busy_until = now() where state = 'pending'`);
    for (const rp of slow) await eventually(async () => (await stateOf(rp)).state === 'delivered', { what: 'all are told in the end' });
  });

  test('two servers share the queue; each logout goes out once', async () => {
    const rp = await application();
    receiver.answer(rp.box, { status: 200, wait: 300 });
    const open = [];
    for (let i = 0; i < 5; i += 1) open.push(claimsOf((await tokensFor(rp, user, { scope: 'openid' })).tokens).sid);
    const port = await freePortBase();
    const second = spawn(s.program('authsrv'), ['serve', '--config', s.config('authsrv')], { env: { ...process.env, ...QUICK, AUTHSRV_PORT: String(port), AUTHSRV_ADMIN_PORT: '0' }, stdio: 'ignore' });
    const ended = once(second, 'exit');
    try {
      await eventually(async () => second.exitCode !== null || (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, { what: 'the second server answers' });
      assert.equal(second.exitCode, null, 'the second server runs');
      await s.psql(`update auth.session set ended_at = now(), ended_why = 'operator' where sid in (${open.map((sid) => `'${sid}'`).join(', ')})`);
      await eventually(async () => (await s.psql(`select count(*) as n from auth.logout where client_id = '${rp.id}' and state = 'delivered'`))[0].n === 5, { what: 'all are delivered' });
      await assertTold(rp, open);
    } finally {
      second.kill('SIGTERM');
      await ended;
    }
  });

  for (const point of ['logout.after_commit', 'logout.after_post']) {
    test(`killed at ${point}, the logout is delivered all the same`, async () => {
      const rp = await application();
      const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
      s.dieAt(point);
      await signOut(agent, tokens).catch(() => null);
      await s.ended('authsrv');
      assert.equal((await stateOf(rp)).state, 'pending');
      await s.psql(`update auth.logout set busy_until = now() where state = 'pending'`);
      await s.restart('authsrv', { env: QUICK });
      await eventually(async () => (await stateOf(rp)).state === 'delivered', { what: 'it is delivered' });
      for (const one of receiver.got(rp.box)) assert.equal((await receiver.verify(one, rp.id)).sid, claimsOf(tokens).sid);
      const { callback } = await authorize(rp, user, { agent, scope: 'openid', prompt: 'none' });
      assert.equal(callback.searchParams.get('error'), 'login_required');
    });
  }

  test('neither sids nor logout tokens are in the log', async () => {
    const log = s.log('authsrv');
    assert.match(log, /logout\.attempted/);
    assert.doesNotMatch(log, /sid_[a-z0-9]{26}|logout_token/);
  });
});

describe('front-channel logout', () => {
  const framed = async (name) => addClient(s, { redirect: [REDIRECT, `${receiver.origin}/cb`], metadata: { frontchannel_logout_uri: `${receiver.url(name)}?app=${name}`, frontchannel_logout_session_required: true }, more: ['--post-logout-redirect-uri', 'https://rp.example/bye'] });

  test('the page frames exactly the applications of the session, then leads on', async () => {
    const [rp, other, stranger] = [await framed('f1'), await framed('f2'), await framed('f3')];
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    await tokensFor(other, user, { agent, scope: 'openid' });
    await tokensFor(stranger, user, { scope: 'openid' });
    const page = await signOut(agent, tokens, { post_logout_redirect_uri: 'https://rp.example/bye', state: 'st' });
    assert.equal(page.status, 200);
    const sources = [...page.text.matchAll(/<iframe src="([^"]*)"/g)].map(([, url]) => new URL(url.replaceAll('&amp;', '&')));
    assert.deepEqual(sources.map((url) => url.searchParams.get('app')).sort(), ['f1', 'f2']);
    for (const url of sources) {
      assert.deepEqual([...url.searchParams.keys()], ['app', 'iss', 'sid']);
      assert.equal(url.searchParams.get('iss'), s.env.issuer);
      assert.equal(url.searchParams.get('sid'), claimsOf(tokens).sid);
    }
    assert.equal(/frame-src ([^;]*)/.exec(page.headers.get('content-security-policy'))[1].split(' ').every((one) => one === receiver.origin), true);
    assert.match(page.text, /id="continue" href="https:\/\/rp\.example\/bye\?state=st"/);
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    const again = await agent.open(logoutUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://rp.example/bye' }), { until: (url) => url.host === 'rp.example' });
    assert.equal(again.url.href, 'https://rp.example/bye', 'a second log-out has nothing to frame');
  });

  test('an application that cannot be read keeps nobody from signing out, nor the others from being told', async () => {
    const [good, bad] = [await framed('f4'), await framed('f5')];
    const begun = `${s.env.issuer}/authorize?${new URLSearchParams({ client_id: bad.id, response_type: 'code', redirect_uri: 'https://rp.example/cb', scope: 'openid' })}`;
    for (const hinted of [true, false]) {
      const { agent, tokens } = await tokensFor(good, user, { scope: 'openid' });
      await tokensFor(bad, user, { agent, scope: 'openid' });
      const { metadata } = (await s.psql(`select metadata from auth.client where id = '${bad.id}'`))[0];
      await spoil(bad);
      await eventually(async () => (await fetch(begun, { redirect: 'manual' })).status >= 400, { what: 'the server knows of it' });
      let page = await (hinted ? signOut(agent, tokens) : agent.open(logoutUrl({})));
      assert.equal(page.status, 200, page.text);
      if (!hinted) page = await agent.submit(page, {}, { button: 'logout' });
      assert.deepEqual([...page.text.matchAll(/<iframe src="([^"]*)"/g)].map(([, url]) => new URL(url.replaceAll('&amp;', '&')).searchParams.get('app')), ['f4']);
      assert.ok(s.log('authsrv').split('\n').some((line) => line.includes('"client.unreadable"') && line.includes(bad.id)), 'the log names it');
      await s.psql(`set search_path = auth; update client set metadata = '${JSON.stringify(metadata)}' where id = '${bad.id}'`);
      await eventually(async () => (await fetch(begun, { redirect: 'manual' })).status < 400, { what: 'it is whole again' });
    }
  });
});

describe('session management', () => {
  const cookie = (agent) => [...agent.jar].find(([name]) => name.endsWith('__Host-stoa_state'))?.[1] ?? '';
  const stateFor = (rp, agent, salt) => `${createHash('sha256').update(`${rp.id} https://rp.example ${cookie(agent)} ${salt}`).digest('base64url')}.${salt}`;

  test('session_state holds from log-in to log-out', async () => {
    const rp = await addClient(s);
    const { agent, callback, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    const given = callback.searchParams.get('session_state');
    const salt = given.split('.')[1];
    assert.equal(given, stateFor(rp, agent, salt));
    assert.ok(!cookie(agent).includes('sid_') && !given.includes(' '));
    const silent = (await authorize(rp, user, { agent, scope: 'openid', prompt: 'none' })).callback.searchParams.get('session_state');
    assert.equal(silent, stateFor(rp, agent, silent.split('.')[1]));
    assert.notEqual(silent, given, 'the salt is new each time');
    await tokensFor(rp, user, { agent, scope: 'openid', prompt: 'login' });
    assert.equal(given, stateFor(rp, agent, salt), 'the same person is no change');
    await signOut(agent, tokens);
    assert.equal(cookie(agent), '');
    assert.notEqual(given, stateFor(rp, agent, salt));
  });

  test('the cookie is readable, for frames, and follows an end that came from elsewhere', async () => {
    const rp = await addClient(s);
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    assert.notEqual(cookie(agent), '');
    await operator(s, 'sessions', 'end', claimsOf(tokens).sid);
    await authorize(rp, user, { agent, scope: 'openid', prompt: 'none' });
    assert.equal(cookie(agent), '');
  });

  test('the frame may be framed, and only it', async () => {
    const answer = await fetch(new URL('/session/check', s.env.issuer));
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-security-policy'), /frame-ancestors \*/);
    assert.match((await fetch(new URL('/logout', s.env.issuer))).headers.get('content-security-policy'), /frame-ancestors 'none'/);
    const metadata = await (await fetch(new URL('/.well-known/openid-configuration', s.env.issuer))).json();
    assert.equal(metadata.check_session_iframe, `${s.env.issuer}/session/check`);
    for (const name of ['backchannel_logout_supported', 'backchannel_logout_session_supported', 'frontchannel_logout_supported', 'frontchannel_logout_session_supported']) assert.equal(metadata[name], true, name);
  });
});
