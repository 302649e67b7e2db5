/* Inkwell's facts in one JSON file, replaced atomically: enough for a demo site of one process. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const EMPTY = { articles: [], orders: [], connections: {}, members: {}, webhook: null, demoStore: null, idpKeys: null };

export function openState(directory) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'inkwell.json');
  let data = structuredClone(EMPTY);
  try {
    data = { ...data, ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(data, null, 1), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return { data, save };
}
