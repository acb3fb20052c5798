import type { Insertable, Selectable } from 'kysely';
import type { WishSpec } from '../../plugins/host/wire.ts';
import { exactText, storedText } from './exact-text.ts';
import type { WishTable } from './wish-tables.ts';

/** A path that was dropped, and why. */
export interface DropExample {
  readonly user: string;
  readonly path: string;
  readonly detail: string;
}

/** Results counted by what became of them. */
export interface WishTally {
  arrived: number;
  passed: number;
  /** By the name of the filter. */
  readonly dropped: Map<string, { count: number; readonly examples: DropExample[] }>;
}

/** Of a spelling of a wish's query: turns, and results that arrived in them. */
export interface SpellingHistory {
  turns: number;
  hits: number;
  /** When everybody whom the wish asks was last asked for it, and the time before that; milliseconds since the epoch. */
  at?: number | undefined;
  previous?: number | undefined;
}

/** What is kept of a wish without being asked for by the database. */
export interface WishDoc {
  /** How it stood before its last turn: it goes back there when that turn was cut short. */
  before?: {
    readonly lastTurn?: number;
    readonly skew: number;
    readonly fruitless: number;
    readonly variant: number;
  };
  /** What the planner's time was behind the clock in the last turn, in milliseconds. */
  skew: number;
  /** Finds that do not count for `completeAfter`: those before it was taken up again. */
  base: number;
  /** When users were last asked because they came online, milliseconds since the epoch. */
  readonly online: Map<string, number>;
  readonly history: Map<string, SpellingHistory>;
  /** Of the last turn. */
  last: WishTally;
  readonly total: WishTally;
}

/** A wish as it stands. The engine changes it and has it saved. Times are milliseconds since the epoch. */
export interface StoredWish {
  readonly seq: number;
  readonly instance: string;
  readonly id: string;
  spec: WishSpec;
  readonly registered: boolean;
  orphanedAt: number | undefined;
  mode: WishTable['mode'];
  until: number | undefined;
  createdAt: number;
  turns: number;
  fruitless: number;
  lastTurn: number | undefined;
  heard: boolean;
  cuts: number;
  variant: number;
  late: boolean;
  boostedAt: number | undefined;
  finds: number;
  lastFind: number | undefined;
  nextNumber: number;
  seen: number;
  remembered: number;
  readonly doc: WishDoc;
}

export function emptyTally(): WishTally {
  return { arrived: 0, passed: 0, dropped: new Map() };
}

/** A wish that was just made. */
export function newWish(
  about: Pick<StoredWish, 'instance' | 'id' | 'spec' | 'registered' | 'createdAt'>,
): Omit<StoredWish, 'seq'> {
  return {
    ...about,
    orphanedAt: undefined,
    mode: 'active',
    until: undefined,
    turns: 0,
    fruitless: 0,
    lastTurn: undefined,
    heard: true,
    cuts: 0,
    variant: 0,
    late: false,
    boostedAt: undefined,
    finds: 0,
    lastFind: undefined,
    nextNumber: 1,
    seen: 0,
    remembered: 0,
    doc: { skew: 0, base: 0, online: new Map(), history: new Map(), last: emptyTally(), total: emptyTally() },
  };
}

/** Everything that changes of a wish, as a row. */
export function changesOf(
  wish: Omit<StoredWish, 'seq'>,
): Omit<Insertable<WishTable>, 'seq' | 'instance' | 'id' | 'registered'> {
  const { spec } = wish;
  return {
    spec: JSON.stringify(spec),
    person: spec.user === undefined ? null : storedText(spec.user),
    orphaned_at: wish.orphanedAt ?? null,
    mode: wish.mode,
    until_at: wish.until ?? null,
    created_at: wish.createdAt,
    turns: wish.turns,
    fruitless: wish.fruitless,
    last_turn: wish.lastTurn ?? null,
    heard: Number(wish.heard),
    cuts: wish.cuts,
    variant: wish.variant,
    late: Number(wish.late),
    boosted_at: wish.boostedAt ?? null,
    finds: wish.finds,
    last_find: wish.lastFind ?? null,
    next_number: wish.nextNumber,
    seen: wish.seen,
    remembered: wish.remembered,
    doc: docText(wish.doc),
  };
}

export function wishOf(row: Selectable<WishTable>): StoredWish {
  return {
    seq: row.seq,
    instance: row.instance,
    id: exactText(row.id),
    spec: JSON.parse(row.spec) as WishSpec,
    registered: row.registered === 1,
    orphanedAt: row.orphaned_at ?? undefined,
    mode: row.mode,
    until: row.until_at ?? undefined,
    createdAt: row.created_at,
    turns: row.turns,
    fruitless: row.fruitless,
    lastTurn: row.last_turn ?? undefined,
    heard: row.heard === 1,
    cuts: row.cuts,
    variant: row.variant,
    late: row.late === 1,
    boostedAt: row.boosted_at ?? undefined,
    finds: row.finds,
    lastFind: row.last_find ?? undefined,
    nextNumber: row.next_number,
    seen: row.seen,
    remembered: row.remembered,
    doc: docOf(row.doc),
  };
}

interface TallyText {
  readonly arrived: number;
  readonly passed: number;
  readonly dropped: readonly (readonly [string, number, readonly DropExample[]])[];
}

interface DocText {
  readonly before?: NonNullable<WishDoc['before']>;
  readonly skew: number;
  readonly base: number;
  readonly online: readonly (readonly [string, number])[];
  readonly history: readonly (readonly [string, SpellingHistory])[];
  readonly last: TallyText;
  readonly total: TallyText;
}

function docText({ before, skew, base, online, history, last, total }: WishDoc): string {
  const doc: DocText = {
    ...(before && { before }),
    skew,
    base,
    online: [...online],
    history: [...history],
    last: tallyText(last),
    total: tallyText(total),
  };
  return JSON.stringify(doc);
}

function docOf(text: string): WishDoc {
  const { before, skew, base, online, history, last, total } = JSON.parse(text) as DocText;
  return {
    ...(before && { before }),
    skew,
    base,
    online: new Map(online),
    history: new Map(history),
    last: tallyOf(last),
    total: tallyOf(total),
  };
}

const tallyText = ({ arrived, passed, dropped }: WishTally): TallyText => ({
  arrived,
  passed,
  dropped: [...dropped].map(([filter, { count, examples }]) => [filter, count, examples] as const),
});

const tallyOf = ({ arrived, passed, dropped }: TallyText): WishTally => ({
  arrived,
  passed,
  dropped: new Map(dropped.map(([filter, count, examples]) => [filter, { count, examples: [...examples] }])),
});
