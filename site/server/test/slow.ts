import { connect, type Socket } from 'node:net';

/** One sender that takes its time, or never ends. Says when the server has hung up. */
export interface SlowSender {
  isCut: () => boolean;
  end: () => void;
}

/** Begins a request and goes on with `drop`, once in `every` milliseconds, for as long as the server lets it. */
export function sendSlowly(origin: string, beginning: string, drop: string, every: number): SlowSender {
  const { hostname, port } = new URL(origin);
  let cut = false;
  const socket: Socket = connect(Number(port), hostname);
  const dripping = setInterval(() => {
    if (!cut && socket.writable) socket.write(drop);
  }, every);
  const stop = (): void => {
    cut = true;
    clearInterval(dripping);
    socket.destroy();
  };
  // A server hangs up by an end or a reset; whatever it says before that does not matter here.
  socket.on('error', stop).on('close', stop).on('end', stop).resume();
  socket.write(beginning);
  return { isCut: () => cut, end: stop };
}

export const attacks: readonly { name: string; beginning: string; drop: string }[] = [
  { name: 'headers that never end', beginning: 'GET / HTTP/1.1\r\nHost: a\r\n', drop: 'X-A: b\r\n' },
  { name: 'a first line that never ends', beginning: 'GET /', drop: 'a' },
  { name: 'nothing at all', beginning: '', drop: '' },
  {
    name: 'a form a byte at a time',
    beginning:
      'POST /consultation/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n',
    drop: 'a',
  },
  {
    name: 'a form in pieces without end',
    beginning:
      'POST /consultation/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n',
    drop: '1\r\na\r\n',
  },
  {
    name: 'a body where none belongs',
    beginning: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n',
    drop: 'a',
  },
];

/** Requests whose headers are too much: too large, or too many. */
export const floods: readonly string[] = [
  `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'X: a\r\n'.repeat(50_000)}\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ${'a=b; '.repeat(10_000)}\r\n\r\n`,
];
