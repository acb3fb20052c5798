import { Buffer } from 'node:buffer';
import { SearchBatch } from '../src/network/distributed/search-batch.ts';
import { MemoryState } from '../src/network/memory-ports.ts';
import { RequestStream } from '../src/network/search/requests/request-stream.ts';
import { SearchRequests } from '../src/network/search/requests/search-requests.ts';
import { nullLog } from '../src/platform/null-log.ts';
import type { Random } from '../src/platform/random.ts';
import { SeededRandom } from '../src/platform/virtual/seeded-random.ts';
import { VirtualClock } from '../src/platform/virtual/virtual-clock.ts';
import { encodeDistributedMessage, FrameSplitter, isRelayable } from '../src/protocol/index.ts';
import type { Benchmark } from './benchmark.ts';

const PER_SECOND = 10_000;
/** Seconds of traffic in a round; the first round warms up, of the others the median counts. */
const SECONDS = 20;
const ROUNDS = 5;
const BUDGET_PERCENT = 20;
/** Bytes of a TCP segment: searches come about twenty at a time. */
const SEGMENT = 1448;
const VOCABULARY = 50_000;

const SYLLABLES =
  'ka lo mi ra ten vor shi el an du bri co fa gu hel is jo nar pe qui sol tra un wen xy zo'.split(' ');
const ACCENTS = 'äöüéèñçåø片仮ж'.split('');

/** Invented words, the more common ones first, one in ten with a letter that is not ASCII. */
function vocabulary(random: Random): string[] {
  const pick = (list: readonly string[]) => list[random.int(0, list.length - 1)]!;
  return Array.from({ length: VOCABULARY }, (_, rank) => {
    const length = 1 + random.int(0, 1) + (rank > 500 ? 1 : 0);
    const word = Array.from({ length }, () => pick(SYLLABLES)).join('');
    return random.float() < 0.1 ? word + pick(ACCENTS) : word;
  });
}

/** A word as often as its rank deserves (Zipf). */
const common = (words: readonly string[], random: Random): string =>
  words[Math.floor(words.length ** random.float()) - 1]!;

/** A query as people and their programs type them. */
function query(words: readonly string[], random: Random): string {
  const parts = Array.from({ length: random.int(1, 6) }, () => common(words, random));
  if (random.float() < 0.3) parts[0] = parts[0]![0]!.toUpperCase() + parts[0]!.slice(1);
  if (random.float() < 0.2) parts.push(String(random.int(1950, 2026)));
  if (random.float() < 0.3) parts.push(random.float() < 0.5 ? 'flac' : 'mp3');
  if (random.float() < 0.1) parts.push(`-${common(words, random)}`);
  if (random.float() < 0.05) parts.push(`*${common(words, random).slice(1)}`);
  return parts.join(random.float() < 0.1 ? ' - ' : ' ');
}

/** One second of traffic, cut as it arrives. */
function traffic(words: readonly string[], random: Random): Buffer[] {
  const frames = Array.from({ length: PER_SECOND }, () =>
    encodeDistributedMessage({
      type: 'DistribSearch',
      identifier: 49,
      username: `user${random.int(0, 100_000)}`,
      token: random.u32(),
      query: query(words, random),
    }),
  );
  const bytes = Buffer.concat(frames);
  return Array.from({ length: Math.ceil(bytes.length / SEGMENT) }, (_, i) =>
    bytes.subarray(i * SEGMENT, (i + 1) * SEGMENT),
  );
}

/** The receiving end: segments to frames, frames to batches, batches to whoever listens. */
class Receiver {
  readonly clock = new VirtualClock();
  readonly requests: SearchRequests;
  delivered = 0;
  #handler: ((batch: SearchBatch) => void) | undefined;

  constructor() {
    const link = { username: 'bot', on: () => () => {} };
    const tree = {
      onSearch: (handler: (batch: SearchBatch) => void) => {
        this.#handler = handler;
        return () => {};
      },
    };
    const stream = new RequestStream({ link, tree });
    const random = new SeededRandom('bot');
    this.requests = new SearchRequests({
      stream,
      clock: this.clock,
      random,
      log: nullLog,
      state: new MemoryState(),
    });
  }

  watch(filter: Parameters<SearchRequests['subscribe']>[0]): this {
    this.requests.subscribe(filter, { maxBatch: 10_000 }, ({ requests }) => {
      this.delivered += requests.length;
    });
    return this;
  }

