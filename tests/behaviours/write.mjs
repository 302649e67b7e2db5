/* Writes docs/behaviours.md anew. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { documentOf, parse } from './matrix.mjs';

const here = (name) => new URL(name, import.meta.url);
const catalogues = readdirSync(here('.')).filter((name) => name.endsWith('.txt')).sort();
writeFileSync(here('../../docs/behaviours.md'), documentOf(catalogues.flatMap((name) => parse(readFileSync(here(name), 'utf8')))));
