/*
 * What a service has used of the processor, in milliseconds, with its children: those that ended are counted by the kernel when
 * their parent has waited for them, those that live are looked at. PostgreSQL's backends are children of its first process.
 */
import { readFileSync } from 'node:fs';

const TICK_MS = 10; /* USER_HZ, 100 on Linux */

function stat(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number);
  return { own: fields[11] + fields[12], reaped: fields[13] + fields[14] };
}

function children(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
}

export function cpuMs(pid) {
  const { own, reaped } = stat(pid);
  let ticks = own + reaped;
  for (const child of children(pid)) {
    try {
      ticks += stat(child).own;
    } catch {
      /* it has just ended, and its parent counts it next time */
    }
  }
  return ticks * TICK_MS;
}

/* Runs work, which tells how many it has done, and adds what each of them cost the services. */
export async function withCpu(pids, services, work) {
  const before = services.map((name) => cpuMs(pids[name]));
  const found = await work();
  const cpu = {};
  services.forEach((name, i) => {
    cpu[name] = (cpuMs(pids[name]) - before[i]) / found.count;
  });
  return { ...found, cpu };
}