  /** As the tree does it: frames that follow each other in one piece go on as one batch. */
  async second(segments: readonly Buffer[]): Promise<void> {
    const splitter = new FrameSplitter('distributed');
    for (const segment of segments) {
      splitter.push(segment);
      const pieces: Buffer[] = [];
      let count = 0;
      while (splitter.advance() === 'frame') {
        const { source, start, end } = splitter;
        if (!isRelayable(source, start, end)) continue;
        pieces.push(source.subarray(start, end));
        count += 1;
      }
      this.#handler?.(new SearchBatch(Buffer.concat(pieces), count, 'bot'));
    }
    await this.clock.advance(1000);
  }
}

interface Measured {
  /** Microseconds of processor per search. */
  readonly each: number;
  /** Share of searches that were delivered. */
  readonly share: number;
}

async function measure(receiver: Receiver, seconds: readonly (readonly Buffer[])[]): Promise<Measured> {
  const rounds: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let i = 0; i < SECONDS; i += 1) await receiver.second(seconds[i % seconds.length]!);
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) rounds.push((user + system) / (SECONDS * PER_SECOND));
  }
  rounds.sort((a, b) => a - b);
  return {
    each: rounds[Math.floor(ROUNDS / 2)]!,
    share: receiver.delivered / ((ROUNDS + 1) * SECONDS * PER_SECOND),
  };
}

const percent = (each: number): number => (each * PER_SECOND) / 10_000;

/** Searches of others against watched terms: processor time for 10,000 searches a second. */
export const watchTerms: Benchmark = {
  name: 'watch-terms',
  summary: `${PER_SECOND.toLocaleString('en')} searches a second, decoded and matched against watched terms`,
  async run() {
    const random = new SeededRandom('watch-terms');
    const words = vocabulary(random);
    const seconds = [traffic(words, random), traffic(words, random)];
    const term = () =>
      Array.from({ length: random.int(1, 3) }, () => words[random.int(0, VOCABULARY - 1)]!).join(' ');
    // One in ten of the terms is made of words that many search for.
    const terms = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        i % 10 === 0 ? `${common(words, random)} ${common(words, random)}` : term(),
      );
    const patterns = (count: number) =>
      Array.from({ length: count }, (_, i) => `(?i)\\b${words[i * 7]!}.*\\b(19|20)\\d\\d\\b`);
    const split = (list: readonly string[], parts: number) =>
      Array.from({ length: parts }, (_, i) => list.filter((_text, at) => at % parts === i));

    const cases: readonly (readonly [string, (receiver: Receiver) => void])[] = [
      ['nobody listens', () => {}],
      ['a sample of 1 in 1,000 (all are decoded)', (receiver) => receiver.watch({ sample: 0.001 })],
      ['1,000 terms', (receiver) => receiver.watch({ terms: terms(1000) })],
      [
        '1,000 terms of 20 subscribers, names hashed',
        (receiver) => {
          for (const part of split(terms(1000), 20)) receiver.watch({ terms: part, hashUsers: true });
        },
      ],
      ['10,000 terms', (receiver) => receiver.watch({ terms: terms(10_000) })],
      ['10 patterns', (receiver) => receiver.watch({ patterns: patterns(10) })],
      [
        '1,000 terms and, of what they find, 10 patterns',
        (receiver) => receiver.watch({ terms: terms(1000), patterns: patterns(10) }),
      ],
    ];
    const details: string[] = [];
    let figure = 0;
    for (const [name, watch] of cases) {
      const receiver = new Receiver();
      watch(receiver);
      const { each, share } = await measure(receiver, seconds);
      if (name === '1,000 terms') figure = percent(each);
      details.push(
        `${name}: ${each.toFixed(2)} us of processor a search, ${percent(each).toFixed(1)} % of a core; ${(share * 100).toFixed(2)} % delivered`,
      );
    }
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    details.push(
      `${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} CPU seconds in all, peak memory ${(maxRSS / 1024).toFixed(0)} MiB (the made-up traffic included)`,
    );
    return {
      figure: figure.toFixed(1),
      unit: `% of a core for 1,000 terms at ${PER_SECOND.toLocaleString('en')} searches/s`,
      budget: `< ${BUDGET_PERCENT}`,
      ok: figure < BUDGET_PERCENT,
      details,
    };
  },
};
