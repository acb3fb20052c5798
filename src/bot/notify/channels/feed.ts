import type { Clock } from '../../../platform/clock.ts';
import type { StoredNotice } from '../../store/notice-rows.ts';
import type { StoreNotices } from '../../store/notices.ts';
import type { FeedChannel } from '../channel-config.ts';
import { type Outcome, type Parcel, parcelOf, type Sender } from '../parcel.ts';
import { feedXml } from './feed-xml.ts';
import { fileTrouble, replaceFile } from './whole-file.ts';

/** A file that feed readers read. It is written anew from the store each time, so that nothing is in it twice. */
export class FeedSender implements Sender {
  readonly #channel: FeedChannel;
  readonly #notices: Pick<StoreNotices, 'kept'>;
  readonly #clock: Clock;

  constructor(channel: FeedChannel, notices: Pick<StoreNotices, 'kept'>, clock: Clock) {
    this.#channel = channel;
    this.#notices = notices;
    this.#clock = clock;
  }

  get keep(): number {
    return this.#channel.keep;
  }

  async send(parcel: Parcel): Promise<Outcome> {
    const { name, keep, path } = this.#channel;
    const shown = [parcel, ...parcelsOf(await this.#notices.kept(name))].slice(0, keep);
    try {
      await replaceFile(this.#clock, path, feedXml(this.#channel, shown, this.#clock.now()));
      return { how: 'told' };
    } catch (error) {
      return { how: 'failed', problem: fileTrouble(error) };
    }
  }
}

/** @param kept the newest first; those of one digest belong together */
function parcelsOf(kept: readonly StoredNotice[]): readonly Parcel[] {
  const groups = new Map<string, [StoredNotice, ...StoredNotice[]]>();
  for (const notice of kept) {
    const id = notice.parcel ?? notice.id;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [notice]);
    else group.unshift(notice);
  }
  return [...groups.values()].map(parcelOf);
}
