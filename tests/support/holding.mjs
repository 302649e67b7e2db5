/*
 * A transaction that stays open: it keeps the locks of its statement until it is told to let go, so that a test can make others meet there.
 *
 *   const held = await holding(s.env, "select from pay.payout where payout_id = '…' for update");
 *   const waiting = call();        something that needs the row
 *   await held.waiters(s, [waiting]);      until each of them waits for it, or for one that does
 *   await held.release();
 *
 * The servers wait for a lock for two seconds. On a machine that stands still for longer they answer 503, and nobody waits any more.
 */
import { companion } from './companion.mjs';
import { eventually } from './eventually.mjs';

const PSQL = '/usr/lib/postgresql/15/bin/psql';

export async function holding(env, sql) {
  const session = companion(PSQL, [env.database_url, '-X', '-q', '-At']);
  const ask = (text) => session.ask(`${text};\n\\warn -n '\x1e'\n\\echo '\x1e0'\n`);
  const { stdout, stderr } = await ask(`select pg_backend_pid(); begin; ${sql}`);
  if (stderr) throw new Error(stderr);
  const pid = Number.parseInt(stdout, 10);
  const waiting = `with recursive w (pid) as (select ${pid} union select a.pid from pg_stat_activity a join w on w.pid = any (pg_blocking_pids(a.pid)))`;
  return {
    waiters(s, calls) {
      let answered = false;
      Promise.allSettled(calls).then(() => { answered = true; });
      return eventually(async () => answered || (await s.psql(`${waiting} select count(*) - 1 as n from w`))[0].n >= calls.length, { what: `${calls.length} wait for the lock`, pause: 5 });
    },
    async release() {
      await ask('commit');
      session.close();
    },
  };
}
