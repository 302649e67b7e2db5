/*
 * Stands between a server and PostgreSQL and keeps from the server that a transaction was committed, by COMMIT or as a statement alone.
 *
 *   const cutter = await startCommitCutter(s.env.database_url);      cutter.url is what the server is told
 *   cutter.cut('pay_1', 2)        of the transactions in which these words are sent, the third is committed, and instead of
 *                                 any answer of its last exchange its connection ends
 *   cutter.rest()                 no more of that; whether it came to it
 *   await cutter.stop()
 */
import { createServer, connect } from 'node:net';
import { once } from 'node:events';

/* ReadyForQuery, outside of a transaction: what came before is committed, or rolled back. */
const IDLE = Buffer.from('Z\0\0\0\x05I', 'latin1');
const READY = IDLE[0];

/* The length of the first whole message of what PostgreSQL says: a letter, and a length that counts itself. */
function messageLength(bytes) {
  const length = bytes.length >= 5 ? 1 + bytes.readUInt32BE(1) : Infinity;
  return bytes.length >= length ? length : 0;
}

export async function startCommitCutter(databaseUrl) {
  const target = new URL(databaseUrl), sockets = new Set();
  let words, left = 0, isDone = false;

  function serve(caller) {
    const server = connect(target.port, target.hostname);
    let said = Buffer.alloc(0), heard = Buffer.alloc(0), isMeant = false;
    const held = [];
    const end = () => [caller, server].forEach((socket) => socket.destroy());
    for (const socket of [caller, server]) {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    caller.on('data', (piece) => {
      heard = Buffer.concat([heard, piece]);
      isMeant ||= words !== undefined && heard.includes(words);
      heard = heard.subarray(Math.max(0, heard.length - 256)); /* words may come in two pieces */
      server.write(piece);
    });
    server.on('data', (piece) => {
      said = Buffer.concat([said, piece]);
      for (let n; (n = messageLength(said)); said = said.subarray(n)) {
        const message = said.subarray(0, n), isOver = message.equals(IDLE);
        if (isMeant && !isDone && isOver && left-- === 0) {
          isDone = true;
          return void end();
        }
        held.push(message);
        if (isMeant && !isDone && message[0] !== READY) continue;
        held.splice(0).forEach((one) => caller.write(one));
        if (!isOver) continue;
        isMeant = false;
        heard = Buffer.alloc(0);
      }
    });
  }

  const listener = createServer(serve).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${listener.address().port}`;
  url.searchParams.set('sslmode', 'disable');
  url.searchParams.set('gssencmode', 'disable');
  return {
    url: url.href,
    cut(what, nth) {
      [words, left, isDone] = [what, nth, false];
    },
    rest() {
      words = undefined;
      return isDone;
    },
    async stop() {
      sockets.forEach((socket) => socket.destroy());
      listener.close();
      await once(listener, 'close');
    },
  };
}
