/* What the operator's alarms are made of: each metric that docs/deploy/alerts.yml names is there, and moves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { addClient, addUser, post, request, tokensFor } from '../support/relying_party.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

let s, rp;

before(async () => {
  s = await startStack({ profile: 'bare' });
  rp = await addClient(s);
});

after(() => s.stop());

async function metrics(server) {
  const text = await (await fetch(`http://127.0.0.1:${s.env.admin_ports[server]}/metrics`)).text();
  return new Map(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

const rules = readFileSync(join(ROOT, 'docs/deploy/alerts.yml'), 'utf8');
const groups = Object.fromEntries(rules.split(/^ {2}- name: /m).slice(1).map((text) => [text.split('\n')[0].trim(), text]));

test('every metric of every alarm exists, with the label values that it names', async () => {
  await fetch(new URL('/healthz', s.env.issuer));
  assert.deepEqual(Object.keys(groups), ['stoa-authsrv', 'stoa-paysrv', 'stoa-nightly', 'stoa-both']);
  for (const [group, text] of Object.entries(groups)) {
    if (group === 'stoa-nightly') continue; /* the timers', tests/api/deploy.test.mjs */
    for (const server of group === 'stoa-both' ? ['authsrv', 'paysrv'] : [group.replace('stoa-', '')]) {
      if (server === 'paysrv') await fetch(new URL('/healthz', s.env.pay_api));
      const shown = [...(await metrics(server)).keys()];
      const named = [...text.matchAll(/\b(stoa_[a-z_]+)(?:\{([a-z_]+)="([^"]+)"\})?/g)];
      assert.ok(named.length >= 1);
      for (const [, name, label, value] of named) {
        assert.ok(shown.some((key) => key === name || key.startsWith(`${name}{`)), `${server} shows no ${name}`);
        if (label && name !== 'stoa_http_requests_total') assert.ok(shown.includes(`${name}{${label}="${value}"}`), `${server} shows no ${name}{${label}="${value}"}`);
      }
    }
  }
});

test('rules are written whole: a name, an expression, a severity, a sentence', () => {
  const alarms = rules.split(/^ {6}- alert: /m).slice(1);
  assert.ok(alarms.length >= 15);
  for (const alarm of alarms) for (const part of [/^Stoa[A-Z]\w+\n/, /^ {8}expr: \S/m, /severity: (page|ticket)/, /summary: "[^"]+[.?]"/]) assert.match(alarm, part);
});

/* Two series with different labels are never compared with each other: such a rule would be silent for ever. */
test('what compares two results sums each first', () => {
  const compared = [...rules.matchAll(/^ {8}expr: (.*)$/gm)].map(([, expr]) => expr).filter((expr) => / (?:>|and) .*stoa_/.test(expr) && /\{\w+="[^"]+"\}.* (?:>|and) .*\{/.test(expr));
  assert.ok(compared.length >= 4);
  for (const expr of compared) for (const side of expr.split(/ (?:>|and) /)) if (/stoa_/.test(side)) assert.match(side, /sum(?: by \([a-z]+\))? ?\(/, expr);
});

test('each job that an alarm names is one', async () => {
  const shown = (await Promise.all(['authsrv', 'paysrv'].map(metrics))).flatMap((all) => [...all.keys()]);
  const named = [...rules.matchAll(/stoa_job_failures_total\{name=~"([^"]+)"\}/g)].flatMap(([, names]) => names.split('|'));
  assert.ok(named.length >= 1);
  assert.deepEqual(named.filter((name) => !shown.includes(`stoa_job_failures_total{name="${name}"}`)), []);
});

/* These two are Prometheus' own, of whom it asked: a metric's would be renamed, and a rule that names them would match nothing. */
test('no metric has a label job or instance', async () => {
  for (const server of ['authsrv', 'paysrv']) assert.deepEqual([...(await metrics(server)).keys()].filter((key) => /[{,](job|instance)=/.test(key)), []);
});

test('a job that comes to no end is seen by the time of its last success', async () => {
  const [job, of] = ['audit.chain', 'stoa_job_last_success_timestamp_seconds'], last = async () => (await metrics('authsrv')).get(`${of}{name="${job}"}`);
  const first = await last();
  assert.ok(Math.abs(first - Date.now() / 1000) < 600, `${first}`);
  await eventually(async () => (await last()) > first, { what: 'another round has ended well', pause: 500 });
  const period = (await metrics('authsrv')).get(`stoa_job_period_seconds{name="${job}"}`);
  assert.ok(period >= 1, `${period}`);
  const held = await holding(s.env, 'lock table auth.audit_chain in exclusive mode');
  const stuck = await eventually(async () => {
    const then = await last();
    return Date.now() / 1000 - then > period + 3 && then;
  }, { what: `nothing of it for longer than its ${period} s`, pause: 500 });
  await held.release();
  await eventually(async () => (await last()) > stuck, { what: 'it goes on', pause: 500 });
});

test('the numbers move with what happens', async () => {
  const before_ = await metrics('authsrv');
  const user = await addUser(s);
  await tokensFor(rp, user);
  await oidc.clientCredentialsGrant(rp.config);
  await post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: rp.id, secret: 'wrong' } });
  const agent = createAgent();
  await agent.submit(await agent.open((await request(rp)).url), { email: user.email, password: 'wrong one' }, { button: 'Sign in' });
  const now = await metrics('authsrv');
  const grew = (key) => (now.get(key) ?? NaN) - (before_.get(key) ?? 0);
  assert.equal(grew('stoa_login_total{result="password_good"}'), 1);
  assert.equal(grew('stoa_login_total{result="password_bad"}'), 1);
  assert.equal(grew('stoa_tokens_issued_total{grant="authorization_code"}'), 1);
  assert.equal(grew('stoa_tokens_issued_total{grant="client_credentials"}'), 1);
  assert.equal(grew('stoa_client_auth_failures_total'), 1);
  await eventually(async () => (await metrics('authsrv')).get('stoa_queue_waiting') === 0, { what: 'nobody waits' }); /* paysrv asks, too */
});

test('age of keys and the backlog of the audit log are measured', async () => {
  await s.psql("set search_path to auth; update sign_key set activated_at = activated_at - interval '10 days', published_at = published_at - interval '10 days' where alg = 'ES256' and state = 'active'");
  await eventually(async () => {
    const now = await metrics('authsrv');
    return now.get('stoa_key_age_seconds{alg="ES256"}') >= 864_000 && now.get('stoa_audit_unchained_entries') === 0;
  }, { what: 'the job has measured', pause: 500 });
});
