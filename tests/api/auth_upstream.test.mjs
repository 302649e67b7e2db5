/*
 * Kinds of partners: OpenID Connect in all its forms against oidc-provider, plain OAuth 2.0 with mapped documents, and assertions that the
 * partner's backend signs; claim mapping, and the policy about whom a partner may bring (IDENTITY K 100-104, 109; SECURITY A 26, G 160-170).
 */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { SignJWT, createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { heard } from '../support/outcome.mjs';
import { addClient, operator, post, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { atClient, logInAt, partners } from '../support/upstream.mjs';

let s, rp;
const made = partners(() => s);

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const who = async (tokens) => oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub);
const fresh = () => `u${randomBytes(4).toString('hex')}`;

describe('OpenID Connect with oidc-provider', () => {
  test('private_key_jwt: we prove ourselves with our own keys, and no secret is shared', async () => {
    const { slug, provider } = await made.provider({ secret: null, settings: { token_auth: 'private_key_jwt' }, client: { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256' } });
    let assertion;
    provider.on('grant.success', (ctx) => { assertion = ctx.oidc.body.client_assertion; });
    const tokens = await redeem(rp, await logInAt(createAgent(), rp, slug, 'ada'));
    assert.equal((await who(tokens)).email, `ada@${slug}.example`);
    const claims = decodeJwt(assertion);
    assert.equal(claims.aud, provider.issuer, 'the configured issuer, as one string');
    assert.equal(claims.iss, 'stoa');
    assert.ok(claims.exp - claims.iat <= 60 && claims.jti);
  });

  test('client_secret_post, where the operator says so', async () => {
    const { slug } = await made.provider({ settings: { token_auth: 'client_secret_post' }, client: { token_endpoint_auth_method: 'client_secret_post' } });
    assert.ok((await redeem(rp, await logInAt(createAgent(), rp, slug, 'ada'))).claims().sub);
  });

  for (const alg of ['RSA-OAEP-256', 'ECDH-ES']) {
    test(`ID tokens encrypted with ${alg} are opened with the key of that partner`, async () => {
      const { slug } = await made.provider({ settings: { id_token_encryption: alg }, client: { id_token_encrypted_response_alg: alg, id_token_encrypted_response_enc: 'A256GCM' }, features: { encryption: { enabled: true } } });
      const { keys } = await (await fetch(`${s.env.issuer}/cb/${slug}/jwks.json`)).json();
      assert.equal(keys.filter((key) => key.use === 'enc').length, 1);
      assert.ok(keys.every((key) => key.d === undefined));
      const tokens = await redeem(rp, await logInAt(createAgent(), rp, slug, 'ada'));
      assert.equal((await who(tokens)).name, 'Name of ada');
    });
  }

  test('where encryption is agreed, an ID token in the clear is refused; where it is not, an encrypted one is', async () => {
    const clear = await made.provider({ settings: { id_token_encryption: 'ECDH-ES' } });
    await assert.rejects(logInAt(createAgent(), rp, clear.slug, 'ada'), /400/);
    const sealed = await made.provider({ settings: { id_token_encryption: 'ECDH-ES' }, client: { id_token_encrypted_response_alg: 'ECDH-ES' }, features: { encryption: { enabled: true } } });
    await made.settle(sealed.slug, {});
    await assert.rejects(logInAt(createAgent(), rp, sealed.slug, 'ada'), /400/);
  });

  test('max_age goes along, so that the partner asks again', async () => {
    const { slug } = await made.provider();
    const agent = createAgent();
    await logInAt(agent, rp, slug, 'ada');
    for (const key of [...agent.jar.keys()]) if (key.includes('__Host-stoa')) agent.jar.delete(key);
    const asked = await request(rp, { idp_hint: slug, max_age: '0' });
    const page = await agent.open(asked.url, { until: atClient });
    assert.match(page.text, /name="login"/, 'oidc-provider shows its log-in although its session lives');
  });

  test('rules find name and address elsewhere', async () => {
    const { slug } = await made.provider({
      claims: (id) => ({ contact: { mails: ['x', `${id}@rules.example`] }, given: 'Ada', family: 'Byron' }),
      scopes: { email: ['contact'], profile: ['given', 'family'] },
      settings: { claims: { name: ['/nick', '/given /family'], email: '/contact/mails/1', email_verified: true } },
    });
    const info = await who(await redeem(rp, await logInAt(createAgent(), rp, slug, 'ada')));
    assert.deepEqual([info.name, info.email, info.email_verified], ['Ada Byron', 'ada@rules.example', true]);
  });
});

const seconds = () => Math.floor(Date.now() / 1000);
const arrive = async (slug, more) => {
  const asked = await request(rp, { idp_hint: slug, scope: 'openid profile email', ...more });
  return { ...asked, page: await createAgent().open(asked.url, { until: atClient }) };
};
const enter = async (slug, more) => {
  const { page, ...asked } = await arrive(slug, more);
  assert.equal(page.status, 0, `${page.status} ${page.text.slice(0, 600)}`);
  return redeem(rp, { ...asked, callback: page.url });
};

describe('what an ID token has to show', () => {
  test('at_hash is the hash of the access token that came with it', async () => {
    const { slug } = await made.liar({ claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } });
    assert.equal((await arrive(slug)).page.status, 400);
  });

  test('max_age: auth_time is there and young enough', async () => {
    const tale = { claims: { auth_time: undefined } };
    const { slug, seen } = await made.liar(tale);
    const begun = seconds();
    const refused = (await arrive(slug, { max_age: '300', prompt: 'none' })).page.url.searchParams;
    assert.equal(refused.get('error'), 'unmet_authentication_requirements', 'no auth_time, and nobody may be asked');
    assert.deepEqual([seen.asked.get('max_age'), seen.asked.get('prompt')], ['300', 'none']);
    assert.ok((await enter(slug, { max_age: '300' })).claims().auth_time >= begun, 'no auth_time: asked once more');
    assert.deepEqual([seen.asked.get('max_age'), seen.asked.get('prompt')], ['300', 'login']);
    tale.claims.auth_time = Math.floor(Date.now() / 1000) - 900;
    assert.equal((await arrive(slug, { max_age: '300' })).page.status, 403, 'too old');
    tale.claims.auth_time = Math.floor(Date.now() / 1000) - 200;
    assert.ok((await enter(slug, { max_age: '300' })).claims().sub);
  });

  test('auth_time: the session is as old as the log-in there, and max_age is judged by that', async () => {
    const now = Math.floor(Date.now() / 1000);
    const tale = { claims: { sub: fresh(), auth_time: now - 900 } };
    const { slug, seen } = await made.liar(tale);
    const agent = createAgent();
    const visit = async (more) => {
      seen.asked = undefined;
      const asked = await request(rp, { scope: 'openid profile email', ...more });
      const page = await agent.open(asked.url, { until: atClient });
      return { page, tokens: page.url.searchParams.has('code') && await redeem(rp, { ...asked, callback: page.url }) };
    };
    assert.equal((await visit({ idp_hint: slug })).tokens.claims().auth_time, now - 900);
    assert.equal((await visit({ max_age: '3600' })).tokens.claims().auth_time, now - 900, 'young enough: nobody is asked');
    assert.equal(seen.asked, undefined);
    assert.equal((await visit({ max_age: '300', prompt: 'none' })).page.url.searchParams.get('error'), 'unmet_authentication_requirements');
    assert.equal(seen.asked.get('max_age'), '300', 'the partner was asked, and has no younger one');
    tale.claims.auth_time = now - 100;
    assert.equal((await visit({ max_age: '300', prompt: 'none' })).tokens.claims().auth_time, now - 100);
    tale.claims.auth_time = now + 3000;
    const ahead = (await visit({ idp_hint: slug, prompt: 'login' })).tokens.claims().auth_time;
    assert.ok(ahead >= now && ahead <= Date.now() / 1000, 'a clock that is ahead of ours');
    tale.claims.auth_time = undefined;
    assert.ok((await visit({ idp_hint: slug, prompt: 'login' })).tokens.claims().auth_time >= now, 'not said: ours');
  });

  test('prompt=login: a log-in there from before is not taken for a new one', async () => {
    const { slug } = await made.liar({ claims: { auth_time: Math.floor(Date.now() / 1000) - 900 } });
    assert.equal((await arrive(slug, { prompt: 'login' })).page.status, 403);
  });

  test('the account pages want a log-in of the last minutes, also at the partner', async () => {
    const tale = { claims: { sub: fresh(), auth_time: Math.floor(Date.now() / 1000) - 900 } };
    const { slug } = await made.liar(tale);
    const agent = createAgent();
    await agent.open((await request(rp, { idp_hint: slug })).url, { until: atClient });
    const page = await agent.open(new URL('/account/partners', s.env.issuer));
    assert.equal(page.url.pathname, '/login');
    tale.claims.auth_time = Math.floor(Date.now() / 1000);
    const back = await agent.open(new URL(`/login/partner/${slug}?flow=${page.url.searchParams.get('flow')}`, s.env.issuer));
    assert.equal(back.url.pathname, '/account/partners');
  });

  test('a log-in of which the partner does not say when it was makes nothing fresh until one is forced', async () => {
    const { slug, seen } = await made.liar({ claims: { sub: fresh(), auth_time: undefined } });
    const strict = await addClient(s, { more: ['--first-party'], metadata: { require_auth_time: true } });
    const agent = createAgent();
    const visit = async (more, client = rp) => {
      const asked = await request(client, { scope: 'openid profile email', ...more });
      const page = await agent.open(asked.url, { until: atClient });
      assert.ok(page.url.searchParams.has('code'), `${page.url} ${page.text.slice(0, 300)}`);
      return redeem(client, { ...asked, callback: page.url });
    };
    const owner = () => agent.open(new URL('/account/partners', s.env.issuer));
    const again = (page) => agent.open(new URL(`/login/partner/${slug}?flow=${page.url.searchParams.get('flow')}`, s.env.issuer));

    const tokens = await visit({ idp_hint: slug });
    assert.deepEqual(JSON.parse(seen.asked.get('claims')), { id_token: { auth_time: { essential: true } } });
    assert.equal(seen.asked.get('prompt'), null);
    assert.deepEqual([tokens.claims().auth_time, decodeJwt(tokens.access_token).auth_time], [undefined, undefined], 'nobody knows');
    const first = await owner();
    assert.equal(first.url.pathname, '/login');
    const begun = seconds();
    assert.equal((await again(first)).url.pathname, '/account/partners', 'forced, it is ours to say');
    assert.equal(seen.asked.get('prompt'), 'login');
    const { auth_time: known } = (await visit({})).claims();
    assert.ok(known >= begun && known <= seconds());

    await s.psql(`update auth.session set auth_time = auth_time - interval '11 minutes' where sid = '${decodeJwt(tokens.access_token).sid}'`);
    for (const more of [{ idp_hint: slug }, { idp_hint: slug, prompt: 'none' }]) {
      await visit(more);
      assert.equal((await visit({})).claims().auth_time, known - 660, `a session that goes on keeps its own ${JSON.stringify(more)}`);
    }
    const flow = await agent.open((await request(rp, { prompt: 'consent' })).url, { until: ({ pathname }) => pathname === '/consent' });
    await again(flow);
    assert.equal((await owner()).url.pathname, '/login', 'whoever finds the browser proved nothing by the session there');

    const claims = (essential) => JSON.stringify({ id_token: { auth_time: { essential } } });
    const ways = [[{ idp_hint: slug }, strict], [{ idp_hint: slug, claims: claims(true) }], [{ claims: claims(true) }]];
    for (const [more, client] of ways) {
      agent.jar.clear();
      await visit({ idp_hint: slug });
      assert.equal((await visit({ claims: claims(false) })).claims().auth_time, undefined, 'who would like to know it');
      const silent = await agent.open((await request(client ?? rp, { scope: 'openid profile email', ...more, prompt: 'none' })).url, { until: atClient });
      assert.ok(['login_required', 'unmet_authentication_requirements'].includes(silent.url.searchParams.get('error')), silent.url.href);
      if (more.idp_hint) {
        assert.ok((await visit(more, client)).claims().auth_time >= begun, 'a client that wants the time has it');
        assert.equal(seen.asked.get('prompt'), 'login');
      } else {
        assert.equal((await agent.open((await request(rp, more)).url)).url.pathname, '/login');
      }
    }
  });

  test('acr: one of those that the operator demands', async () => {
    const tale = { claims: {} };
    const { slug, seen } = await made.liar(tale, { settings: { acr_values: 'urn:strong urn:stronger' } });
    assert.equal((await arrive(slug)).page.status, 403, 'none');
    assert.equal(seen.asked.get('acr_values'), 'urn:strong urn:stronger');
    tale.claims.acr = 'urn:weak';
    assert.equal((await arrive(slug)).page.status, 403, 'another');
    tale.claims.acr = 'urn:stronger';
    assert.ok((await enter(slug)).claims().sub);
  });

  test('amr counts only where the operator trusts it, and only words that mean something', async () => {
    const tale = { claims: { amr: ['pwd', 'mfa', 'our"own', 'pwd'] } };
    const doubted = await made.liar(tale);
    assert.equal((await enter(doubted.slug)).claims().amr, undefined);
    const trusted = await made.liar(tale, { settings: { trust_amr: true } });
    const claims = (await enter(trusted.slug)).claims();
    assert.deepEqual(claims.amr, ['pwd', 'mfa']);
    assert.equal(claims.acr, 'urn:stoa:acr:2fa');
  });
});

const oauth = (profile, more) => (issuer) => ({ profile, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/userinfo`, ...more?.(issuer) });

describe('plain OAuth 2.0', () => {
  test('oidc-provider without an ID token: the document about the person is all there is', async () => {
    const { slug, issuer } = await made.provider();
    await made.settle(slug, { kind: 'oauth2', scope: 'openid profile email', authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/me`, claims: { sub: '/sub' } });
    const tokens = await redeem(rp, await logInAt(createAgent(), rp, slug, 'grace'));
    const info = await who(tokens);
    assert.deepEqual([info.email, info.email_verified, info.name], [`grace@${slug}.example`, true, 'Name of grace']);
  });

  test('the shape of GitHub: a number, a name or a login, a list of addresses', async () => {
    const tale = { token: { access_token: 'gho', token_type: 'bearer' }, userinfo: { id: 583231, login: 'octo', name: null, email: 'public@x.example' }, emails: [{ email: 'a@x.example', primary: false, verified: true }, { email: 'octo@x.example', primary: true, verified: true }] };
    const { slug, seen } = await made.liar(tale, { settings: oauth('github', (issuer) => ({ emails_endpoint: `${issuer}/emails` })) });
    const first = await enter(slug);
    const info = await who(first);
    assert.deepEqual([info.name, info.email, info.email_verified], ['octo', 'octo@x.example', true]);
    assert.equal(seen.asked.get('scope'), 'read:user user:email');
    assert.equal(seen.asked.get('code_challenge_method'), 'S256');
    assert.equal(seen.asked.get('nonce'), null);
    assert.equal(seen.token.body.get('client_secret'), 'partner-secret-0123456789');
    assert.equal(seen.userinfo.headers.authorization, 'Bearer gho');
    tale.userinfo = { id: 583231, login: 'renamed' };
    assert.equal((await enter(slug)).claims().sub, first.claims().sub, 'the number is who it is');
    tale.userinfo = { id: 999, login: 'octo' };
    assert.notEqual((await enter(slug)).claims().sub, first.claims().sub, 'the login is not');
  });

  test('the shape of Yandex: its own word in Authorization, no word about verification', async () => {
    const tale = { token: { access_token: 'y0', token_type: 'bearer' }, userinfo: { id: '1130000', real_name: 'Ada Byron', default_email: 'ada@y.example' } };
    const { slug, seen } = await made.liar(tale, { settings: oauth('yandex') });
    const info = await who(await enter(slug));
    assert.deepEqual([info.name, info.email, info.email_verified], ['Ada Byron', 'ada@y.example', false]);
    assert.equal(seen.userinfo.headers.authorization, 'OAuth y0');
    assert.match(seen.token.headers.authorization, /^Basic /);
  });

  test('the shape of VK: device_id comes with the code and goes with it, the token in a form', async () => {
    const tale = { answer: { device_id: 'dev-1' }, token: { access_token: 'vk2', token_type: 'Bearer', user_id: 7 }, userinfo: { user: { user_id: '7', first_name: 'Ada', last_name: 'Byron' } } };
    const { slug, seen } = await made.liar(tale, { settings: oauth('vk') });
    assert.equal((await who(await enter(slug))).name, 'Ada Byron');
    assert.equal(seen.token.body.get('device_id'), 'dev-1');
    assert.deepEqual([seen.userinfo.method, seen.userinfo.body.get('access_token'), seen.userinfo.body.get('client_id')], ['POST', 'vk2', 'stoa']);
  });

  test('a document without a subject, or none, is no log-in', async () => {
    const tale = { token: { access_token: 'x', token_type: 'bearer' }, userinfo: { login: 'octo' } };
    const { slug } = await made.liar(tale, { settings: oauth('github') });
    assert.equal((await arrive(slug)).page.status, 400);
    tale.userinfo = undefined;
    assert.equal((await arrive(slug)).page.status, 400);
    tale.token = { token_type: 'bearer' };
    assert.equal((await arrive(slug)).page.status, 400);
  });
});

