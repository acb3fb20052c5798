import type { SearchHit } from '../../../plugins/api/search.ts';
import { wordLine } from '../content/fold.ts';

/** One condition of a filter. */
export interface Condition {
  /** As people find it in `why`: `minBitrate`, `path.not`, … */
  readonly filter: string;
  /** In words what is wrong with the hit; undefined: it holds. */
  readonly failure: (subject: Subject) => string | undefined;
}

/** A hit with what several conditions need of it, made once and only if one asks. */
export class Subject {
  readonly hit: SearchHit;
  #path: string | undefined;
  #name: string | undefined;

  constructor(hit: SearchHit) {
    this.hit = hit;
  }

  /** The whole path as a `wordLine`. */
  get path(): string {
    this.#path ??= wordLine(this.hit.path);
    return this.#path;
  }

  /** The name of the file alone. */
  get name(): string {
    this.#name ??= wordLine(this.hit.name);
    return this.#name;
  }
}
