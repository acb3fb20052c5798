import { toMs } from '../api/duration.ts';
import { PluginError } from '../api/errors.ts';

/** A WebRequest with its defaults. */
export interface WireWebRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly cut: boolean;
  readonly redirects: number;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const MAX_BODY = 262_144;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
const AGENT = 'Seekeeper';

/** What a plugin asked for, checked. @throws PluginError `invalid` */
export function readWebRequest(url: unknown, options: unknown): WireWebRequest {
  const fail = (what: string): never => {
    throw new PluginError('invalid', `bot.web.fetch: ${what}`);
  };
  const given =
    typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
  if (typeof url !== 'string' || !URL.canParse(url)) return fail('the url is none');
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    fail('the url must begin with http: or https:');
  if (parsed.username !== '' || parsed.password !== '')
    fail('a name and password in the url are not sent: use a header');
  const number = (key: string, usual: number, least: number, most: number): number => {
    const value = given[key] ?? usual;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    return fail(`${key} must be a whole number from ${least} to ${most}`);
  };
  const method = METHODS.find((known) => known === (given['method'] ?? 'GET'));
  if (method === undefined) return fail(`method must be one of ${METHODS.join(', ')}`);
  const { body } = given;
  if (body !== undefined && (typeof body !== 'string' || Buffer.byteLength(body) > MAX_BODY))
    fail(`body must be a text of at most ${MAX_BODY} bytes`);
  if (![undefined, 'refuse', 'cut'].includes(given['tooLong'] as string | undefined))
    fail('tooLong must be "refuse" or "cut"');
  return {
    url: parsed.href,
    method,
    headers: headersOf(given['headers'], fail),
    ...(typeof body === 'string' ? { body } : {}),
    timeoutMs: timeoutOf(given['timeout'], fail),
    maxBytes: number('maxBytes', 262_144, 1, 1_000_000),
    cut: given['tooLong'] === 'cut',
    redirects: number('redirects', 5, 0, 10),
  };
}

function timeoutOf(value: unknown, fail: (what: string) => never): number {
  const ms = value === undefined ? 10_000 : toMs(value as string | number);
  return ms >= 1 && ms <= 60_000 ? ms : fail('timeout must be from 1 ms to 60 s');
}

function headersOf(value: unknown, fail: (what: string) => never): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': AGENT };
  if (value === undefined) return headers;
  if (typeof value !== 'object' || value === null) return fail('headers must be a map of texts');
  for (const [name, content] of Object.entries(value)) {
    if (!HEADER.test(name)) fail(`${JSON.stringify(name)} is not a header's name`);
    if (typeof content !== 'string' || /[\0\r\n]/u.test(content))
      fail(`the header ${name} must be a text of one line`);
    if (/^(?:host|content-length|transfer-encoding|connection)$/iu.test(name))
      fail(`the header ${name} is set by itself`);
    headers[name.toLowerCase()] = content;
  }
  return headers;
}
