import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { VirtualFileWatch } from '../../platform/virtual/virtual-file-watch.ts';
import { VirtualFiles } from '../../platform/virtual/virtual-files.ts';
import { readIncoming } from '../search/incoming-query.ts';
import { Shares } from './shares.ts';
import type { SharesOptions } from './shares-options.ts';

/** Shares on a virtual disk: `/music` for everyone as `Music`, `/own` for buddies as `Own`. */
export class SharesWorld {
  readonly clock = new VirtualClock();
  readonly files = new VirtualFiles(this.clock);
  readonly watch = new VirtualFileWatch();
  readonly log = memoryLog();
  shares: Shares;

  constructor() {
    this.files.put('/state/.keep', '');
    this.shares = this.#made({});
  }

  /** As if the bot were started anew with other options. */
  restart(options: Partial<SharesOptions> = {}): Shares {
    this.shares.close();
    this.shares = this.#made(options);
    return this.shares;
  }

  #made(options: Partial<SharesOptions>): Shares {
    return new Shares({
      clock: this.clock,
      log: this.log,
      files: this.files,
      watch: this.watch,
      folders: [
        { name: 'Music', folder: '/music', audience: 'everyone' },
        { name: 'Own', folder: '/own', audience: 'buddies' },
      ],
      indexFile: '/state/shares.index',
      viewerOf: (user) => (user === 'friend' ? 'buddies' : user === 'banned' ? 'nobody' : 'everyone'),
      ...options,
    });
  }

  /** Starts, and waits for the first scan. */
  async started(): Promise<Shares> {
    await this.shares.start();
    await this.shares.rescan();
    return this.shares;
  }

  search(query: string, user = 'somebody') {
    const answer = this.shares.answer({ user, token: 1, query, asked: readIncoming(query) } as Parameters<
      Shares['answer']
    >[0]);
    return {
      open: answer?.results.map(({ filename }) => filename) ?? [],
      locked: answer?.locked?.map(({ filename }) => filename) ?? [],
    };
  }
}
