/*
 * Runs files of tests beside each other, each in a process of its own, as `node --test` does, but in an order of its own.
 *   node tests/files.mjs CONCURRENCY TAP_FILE FILE...      for people on stdout, TAP into the file; status 1: something failed
 */
import { createWriteStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { compose } from 'node:stream';
import { run } from 'node:test';
import { spec as Spec, tap } from 'node:test/reporters';

const [concurrency, tapFile, ...files] = process.argv.slice(2);

/*
 * These wait most of their time: for a server that starts again, for a lease, for the next round of a job. In the order of the alphabet half of
 * them stood beside each other and both processors still. The longest is first, and nothing is wrong when a new one is missing here.
 */
const WAITING = ['crash', 'pay_unknown', 'billing', 'pay_stripe', 'auth_logout_channels', 'pay_disputes', 'payout_rails', 'reversals', 'payout_bank',
  'outage', 'pay_holds', 'reconcile', 'webhook', 'party'];

/* The waiting ones spread among the others, beginning with one of them. */
function spread(all) {
  const place = (file) => WAITING.indexOf(basename(file, '.test.mjs'));
  const waiting = all.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b));
  const others = all.filter((file) => place(file) < 0);
  const distance = Math.max(1, Math.floor(others.length / Math.max(1, waiting.length)));
  const mixed = waiting.flatMap((file, i) => [file, ...others.slice(i * distance, (i + 1) * distance)]);
  return [...mixed, ...others.slice(waiting.length * distance)];
}

const tests = run({ files: spread(files).map((file) => resolve(file)), concurrency: Number(concurrency), timeout: 1_800_000 });
tests.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
compose(tests, new Spec()).pipe(process.stdout);
compose(tests, tap).pipe(createWriteStream(tapFile));
