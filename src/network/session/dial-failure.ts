import { TransportError } from '../../platform/transport.ts';

/** Why nobody could be reached there, in a sentence for people. */
export function dialFailure(error: unknown, host: string, port: number): string {
  const code = error instanceof TransportError ? error.code : undefined;
  const where = `${host}:${port}`;
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing answers at ${where} (ECONNREFUSED)`;
    case 'ENOTFOUND':
      return `there is no host named ${host} (ENOTFOUND)`;
    case 'ETIMEDOUT':
      return `${where} did not answer in time (ETIMEDOUT)`;
    default:
      return `could not connect to ${where}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
