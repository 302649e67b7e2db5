/* The types of the JavaScript client as editors read them: right uses compile under TypeScript's strictest rules, wrong ones do not. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { ROOT } from '../support/stack.mjs';

const PROGRAM = `
import { PayError, clientToken, items, payClient } from '${join(ROOT, 'web/client/pay.mjs')}';
const token = clientToken({ issuer: 'https://id.example', clientId: 'shop', clientSecret: 'x', scope: 'pay.payments' });
const pay = payClient({ base: 'https://pay.example', token });
const payment = await pay.payments.create({ store: 'st_1', amount: 1000, currency: 'EUR', description: 'An issue', capture_method: 'manual' }, { key: 'order-1' });
const id: string = payment.id, amount: number = payment.amount;
for await (const one of items(pay.payments.list, { store: 'st_1' })) console.log(one.status === 'succeeded', one.currency);
try {
  await pay.refunds.create(id, { amount });
} catch (error) {
  if (error instanceof PayError) console.log(error.status, error.challenge.scope);
}
`;
const WRONG = [
  "await pay.payments.create({ store: 'st_1', amount: '1000', currency: 'EUR', description: 'x' });",
  "await pay.payments.create({ store: 'st_1', currency: 'EUR', description: 'x' });",
  "await pay.payments.create({ store: 'st_1', amount: 1, currency: 'EUR', description: 'x', capture_method: 'later' });",
  'await pay.payments.list({ amount_min: true });',
  'payment.amount.toUpperCase();',
  'payment.nothing_like_that;',
  "pay.payments.pay('pay_1');",
];

function complaints(text) {
  const directory = mkdtempSync(join(ROOT, 'tests/interop/.types-')), file = join(directory, 'program.mts');
  try {
    writeFileSync(file, text);
    const program = ts.createProgram([file], {
      strict: true, noEmit: true, allowJs: true, checkJs: false, skipLibCheck: true, types: ['node'], typeRoots: [join(ROOT, 'tests/interop/node_modules/@types')],
      target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    const source = program.getSourceFile(file);
    return ts.getPreEmitDiagnostics(program, source).map((one) => `${source.getLineAndCharacterOfPosition(one.start).line} ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('what the client takes and gives has types: right uses compile, wrong ones do not', () => {
  assert.deepEqual(complaints(PROGRAM), []);
  const lines = PROGRAM.split('\n').length - 1, found = complaints(`${PROGRAM}${WRONG.join('\n')}\n`);
  assert.deepEqual([...new Set(found.map((one) => Number(one.split(' ')[0]) - lines))], WRONG.map((_, i) => i), found.join('\n'));
});
