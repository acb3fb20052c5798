import type { SearchHit, WishFind } from '../../api/index.ts';

/** A file that somebody offers. */
export function hit(user: string, path: string, over: Partial<SearchHit> = {}): SearchHit {
  const name = path.slice(path.lastIndexOf('\\') + 1);
  return {
    user,
    verified: true,
    path,
    name,
    folder: path.slice(0, Math.max(0, path.length - name.length - 1)),
    size: 12_345_678,
    extension: name.slice(name.lastIndexOf('.') + 1),
    attributes: {},
    slotFree: true,
    speed: 1_000_000,
    queueLength: 0,
    locked: false,
    ref: '',
    ...over,
  };
}

/** A find whose content is its file's name. */
export function find(number: number, user: string, path: string, over: Partial<WishFind> = {}): WishFind {
  const of = hit(user, path);
  return {
    number,
    kind: 'new',
    hit: of,
    content: of.name,
    folderFiles: 1,
    score: 80,
    parts: [],
    at: 0,
    late: false,
    ...over,
  };
}
