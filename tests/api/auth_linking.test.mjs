/*
 * Whose account an identity at a partner is: changed addresses, linking with proof of both accounts, collisions, unlinking, undoing, merged
 * partners (SECURITY G 160 to 168, IDENTITY K 101 to 103, decision 0027).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, operator, redeem, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { logInAt, partners } from '../support/upstream.mjs';

let s, rp;
const made = partners(() => s);
const fresh = () => `u${randomBytes(5).toString('hex')}`;
const who = (tokens) => oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub);
const enter = async (slug, account, agent = createAgent()) => redeem(rp, await logInAt(agent, rp, slug, account));
const link = (user, at, subject) => s.psql(`insert into auth.identity (issuer, subject, user_id, partner, linked_at, last_login_at, reauth_session) values ('${at.issuer}', '${subject}', '${user}', '${at.slug}', now(), now(), sha256('fresh'))`);

/* A partner whose people say of themselves what `people` says. */
async function partner(people = {}) {
  return { people, ...await made.provider({ claims: (id) => ({ email: `${id}@elsewhere.example`, email_verified: true, name: `Name of ${id}`, ...people[id] }) }) };
}

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

describe('an address that changes at the partner', () => {
  test('the account follows while it has no log-in of its own', async () => {
    const at = await partner();
    const one = fresh();
    const first = await who(await enter(at.slug, one));
    at.people[one] = { email: `${one}@new.example`, name: 'New Name' };
    const then = await who(await enter(at.slug, one));
    assert.deepEqual([then.sub, then.email, then.name], [first.sub, `${one}@new.example`, 'New Name']);
    assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'identity.email_changed'), new RegExp(at.slug));
  });

  test('it stays what it is where the account has a password, and so does where mails and reset codes go', async () => {
    const at = await partner();
    const user = await addUser(s);
    const [{ id }] = await s.psql(`select id from auth.users where login = '${user.email}'`);
    const one = fresh();
    await link(id, at, one);
    at.people[one] = { email: 'mallory@evil.example', name: 'Mallory' };
    const info = await who(await enter(at.slug, one));
    assert.deepEqual([info.sub, info.email, info.name], [id, user.email, 'Uma User']);
    const [row] = await s.psql(`select email, name from auth.identity where user_id = '${id}'`);
    assert.deepEqual([row.email, row.name], ['mallory@evil.example', 'Mallory'], 'what the partner says is kept where it belongs');
  });

  test('nor does it follow where a passkey is a way in, nor a partner that came later', async () => {
    const [first, second] = [await partner(), await partner()];
    const one = fresh();
    const { sub } = await who(await enter(first.slug, one));
    await link(sub, second, one);
    second.people[one] = { email: 'later@evil.example' };
    assert.equal((await who(await enter(second.slug, one))).email, `${one}@elsewhere.example`);
    await s.psql(`insert into auth.passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at) values (sha256('${one}'), '${sub}', -7, 'k', 0, false, 'Key', now())`);
    first.people[one] = { email: 'first@evil.example' };
    assert.equal((await who(await enter(first.slug, one))).email, `${one}@elsewhere.example`);
  });
});
