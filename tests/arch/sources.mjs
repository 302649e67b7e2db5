/* What the architecture tests look at: the files of the repository, and C source taken apart into code, comments and strings. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const listed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n').filter((path) => path && path !== 'tests/node_modules' && existsSync(join(ROOT, path)));

export const files = (pattern) => listed.filter((path) => pattern.test(path));
export const read = (path) => readFileSync(join(ROOT, path), 'utf8');
export const C_FILES = files(/\.[ch]$/);

const LEXEME = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\.)+'/g;
const blank = (text) => text.replace(/[^\n]/g, ' ');

/* The same text, line for line, once with only code and once with code and strings. */
export function cParts(text) {
  const lineComments = [];
  const code = text.replace(LEXEME, (lexeme, at) => {
    if (lexeme.startsWith('//')) lineComments.push(lineOf(text, at));
    return blank(lexeme);
  });
  const withStrings = text.replace(LEXEME, (lexeme) => (lexeme.startsWith('/') ? blank(lexeme) : lexeme));
  return { code, withStrings, lineComments };
}

export const lineOf = (text, at) => text.slice(0, at).split('\n').length;

/* Every place where the pattern occurs, as "line: text". */
export function places(text, pattern) {
  return [...text.matchAll(pattern)].map((found) => `${lineOf(text, found.index)}: ${found[0].trim()}`);
}

/* In the house's layout a function's braces stand alone at the start of a line. */
export function longFunctions(code, limit) {
  const found = [];
  let start = 0;
  code.split('\n').forEach((line, index) => {
    if (line.trimEnd() === '{') start = index + 1;
    if (line.trimEnd() === '}' && start) {
      if (index - start > limit) found.push(`${start}: ${index - start} lines`);
      start = 0;
    }
  });
  return found;
}

/* A table of a document between <!-- name --> and <!-- end -->: rows of [first cell, words of the second]. */
export function documentTable(text, name) {
  const part = new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- end -->`).exec(text);
  if (!part) throw new Error(`no table ${name}`);
  return [...part[1].matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, first, second]) => [first, second.replaceAll('`', '').split(/\s+/)]);
}
