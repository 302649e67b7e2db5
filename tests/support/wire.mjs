/*
 * HTTP as no client library would write it: bytes to the port of a server, and everything that comes back until it closes the connection.
 *
 *   await wire(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')      { text, status, statuses, closed, sent }
 */
import { connect } from 'node:net';

const PATIENCE_MS = 120_000;

/* With a drip (ms), each piece is sent after the one before; without, all are sent at once. sent: how many were. A server that leaves the
 * connection open is given up in the end, which no test that passes waits for. */
export function wire(port, bytes, { drip = 0 } = {}) {
  return new Promise((resolve) => {
    const pieces = [bytes].flat();
    const all = pieces.length;
    let text = '';
    let next;
    const end = (closed) => {
      clearTimeout(timer);
      clearTimeout(next);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      resolve({ text, status: statuses[0] ?? 0, statuses, closed, sent: all - pieces.length });
    };
    const timer = setTimeout(end, PATIENCE_MS, false);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      const send = () => {
        if (pieces.length && socket.writable) socket.write(pieces.shift());
        if (pieces.length) next = setTimeout(send, drip);
      };
      if (!drip) while (pieces.length) send();
      else send();
    });
    socket.setEncoding('latin1').on('data', (piece) => (text += piece));
    socket.on('end', () => end(true)).on('error', () => end(true));
  });
}
