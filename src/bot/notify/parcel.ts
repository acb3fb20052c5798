import type { StoredNotice } from '../store/notice-rows.ts';
import { oneLine, webLink } from './text/clean.ts';

/** What is told at once: a notice, or a digest of several. The same at every attempt. */
export interface Parcel {
  /** Unique; the same after a restart. */
  readonly id: string;
  readonly notices: readonly [StoredNotice, ...StoredNotice[]];
  readonly urgent: boolean;
  /** One line. */
  readonly title: string;
  /** Without line breaks. */
  readonly lines: readonly string[];
  /** Of a single notice. */
  readonly link?: string;
  /** The instance that tells. */
  readonly plugin: string;
  /** When the newest of them was made, milliseconds since the epoch. */
  readonly at: number;
}

/** How an attempt ended. */
export type Outcome =
  | { readonly how: 'told' }
  /** It will never be taken: given up at once, and the next one has its turn. */
  | { readonly how: 'refused'; readonly problem: string }
  /** The channel does not work: tried again, after `waitMs` at least. */
  | { readonly how: 'failed'; readonly problem: string; readonly waitMs?: number };

/** A way to people. */
export interface Sender {
  /** Never rejects for what the other side does. `problem` never contains a secret. */
  send(parcel: Parcel, signal: AbortSignal): Promise<Outcome>;
  /** Whether it makes sense to try; else why not. Whoever is asked again must be woken by somebody. */
  available?(): true | string;
  /** Entries that it shows, so that they must not be forgotten. @default 0 */
  readonly keep?: number;
}

/** Puts notices together. */
export function parcelOf(notices: readonly [StoredNotice, ...StoredNotice[]]): Parcel {
  const [first] = notices;
  const common = {
    id: first.parcel ?? first.id,
    notices,
    urgent: notices.some(({ urgent }) => urgent),
    plugin: first.instance,
    at: Math.max(...notices.map(({ madeAt }) => madeAt)),
  };
  if (notices.length > 1) {
    const title = `${oneLine(first.group)}: ${notices.length} notices`;
    return { ...common, title, lines: notices.flatMap(inDigest) };
  }
  const link = linkOf(first);
  return {
    ...common,
    title: oneLine(first.title),
    lines: first.lines.map(oneLine),
    ...(link !== undefined && { link }),
  };
}

function inDigest(notice: StoredNotice): readonly string[] {
  const link = linkOf(notice);
  return [
    `• ${oneLine(notice.title)}`,
    ...notice.lines.map((line) => `  ${oneLine(line)}`),
    ...(link === undefined ? [] : [`  ${link}`]),
  ];
}

function linkOf({ link }: StoredNotice): string | undefined {
  return link === undefined ? undefined : webLink(link);
}
