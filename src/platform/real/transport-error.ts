import { TransportError } from '../transport.ts';

/** A failure of the system as the port states it; the system's own error is kept as the cause. */
export function toTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return new TransportError(typeof code === 'string' ? code : 'EUNKNOWN', message, { cause: error });
}
