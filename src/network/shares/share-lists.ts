import type { Clock } from '../../platform/clock.ts';
import { encodeShareList, type LongDirectory, type ManyDirectories } from '../../protocol/index.ts';
import { longDirectory } from './entries.ts';
import type { Audience } from './index/shared-file.ts';
import type { SharedIndex } from './index/shared-index.ts';
import { sightOf, type Viewer } from './viewer.ts';

/** The lists of one index, as frames: each is made when it is first asked for, once, and kept. */
export class ShareLists {
  readonly #index: SharedIndex;
  readonly #showLocked: boolean;
  readonly #clock: Pick<Clock, 'hold'>;
  readonly #frames = new Map<Viewer, Promise<Uint8Array>>();
  /** They are made one after the other. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly index: SharedIndex;
    readonly showLocked: boolean;
    readonly clock: Pick<Clock, 'hold'>;
  }) {
    this.#index = options.index;
    this.#showLocked = options.showLocked;
    this.#clock = options.clock;
  }

  /** The frame of a SharedFileListResponse; do not change its bytes. */
  of(viewer: Viewer): Promise<Uint8Array> {
    const known = this.#frames.get(viewer);
    if (known !== undefined) return known;
    const frame = this.#busy.then(() => this.#make(viewer));
    this.#busy = frame.catch(() => {});
    this.#frames.set(viewer, frame);
    // Whoever asks next tries again.
    frame.catch(() => this.#frames.delete(viewer));
    return frame;
  }

  async #make(viewer: Viewer): Promise<Uint8Array> {
    const { open, locked } = sightOf(viewer, this.#showLocked);
    const hold = this.#clock.hold('a list of shares is compressed');
    try {
      return await encodeShareList(
        this.#folders(open),
        locked.length > 0 ? this.#folders(locked) : undefined,
      );
    } finally {
      hold.release();
    }
  }

  #folders(audiences: readonly Audience[]): ManyDirectories {
    const index = this.#index;
    const all: number[] = [];
    for (let folder = 0; folder < index.folderCount; folder++)
      if (audiences.includes(index.audienceOfFolder(folder))) all.push(folder);
    return { count: all.length, directories: directoriesOf(index, all) };
  }
}

function* directoriesOf(index: SharedIndex, folders: readonly number[]): Generator<LongDirectory> {
  for (const folder of folders) yield longDirectory(index, folder);
}
