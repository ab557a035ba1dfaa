import { connect } from 'node:net';

const PATIENCE_MS = 5000;

/** Why nobody can be reached at an address; null where somebody listens. */
export function whyUnreachable({ hostname, port, protocol }: URL): Promise<string | null> {
  const host = hostname.replace(/^\[|\]$/g, ''); // of IPv6
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: PATIENCE_MS });
    const end = (why: string | null) => {
      socket.destroy();
      resolve(why);
    };
    socket.on('connect', () => end(null));
    socket.on('timeout', () => end(`no connection in ${PATIENCE_MS / 1000} s`));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
