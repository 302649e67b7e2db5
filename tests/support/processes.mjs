/* All of a PostgreSQL, to stop it as a machine stops: its processes work in the directory of its data. */
import { readdirSync, readlinkSync } from 'node:fs';

function worksIn(pid, directory) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return false; /* it has ended */
  }
}

export const processesOf = (directory) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && worksIn(pid, directory)).map(Number);
