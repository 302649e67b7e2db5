/*
 * Stands between two programs that speak HTTP/1.1 and cuts single exchanges short.
 *
 *   const cutter = await startCutter();               cutter.url is what the caller is told; cutter.target(url) where it leads
 *   cutter.cut('pay_1', { request: 17 })              of the exchange whose request holds these words only 17 bytes arrive
 *   cutter.cut('pay_2', { reply: 0 })                 all of the request, and nothing of the reply
 *   cutter.cut('pay_3', {})                           all of both: cutter.seen('pay_3') is { request, reply } in bytes
 *   cutter.silence(true)                              whoever only asks (GET) gets no answer, until it is false again
 *   await cutter.stop()
 */
import { createServer, connect } from 'node:net';
import { once } from 'node:events';

/* The length of the first whole message of these bytes; 0: it is not whole yet. */
function messageLength(bytes) {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, head).toString('latin1'))?.[1] ?? 0);
  return bytes.length >= head + 4 + length ? head + 4 + length : 0;
}

export async function startCutter() {
  const plans = new Map(), sizes = new Map(), sockets = new Set();
  let target, isSilent = false;

  function serve(caller) {
    if (!target) return void caller.destroy(); /* who is early may ask again */
    const server = connect(target.port, target.hostname);
    let request = Buffer.alloc(0), name, plan = {}, replied = 0;
    const end = () => {
      caller.destroy();
      server.destroy();
    };
    const keep = (socket) => {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    };
    [caller, server].forEach(keep);
    caller.on('data', (piece) => {
      request = Buffer.concat([request, piece]);
      const whole = messageLength(request);
      if (!whole) return;
      const text = request.subarray(0, whole).toString();
      if (isSilent && text.startsWith('GET ')) return void end();
      name = text.startsWith('POST ') && [...plans.keys()].find((words) => text.includes(words));
      plan = plans.get(name) ?? {};
      plans.delete(name);
      replied = 0;
      sizes.set(name, { request: whole, reply: 0 });
      if (plan.request === undefined) server.write(request.subarray(0, whole));
      else if (plan.request === 0) end();
      else server.end(request.subarray(0, plan.request));
      request = request.subarray(whole);
    });
    server.on('data', (piece) => {
      if (plan.request !== undefined) return end();
      const left = plan.reply === undefined ? piece.length : plan.reply - replied;
      replied += piece.length;
      if (sizes.has(name)) sizes.get(name).reply = replied;
      if (left >= piece.length) caller.write(piece);
      else if (left > 0) caller.end(piece.subarray(0, left));
      if (plan.reply !== undefined && replied >= plan.reply) server.destroy();
    });
  }

  const listener = createServer(serve).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    target: (url) => (target = new URL(url)),
    cut: (words, plan) => plans.set(words, plan),
    seen: (words) => sizes.get(words),
    silence: (on) => (isSilent = on),
    async stop() {
      sockets.forEach((socket) => socket.destroy());
      listener.close();
      await once(listener, 'close');
    },
  };
}
