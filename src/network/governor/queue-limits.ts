import type { TrafficKind } from './traffic.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long a frame waits for its turn unless it says otherwise, in milliseconds. Lines have their own (lines/). */
export const DEFAULT_LIFE_MS: Readonly<Record<TrafficKind, number>> = {
  ack: Number.POSITIVE_INFINITY,
  login: Number.POSITIVE_INFINITY,
  housekeeping: 2 * MINUTE,
  'room-line': 10 * MINUTE,
  'private-line': 10 * MINUTE,
  search: 10 * MINUTE,
  // Two of the longest intervals known: one search waits for its turn, the next behind it.
  wishlist: 25 * MINUTE,
  'room-admin': 2 * MINUTE,
  join: 10 * MINUTE,
  ticker: 60 * MINUTE,
};

/** Frames of one kind that may wait. About what can leave within their life, so that a fuller queue would only expire. */
export const MAX_QUEUED: Readonly<Record<TrafficKind, number>> = {
  ack: Number.POSITIVE_INFINITY,
  login: Number.POSITIVE_INFINITY,
  housekeeping: 6000,
  'room-line': 500,
  'private-line': 1000,
  search: 200,
  wishlist: 20,
  'room-admin': 200,
  join: 300,
  ticker: 100,
};

/** The same for one origin, so that one plugin cannot take all the room. */
export const MAX_PER_ORIGIN: Readonly<Record<TrafficKind, number>> = {
  ...MAX_QUEUED,
  'room-line': 200,
  'private-line': 400,
  search: 100,
  'room-admin': 100,
};

/** After a failed save, before the next attempt. */
export const RETRY_MS = 5 * SECOND;
