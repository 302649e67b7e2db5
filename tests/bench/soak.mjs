/*
 * ./stoa bench soak: 1,000,000 tokens in cycles of flows and rotations. After each cycle everything is made forty days older, by the
 * database, and the server's own job has to delete it: in the last third of the cycles the resident memory of authsrv and the size of its
 * tables must be what they were in the second (tables and indexes first grow to what the largest cycle and its ageing, which writes each
 * row anew, leave behind). Takes about a quarter of an hour, so it runs only when it is named.
 */
import { readFileSync } from 'node:fs';
import { eventually } from '../support/eventually.mjs';
import { AUTH_LOADS, closeAuth, openAuth } from './auth.mjs';

const TOKENS = Number(process.env.SOAK_TOKENS ?? 1_000_000);
const PART_SECONDS = 15;
const LEAST_CYCLES = 6;
const GROWTH = 1.1;
const AGED = ['flow', 'grants', 'code', 'refresh', 'access_token', 'pushed_request', 'seen_jti'];

const residentMiB = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function age(stack) {
  const columns = await stack.psql(`select table_name, column_name from information_schema.columns where table_schema = 'auth'
    and data_type = 'timestamp with time zone' and table_name in (${AGED.map((name) => `'${name}'`)})`);
  for (const table of AGED) {
    const set = columns.filter(({ table_name: name }) => name === table).map(({ column_name: column }) => `${column} = ${column} - interval '40 days'`);
    if (set.length) await stack.psql(`update auth.${table} set ${set}`);
  }
}

const rows = async (stack) => {
  const [{ n }] = await stack.psql(`select ${AGED.map((name) => `(select count(*) from auth.${name})`).join(' + ')} n`);
  return n;
};

const purged = (stack) => eventually(async () => {
  const left = await rows(stack);
  if (left > 0) throw new Error(`${left} rows are still there`);
  return true;
}, { what: 'everything that is over is deleted', seconds: 300, pause: 1000 });

async function tablesMiB(stack) {
  for (const table of AGED) await stack.psql(`vacuum auth.${table}`); /* as autovacuum does, but now */
  const [{ bytes }] = await stack.psql(`select sum(pg_total_relation_size(c.oid)) bytes from pg_class c where c.relkind = 'r'
    and c.relnamespace = 'auth'::regnamespace and c.relname in (${AGED.map((name) => `'${name}'`)})`);
  return bytes / 2 ** 20;
}

async function cycle(stack) {
  const auth = await openAuth(stack);
  try {
    let tokens = 0;
    for (const [name, each] of [['code-flow', 3], ['refresh', 2]]) { /* access and refresh token, and an ID token */
      const measure = await AUTH_LOADS[name].prepare(auth);
      tokens += each * (await measure(PART_SECONDS)).count;
    }
    return tokens;
  } finally {
    closeAuth(auth);
  }
}

function grown(list) {
  const third = Math.floor(list.length / 3);
  return Math.max(...list.slice(-third)) > GROWTH * Math.max(...list.slice(third, -third));
}

export async function soak(stack) {
  const memory = [], sizes = [];
  for (let issued = 0; issued < TOKENS || memory.length < LEAST_CYCLES;) {
    issued += await cycle(stack);
    const kept = await rows(stack);
    memory.push(residentMiB(stack.env.pids.authsrv));
    await age(stack);
    await purged(stack);
    sizes.push(await tablesMiB(stack));
    console.log(`soak ${String(issued).padStart(9)} tokens  authsrv ${memory.at(-1).toFixed(1)} MiB  ` +
      `tables ${sizes.at(-1).toFixed(1)} MiB when ${kept} rows of this cycle have expired and are deleted`);
  }
  if (grown(memory)) throw new Error('the memory of authsrv grows');
  if (grown(sizes)) throw new Error('the tables grow');
  console.log('soak: memory and tables are flat');
}
