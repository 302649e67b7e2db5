/* White label: what a partner chooses of its pages and mails, by whom it is said, and what is always there (docs/protocol/white-label.md). */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { adminOf, ALL } from '../support/admin.mjs';
import { createAgent } from '../support/agent.mjs';
import { address, begun, firstParty, linkIn } from '../support/first_party.mjs';
import { addClient, addUser, authorize, inFile, operator, post, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { LOGO, LOGO_DARK } from '../support/white_label.mjs';

const unique = (word) => `${word}-${randomBytes(5).toString('hex')}`;
let s, admin;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  admin = await adminOf(s);
});

after(async () => {
  await sound(s);
  await s?.stop();
});

/* So that it stands on no log-in page. */
const nobodyLogsInThere = { kind: 'assertion', assertion_alg: 'ES256', assertion_jwks_uri: 'https://backend.example/jwks' };

async function partner(name = 'Partner') {
  const slug = unique('wl');
  const made = await admin('POST', '/admin/v1/partners', { slug, name, issuer: `https://${slug}.example`, settings: nobodyLogsInThere });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const at = `/admin/v1/partners/${slug}/branding`;
  return { slug, at, rp: await addClient(s, { more: ['--partner', slug] }), put: (branding, ifMatch, call = admin) => call('PUT', at, { branding }, { ifMatch }) };
}
const refused = (answer, status, code, param, words) => {
  assert.deepEqual([answer.status, answer.body.code, answer.body.param], [status, code, param], JSON.stringify(answer.body));
  if (words) assert.match(answer.body.detail, words);
};
const loginPage = async (rp, more) => createAgent().open((await request(rp, more)).url);

