/* That tests/support/twice.mjs knows every form of paysrv's pages, each of which the tests send twice. MONEY 11. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forms } from '../support/twice.mjs';
import { sharedStack } from '../support/stack.mjs';

let s;
before(async () => { s = await sharedStack(); });
after(() => s.stop());

test('the forms that are sent twice, or are said why not, are those of the server’s own description', async () => {
  const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
  const served = Object.entries(paths).filter(([, { post }]) => post?.tags?.includes('pages')).map(([path]) => path);
  assert.deepEqual(Object.keys(forms).sort(), served.sort());
});
