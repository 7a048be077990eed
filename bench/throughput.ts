import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { runChild, startChild } from '../scripts/children.ts';
import { answers } from '../scripts/cms.ts';
import { OperatorError } from '../scripts/errors.ts';
import { freePort } from '../scripts/free-port.ts';
import { environment, type Tool } from './tools.ts';

/** How quickly a server gives one page. Latencies are in milliseconds. */
export interface Throughput {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

const CONNECTIONS = 32;
const SECONDS = 10;

const measured = z.object({
  requests: z.object({ average: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
});

/** Asks for one page as often as the server can give it, over 32 connections for 10 s, after some warm-up. */
export async function throughput(tool: Tool, url: string, folder: string): Promise<Throughput> {
  await ask(tool, url, 3, folder);
  const result = await ask(tool, url, SECONDS, folder);
  const { requests, latency, errors, timeouts, non2xx } = result;
  return {
    perSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: errors + timeouts + non2xx,
  };
}

async function ask(tool: Tool, url: string, seconds: number, folder: string) {
  const log = join(folder, 'autocannon.json');
  await runChild(
    {
      name: 'autocannon',
      program: process.execPath,
      args: [join(tool.folder, 'autocannon.js'), '-j', '-c', String(CONNECTIONS), '-d', String(seconds), url],
      env: environment(),
      output: { log },
    },
    `See whether ${url} answers.`,
  );
  const line = readFileSync(log, 'utf8')
    .split('\n')
    .find((each) => each.startsWith('{'));
  return measured.parse(JSON.parse(line ?? '{}'));
}

/** The nginx that is installed; null when none is. */
export function findNginx(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find((file) => existsSync(file)) ?? null;
}

/** The same beside it: nginx with one process, as the site server is one, on the files of a release. */
export async function throughputOfNginx(
  nginx: string,
  tool: Tool,
  publicDir: string,
  path: string,
  folder: string,
): Promise<Throughput> {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, nginxConfig(publicDir, port, folder));
  const child = startChild({
    name: 'nginx',
    program: nginx,
    args: ['-p', folder, '-c', config, '-e', join(folder, 'nginx-error.log')],
    env: environment(),
    output: { log: join(folder, 'nginx.log') },
  });
  const url = `http://127.0.0.1:${port}${path}`;
  try {
    for (let attempt = 0; !(await answers(url)); attempt += 1) {
      if (attempt === 50) throw new OperatorError(`nginx does not answer:\n${child.lastLines()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return await throughput(tool, url, folder);
  } finally {
    await child.stop();
  }
}

function nginxConfig(publicDir: string, port: number, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  // Started by root, it would read as somebody else, who may not look into the data.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `
${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  keepalive_requests 1000000;
  types { text/html html; text/css css; }
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    root ${publicDir};
    index index.html;
    etag on;
  }
}
`;
}
