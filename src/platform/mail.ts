/** `tls` from the first byte; `starttls` before anything secret is said, or not at all; `none`: in clear. */
export type MailSecurity = 'tls' | 'starttls' | 'none';

/** The server that takes mail. */
export interface MailServer {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly login?: { readonly user: string; readonly password: string };
  /** Only at an address of the public internet, whatever the name says: `EPRIVATE` otherwise. @default false */
  readonly publicOnly?: boolean;
}

/** Addresses and the subject are one line each. */
export interface MailMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Within angle brackets; the same for the same message, so that whoever gets it twice can tell. */
  readonly messageId: string;
}

export interface MailRequest {
  readonly server: MailServer;
  readonly message: MailMessage;
  /** Limit for the whole exchange. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Outgoing mail as everything above the platform sees it. */
export interface Mail {
  /** Resolves when the server has taken it for at least one recipient; rejects with a {@link MailError}. */
  send(request: MailRequest): Promise<void>;
}

/**
 * `EREFUSED`: the server will never take this message. `EAUTH`: it does not take the login. `ETLS`: no encrypted
 * connection. `ETEMPORARY`: not now. `ETIMEDOUT`, `EPRIVATE`, `ABORT_ERR`, or the system's code.
 */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
