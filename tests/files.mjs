/*
 * Runs files of tests beside each other, each in a process of its own, as `node --test` does, but in an order of its own.
 *   node tests/files.mjs CONCURRENCY TAP_FILE FILE...      for people on stdout, TAP into the file; status 1: something failed
 */
import { createWriteStream, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { compose } from 'node:stream';
import { run } from 'node:test';
import { spec as Spec, tap } from 'node:test/reporters';

const LIMIT_MS = 1_800_000;

/*
 * Those that wait most of their time: for a server that starts again, for a lease, for the next round of a job; and how many seconds each takes,
 * about. In the order of the alphabet four of them stood beside each other, and both processors still. Nothing is wrong when a new one is missing.
 */
const WAITING = { crash: 170, pay_unknown: 120, renewals: 150, billing: 75, pay_stripe: 65, auth_logout_channels: 65, pay_disputes: 65, payout_rails: 60, clock: 60, webhook: 50,
  webhook_pace: 40, full_disk: 30, lost_commit: 20, few_files: 15,
  reversals: 30, payout_bank: 30, outage: 30, failover: 100, recovery: 20, pay_holds: 25, held_money: 80, ledger_check: 60, reconcile: 20, party: 15, auth_ciba: 25 };

const waits = (file) => WAITING[basename(file, '.test.mjs')];
/* How long it takes among those of its kind: what has much to say takes long. */
const weight = (file) => waits(file) ?? statSync(file).size;

function kindsOf(files) {
  const kinds = {};
  for (const file of files) (kinds[waits(file) ? 'waiting' : dirname(file)] ??= []).push(file);
  return Object.values(kinds);
}

/* When each begins, as a part of the time that all of its kind take one after the other, the longest first. */
function places(kind) {
  const all = kind.reduce((sum, file) => sum + weight(file), 0);
  let before = 0;
  return kind.sort((a, b) => weight(b) - weight(a)).map((file) => {
    const place = { file, at: before / all };
    before += weight(file);
    return place;
  });
}

/* So that at every moment some wait, some have a browser at work and some a server, and nothing long is left over for the end. */
const spread = (files) => kindsOf(files).flatMap(places).sort((a, b) => a.at - b.at).map(({ file }) => file);

const [concurrency, tapFile, ...files] = process.argv.slice(2);
const tests = run({ files: spread(files).map((file) => resolve(file)), concurrency: Number(concurrency), timeout: LIMIT_MS });
tests.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
compose(tests, new Spec()).pipe(process.stdout);
compose(tests, tap).pipe(createWriteStream(tapFile));
