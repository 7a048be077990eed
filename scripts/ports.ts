import { createServer } from 'node:net';
import { systemCode, OperatorError } from './errors.ts';
import type { Settings } from './settings.ts';

export type PortState = { readonly free: true } | { readonly free: false; readonly message: string };

/** Whether both servers can listen where they should. */
export async function checkPorts(settings: Settings): Promise<PortState[]> {
  return [
    await portState('CMS', settings.cms.host, settings.cms.port),
    await portState('SITE', settings.site.host, settings.site.port),
  ];
}

/** @throws OperatorError naming each port that cannot be had, and the variable to set */
export async function requirePorts(settings: Settings): Promise<void> {
  const messages = (await checkPorts(settings)).flatMap((state) => (state.free ? [] : [state.message]));
  if (messages.length > 0) throw new OperatorError(messages.join('\n  '));
}

async function portState(owner: 'CMS' | 'SITE', host: string, port: number): Promise<PortState> {
  const error = await listenError(host, port);
  if (error === undefined) return { free: true };
  const code = systemCode(error);
  const variable = `${owner}_PORT`;
  if (code === 'EADDRINUSE') {
    return {
      free: false,
      message:
        `Port ${port} (${variable}) on ${host} is taken by another program. Stop that program, or choose another port: ` +
        `${variable}=${port + 10} npm start`,
    };
  }
  if (code === 'EACCES') {
    return {
      free: false,
      message: `This user may not listen on port ${port}. Set ${variable} to a port above 1023.`,
    };
  }
  return {
    free: false,
    message: `Nothing can listen on ${host} (${code ?? 'unknown error'}). Set ${owner}_HOST to an address of this machine, such as 127.0.0.1.`,
  };
}

function listenError(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
