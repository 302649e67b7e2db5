/*
 * The behaviours of the specifications and the tests that prove them, read from the catalogues in this folder:
 *
 *   # par: RFC 9126, pushed authorization requests       a specification and the prefix of its ids
 *   1 (2.1) What a server has to do.                      a behaviour: par-1, section 2.1
 *       api/auth_requests: the name of the test           a test of it, one line each; C tests by the name in TEST()
 *
 * The catalogues in conformance/ walk through what certification asks, the requirement in the place of the section, and say where it is
 * done, one line for each file:
 *
 *       in authsrv/flow/token/tokens.c
 *
 * write.mjs makes docs/behaviours.md and the tables of docs/protocol/conformance.md of them; tests/arch/behaviours.test.mjs refuses a line
 * without a test that exists.
 * A number is never given twice, so that an id means the same for ever: new behaviours get the next one.
 */
const SPECIFICATION = /^# ([a-z]+): (.+)$/;
const BEHAVIOUR = /^(\d+) \(([^)]+)\) (.+)$/;
const PROOF = /^ {4}([\w/]+): (.+)$/;
const PLACE = /^ {4}in (\S+)$/;

/* Reads one catalogue: [{ key, name, behaviours: [{ id, number, section, text, proofs: [{ file, test }], places: [path] }] }]. */
export function parse(text) {
  const specifications = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, key, name] = SPECIFICATION.exec(line) ?? [];
    const [, number, section, sentence] = BEHAVIOUR.exec(line) ?? [];
    const [, file, test] = PROOF.exec(line) ?? [];
    const [, place] = PLACE.exec(line) ?? [];
    const current = specifications.at(-1);
    if (key) specifications.push({ key, name, behaviours: [] });
    else if (number && current) current.behaviours.push({ id: `${current.key}-${number}`, number: Number(number), section, text: sentence, proofs: [], places: [] });
    else if (file && current?.behaviours.length) current.behaviours.at(-1).proofs.push({ file, test });
    else if (place && current?.behaviours.length) current.behaviours.at(-1).places.push(place);
    else if (line !== '') throw new Error(`line ${index + 1} is of no kind: ${line}`);
  }
  return specifications;
}

/* Where a test stands: tests/api/x.test.mjs or tests/unit/x_test.c. */
export const pathOf = (file) => (/^(unit|prop|contract|torture|sim)\//.test(file) ? `tests/${file}_test.c` : `tests/${file}.test.mjs`);

/* The names of the tests, and of the groups of tests, that a source defines; what is skipped does not count. */
export function testsIn(path, source) {
  if (path.endsWith('.c')) return new Set([...source.matchAll(/^(?:SHARED_)?TEST\((\w+)\)/gm)].map(([, name]) => name));
  return new Set([...source.matchAll(/(?<![\w.])(?:test|describe)\((['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , name]) => name.replace(/\\(.)/g, '$1')));
}

/* What is wrong with the catalogues: an array of sentences. sourceOf(path) gives the text of a file, or null. */
export function faultsOf(specifications, sourceOf) {
  const keys = new Set();
  return specifications.flatMap(({ key, behaviours }) => {
    const faults = keys.has(key) ? [`${key} stands twice`] : [];
    keys.add(key);
    if (behaviours.length === 0) faults.push(`${key} has no behaviour`);
    for (const [index, { id, number, proofs, places }] of behaviours.entries()) {
      if (number <= (behaviours[index - 1]?.number ?? 0)) faults.push(`${id} is out of order`);
      if (proofs.length === 0) faults.push(`${id} has no test`);
      for (const place of places) if (sourceOf(place) === null) faults.push(`${id}: there is no ${place}`);
      for (const { file, test } of proofs) {
        const source = sourceOf(pathOf(file));
        if (source === null || !testsIn(pathOf(file), source).has(test)) faults.push(`${id}: ${pathOf(file)} has no test "${test}"`);
      }
    }
    return faults;
  });
}

const cell = (text) => text.replace(/[|<>*_`\\]/g, (mark) => `\\${mark}`);
const proofOf = (up) => ({ file, test }) => `[${file}](${up}${pathOf(file)}): ${cell(test)}`;
const countOf = (specifications) => specifications.reduce((sum, { behaviours }) => sum + behaviours.length, 0);

/* The document, in the order of the catalogues. */
export function documentOf(specifications) {
  const part = ({ name, behaviours }) => [
    '', `## ${name}`, '', '| id | section | what authsrv does | proved by |', '| --- | --- | --- | --- |',
    ...behaviours.map(({ id, section, text, proofs }) => `| ${id} | ${section} | ${cell(text)} | ${proofs.map(proofOf('../')).join('<br>')} |`),
  ];
  return [
    '# Behaviours and the tests that prove them', '',
    `${countOf(specifications)} behaviours of ${specifications.length} specifications. Made by \`node tests/behaviours/write.mjs\` from the catalogues in`,
    '`tests/behaviours/`; do not edit it. A line whose test is gone, or that has none, fails `./stoa test arch`; the tests run with `./stoa test`.',
    'Sections are those of the specification. Where a name holds `${…}`, it stands for several tests.',
    ...specifications.flatMap(part), '',
  ].join('\n');
}

const WALK = /<!-- walk -->[\s\S]*<!-- end -->/;

/* The page about certification with its tables made anew, between two marks: the requirement, where it is met, what proves it. */
export function walked(page, specifications) {
  const part = ({ name, behaviours }) => [
    '', `### ${name}`, '', '| | what is asked | where | proved by |', '| --- | --- | --- | --- |',
    ...behaviours.map(({ section, text, proofs, places }) =>
      `| ${section} | ${cell(text)} | ${places.map((path) => `[${cell(path)}](../../${path})`).join('<br>')} | ${proofs.map(proofOf('../../')).join('<br>')} |`),
  ];
  return page.replace(WALK, () => ['<!-- walk -->', `${countOf(specifications)} requirements.`, ...specifications.flatMap(part), '', '<!-- end -->'].join('\n'));
}
