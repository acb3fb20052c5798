import { hash } from 'node:crypto';
import type { SearchHit } from '../../../plugins/api/search.ts';
import { foldText, squash } from './fold.ts';

/**
 * 72 bits of SHA-1 in 12 characters. Among two million rows two different texts share a key with a chance of 1 in two
 * billion, and nobody can cheaply name a file so that it hides another: a bare checksum would allow that.
 */
const LENGTH = 12;

/** Seconds. Clients cut or round them, so that the same file is 200 s long here and 201 s there; the size is exact. */
const DURATION_STEP = 30;

const EXTENSION = /\.[a-z0-9]{1,5}$/iu;

/**
 * The same for the same file whoever has it: base name, size and duration. The name counts without case, diacritics, its
 * extension, leading zeros and whatever separates words, so that `01 - Café_Song.MP3` is `1. cafe song.mp3`. Durations
 * count in steps of 30 s; one that was not said is one of its own.
 */
export function contentKey({ name, size, attributes: { duration } }: SearchHit): string {
  const length = duration === undefined ? '' : Math.round(duration / DURATION_STEP);
  return digest(`c\0${baseName(name)}\0${size}\0${length}`);
}

/** One folder of one user, by its exact path. */
export const folderKey = ({ user, folder }: SearchHit): string => digest(`f\0${user}\0${folder}`);

/** One file of one user, by its exact path. */
export const sourceKey = ({ user, path }: SearchHit): string => digest(`s\0${user}\0${path}`);

function baseName(name: string): string {
  const base = name.replace(EXTENSION, '');
  const squashed = squash(base).replace(/^0+(?=.)/u, '');
  // A name of signs alone would be nothing.
  return squashed === '' ? foldText(base).replace(/[\s_.-]+/gu, '') : squashed;
}

const digest = (text: string): string => hash('sha1', text, 'base64url').slice(0, LENGTH);
