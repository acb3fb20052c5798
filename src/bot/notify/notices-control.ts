import type { Channel } from '../../plugins/api/notify.ts';
import { ControlError } from '../control/control-error.ts';
import type { DeadNotices } from '../store/dead-notices.ts';
import type { StoredNotice } from '../store/notice-rows.ts';
import type { Notices } from './notices.ts';
import { parcelOf } from './parcel.ts';

/** What can be asked about notices. `name`: the id of what was given up, or `all`; for `test` a channel. */
export type NoticesRequest =
  | { readonly act: 'list' }
  | { readonly act: 'retry' | 'drop' | 'test'; readonly name: string };

/** What became of it: how everything stands, or whether it was done, in words. */
export type NoticesAnswer =
  | { readonly report: NoticesReport }
  | { readonly ok: boolean; readonly text: string };

/** How notices fare. Times are milliseconds since the epoch. */
export interface NoticesReport {
  readonly at: number;
  readonly channels: readonly Channel[];
  /** People, rooms, and channels that there are no more, for which something waits or was given up. */
  readonly others: readonly { readonly target: string; readonly waiting: number; readonly dead: number }[];
  /** The newest that were given up, oldest of them first. */
  readonly dead: readonly DeadNotice[];
  readonly deadCount: number;
}

/** What was to be told at once, and was given up. */
export interface DeadNotice {
  readonly id: string;
  readonly target: string;
  readonly title: string;
  /** Notices in it. */
  readonly count: number;
  readonly plugin: string;
  readonly madeAt: number;
  readonly problem: string;
}

/** Notices that were given up which are shown. */
const MAX_DEAD = 100;

/** What is needed of the bot. */
export interface NoticesControl {
  readonly notices: Pick<Notices, 'channels' | 'retry' | 'test'>;
  readonly dead: Pick<DeadNotices, 'counts' | 'list' | 'drop'>;
  readonly now: () => number;
}

/** Answers `seekeeper notices`. @throws ControlError `protocol` (as rejection) for what nobody asks. */
export async function controlNotices(bot: NoticesControl, args: unknown): Promise<NoticesAnswer> {
  const request = readRequest(args);
  switch (request.act) {
    case 'list':
      return { report: await report(bot) };
    case 'retry': {
      const ok = await bot.notices.retry(parcelNamed(request.name));
      return ok ? { ok, text: 'it is tried again' } : nothing(request.name);
    }
    case 'drop': {
      const count = await bot.dead.drop(parcelNamed(request.name));
      return count > 0 ? { ok: true, text: `${count} forgotten` } : nothing(request.name);
    }
    case 'test': {
      const { name } = request;
      const outcome = await bot.notices.test(name);
      if (outcome === undefined) return { ok: false, text: `there is no channel "${name}" in the config` };
      if (outcome.how === 'told') return { ok: true, text: `${name} took it` };
      return { ok: false, text: `${name} did not take it: ${outcome.problem}` };
    }
  }
}

async function report({ notices, dead, now }: NoticesControl): Promise<NoticesReport> {
  const channels = await notices.channels();
  const counts = await dead.counts();
  const names = new Set(channels.map(({ name }) => name));
  return {
    at: now(),
    channels,
    others: counts.filter(({ target }) => !names.has(target)),
    dead: together(await dead.list(MAX_DEAD)),
    deadCount: counts.reduce((sum, count) => sum + count.dead, 0),
  };
}

function together(notices: readonly StoredNotice[]): readonly DeadNotice[] {
  const parcels = new Map<string, [StoredNotice, ...StoredNotice[]]>();
  for (const notice of notices) {
    const id = notice.parcel ?? notice.id;
    const known = parcels.get(id);
    if (known === undefined) parcels.set(id, [notice]);
    else known.push(notice);
  }
  return [...parcels.values()].map((group) => {
    const { id, title, plugin } = parcelOf(group);
    const [{ target, madeAt, detail = '' }] = group;
    return { id, target, title, count: group.length, plugin, madeAt, problem: detail };
  });
}

const parcelNamed = (name: string): string | undefined => (name === 'all' ? undefined : name);

function nothing(name: string): NoticesAnswer {
  return {
    ok: false,
    text: name === 'all' ? 'nothing was given up' : `nothing of the id "${name}" was given up`,
  };
}

function readRequest(args: unknown): NoticesRequest {
  const given: Partial<Record<string, unknown>> = typeof args === 'object' && args !== null ? args : {};
  const { act, name } = given;
  if (act === 'list') return { act };
  if ((act === 'retry' || act === 'drop' || act === 'test') && typeof name === 'string') return { act, name };
  throw new ControlError('protocol', 'The command needs what to do, and with what');
}
