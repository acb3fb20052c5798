import { dirname, resolve } from 'node:path';
import { isPublicAddress, literalAddress } from '../../platform/public-address.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { ChannelBase, ChannelConfig } from '../notify/channel-config.ts';
import type { ConfigPath, Diagnostic } from './diagnostic.ts';
import { channelNameProblem, type RawChannels, urlProblem } from './notify-schema.ts';
import { resolveSecret, type SecretContext, type SecretReference } from './resolve-secret.ts';
import { Secret } from './secret.ts';

/** What `notify.channels` refers to. */
export interface ChannelSurroundings extends SecretContext {
  /** Secrets are not to be looked at. */
  readonly withoutSecrets: boolean;
  readonly timezone: string;
  /** Names of the rooms of the config. */
  readonly rooms: readonly string[];
}

type RawChannel = RawChannels[string];

/** A channel as far as its kind does not matter. */
type Base = Omit<ChannelBase, 'kind'>;

const MAIL_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/**
 * Brings `notify.channels` into its form, and says what is wrong with it. A secret that cannot be found is a warning: the
 * bot can do without that channel, which says so.
 */
export function readChannels(
  raw: RawChannels,
  around: ChannelSurroundings,
): { readonly channels: readonly ChannelConfig[]; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const channels = Object.entries(raw).map(([name, channel]) => {
    const reader = new ChannelReader(name, around, problems);
    return reader.read(channel);
  });
  return { channels, problems };
}

class ChannelReader {
  readonly #name: string;
  readonly #path: ConfigPath;
  readonly #around: ChannelSurroundings;
  readonly #problems: Diagnostic[];
  #broken: string | undefined;

  constructor(name: string, around: ChannelSurroundings, problems: Diagnostic[]) {
    this.#name = name;
    this.#path = ['notify', 'channels', name];
    this.#around = around;
    this.#problems = problems;
  }

  read(raw: RawChannel): ChannelConfig {
    const wrongName = channelNameProblem(this.#name);
    if (wrongName !== undefined) this.#wrong([], wrongName, { atKey: true });
    const channel = this.#of(raw);
    return this.#broken === undefined ? channel : { ...channel, broken: this.#broken };
  }

  #of(raw: RawChannel): ChannelConfig {
    const base = this.#base(raw);
    switch (raw.kind) {
      case 'pm':
        return { ...base, kind: raw.kind, user: raw.user, maxLines: raw['max-lines'] };
      case 'room':
        this.#knownRoom(raw.room);
        return { ...base, kind: raw.kind, room: raw.room, maxLines: raw['max-lines'] };
      case 'webhook':
        return {
          ...base,
          kind: raw.kind,
          url: this.#url(raw.url, raw.private),
          ...this.#optional('secret', raw.secret),
          ...this.#optional('token', raw.token),
          private: raw.private,
        };
      case 'discord':
        return {
          ...base,
          kind: raw.kind,
          url: this.#url(raw.url, raw.private),
          private: raw.private,
          ...(raw.username !== undefined && { username: raw.username }),
        };
      case 'ntfy':
        this.#reachable('url', new URL(raw.url), raw.private);
        return {
          ...base,
          kind: raw.kind,
          url: raw.url,
          topic: this.#secret('topic', raw.topic),
          ...this.#optional('token', raw.token),
          priority: raw.priority,
          tags: raw.tags,
          private: raw.private,
        };
      case 'telegram':
        this.#reachable('url', new URL(raw.url), raw.private);
        return {
          ...base,
          kind: raw.kind,
          url: raw.url,
          token: this.#secret('token', raw.token),
          chat: raw.chat,
          private: raw.private,
          ...(raw.thread !== undefined && { thread: raw.thread }),
        };
      case 'email':
        return this.#email(base, raw);
      case 'feed':
        return {
          ...base,
          kind: raw.kind,
          path: this.#file(raw.path),
          format: raw.format,
          title: raw.title,
          link: raw.link,
          keep: raw.keep,
        };
      case 'jsonl':
        return { ...base, kind: raw.kind, path: this.#file(raw.path) };
    }
  }

  #base(raw: RawChannel): Base {
    return {
      name: this.#name,
      digest: raw.digest,
      digestAt: raw['digest-at'],
      ...(raw.quiet !== undefined && { quiet: raw.quiet }),
      timezone: raw.timezone ?? this.#around.timezone,
      timeoutMs: raw.timeout,
      ...('template' in raw && raw.template !== undefined && { template: raw.template }),
    };
  }

  #email(base: Base, raw: RawChannel & { readonly kind: 'email' }): ChannelConfig {
    const { kind, host, security, port = MAIL_PORTS[security], user, password, from, to } = raw;
    if ((user === undefined) !== (password === undefined))
      this.#wrong([user === undefined ? 'password' : 'user'], 'a login needs both "user" and "password"', {
        atKey: true,
      });
    this.#reachable('host', hostUrl(host), raw.private);
    if (security === 'none' && password !== undefined)
      this.#wrong(['security'], 'the password goes over the network in clear', { severity: 'warning' });
    return {
      ...base,
      kind,
      host,
      port,
      security,
      ...(user !== undefined && { user }),
      ...this.#optional('password', password),
      from,
      to,
      private: raw.private,
    };
  }

  #optional<K extends string>(key: K, given: SecretReference | undefined): { readonly [key in K]?: Secret } {
    return (given === undefined ? {} : { [key]: this.#secret(key, given) }) as {
      readonly [key in K]?: Secret;
    };
  }

  #secret(key: string, given: SecretReference): Secret {
    if (this.#around.withoutSecrets) return new Secret('');
    const { secret, problems } = resolveSecret(given, [...this.#path, key], this.#around);
    if (secret === undefined) this.#broken ??= problems[0]?.message ?? 'a secret is missing';
    this.#problems.push(
      ...problems.map(
        (problem): Diagnostic =>
          problem.severity === 'error'
            ? { ...problem, severity: 'warning', message: `${problem.message}: the channel cannot be used` }
            : problem,
      ),
    );
    return secret ?? new Secret('');
  }

  #url(given: SecretReference, isPrivate: boolean): Secret {
    const url = this.#secret('url', given);
    const value = url.reveal();
    if (value === '') return url;
    const problem = urlProblem(value);
    if (problem !== undefined) this.#wrong(['url'], problem);
    else this.#reachable('url', new URL(value), isPrivate);
    return url;
  }

  /** What can be seen without asking anybody. The address itself may be a secret. */
  #reachable(key: string, url: URL | undefined, isPrivate: boolean): void {
    if (isPrivate || url === undefined) return;
    const literal = literalAddress(url);
    const isOurs = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
    if (literal === undefined ? isOurs : !isPublicAddress(literal))
      this.#wrong([key], 'the host is not on the public internet; "private: true" allows that');
  }

  #knownRoom(room: string): void {
    const { rooms } = this.#around;
    if (rooms.includes(room)) return;
    const nearest = nearestKey(room, rooms);
    this.#wrong(['room'], `the room "${room}" is not among "rooms", so nothing can be said there`, {
      nearest,
    });
  }

  #file(path: string): string {
    return resolve(dirname(this.#around.configPath), path);
  }

  #wrong(
    below: readonly string[],
    message: string,
    options: Parameters<SecretContext['source']['diagnose']>[2] = {},
  ): void {
    this.#problems.push(this.#around.source.diagnose([...this.#path, ...below], message, options));
  }
}

/** So that an address is recognised in whatever form it is written. */
function hostUrl(host: string): URL | undefined {
  const url = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}/`;
  return URL.canParse(url) ? new URL(url) : undefined;
}
