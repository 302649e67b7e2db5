/*
 * What each route of authsrv is asked for by whoever has a credential: a request that is good for the owner of the $things in it (tests/support/auth_things.mjs).
 * by: 'client' with its own authentication, 'led' by the browser of the owner's person for another application, 'bearer' with a token of its partner's backend, 'registration' with its registration access token, 'person' with
 * the cookies of a browser, 'web' as a browser speaks FedCM.
 */
import { REDIRECT } from './relying_party.mjs';

export const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
export const CIBA = 'urn:openid:params:grant-type:ciba';
export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE = 'urn:ietf:params:oauth:token-type';
export const CHALLENGE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };

const client = (path, ...forms) => forms.map((form) => ({ by: 'client', method: 'POST', path, form }));
const bearer = (method, path, json) => [{ by: 'bearer', method, path, json }];
const registration = (method, json) => [{ by: 'registration', method, path: '/register/$registered', json }];
const get = (path, query) => [{ by: 'person', method: 'GET', path, query }];
const post = (path, form) => [{ by: 'person', method: 'POST', path, form }];
/* A page of a flow and what its form asks for: a flow of a browser that is to log in, and one that is to consent. */
const flows = (path, ...forms) => ['$flow', '$asked'].flatMap((flow) => [...(forms[0] === null ? [] : get(path, { flow })), ...forms.filter(Boolean).flatMap((form) => post(path, { flow, ...form }))]);
const led = (method, path, query) => [{ by: 'led', method, path, [method === 'GET' ? 'query' : 'form']: query }];
const web = (path, form) => [{ by: 'web', method: 'POST', path, form }];

/* What anybody may ask for, and has of his own then. */
const shared = (requests) => requests.map((one) => ({ ...one, isShared: true }));
/* Whose answer tells nobody what there was. */
const silent = (requests) => requests.map((one) => ({ ...one, isSilent: true }));
/* What the server of these tests does for nobody. */
const off = (requests) => requests.map((one) => ({ ...one, isOff: true }));
/* What is signed tells by itself whether it is good. */
const hint = (by, method, path, query) => [{ by, method, path, [method === 'GET' ? 'query' : 'form']: query, isSigned: true }];
const assertion = web('/fedcm/assertion', { client_id: '$app', account_id: '$sub', params: JSON.stringify({ ...CHALLENGE, scope: 'openid email' }), disclosure_shown_for: 'name,email,picture' });

export const REQUESTS = [
  client('/introspect', { token: '$access' }, { token: '$refresh' }, { token: '$own' }),
  client('/par', { id_token_hint: '$id', response_type: 'code', redirect_uri: REDIRECT, scope: 'openid', ...CHALLENGE }),
  client('/device_authorization', { scope: 'openid' }),
  client('/bc-authorize', { id_token_hint: '$id', scope: 'openid' }),
  client('/authorization_challenge', { auth_session: '$session', otp: '00000000' }),
  client('/token',
    { grant_type: EXCHANGE, subject_token: '$access', subject_token_type: `${TYPE}:access_token`, scope: 'email' },
    { grant_type: EXCHANGE, subject_token: '$id', subject_token_type: `${TYPE}:id_token`, scope: 'email' }),
  client('/authorization_challenge', { auth_session: '$session', otp: '$otp' }, { auth_session: '$session2', resend: 'true' }),
  shared(client('/authorization_challenge', { login_hint: '$mailbox', scope: 'openid', ...CHALLENGE })),
  shared(bearer('POST', '/partner/v1/users', { email: '$fresh', name: 'Of both', request_id: '$requestid', ...CHALLENGE })),
  client('/token',
    { grant_type: 'authorization_code', code: '$code', redirect_uri: REDIRECT, code_verifier: '$verifier' },
    { grant_type: DEVICE, device_code: '$device' }, { grant_type: CIBA, auth_req_id: '$approved' }),
  silent(client('/revoke', { token: '$own' }, { token: '$access' }, { token: '$kept' })),

  bearer('GET', '/partner/v1/users/$brought'), bearer('POST', '/partner/v1/users/$brought/confirm', { code: '00000000' }),
  bearer('POST', '/partner/v1/users/$brought/confirm', { code: '$typed' }), bearer('POST', '/partner/v1/users/$brought2/resend'),

  registration('GET'), registration('PUT', { client_id: '$registered', redirect_uris: [REDIRECT], client_name: 'Taken over' }), registration('DELETE'),

  led('GET', '/authorize', { client_id: '$by', request_uri: '$pushed' }), led('POST', '/authorize', { client_id: '$by', request_uri: '$pushed2' }),
  hint('led', 'GET', '/authorize', { client_id: '$by', response_type: 'code', redirect_uri: REDIRECT, scope: 'openid', id_token_hint: '$id', prompt: 'none', ...CHALLENGE }),
  flows('/login', { email: 'nobody@stoa.example', password: 'wrong' }), flows('/select-account', { account: '-' }), flows('/login/second', { code: '000000' }),
  flows('/login/enrol', { code: '000000' }), flows('/login/enrol/qr'), flows('/login/enrol/codes', {}), flows('/link', { choice: 'link' }), flows('/recover'), off(flows('/sign-up', { email: 'nobody@stoa.example' })),
  off(flows('/sign-up/code', null, { ticket: '-', code: '00000000', password: 'a new password of mine' })), flows('/login/passkey', null, { client_data: 'AA', authenticator_data: 'AA', id: 'AA', signature: 'AA', user_handle: 'AA' }),
  flows('/language', null, { then: '/login', to: 'en' }), flows('/login/home', null, { email: 'nobody@stoa.example' }), get('/login/partner/$slug', { flow: '$flow' }),
  get('/continue/$asked'), get('/continue/$flow'), flows('/consent', { decision: 'allow' }), post('/login/leave', { flow: '$flow' }),
  off(get('/sign-up/code', { flow: '$flow', ticket: '$ticket' })),
  silent(post('/recover/code', { ticket: '$ticket', code: '00000000', password: 'another long phrase of words' })),
  get('/account'), get('/account/access'), get('/account/data'), get('/account/export'), get('/account/passkeys'), get('/account/partners'),
  hint('person', 'GET', '/logout', { id_token_hint: '$id', client_id: '$app' }), hint('person', 'GET', '/logout', { logout_hint: '$sid' }), hint('person', 'POST', '/logout', { id_token_hint: '$id' }),
  assertion, web('/fedcm/disconnect', { client_id: '$app', account_hint: '$sub' }), assertion,
  silent(post('/account/apps/end', { id: '$app' })), post('/account/passkeys/remove', { id: '$passkey' }), post('/account/partners/unlink', { id: '$identity' }), post('/account/sessions/end', { id: '$sid' }),
].flat();

/*
 * What names nothing of anybody, or is opened by what was mailed to its owner alone; the administration has its own walk (admin_tenancy). A refresh token
 * is not tried at /token: what comes from another application has leaked, and its family is revoked.
 */
export const NOTHING_TO_ASK = [
  /^(OPTIONS|GET \/(\.well-known|healthz|readyz|openapi|assets|js|jwks|branding|session\/check|cb|fedcm\/(config|client|accounts)|partner\/(authorize|logout)|not-me|link\/undo|approve|device|language|account\/(password|delete|totp|recovery-codes)|recover\/code|login\/enrol\/qr))/,
  /^POST \/(cb\/|register$|revocations|not-me|link\/undo|device$|recover$|userinfo|account\/(password|delete|totp|recovery-codes|passkeys$|partners\/link))/,
  /^GET \/userinfo/, / \/admin\/v1\//,
];
