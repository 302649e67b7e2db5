/* Writes docs/behaviours.md, and the tables of docs/protocol/conformance.md, anew. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { documentOf, parse, walked } from './matrix.mjs';

const here = (name) => new URL(name, import.meta.url);
const catalogues = (folder) => readdirSync(here(folder)).filter((name) => name.endsWith('.txt')).sort().flatMap((name) => parse(readFileSync(here(folder + name), 'utf8')));
const page = here('../../docs/protocol/conformance.md');
writeFileSync(here('../../docs/behaviours.md'), documentOf(catalogues('./')));
writeFileSync(page, walked(readFileSync(page, 'utf8'), catalogues('./conformance/')));
