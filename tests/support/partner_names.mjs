/*
 * Names of partners' own (decision 0047) for tests: a small proxy at an address of its own, as an operator's would be, which keeps Host and shows
 * the proof of the partner. admin: tests/support/admin.mjs; made: tests/support/upstream.mjs.
 */
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { addClient } from './relying_party.mjs';

export const NEEDED = /^host: (http:\/\/[^/]+)\/\.well-known\/stoa-partner has to answer 200 with ([\w-]{43})$/;

export function partnerNames({ stack, admin, made }) {
  /* What the partner's domain leads to: our server behind a proxy, and one file. */
  async function named() {
    const name = { proof: null };
    name.origin = await made.listen((req, res) => {
      if (req.url === '/.well-known/stoa-partner') return res.writeHead(name.proof ? 200 : 404).end(`${name.proof}\n`);
      const there = new URL(stack().env.issuer);
      return req.pipe(httpRequest({ host: there.hostname, port: there.port, path: req.url, method: req.method, headers: req.headers, agent: false }, (answer) => answer.pipe(res.writeHead(answer.statusCode, answer.rawHeaders))));
    });
    name.host = new URL(name.origin).host;
    return name;
  }

  const say = async (slug, host, call = admin) => call('PATCH', `/admin/v1/partners/${slug}`, { host }, { ifMatch: (await admin('GET', `/admin/v1/partners/${slug}`)).etag });

  async function give(slug, name) {
    const { body } = await say(slug, name.host);
    const [, , proof] = NEEDED.exec(body.detail) ?? assert.fail(JSON.stringify(body));
    name.proof = proof;
    const said = await say(slug, name.host);
    assert.deepEqual([said.status, said.body.host], [200, name.host], JSON.stringify(said.body));
  }

  /* A partner with a name, and an application of it. */
  async function partnerAt({ settings, redirect, more = [] } = {}) {
    const name = await named();
    const client = (slug) => ({
      redirect_uris: [`${stack().env.issuer}/cb/${slug}`, `${name.origin}/cb/${slug}`],
      post_logout_redirect_uris: [`${name.origin}/cb/${slug}/logged-out`],
    });
    const there = await made.provider({ client, settings });
    const rp = await addClient(stack(), { redirect, more: ['--partner', there.slug, ...more] });
    await give(there.slug, name);
    return { ...name, ...there, rp };
  }

  return { named, say, partnerAt };
}
