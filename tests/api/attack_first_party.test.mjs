/* Attacks on the codes that are typed inside applications (SECURITY.md G 172 to 182), by both faces: the form and the partner API. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { address, begin, begun, challenge, codeIn, firstParty, joined, linkIn, redeemCode, wrong } from '../support/first_party.mjs';
import { addUser, post, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await firstParty(s);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const attemptsOf = async (to) => Number((await s.psql(`select attempts from auth.mail_challenge where address = '${to}' order by created_at desc limit 1`))[0].attempts);
const answerOf = ({ status, body }) => [status, body.error, body.error_description];

test('172: an address or name cannot write headers or lines of the mail', async () => {
  for (const bad of ['a@b.example\r\nBcc: c@d.example', 'a@b.example\nX: y', 'a b@c.example', '<a@b.example>', 'a@b.example,c@d.example'])
    assert.deepEqual(answerOf(await begin(s, rp, bad)).slice(0, 2), [400, 'invalid_request'], JSON.stringify(bad));
  assert.equal((await begin(s, rp, address(), { name: 'A\r\nBcc: c@d.example' })).status, 400);
  await begun(s, rp, address()); /* the mail of a later request has come */
  assert.equal((await s.mails('c@d.example')).length, 0);
});

test('173: after five wrong codes the right one is refused with the same words', async () => {
  const to = address();
  const { auth_session, code } = await begun(s, rp, to);
  const answers = [];
  for (let i = 1; i <= 5; i += 1) answers.push(await challenge(s, rp, { auth_session, otp: wrong(code, i) }));
  answers.push(await challenge(s, rp, { auth_session, otp: code }));
  for (const one of answers) assert.deepEqual(answerOf(one), [400, 'insufficient_authorization', 'the code is wrong, used, or too old']);
  assert.deepEqual(answers.map(({ body }) => body.attempts_left), [4, 3, 2, 1, 0, 0]);
  assert.deepEqual(answers[4].body, answers[5].body);
  assert.equal(await attemptsOf(to), 5);
});

test('174: of many parallel guesses at most five are compared', async () => {
  const to = address();
  const { auth_session, code } = await begun(s, rp, to);
  const guesses = await Promise.all(Array.from({ length: 200 }, (_, i) => challenge(s, rp, { auth_session, otp: wrong(code, i + 1) })));
  for (const one of guesses) assert.ok([400, 503].includes(one.status), JSON.stringify(one.body));
  assert.ok(guesses.filter(({ body }) => body.attempts_left > 0).length <= 4);
  assert.equal(await attemptsOf(to), 5);
  assert.equal((await challenge(s, rp, { auth_session, otp: code })).status, 400);
});

