/*
 * Waits for what other programs do.
 *
 *   const row = await eventually(async () => (await s.psql('select ...'))[0], { what: 'the job has measured' });
 *
 * The first truthy value is the answer. A condition that throws does not hold yet; what it threw is the cause of the failure.
 *
 *   const { value, ms } = await timed(() => fetch(url));   for upper bounds
 *
 * Neither believes the clock: a machine that stands still for a minute has done nothing in it, so a minute between two
 * looks at the clock counts as one look.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_STEP_MS = 1000;
/* What is long in coming is looked at less often: looks take of the processors that it needs. */
const SLOWER = 1.15;
const LONGEST_PAUSE_MS = 200;

export async function eventually(condition, { what, seconds = 300, pause = 50 }) {
  for (let spent = 0; ;) {
    const begun = performance.now();
    let cause;
    try {
      const found = await condition();
      if (found) return found;
    } catch (error) {
      cause = error;
    }
    if (spent >= seconds * 1000) throw new Error(`not within ${seconds} s: ${what}`, { cause });
    await sleep(pause);
    spent += Math.min(performance.now() - begun, pause + LONGEST_STEP_MS);
    pause = Math.max(pause, Math.min(pause * SLOWER, LONGEST_PAUSE_MS));
  }
}

const TICK_MS = 100;

/* { value, ms }: how long it took, in time in which this process ran. Never more than by the clock. */
export async function timed(act) {
  let ticks = 0;
  const timer = setInterval(() => { ticks += 1; }, TICK_MS);
  try {
    const value = await act();
    return { value, ms: ticks * TICK_MS };
  } finally {
    clearInterval(timer);
  }
}
