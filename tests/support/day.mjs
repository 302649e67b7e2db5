/*
 * Limits, statements and the bank count by the day, by that of UTC. A day that ends between two requests is none that a test wants to see.
 *
 *   await wholeDay();      in the first minutes of the next day when this one ends within them
 */
import { setTimeout as sleep } from 'node:timers/promises';

const DAY_MS = 86_400_000;

export async function wholeDay(minutes = 15) {
  const left = DAY_MS - Date.now() % DAY_MS;
  if (left < minutes * 60_000) await sleep(left + 1000);
}
