import type { Link } from './link.ts';

/** The link serves what the peer wanted with that token: it is answered when the link ends. */
export function owe(link: Link, token: number): void {
  link.owed ??= [];
  link.owed.push(token);
}
