/* Ways to make us send somebody elsewhere: spellings of redirect addresses, parameters of pages, log-outs, and what a mix-up needs (RFC 9700, RFC 9207). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, operator, request, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { wire } from '../support/wire.mjs';

let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s, { redirect: [REDIRECT, 'http://127.0.0.1/native'] }), addUser(s)]);
});
after(async () => {
  await sound(s);
  await s.stop();
});

const get = (url) => fetch(url, { redirect: 'manual' });
async function isPageOfOurs(answer, what) {
  assert.equal(answer.status, 400, what);
  assert.equal(answer.headers.get('location'), null, what);
  assert.match(answer.headers.get('content-type'), /text\/html/, what);
}

test('no spelling of another address passes for the registered one', async () => {
  const { url } = await request(rp);
  const spellings = [
    'https://rp.example/cb/..;/evil', 'https://rp.example/cb/%252e%252e/evil', 'https://rp.example/cb;a=b', 'https://rp.example/cb#', 'https://rp.example/cb#a', 'https://rp.example/cb?', 'https://rp.example//cb', 'https://rp.example/./cb',
    'https://rp.example/c%62', 'https://rp.example@evil.example/cb', 'https://user@rp.example/cb', 'https://rp.example.:443/cb', 'https://rp.example./cb', 'https:rp.example/cb', 'https:/rp.example/cb', 'https:\\\\rp.example\\cb', '//rp.example/cb', '/cb', '',
    ' https://rp.example/cb', 'https://rp.example/cb ', 'http://rp.example/cb', 'HTTPS://rp.example/cb', 'https://rp.example/cb\u3002', 'https://rp\u3002example/cb', 'https://*.example/cb', 'https://rp.example/*',
    'http://0x7f000001/native', 'http://2130706433/native', 'http://127.1/native', 'http://127.0.0.2/native', 'http://[::1]/native', 'http://127.0.0.1:70000/native', 'http://127.0.0.1:/native', 'http://127.0.0.1:80@evil.example/native', 'https://127.0.0.1:51004/native',
    'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', 'vbscript:x', 'file:///etc/passwd', 'blob:https://rp.example/1', 'about:blank', 'data:text/html,x', 'x:y',
  ];
  for (const uri of spellings) {
    url.searchParams.set('redirect_uri', uri);
    await isPageOfOurs(await get(url), JSON.stringify(uri));
  }
});

test('control characters in an address end the request', async () => {
  const { url } = await request(rp);
  const plain = url.search.replace(encodeURIComponent(REDIRECT), `${encodeURIComponent(REDIRECT)}MARK`);
  assert.ok(plain.includes('MARK'));
  for (const mark of ['%00.evil', '%0d%0aSet-Cookie:%20x=y', '%09', '%0a', '%7f', '%c0%af', '%ff']) {
    const { status, text } = await wire(Number(url.port), `GET /authorize${plain.replace('MARK', mark)} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
    assert.equal(status, 400, mark);
    assert.doesNotMatch(text, /^(location|set-cookie: x)/im, mark);
  }
});

test('an unknown client and a disabled one look the same', async () => {
  const gone = await addClient(s);
  await operator(s, 'clients', 'disable', gone.id);
  const pageOf = async (id) => {
    const { url } = await request(rp);
    url.searchParams.set('client_id', id);
    url.searchParams.set('redirect_uri', 'https://evil.example/');
    const answer = await get(url);
    await isPageOfOurs(answer, id);
    return (await answer.text()).replaceAll(/req_[0-9a-f]+/g, '').replaceAll(id, '');
  };
  assert.equal(await pageOf(gone.id), await pageOf('nobody-knows-it'));
});

test('no parameter of a page says where to go', async () => {
  for (const target of ['//evil.example', '/\\evil.example', 'https:evil.example', 'https://evil.example/', '%2f%2fevil.example', 'javascript:alert(1)']) {
    for (const name of ['next', 'return_to', 'redirect', 'continue', 'url']) {
      for (const path of ['/login', '/consent', '/logout']) {
        const answer = await get(new URL(`${path}?${new URLSearchParams({ [name]: target })}`, s.env.issuer));
        assert.ok(!(answer.headers.get('location') ?? '').includes('evil'), `${path} ${name}`);
        assert.ok(!(await answer.text()).includes('evil.example'), `${path} ${name}`);
      }
    }
  }
  const agent = createAgent();
  const asked = await request(rp);
  const page = await agent.open(asked.url);
  const elsewhere = { ...page, url: new URL(`${page.url}&next=https://evil.example/`), text: page.text.replace(/action="([^"]*)"/, 'action="$1?next=https://evil.example/"') };
  const next = await agent.submit(elsewhere, user, { button: 'Sign in', until: (to) => to.hostname.endsWith('example') });
  assert.notEqual(next.url.hostname, 'evil.example');
  for (const flow of ['fl_unknown', '../jwks.json', 'https://evil.example']) assert.ok([400, 404].includes((await get(new URL(`/continue/${encodeURIComponent(flow)}`, s.env.issuer))).status), flow);
});

test('success and error carry the issuer, as the metadata promises', async () => {
  const { callback, agent } = await authorize(rp, user);
  assert.deepEqual(callback.searchParams.getAll('iss'), [s.env.issuer]);
  const refused = await authorize(rp, await addUser(s), { decision: 'Deny' });
  assert.deepEqual(refused.callback.searchParams.getAll('iss'), [s.env.issuer]);
  const silent = await authorize(rp, user, { agent, prompt: 'none' });
  assert.deepEqual(silent.callback.searchParams.getAll('iss'), [s.env.issuer]);
  assert.equal((await (await fetch(new URL('/.well-known/openid-configuration', s.env.issuer))).json()).authorization_response_iss_parameter_supported, true);
});

test('a log-out returns to an address of its own client only', async () => {
  const home = 'https://rp.example/bye';
  const owner = await addClient(s, { more: ['--post-logout-redirect-uri', home] });
  const { agent, tokens } = await tokensFor(rp, user);
  const page = await agent.open(new URL(`/logout?${new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: home })}`, s.env.issuer), { until: (to) => to.hostname === 'rp.example' });
  assert.notEqual(page.status, 0, 'registered for another client');
  const both = await createAgent().open(new URL(`/logout?${new URLSearchParams({ id_token_hint: tokens.id_token, client_id: owner.id, post_logout_redirect_uri: home })}`, s.env.issuer), { until: (to) => to.hostname === 'rp.example' });
  assert.notEqual(both.status, 0, 'the hint was given to another client');
  const own = await tokensFor(owner, user);
  const back = await own.agent.open(new URL(`/logout?${new URLSearchParams({ id_token_hint: own.tokens.id_token, post_logout_redirect_uri: home })}`, s.env.issuer), { until: (to) => to.hostname === 'rp.example' });
  assert.equal(back.url.href, home);
});
