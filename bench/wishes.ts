import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/bot/store/database.ts';
import { migrate } from '../src/bot/store/migrate.ts';
import { migrations } from '../src/bot/store/migrations/all.ts';
import { openSqlite } from '../src/bot/store/sqlite-backend.ts';
import { type StoredFind, WishFindBook } from '../src/bot/store/wish-finds.ts';
import { WishMemory } from '../src/bot/store/wish-memory.ts';
import type { StoredWish } from '../src/bot/store/wish-rows.ts';
import { WishBook } from '../src/bot/store/wishes.ts';
import { contentKey } from '../src/bot/wishes/content/content-key.ts';
import { keysOf } from '../src/bot/wishes/memory/seen-key.ts';
import type { Candidate } from '../src/bot/wishes/planner/candidate.ts';
import { chooseNext } from '../src/bot/wishes/planner/choose-next.ts';
import { timetable } from '../src/bot/wishes/planner/timetable.ts';
import { score } from '../src/bot/wishes/ranking/score.ts';
import { resolveWeights } from '../src/bot/wishes/ranking/weights.ts';
import { nullLog } from '../src/platform/null-log.ts';
import { realPlatform } from '../src/platform/real/real-platform.ts';
import { SeededRandom } from '../src/platform/virtual/seeded-random.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './built-bot.ts';
import { fill, MOST_ROWS, rowsOf } from './wish-parts/filled-store.ts';
import { hitOf } from './wish-parts/hits.ts';

const WISHES = 500;
const RESULTS = 2_000_000;
const EACH = RESULTS / WISHES;
/** Results that are looked at together, half of them known. */
const BATCH = 100;
const ROUNDS = 300;
/** Of a day, for each wish. */
const FINDS = 20;
const DAY_MS = 86_400_000;
/** DESIGN has no budget for wishes; these are what we aim at. */
const AIM = { plannerMs: 1, lookupMs: 20, writeMs: 100, digestMs: 1000, mibPerMillion: 100 };

/** What it costs to have wished for years: planning, looking up what was seen, noting it, telling it, and the disk. */
export const wishes: Benchmark = {
  name: 'wishes',
  summary: `${WISHES} wishes that remember ${RESULTS.toLocaleString('en')} results, on disk with durable writes`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'seekeeper-bench-'));
    const path = join(folder, 'store.db');
    const { clock } = realPlatform(nullLog);
    const database = new Database(openSqlite({ path, log: nullLog }));
    await migrate(database, migrations, { clock, log: nullLog });
    const [book, memory, finds] = [
      new WishBook(database),
      new WishMemory(database),
      new WishFindBook(database),
    ];
    const random = new SeededRandom('wishes');
    const now = Date.now();
    const at = Math.floor(now / 60_000);
    const before = process.memoryUsage().rss;
    const began = performance.now();
    const filled = await fill(book, finds, { wishes: WISHES, results: EACH, at });
    const fillSeconds = (performance.now() - began) / 1000;
    const mib = sizeOf(path) / 1_048_576;
    const pick = () => filled.wishes[random.int(0, WISHES - 1)]!;

    const planner = measurePlanner(filled.wishes, now);
    const lookups: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      const wish = pick();
      const hits = batchOf(wish, i, random);
      const start = performance.now();
      const keys = new Set(
        hits.flatMap((hit) => [keysOf(hit).source, keysOf(hit).folder, keysOf(hit).content]),
      );
      const known = await memory.lookup(wish.seq, [...keys], at - 525_600);
      lookups.push(performance.now() - start);
      if (known.size === 0) throw new Error('The batch should be known in part');
    }
    const writes: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      const wish = pick();
      const seen = rowsOf(wish.seq - 1, EACH + i * BATCH, EACH + (i + 1) * BATCH, at, random);
      wish.remembered += seen.length;
      const start = performance.now();
      await finds.note(wish, { seen, news: [], known: [], at: now, most: MOST_ROWS });
      writes.push(performance.now() - start);
    }
    const digest = await measureDigest(filled.wishes, finds, now, random);
    const grown = (process.memoryUsage().rss - before) / 1_048_576;
    await database.close();
    rmSync(folder, { recursive: true, force: true });
    const perMillion = mib / (RESULTS / 1e6);
    const lookup = median(lookups);
    const write = median(writes);
    return {
      figure: lookup.toFixed(1),
      unit: `ms to look up ${BATCH} results among ${RESULTS.toLocaleString('en')}`,
      budget:
        `none; aim <= ${AIM.lookupMs}; planner step <= ${AIM.plannerMs} ms, write <= ${AIM.writeMs} ms, ` +
        `digest <= ${AIM.digestMs} ms, disk <= ${AIM.mibPerMillion} MiB a million`,
      ok:
        lookup <= AIM.lookupMs &&
        planner.step <= AIM.plannerMs &&
        write <= AIM.writeMs &&
        digest.read <= AIM.digestMs &&
        perMillion <= AIM.mibPerMillion,
      details: [
        `filled in ${fillSeconds.toFixed(1)} s: ${filled.rows.toLocaleString('en')} rows for ${RESULTS.toLocaleString('en')} files, their contents and folders`,
        `disk: ${mib.toFixed(0)} MiB, ${perMillion.toFixed(0)} MiB per million results (aim <= ${AIM.mibPerMillion}), ${((mib * 1_048_576) / filled.rows).toFixed(0)} bytes a row`,
        `planner: ${planner.step.toFixed(3)} ms to choose among ${WISHES} (aim <= ${AIM.plannerMs}); a timetable of 3 days, ${planner.turns} turns, ${planner.table.toFixed(0)} ms`,
        `look up ${BATCH} results, half of them known: ${lookup.toFixed(2)} ms (median; aim <= ${AIM.lookupMs}), ${percentile(lookups, 0.99).toFixed(2)} ms (99 %)`,
        `note ${BATCH} new results durably: ${write.toFixed(2)} ms (median; aim <= ${AIM.writeMs}), ${percentile(writes, 0.99).toFixed(2)} ms (99 %)`,
        `digest: ${digest.read.toFixed(0)} ms to read a day's ${(FINDS * WISHES).toLocaleString('en')} finds of ${WISHES} wishes (aim <= ${AIM.digestMs}); to tell ${FINDS} and note that: ${digest.tell.toFixed(2)} ms (median)`,
        `memory: +${grown.toFixed(0)} MiB resident`,
      ],
    };
  },
};