describe('assertions of the partner’s backend', () => {
  let key, slug, client, stranger;
  const issuer = `https://${randomBytes(4).toString('hex')}.example`;
  const settings = async () => ({ kind: 'assertion', assertion_alg: 'ES256', assertion_jwks: { keys: [{ ...(await exportJWK(key.publicKey)), kid: 'b1', alg: 'ES256', use: 'sig' }] }, claims: { name: '/profile/display' } });

  before(async () => {
    key = await generateKeyPair('ES256', { extractable: true });
    slug = await made.add(issuer, { settings: await settings(), client: null, secret: null });
    client = await addClient(s, { grants: 'client_credentials,urn:ietf:params:oauth:grant-type:jwt-bearer', scope: 'openid profile email', redirect: [], more: ['--partner', slug] });
    stranger = await addClient(s, { grants: 'client_credentials,urn:ietf:params:oauth:grant-type:jwt-bearer', scope: 'openid profile email', redirect: [] });
  });

  const sign = (claims, { alg = 'ES256', by = key.privateKey } = {}) =>
    new SignJWT({ sub: '42', jti: randomUUID(), email: 'forty-two@x.example', email_verified: true, profile: { display: 'Forty Two' }, ...claims }).setProtectedHeader({ alg, kid: 'b1' }).setIssuedAt().setIssuer(claims?.iss ?? issuer).setAudience(s.env.issuer).setExpirationTime('2m').sign(by);
  const ask = async (assertion, by = client) => post(s, '/token', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, scope: 'profile email' }, { basic: by });

  test('“this is my user 42” makes the account once, and gives tokens to the partner’s client', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => heard(async () => ask(await sign({})))));
    const subjects = new Set();
    for (const answer of answers) {
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      subjects.add(decodeJwt(answer.body.access_token).sub);
    }
    assert.equal(subjects.size, 1);
    const claims = decodeJwt(answers[0].body.access_token);
    assert.equal(claims.client_id, client.id);
    assert.equal(claims.partner, slug);
    const keys = createLocalJWKSet(await (await fetch(`${s.env.issuer}/jwks.json`)).json());
    await jwtVerify(answers[0].body.access_token, keys, { issuer: s.env.issuer, typ: 'at+jwt' });
    const other = decodeJwt((await ask(await sign({ sub: '43' }))).body.access_token);
    assert.notEqual(other.sub, claims.sub);
  });

  test('the account has what the assertion says, by the partner’s rules', async () => {
    const sub = fresh();
    assert.equal((await ask(await sign({ sub, email: `${sub}@x.example` }))).status, 200);
    const users = await operator(s, 'users', 'list', '--query', `${sub}@x.example`);
    assert.match(users, /Forty Two/);
  });

  test('is for the partner’s own clients, signed by its own key, and works once', async () => {
    const one = await sign({});
    assert.equal((await ask(one)).status, 200);
    assert.equal((await ask(one)).body.error, 'invalid_grant', 'again');
    assert.equal((await ask(await sign({}), stranger)).body.error, 'invalid_grant', 'another client');
    const forger = await generateKeyPair('ES256');
    assert.equal((await ask(await sign({}, { by: forger.privateKey }))).body.error, 'invalid_grant', 'another key');
    assert.equal((await ask(await sign({ iss: 'https://other.example' }))).body.error, 'invalid_grant', 'another issuer');
    const rsa = await generateKeyPair('RS256');
    assert.equal((await ask(await sign({}, { alg: 'RS256', by: rsa.privateKey }))).body.error, 'invalid_grant', 'another algorithm');
  });

  test('nobody is sent there with a browser', async () => {
    const page = await createAgent().open((await request(rp, { idp_hint: slug })).url);
    assert.doesNotMatch(page.text, new RegExp(`/login/partner/${slug}`));
    assert.match(page.text, /name="password"/);
  });

  test('invited only: whom nobody invited gets no account', async () => {
    await made.settle(slug, { ...(await settings()), create: 'invited' });
    const sub = fresh();
    assert.equal((await ask(await sign({ sub }))).body.error, 'invalid_grant');
    await operator(s, 'partners', 'invite', slug, '--subject', sub);
    assert.equal((await ask(await sign({ sub }))).status, 200);
    assert.equal((await ask(await sign({ sub }))).status, 200, 'known by now');
  });
});

