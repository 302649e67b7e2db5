/* The metadata as certification reads it: OIDC A 1 to A 15, B 12, H 1, H 7, J 1, J 2, L 1, N 1. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addClient, operator, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, metadata, answer;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  answer = await fetch(new URL('/.well-known/openid-configuration', s.env.issuer));
  metadata = await answer.json();
});

after(async () => {
  await sound(s);
  await s.stop();
});

const has = (member, ...values) => { for (const value of values) assert.ok(metadata[member]?.includes(value), `${member}: ${value}`); };

test('one document under both names: JSON, of this issuer, the same for everybody', async () => {
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.ok(Math.abs(Date.parse(answer.headers.get('date')) - Date.now()) < 300_000);
  assert.equal(metadata.issuer, s.env.issuer);
  assert.deepEqual(await (await fetch(new URL('/.well-known/oauth-authorization-server', s.env.issuer))).json(), metadata);
});

test('every address is an absolute one of ours and leads to something', async () => {
  const addresses = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$|_iframe$/.test(name));
  assert.ok(addresses.length >= 13);
  for (const [name, value] of addresses) {
    assert.ok(value.startsWith(`${s.env.issuer}/`) && !/[?#]/.test(value), name);
    const { status } = await fetch(value, { redirect: 'manual' });
    assert.ok(status !== 404 && status < 500, `${name}: ${status}`);
  }
});

test('members have their types: lists of distinct texts, real booleans, language tags', () => {
  for (const [name, value] of Object.entries(metadata)) {
    if (/_supported$/.test(name) && Array.isArray(value)) {
      assert.ok(value.every((one) => typeof one === 'string' && one), name);
      assert.equal(new Set(value).size, value.length, name);
    } else if (/_supported$|^require_|^tls_client_/.test(name)) {
      assert.equal(typeof value, 'boolean', name);
    }
  }
  for (const tag of metadata.ui_locales_supported) assert.equal(Intl.getCanonicalLocales(tag)[0], tag);
  assert.deepEqual(metadata.ui_locales_supported.toSorted(), ['ar', 'de', 'en', 'es', 'fr', 'he', 'it', 'ja', 'pl', 'pt-BR', 'ru', 'tr', 'uk', 'zh-Hans']);
  for (const scope of metadata.scopes_supported) assert.match(scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/);
});

/* Of the IANA registry (OAuth Authorization Server Metadata), OpenID Connect Discovery, Logout and Session Management, CIBA, and two drafts. */
const KNOWN = new RegExp(`^(${[
  'issuer', 'jwks_uri', 'check_session_iframe', 'mtls_endpoint_aliases', 'require_request_uri_registration', 'require_pushed_authorization_requests', 'tls_client_certificate_bound_access_tokens',
  '(authorization|token|userinfo|registration|introspection|revocation|end_session|device_authorization|backchannel_authentication|pushed_authorization_request|authorization_challenge)_endpoint',
  '(scopes|response_types|response_modes|grant_types|subject_types|acr_values|claim_types|claims|ui_locales|code_challenge_methods|prompt_values|authorization_details_types|dpop_signing_alg_values)_supported',
  '(id_token|userinfo|request_object|introspection|authorization)_(signing_alg|encryption_alg|encryption_enc)_values_supported', '(token|introspection|revocation)_endpoint_auth_(methods|signing_alg_values)_supported',
  '(claims|request|request_uri|authorization_response_iss)_parameter_supported', '(front|back)channel_logout(_session)?_supported', 'client_id_metadata_document_supported',
  'backchannel_(token_delivery_modes|user_code_parameter|authentication_request_signing_alg_values)_supported',
].join('|')})$`);

test('members are those of the specifications, and ours have our name in front', () => {
  assert.deepEqual(Object.keys(metadata).filter((name) => !KNOWN.test(name)), ['stoa_revocation_feed_endpoint']);
  for (const [name, value] of Object.entries(metadata.mtls_endpoint_aliases ?? {})) assert.ok(/_endpoint$/.test(name) && name !== 'authorization_endpoint' && metadata[name] && value, name);
});

test('what the plans need is there, and what is weak is not', () => {
  has('response_types_supported', 'code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token');
  has('response_modes_supported', 'query', 'fragment', 'form_post', 'jwt', 'query.jwt');
  has('grant_types_supported', 'authorization_code', 'implicit', 'refresh_token', 'urn:openid:params:grant-type:ciba');
  has('scopes_supported', 'openid', 'offline_access');
  has('claims_supported', 'sub', 'name', 'email', 'auth_time', 'acr');
  assert.deepEqual(metadata.subject_types_supported.toSorted(), ['pairwise', 'public']);
  has('id_token_signing_alg_values_supported', 'RS256', 'PS256', 'ES256');
  has('userinfo_signing_alg_values_supported', 'RS256');
  has('request_object_signing_alg_values_supported', 'RS256', 'PS256', 'ES256');
  has('token_endpoint_auth_methods_supported', 'client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth');
  for (const endpoint of ['token', 'introspection', 'revocation']) {
    has(`${endpoint}_endpoint_auth_signing_alg_values_supported`, 'PS256', 'ES256', 'EdDSA');
    assert.ok(!metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`].includes('none'));
  }
  assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
  assert.deepEqual(metadata.dpop_signing_alg_values_supported.filter((alg) => !['ES256', 'PS256', 'EdDSA', 'Ed25519'].includes(alg)), []);
  has('backchannel_token_delivery_modes_supported', 'poll', 'ping');
  has('backchannel_authentication_request_signing_alg_values_supported', 'PS256', 'ES256');
  for (const name of ['authorization_response_iss_parameter_supported', 'request_parameter_supported', 'request_uri_parameter_supported', 'require_request_uri_registration', 'claims_parameter_supported', 'tls_client_certificate_bound_access_tokens',
    'backchannel_logout_supported', 'backchannel_logout_session_supported', 'frontchannel_logout_supported', 'frontchannel_logout_session_supported']) assert.equal(metadata[name], true, name);
});

test('every algorithm that signs has a key, with an id of its own and nothing private', async () => {
  const { keys } = await (await fetch(metadata.jwks_uri)).json();
  assert.equal(new Set(keys.map((key) => key.kid)).size, keys.length);
  for (const key of keys) {
    assert.ok(key.kid && key.kty !== 'oct');
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(key[member], undefined, member);
    if (key.kty === 'RSA') assert.ok(Buffer.from(key.n, 'base64url').length >= 256);
  }
  for (const member of ['id_token', 'userinfo', 'introspection', 'authorization']) {
    for (const alg of metadata[`${member}_signing_alg_values_supported`]) if (alg !== 'none') assert.ok(keys.some((key) => key.alg === alg && key.use === 'sig'), `${member}: ${alg}`);
  }
});

test('a request_uri may be registered with a fragment, which is for caches', async () => {
  const uri = 'https://rp.example/request.jwt#GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM';
  const rp = await addClient(s, { metadata: { request_uris: [uri] } });
  assert.match(await operator(s, 'clients', 'list'), new RegExp(rp.id));
  const [{ uris }] = await s.psql(`select metadata->'request_uris' as uris from auth.client where id = '${rp.id}'`);
  assert.deepEqual(uris, [uri]);
});
