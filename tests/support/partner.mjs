/* A partner of one's own, with a client and its token, made with the operator's verbs: for tests of what is between partners. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { INSECURE } from './relying_party.mjs';
import { SCOPES } from './seller.mjs';

/* Words after the name go to `paysrv partners add`; without --confirmations among them nothing needs a code. */
export const newPartner = (s, ...words) => partnerNamed(s, `other-${randomUUID().slice(0, 8)}`, ...words);

export async function partnerNamed(s, slug, ...words) {
  const secret = randomUUID();
  const directory = mkdtempSync(join(tmpdir(), 'secret-')), file = join(directory, 'secret');
  writeFileSync(file, secret, { mode: 0o600 });
  const done = async (...args) => {
    const { code, stderr } = await s.operator(...args);
    assert.equal(code, 0, stderr);
  };
  await done('authsrv', 'partners', 'add', slug, '--name', 'Other', '--no-login');
  await done('authsrv', 'clients', 'add', '--id', slug, '--name', 'Other', '--partner', slug, '--grants', 'client_credentials',
    '--auth-method', 'client_secret_basic', '--secret-file', file, '--scope', SCOPES);
  rmSync(directory, { recursive: true });
  await done('paysrv', 'partners', 'add', slug, '--name', 'Other', '--confirmations', 'none', ...words);
  const config = await oidc.discovery(new URL(s.env.issuer), slug, secret, oidc.ClientSecretBasic(secret), INSECURE);
  const { access_token: token } = await oidc.clientCredentialsGrant(config, { scope: SCOPES });
  return { slug, token, remove: () => s.operator('authsrv', 'partners', 'remove', slug) };
}
