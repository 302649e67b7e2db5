/*
 * A program that answers one request after another, so that starting it, which costs more than most requests, is paid for
 * once: a server's `shell` for operator's verbs, psql for questions to the database. It ends with the test's process.
 *
 * It ends each answer with the record separator on both outputs, on the first one with a code and a newline behind it.
 *
 *   const c = companion(command, args, env);
 *   await c.ask('text for its input')     -> { code, stdout, stderr }; requests wait for each other
 *   c.close()
 */
import { spawn } from 'node:child_process';

const SEPARATOR = '\x1e';
const LIMIT_MS = 180_000;

function start(command, args, env) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const handles = [child, child.stdin, child.stdout, child.stderr];
  const run = { child, out: '', err: '', ended: null, changed: () => {} };
  child.stdout.setEncoding('utf8').on('data', (text) => { run.out += text; run.changed(); });
  child.stderr.setEncoding('utf8').on('data', (text) => { run.err += text; run.changed(); });
  child.stdin.on('error', () => {}); /* it ended: its code tells */
  child.on('error', (error) => { run.ended = { code: 127, message: error.message }; run.changed(); });
  child.on('close', (code, signal) => { run.ended ??= { code: code ?? signal }; run.changed(); });
  run.hold = () => handles.forEach((handle) => handle.ref?.());
  run.release = () => handles.forEach((handle) => handle.unref?.());
  return run;
}

/* The answer when it is whole, or what there was when the program ended. */
function answerOf(run) {
  const out = run.out.indexOf(SEPARATOR), line = out < 0 ? -1 : run.out.indexOf('\n', out), err = run.err.indexOf(SEPARATOR);
  if (line >= 0 && err >= 0) return { code: Number(run.out.slice(out + 1, line)), stdout: run.out.slice(0, out), stderr: run.err.slice(0, err) };
  return run.ended && { code: run.ended.code, stdout: run.out, stderr: run.err + (run.ended.message ?? '') };
}

async function converse(run, text) {
  run.out = run.err = '';
  run.hold();
  const timer = setTimeout(() => run.child.kill('SIGKILL'), LIMIT_MS);
  try {
    run.child.stdin.write(text);
    for (;;) {
      const answer = answerOf(run);
      if (answer) return answer;
      await new Promise((resolve) => { run.changed = resolve; });
    }
  } finally {
    clearTimeout(timer);
    run.release();
  }
}

export function companion(command, args, env = {}) {
  let run = null, last = Promise.resolve();
  const answer = async (text) => {
    if (!run || run.ended) run = start(command, args, env);
    return converse(run, text);
  };
  return {
    ask(text) {
      last = last.then(() => answer(text), () => answer(text));
      return last;
    },
    close() {
      run?.child.stdin.end();
      run = null;
    },
  };
}