/** Results of one turn: the wish has seen the first half of them. */
function batchOf(wish: StoredWish, round: number, random: SeededRandom) {
  const from = random.int(0, EACH - BATCH);
  return Array.from({ length: BATCH }, (_, i) =>
    hitOf(wish.seq - 1, i < BATCH / 2 ? from + i : EACH * 10 + round * BATCH + i, random),
  );
}

function measurePlanner(all: readonly StoredWish[], now: number) {
  const candidates = all.map(
    ({ seq, spec: { query } }, i): Candidate => ({
      seq,
      everyMs: 1_800_000,
      atMostMs: DAY_MS,
      priority: 1 + (i % 10),
      deadline: i % 7 === 0 ? now + 5 * DAY_MS : undefined,
      expires: undefined,
      notBefore: undefined,
      createdAt: now - 30 * DAY_MS,
      spellings: [query],
      variant: 0,
      fruitless: i % 12,
      lastTurn: now - i * 720_000,
      boostedAt: undefined,
    }),
  );
  const steps = Array.from({ length: ROUNDS }, (_, i) => {
    const start = performance.now();
    chooseNext(candidates, now + i * 726_000);
    return performance.now() - start;
  });
  const start = performance.now();
  const options = { from: now, until: now + 3 * DAY_MS, intervalMs: 720_000, maxTurns: 10_000 };
  const turns = [...timetable(candidates, options)].length;
  return { step: median(steps), table: performance.now() - start, turns };
}

/** Tells a day's finds of every wish, then reads them as a digest does. */
async function measureDigest(
  all: readonly StoredWish[],
  finds: WishFindBook,
  now: number,
  random: SeededRandom,
): Promise<{ readonly read: number; readonly tell: number }> {
  const weights = resolveWeights({});
  const tells: number[] = [];
  for (const wish of all) {
    const found = Array.from({ length: FINDS }, (_, i): StoredFind => {
      const hit = hitOf(wish.seq - 1, EACH * 20 + i, random);
      const { score: sum, parts } = score(hit, { query: wish.spec.query, folderFiles: 10 }, weights);
      const number = wish.nextNumber++;
      const find = { number, kind: 'new', hit, content: contentKey(hit), folderFiles: 10 } as const;
      return { ...find, state: 'waiting', score: sum, parts, at: now, late: false };
    });
    const batches = await finds.note(wish, { seen: [], news: [found], known: [], at: now, most: MOST_ROWS });
    const start = performance.now();
    for (const batch of batches ?? []) {
      await finds.begin(batch, 1);
      await finds.told(batch, wish);
    }
    tells.push(performance.now() - start);
  }
  const start = performance.now();
  let read = 0;
  for (const { seq } of all)
    read += (await finds.latest(seq, 50)).filter(({ at }) => at > now - DAY_MS).length;
  if (read !== FINDS * WISHES) throw new Error(`${read} finds were read`);
  return { read: performance.now() - start, tell: median(tells) };
}

/** With what the next checkpoint will move into it. */
const sizeOf = (path: string): number =>
  statSync(path).size + (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Infinity;
