import { formatDuration, type SearchHit } from '../../../api/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Roughly how long: `40s`, `12m`, `3h20m`, `5d`. */
export function about(ms: number): string {
  const step = ms < MINUTE ? 1000 : ms < DAY ? MINUTE : HOUR;
  return formatDuration(Math.max(step, Math.round(ms / step) * step));
}

/** `in 12m`, `3h ago`, `now`. */
export function fromNow(at: number, now: number): string {
  if (Math.abs(at - now) < 1000) return 'now';
  return at > now ? `in ${about(at - now)}` : `${about(now - at)} ago`;
}

/** `2026-01-01 12:30 UTC`. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function sizeOf(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** `flac 24/96`, `mp3 320 kbit/s`, and how long it plays. */
export function qualityOf({ extension, attributes }: SearchHit): string {
  const { bitrate, vbr, sampleRate, bitDepth, duration } = attributes;
  const depth = bitDepth === undefined ? '' : `${bitDepth}/`;
  const rate =
    sampleRate === undefined || (bitDepth === undefined && bitrate !== undefined)
      ? bitrate === undefined
        ? ''
        : `${bitrate} kbit/s${vbr === true ? ' VBR' : ''}`
      : `${depth}${Number((sampleRate / 1000).toFixed(1))}`;
  const length =
    duration === undefined
      ? ''
      : `${Math.floor(duration / 60)}:${String(Math.floor(duration % 60)).padStart(2, '0')}`;
  return [[extension, rate].filter((part) => part !== '').join(' '), length]
    .filter((part) => part !== '')
    .join(', ');
}

/** What begins a line of its own, or turns the order of what is read around. */
const UNSAID = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** A text as one line: nobody can have the bot say a line of theirs by the name of a file. */
export const oneLine = (text: string): string => text.replace(UNSAID, ' ').trim();

/** Names and paths come from strangers and may be of any length. @param max UTF-16 units */
export function short(text: string, max: number): string {
  const line = oneLine(text);
  if (line.length <= max) return line;
  // Not half of a pair.
  return `${line.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `1 wish`, `2 wishes`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