test('174: the right code, many times at once, buys one authorization code', async () => {
  const to = address();
  const { auth_session, code } = await begun(s, rp, to);
  const answers = await Promise.all(Array.from({ length: 5 }, () => challenge(s, rp, { auth_session, otp: code })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, JSON.stringify(answers.map(answerOf)));
  assert.equal((await s.psql(`select count(*)::int as n from auth.users where login = '${to}'`))[0].n, 1);
});

test('176: a code is dead after ten minutes, its session after thirty', async () => {
  const to = address();
  const { auth_session, code } = await begun(s, rp, to);
  await s.psql(`update auth.mail_challenge set code_expires_at = now() - interval '1 second' where address = '${to}'`);
  assert.deepEqual(answerOf(await challenge(s, rp, { auth_session, otp: code })).slice(0, 2), [400, 'insufficient_authorization']);
  const [life] = await s.psql(`select extract(epoch from expires_at - created_at)::int as session, extract(epoch from code_expires_at - sent_at) < 601 as code from auth.mail_challenge where address = '${to}'`);
  assert.deepEqual(life, { session: 1800, code: true });
  await s.psql(`update auth.mail_challenge set expires_at = now() - interval '1 second' where address = '${to}'`);
  assert.equal((await challenge(s, rp, { auth_session, resend: 'true' })).body.error, 'invalid_session');
});

test('177: a code works once, and not after a newer one was mailed', async () => {
  const once = await joined(s, rp, address());
  assert.equal((await challenge(s, rp, { auth_session: once.auth_session, otp: once.code })).body.error, 'invalid_session');
  await assert.rejects(redeemCode(s, rp, once.answer.body.authorization_code, once), ({ cause }) => cause.error === 'invalid_grant');
  const to = address();
  const first = await begun(s, rp, to);
  await s.psql(`update auth.mail_challenge set sent_at = sent_at - interval '31 seconds' where address = '${to}'`);
  const second = await begin(s, rp, to);
  const mail = await s.mail(to, /Your e-mail address at/, { after: first.mail.id });
  assert.equal((await challenge(s, rp, { auth_session: first.auth_session, otp: first.code })).body.error, 'invalid_session');
  assert.equal((await challenge(s, rp, { auth_session: second.body.auth_session, otp: first.code })).body.error, 'insufficient_authorization');
  assert.equal((await challenge(s, rp, { auth_session: second.body.auth_session, otp: codeIn(mail) })).status, 200);
});

test('178: a code belongs to its session, its application and its purpose', async () => {
  const user = await addUser(s);
  const other = await firstParty(s);
  const mine = await begun(s, rp, user.email);
  const theirs = await begun(s, other, user.email);
  assert.equal((await challenge(s, rp, { auth_session: theirs.auth_session, otp: theirs.code })).body.error, 'invalid_session', 'another application\'s session');
  assert.equal((await challenge(s, other, { auth_session: theirs.auth_session, otp: mine.code })).body.error, 'insufficient_authorization');
  const agent = createAgent();
  const page = await agent.submit(await agent.open(new URL('/recover', s.env.issuer)), { email: user.email }, { button: 'Mail me a code' });
  const reset = codeIn(await s.mail(user.email, /new password/));
  assert.equal((await challenge(s, rp, { auth_session: mine.auth_session, otp: reset })).body.error, 'insufficient_authorization', 'the code of a new password');
  assert.equal((await agent.submit(page, { code: mine.code, password: 'four quiet herons walking' })).status, 400);
  const { answer, ...asked } = { answer: await challenge(s, rp, { auth_session: mine.auth_session, otp: mine.code }), ...mine };
  assert.equal(answer.status, 200);
  const stolen = await post(s, '/token', { grant_type: 'authorization_code', code: answer.body.authorization_code, code_verifier: asked.verifier }, { basic: other });
  assert.equal(stolen.body.error, 'invalid_grant', 'the authorization code is this client\'s too');
});

test('180: a scanner that follows the link of the mail ends nothing, and no other page can', async () => {
  const { auth_session, code, mail } = await begun(s, rp, address());
  const link = linkIn(mail);
  for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await fetch(link, { method, headers: { 'user-agent': 'scanner' } })).status, 200);
  const elsewhere = await fetch(new URL('/not-me', link), { method: 'POST', headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: link.searchParams.toString() });
  assert.equal(elsewhere.status, 403);
  assert.ok(!mail.text.includes('token') && !link.search.includes(code), 'the link does not carry the code');
  assert.equal((await challenge(s, rp, { auth_session, otp: code })).status, 200);
});

test('181: nobody learns from the answers whether there is an account', async () => {
  const known = await addUser(s);
  const gone = await addUser(s);
  await s.psql(`update auth.users set disabled_at = now() where login = '${gone.email}'`);
  for (const policy of ['register', 'sign_in']) {
    const client = await firstParty(s, policy);
    const shown = [];
    for (const to of [known.email, gone.email, address()]) {
      const first = await begin(s, client, to);
      const { auth_session } = first.body;
      const guess = await challenge(s, client, { auth_session, otp: '00000000' });
      await s.psql(`update auth.mail_challenge set sent_at = now() + interval '1 minute' where address = '${to}'`); /* however slow this is, it is too soon */
      const again = await challenge(s, client, { auth_session, resend: 'true' });
      const of = ({ status, headers, body }) => [status, { ...body, auth_session: typeof body.auth_session }, [...headers.keys()].sort(), /\d+/.test(headers.get('retry-after') ?? '1')];
      shown.push([first, guess, again].map(of));
    }
    assert.deepEqual(shown[1], shown[0], policy);
    assert.deepEqual(shown[2], shown[0], policy);
  }
});

test('181: the owner of an address without an account is told so by mail, and there is no code', async () => {
  const client = await firstParty(s, 'sign_in');
  const to = address();
  const { body } = await begin(s, client, to);
  const mail = await s.mail(to);
  assert.equal(codeIn(mail), undefined);
  assert.match(mail.text, /There is no account with this address/);
  const gone = await addUser(s);
  await s.psql(`update auth.users set disabled_at = now() where login = '${gone.email}'`);
  await begin(s, client, gone.email);
  assert.match((await s.mail(gone.email)).text, /There is no account with this address that can be used/);
  assert.equal((await challenge(s, client, { auth_session: body.auth_session, otp: '12345678' })).status, 400);
});

test('codes and sessions are kept as digests, and mails sealed', async () => {
  const to = address();
  const { auth_session, code } = await begun(s, rp, to);
  const [{ dump }] = await s.psql(`select (select string_agg(m::text, ' ') from auth.mail_challenge m where address = '${to}') || (select string_agg(m::text, ' ') from auth.mail m) as dump`);
  for (const secret of [auth_session, code]) assert.ok(!dump.includes(secret));
});