test('colours, font, radius and logo dress the pages of the partner\'s applications, and of nobody else', async () => {
  const p = await partner('Purple Press');
  const fresh = await admin('GET', p.at);
  assert.deepEqual([fresh.status, fresh.body.branding, fresh.body.version, fresh.body.sheet], [200, {}, 0, null]);
  assert.doesNotMatch((await loginPage(p.rp)).text, /<bdi>Purple Press|\/branding\//);
  const branding = { light: { brand: '#7a1fa2' }, font: 'serif', radius: 4, button_shape: 'pill', logo: LOGO, logo_dark: LOGO_DARK };
  const said = await p.put(branding, fresh.etag);
  assert.deepEqual([said.status, said.body.branding, said.body.version], [200, branding, 1], JSON.stringify(said.body));
  const page = await loginPage(p.rp);
  assert.ok(page.text.includes(`<link rel="stylesheet" href="${said.body.sheet}">`) && page.text.includes(`src="${said.body.logo}"`), page.text.slice(0, 1500));
  assert.match(page.text, /<bdi>Purple Press<\/bdi><\/header>/);
  assert.match(page.text, /Secured by Stoa at <bdi class="host">127\.0\.0\.1<\/bdi>/);
  assert.match(page.headers.get('content-security-policy'), /style-src 'self';/);
  const sheet = await fetch(new URL(said.body.sheet, s.env.issuer));
  assert.deepEqual(['content-type', 'cache-control', 'x-content-type-options'].map((name) => sheet.headers.get(name)), ['text/css; charset=utf-8', 'public, max-age=31536000, immutable', 'nosniff']);
  assert.match(await sheet.text(), /^:root \{\n {2}--bg: light-dark\([\s\S]*--brand: light-dark\(#7a1fa2, #[0-9a-f]{6}\);[\s\S]*--font: Charter,[\s\S]*--radius: 4px;\n {2}--button-radius: 1\.5rem;\n\}\n$/);
  assert.ok(page.text.includes(`<img class="theirs by-night" src="${said.body.logo_dark}" alt="">`) && said.body.logo_dark !== said.body.logo);
  assert.equal(Buffer.from(await (await fetch(new URL(said.body.logo_dark, s.env.issuer))).arrayBuffer()).toString('base64'), LOGO_DARK);
  const logo = await fetch(new URL(said.body.logo, s.env.issuer));
  assert.deepEqual([logo.headers.get('content-type'), logo.headers.get('content-security-policy'), logo.headers.get('cross-origin-resource-policy')], ['image/png', "default-src 'none'; sandbox", 'cross-origin']);
  assert.equal(Buffer.from(await logo.arrayBuffer()).toString('base64'), LOGO);
  assert.doesNotMatch((await loginPage(await addClient(s))).text, /\/branding\//);
  const kept = (path) => s.psql(`select count(*)::int as n from auth.branding_file where name = '${path.replace('/branding/', '')}' and kept_at > now() - interval '1 hour'`);
  await s.psql(`update auth.branding_file set kept_at = now() - interval '9 days' where name like '${p.slug}.%'`);
  const again = await p.put({ ...branding, radius: 5 }, said.etag);
  assert.notEqual(again.body.sheet, said.body.sheet);
  assert.equal((await fetch(new URL(said.body.sheet, s.env.issuer))).status, 200, 'a page that is open keeps its style');
  assert.deepEqual(await kept(said.body.sheet), [{ n: 1 }], 'for a day from when it was replaced');
  const log = (await admin('GET', `/admin/v1/audit?${new URLSearchParams({ object: p.slug, action: 'partner.branded' })}`)).body.data;
  assert.deepEqual(log.map((one) => one.detail), [again.body.sheet, said.body.sheet].map((path) => path.replace('/branding/', '')));
});

test('what cannot be read, or is no picture, is refused by name; a lost update too', async () => {
  const p = await partner();
  const said = await p.put({}, '"0"');
  assert.equal(said.status, 200, JSON.stringify(said.body));
  const bad = async (branding, param, words) => refused(await p.put(branding, said.etag), 400, 'invalid_request', `branding.${param}`, words);
  await bad({ light: { muted: '#999999' } }, 'light.muted', /muted on background has a contrast of 2\.56:1, at least 4\.50:1 is needed; #6f6f6f would do/);
  await bad({ dark: { focus: '#333333' } }, 'dark.focus', /at least 3\.00:1/);
  await bad({ logo: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>').toString('base64') }, 'logo', /SVG is refused/);
  await bad({ logo: Buffer.alloc(64 * 1024 + 1).toString('base64') }, 'logo', /at most 64 KiB/);
  await bad({ font: 'x; } body { display: none' }, 'font', /system, humanist/);
  await bad({ css: 'body { display: none }' }, 'css');
  await bad({ host: 'login.partner.example' }, 'host', /partners change --host/);
  await bad({ mails: { code: { de: { subject: '{app}'.repeat(24) } } } }, 'mails.code.de.subject', /900 bytes/);
  for (const none of ['x', 1, [], true]) refused(await p.put(none, said.etag), 400, 'invalid_request', 'branding', /an object/);
  refused(await p.put({}, '"7"'), 412, 'version_differs', undefined);
  refused(await p.put({}), 428, 'version_needed', undefined);
  refused(await admin('PUT', `/admin/v1/partners/${unique('none')}/branding`, { branding: {} }, { ifMatch: '"0"' }), 404, 'not_found', undefined);
  assert.equal((await admin('GET', p.at)).body.version, 1);
  assert.equal((await fetch(new URL('/branding/none.0123456789abcdef.css', s.env.issuer))).status, 404);
});

test('a partner\'s administration says it for its own pages, but not under whose name they go; the operator\'s verb says all', async () => {
  const [p, other] = [await partner('Named by the operator'), await partner()];
  const own = await adminOf(s, ALL, ['--partner', p.slug]);
  const said = await p.put({ radius: 0 }, '"0"', own);
  assert.equal(said.status, 200, JSON.stringify(said.body));
  refused(await p.put({ name: 'Google' }, said.etag, own), 403, 'forbidden_tenant', 'branding.name');
  refused(await other.put({ radius: 0 }, '"0"', own), 404, 'not_found', undefined);
  const picture = Buffer.from(LOGO, 'base64');
  await inFile(JSON.stringify({ name: 'Wordsmiths', radius: 1 }), (file) => inFile(picture, (logo) => operator(s, 'partners', 'branding', p.slug, '--file', file, '--logo', logo, '--logo-dark', logo)));
  assert.deepEqual(JSON.parse(await operator(s, 'partners', 'branding', p.slug)), { name: 'Wordsmiths', radius: 1, logo: LOGO, logo_dark: LOGO });
  assert.match((await loginPage(p.rp)).text, /– Wordsmiths<\/title>/);
  const kept = await p.put({ name: 'Wordsmiths', radius: 2 }, (await own('GET', p.at)).etag, own);
  assert.equal(kept.status, 200, JSON.stringify(kept.body));
  await assert.rejects(inFile('{"radius":99}', (file) => operator(s, 'partners', 'branding', p.slug, '--file', file)), /branding\.radius/);
});

test('log-out is dressed when it is asked for and when it is done', async () => {
  const p = await partner('Leaving Press');
  assert.equal((await p.put({ radius: 3 }, '"0"')).status, 200);
  const user = await addUser(s);
  const agent = createAgent();
  await authorize(p.rp, user, { agent });
  const question = await agent.open(new URL(`/logout?client_id=${p.rp.id}`, s.env.issuer));
  const done = await agent.submit(question, {}, { button: 'Sign out' });
  assert.deepEqual([question, done].map(({ status, text }) => [status, text.includes('<bdi>Leaving Press</bdi></header>')]), [[200, true], [200, true]], done.text);
});

const spoken = ({ text }) => /<html lang="([^"]+)" dir="([^"]+)">/.exec(text).slice(1).join(' ');

test('a partner\'s language counts after that of application and person and before that of the browser', async () => {
  const p = await partner();
  const german = () => createAgent({ headers: { 'accept-language': 'de' } });
  const open = async (agent, more) => agent.open((await request(p.rp, more)).url);
  const said = await p.put({ language: 'pt-BR' }, '"0"');
  assert.equal(said.status, 200, JSON.stringify(said.body));
  refused(await p.put({ language: 'pt' }, said.etag), 400, 'invalid_request', 'branding.language', /ui_locales_supported/);
  assert.equal(spoken(await open(german())), 'pt-BR ltr');
  assert.equal(spoken(await open(german(), { ui_locales: 'he' })), 'he rtl');
  assert.equal(spoken(await german().open((await request(await addClient(s))).url)), 'de ltr');
  const user = await addUser(s);
  await s.psql(`update auth.users set profile = profile || '{"locale": "ja"}' where login = '${user.email}'`);
  const agent = german();
  assert.equal(spoken(await agent.submit(await open(agent), { ...user }, { until: (url) => url.href.startsWith('https://rp.example') })), 'ja ltr', 'the consent page');
  const lost = german();
  const page = await open(lost);
  await s.psql(`update auth.flow set expires_at = now() - interval '1 second' where id = '${new URL(page.url).searchParams.get('flow')}'`);
  assert.equal(spoken(await lost.open(page.url)), 'pt-BR ltr', 'also when it took too long');
});

test('another language is one link away, for the whole log-in, without a script; only pages of a log-in come after it', async () => {
  const rp = await addClient(s);
  const user = await addUser(s);
  const agent = createAgent();
  const login = await agent.open((await request(rp, { ui_locales: 'de' })).url);
  const [, link] = /<a href="(\/language[^"]+)">Deutsch/.exec(login.text);
  const choose = await agent.open(new URL(link.replaceAll('&amp;', '&'), s.env.issuer));
  const flow = new URL(login.url).searchParams.get('flow');
  assert.match(choose.text, /value="ar" lang="ar" dir="auto">العربية<[\s\S]*value="de" lang="de" aria-current="true" dir="auto">Deutsch</);
  const chosen = await agent.submit(choose, {}, { button: 'العربية' });
  assert.deepEqual([chosen.status, chosen.url.pathname, spoken(chosen)], [200, '/login', 'ar rtl']);
  const recover = await agent.open(new URL(`/recover?flow=${flow}`, s.env.issuer));
  const asked = await agent.submit(recover, { email: user.email });
  assert.deepEqual([recover, asked].map((page) => [page.status, page.url.pathname, page.text.includes('href="/language')]), [[200, '/recover', true], [200, '/recover/code', false]], 'only a page that needs no more than the flow is shown again in another language');
  const consent = await agent.submit(chosen, user);
  assert.deepEqual([consent.url.pathname, spoken(consent)], ['/consent', 'ar rtl']);
  for (const then of ['https://evil.example', '//evil.example', '/account', '/logout', '/login?x=1']) assert.equal((await agent.open(new URL(`/language?${new URLSearchParams({ flow, then })}`, s.env.issuer))).status, 400, then);
  const again = await agent.open(new URL(`/language?flow=${flow}&then=/consent`, s.env.issuer));
  assert.equal((await agent.submit(again, { csrf: 'x'.repeat(43) }, { button: 'English' })).status, 403);
  assert.equal((await createAgent().open(new URL(`/language?flow=${flow}&then=/consent`, s.env.issuer))).status, 400, 'of another browser');
});

test('mails begin and end in the partner\'s words and wear its colours; what has to be said is between, in text and HTML alike', async () => {
  const p = await partner('Wordsmiths');
  const words = (of) => ({ subject: `{partner}: ${of} für {app}`, intro: 'Guten Tag,\n\nschön, dass Sie bei {app} lesen.', footer: 'Wordsmiths <GmbH>\nAm Tor 1' });
  const said = await p.put({ light: { brand: '#7a1fa2' }, mails: { code: { de: words('Code') }, approval: { de: words('Frage') } } }, '"0"');
  assert.equal(said.status, 200, JSON.stringify(said.body));
  const rp = await firstParty(s, 'register', { more: ['--partner', p.slug] });
  const { mail, code } = await begun(s, rp, address(), { ui_locales: 'de' });
  assert.equal(mail.subject, `Wordsmiths: Code für Test ${rp.id}`);
  const at = ['Guten Tag,', `schön, dass Sie bei Test ${rp.id} lesen.`, 'https://rp.example', '    ' + code, '/not-me?challenge=', 'Wordsmiths <GmbH>\nAm Tor 1'].map((part) => mail.text.indexOf(part));
  assert.ok(at.every((one, i) => one > (at[i - 1] ?? -1)), `${at}: ${mail.text}`);
  assert.match(mail.html, new RegExp(`<html lang="de" dir="ltr">[\\s\\S]*<b>${code}</b>`));
  assert.ok(mail.html.includes(`<a href="${linkIn(mail).href.replaceAll('&', '&amp;')}"><font color="#7a1fa2">`) && mail.html.includes('Wordsmiths &lt;GmbH&gt;<br>'), mail.html);
  assert.match(mail.html, /<table [^>]*bgcolor="[^"]+" lang="de" dir="ltr">/, 'also where a mail program drops html and body');
  assert.doesNotMatch(mail.html, /<img|<style|<script|style=|src=|url\(/);
  const plain = (html) => html.replace(/^[\s\S]*<h1>.*<\/h1>/, '').replace(/<br>|<\/p>/g, ' ').replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&').split(/\s+/).filter(Boolean);
  assert.deepEqual(plain(mail.html), mail.text.split(/\s+/).filter(Boolean), 'the same words in both');
  const english = await begun(s, rp, address(), { ui_locales: 'en' });
  assert.match(english.mail.subject, /^Your e-mail address at/);
  assert.ok(english.mail.html.includes(english.code), 'in a language without words it wears the colours');

  const asks = await addClient(s, { grants: 'urn:openid:params:grant-type:ciba', redirect: [], metadata: { backchannel_token_delivery_mode: 'poll' }, more: ['--partner', p.slug] });
  const user = await addUser(s);
  await s.psql(`update auth.users set profile = profile || '{"locale": "de"}' where login = '${user.email}'`);
  assert.equal((await post(s, '/bc-authorize', { scope: 'openid', login_hint: user.email, binding_message: 'https://evil.example/x' }, { basic: asks })).status, 200);
  const approval = await s.mail(user.email, /Frage für/);
  assert.deepEqual([...approval.html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href.replace(/[^/]*$/, '')), [`${s.env.issuer}/approve/`], 'what the client says is shown, and no link');
  assert.match(approval.html, /<b>https:\/\/evil\.example\/x<\/b>/);

  refused(await p.put({ mails: { code: { de: { subject: 'Hallo\r\nBcc: eve@evil.example' } } } }, said.etag), 400, 'invalid_request', 'branding.mails.code.de.subject', /one line/);
  refused(await p.put({ mails: { reset: {} } }, said.etag), 400, 'invalid_request', 'branding.mails.reset');
});

test('the mail for a new password on the way to a partner\'s application wears its colours, in our words alone; elsewhere it does not', async () => {
  const p = await partner('Colourful Press');
  assert.equal((await p.put({ light: { brand: '#7a1fa2' }, mails: { code: { en: { subject: 'Of {partner}', intro: 'Hello' } } } }, '"0"')).status, 200);
  const asked = async (rp) => {
    const user = await addUser(s);
    const agent = createAgent();
    const login = await agent.open((await request(rp)).url);
    await agent.submit(await agent.open(new URL(`/recover?flow=${login.url.searchParams.get('flow')}`, s.env.issuer)), { email: user.email });
    return s.mail(user.email, /password/i);
  };
  const [theirs, ours] = [await asked(p.rp), await asked(await addClient(s))];
  assert.deepEqual([theirs.subject, theirs.text.includes('Hello'), ours.html], [ours.subject, false, undefined]);
  assert.match(theirs.html, /Colourful Press[\s\S]*<b>\d{4} ?\d{4}<\/b>/);
});