describe('whom a partner may bring', () => {
  test('only people with a verified address of its own domains', async () => {
    const domain = `${randomBytes(4).toString('hex')}.example`;
    const tale = { claims: { sub: fresh(), email: `a@${domain}`, email_verified: true } };
    const { slug } = await made.liar(tale, { settings: { create: 'domains' }, more: ['--email-domains', domain] });
    const first = await enter(slug);
    for (const claims of [{ email: `a@${domain}` }, { email: `a@x.${domain}`, email_verified: true }, {}]) {
      tale.claims = { sub: fresh(), ...claims };
      const { page } = await arrive(slug);
      assert.equal(page.status, 403, JSON.stringify(claims));
      assert.match(page.text, /invitation/);
    }
    tale.claims = { sub: first.claims().sub };
    assert.equal((await arrive(slug)).page.status, 403, 'our subjects are not theirs');
  });

  test('only the invited: by subject or verified address, one account each', async () => {
    const tale = { claims: { sub: fresh() } };
    const { slug } = await made.liar(tale, { settings: { create: 'invited' } });
    assert.equal((await arrive(slug)).page.status, 403);
    await operator(s, 'partners', 'invite', slug, '--subject', tale.claims.sub);
    await enter(slug);
    await operator(s, 'partners', 'invite', slug, '--email', 'Guest@x.example');
    tale.claims = { sub: fresh(), email: 'guest@x.example', email_verified: 'true' };
    assert.equal((await arrive(slug)).page.status, 403, 'an address that is not verified');
    tale.claims.email_verified = true;
    const guest = await enter(slug);
    assert.equal((await enter(slug)).claims().sub, guest.claims().sub);
    tale.claims = { ...tale.claims, sub: fresh() };
    assert.equal((await arrive(slug)).page.status, 403, 'the invitation is used');
  });

  test('its word about addresses counts in its own domains', async () => {
    const domain = `${randomBytes(4).toString('hex')}.example`;
    const tale = { claims: { sub: fresh(), email: `a@${domain}`, email_verified: true } };
    const { slug } = await made.liar(tale, { settings: { own_domains_only: true }, more: ['--email-domains', domain] });
    assert.equal((await who(await enter(slug))).email_verified, true);
    tale.claims = { sub: fresh(), email: 'a@foreign.example', email_verified: true };
    assert.equal((await who(await enter(slug))).email_verified, false);
  });

  test('settings that cannot be followed are refused by name', async () => {
    await assert.rejects(made.add('https://odd.example', { settings: { kind: 'saml' } }), /kind: oidc, oauth2 or assertion/);
    await assert.rejects(made.add('https://odd.example', { settings: { claims: { name: 'name' } } }), /claims: /);
    await assert.rejects(made.add('https://odd.example', { settings: { kind: 'assertion', assertion_alg: 'ES256', assertion_jwks: { keys: [] } } }), /assertion_jwks: a JWK set/);
    await assert.rejects(made.add('https://odd.example', { client: null }), /client_id: /);
  });
});
