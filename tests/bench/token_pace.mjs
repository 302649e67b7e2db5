/*
 * Asks for a machine's token at an even pace, in a process of its own: whoever measures what others wait must not keep them
 * waiting. Told { url, headers, body, every_ms } it begins; told 'stop' it says { p50, p99, n } in milliseconds.
 */
import { Agent, request } from 'node:http';

const connections = new Agent({ keepAlive: true });
const waits = [];

const ask = ({ url, headers, body }) => new Promise((resolve, reject) => {
  const from = performance.now();
  request(url, { method: 'POST', agent: connections, headers }, (answer) => {
    if (answer.statusCode !== 200) reject(new Error(`a token: ${answer.statusCode}`));
    answer.resume().on('end', () => resolve(waits.push(performance.now() - from)));
  }).on('error', reject).end(body);
});

process.once('message', (asked) => {
  const open = [];
  const timer = setInterval(() => open.push(ask(asked)), asked.every_ms);
  process.once('message', async () => {
    clearInterval(timer);
    await Promise.all(open);
    waits.sort((a, b) => a - b);
    const at = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))];
    process.send({ p50: at(0.5), p99: at(0.99), n: waits.length }, () => process.exit(0));
  });
});
