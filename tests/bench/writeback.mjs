/*
 * Linux keeps what is written for half a minute, and then everybody who commits waits until it is on the disk. Benchmarks are of a machine that is set up as
 * docs/OPERATIONS.md says, for the load and its limit alike; afterwards it is as it was. Where it may not be set (no root, a container), it is said.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const WANTED = { dirty_background_bytes: '16777216', dirty_expire_centisecs: '100', dirty_writeback_centisecs: '50' };
const file = (name) => `/proc/sys/vm/${name}`;

/* Gives what puts it back. Bytes and ratio are one setting: whichever is written last counts, and the other one reads 0. */
export function writebackIsSteady() {
  const was = Object.fromEntries(['dirty_background_ratio', ...Object.keys(WANTED)].map((name) => [name, readFileSync(file(name), 'utf8').trim()]));
  const write = (values) => Object.entries(values).forEach(([name, value]) => writeFileSync(file(name), value));
  try {
    write(WANTED);
  } catch (error) {
    console.log(`what is written goes to the disk as the machine has it, which OPERATIONS.md advises against: ${error.message}`);
    return () => {};
  }
  return () => write(Object.fromEntries(Object.entries(was).filter(([name, value]) => value !== '0' || !name.startsWith('dirty_background'))));
}
