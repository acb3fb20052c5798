import type { FileAttributes } from '../../search/hit.ts';
import { findInSlab } from '../index/bytes.ts';
import { joinParts, visibleName } from '../index/path-text.ts';
import { SharedIndex } from '../index/shared-index.ts';
import type { IndexTables } from '../index/tables.ts';

/** A file as a scan sees it before it is read. */
export interface SeenFile {
  readonly share: string;
  readonly parts: readonly Uint8Array[];
  readonly name: Uint8Array;
  readonly size: number;
  readonly changed: number;
}

/** What an earlier scan read: of a file with the same path, size and time of change it holds still. */
export class KnownAttributes {
  readonly #index: SharedIndex;
  #parts: readonly Uint8Array[] | undefined;
  #share: string | undefined;
  #folder: number | undefined;

  constructor(tables: IndexTables) {
    this.#index = new SharedIndex(tables);
  }

  /** Undefined for a file that is new or changed. */
  of({ share, parts, name, size, changed }: SeenFile): FileAttributes | undefined {
    const { tables } = this.#index;
    // The files of a folder come one after the other.
    if (this.#parts !== parts || this.#share !== share) {
      this.#parts = parts;
      this.#share = share;
      this.#folder = findInSlab(tables.folders, joinParts([Buffer.from(share), ...parts.map(visibleName)]));
    }
    if (this.#folder === undefined) return undefined;
    const id = findInSlab(tables.names, visibleName(name), ...this.#index.filesOf(this.#folder));
    if (id === undefined || tables.sizes[id] !== size || tables.changed[id] !== changed) return undefined;
    return this.#index.attributes(id);
  }
}
