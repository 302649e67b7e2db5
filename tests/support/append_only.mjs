/*
 * What a table that takes new rows only says to its truncation. That asks for a lock which everybody else's statements wait behind, so on a run with
 * other tests it must not wait for it: it comes again.
 */
import { eventually } from './eventually.mjs';

export const truncation = (s, table) => eventually(async () => {
  const refusal = await s.psql(`set lock_timeout = '50ms'; truncate ${table} cascade`).then(() => new Error(`${table} is empty`), (error) => error);
  if (/lock timeout/.test(refusal.message)) throw refusal;
  return refusal;
}, { what: `a moment in which nobody reads ${table}` });
