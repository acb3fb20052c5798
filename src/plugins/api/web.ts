import type { DurationInput } from './duration.ts';

/** A request to the web. */
export interface WebRequest {
  /** @default 'GET' */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, sent as UTF-8; up to 256 kB. */
  readonly body?: string;
  /** For everything, redirects included; at most 60 s. @default '10s' */
  readonly timeout?: DurationInput;
  /** How much of the answer's body to take, in bytes; at most 1,000,000. @default 262_144 */
  readonly maxBytes?: number;
  /** A longer body: refuse it, or take its beginning. @default 'refuse' */
  readonly tooLong?: 'refuse' | 'cut';
  /** How many redirects to follow, 0 to 10. Each is checked like the first address. @default 5 */
  readonly redirects?: number;
}

export interface WebResponse {
  readonly status: number;
  /** Status 200 to 299. */
  readonly ok: boolean;
  /** Where it came from, after redirects. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, in the charset that the answer names, else UTF-8. */
  readonly text: string;
  /** The body goes on behind `text`. */
  readonly cut: boolean;
}

/**
 * The web, through the host. It never reaches this machine or its network: an address that is not public is refused
 * whatever the name says, unless the config lists its host under `private-hosts`. So a link that somebody posted can be
 * looked at. At most 4 requests at a time; more wait.
 */
export interface Web {
  /**
   * Needs `web`.
   * @throws PluginError (as rejection) `invalid`; `web-failed` when no whole answer came, with the reason; `timeout`.
   */
  fetch(url: string, request?: WebRequest): Promise<WebResponse>;
}
