export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Limit for the whole exchange, body included. */
  readonly timeoutMs: number;
  /** A longer response body is refused. */
  readonly maxBytes: number;
  /** With `publicOnly`: a longer body is cut instead. @default false */
  readonly cut?: boolean;
  /**
   * Only to addresses of the public internet, whatever the name says: `EPRIVATE` otherwise. Redirects are always handed to
   * the caller then. @default false
   */
  readonly publicOnly?: boolean;
  /** Follow redirects? `manual` hands the 3xx to the caller, who checks where it leads. @default 'manual' */
  readonly redirect?: 'follow' | 'manual';
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body goes on behind what is here. */
  readonly cut?: true;
}

/** Outgoing HTTP as everything above the platform sees it. */
export interface Http {
  /** Resolves for every status; rejects with an {@link HttpError} when no whole response came. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** `ETIMEDOUT`, `ETOOLARGE`, `EPRIVATE`, `ABORT_ERR`, or the system's code. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
