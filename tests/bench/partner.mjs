/* The partner of the benchmark delegated-login: oidc-provider in a process of its own, so that its share can be told. Told by messages. */
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

let callback = (req, res) => res.end();
const server = createServer((req, res) => callback(req, res));
const heard = () => new Promise((resolve) => process.once('message', resolve));

const { host } = await heard();
await new Promise((resolve) => server.listen(0, host, resolve));
const issuer = `http://${host}:${server.address().port}`;
process.send({ issuer });

const { stoa, slug, secret, redirect } = await heard();
const client = (id, uri, more) => ({ client_id: id, client_secret: secret, redirect_uris: [uri], grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_basic', ...more });
callback = new Provider(issuer, {
  clients: [client('stoa', `${stoa}/cb/${slug}`), client('own', redirect)],
  cookies: { keys: ['benchmark'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@${slug}.example`, email_verified: true, name: id }) }),
}).callback();
process.send('ready');
process.once('disconnect', () => process.exit());
