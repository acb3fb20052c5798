import { createHash } from 'node:crypto';

interface Said {
  readonly hash: string;
  /** Monotonic milliseconds. */
  at: number;
  /** It has left. Until then it may or may not have been said, and both must be reckoned with. */
  sure: boolean;
}

/** What a restart has to remember of one place, oldest first. Ages in milliseconds; never the text itself. */
export type SaidAges = readonly (readonly [hash: string, age: number, sure: boolean])[];

/** Places remembered; the one used longest ago is forgotten first. */
const MAX_PLACES = 500;

/** Lines kept of one place for its run: more are under way only after many crashes in a row. */
const MAX_UNSURE = 50;

/** A short fingerprint of a text: what is persisted must not be readable. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** Keeps the same text from being said again in the same place (a room, a user) too soon or too often in a row. */
export class RepeatGuard {
  /** The same text is refused within this time; 0 switches that off. */
  readonly #gapMs: number;
  /** So many in a row are let through; 0 switches that off. */
  readonly #run: number;
  /** Only what was said within this time counts for the run. */
  readonly #runMs: number;
  readonly #places = new Map<string, Said[]>();

  constructor(options: { gapMs: number; run: number; runMs: number }) {
    this.#gapMs = options.gapMs;
    this.#run = options.run;
    this.#runMs = options.runMs;
  }

  /** Why the text may not be said there now; undefined when it may. `hash` is a {@link fingerprint}. */
  refusal(now: number, place: string, hash: string): string | undefined {
    const said = this.#places.get(place) ?? [];
    if (said.some((line) => line.hash === hash && line.at + this.#gapMs > now)) {
      return `the same text went there less than ${Math.round(this.#gapMs / 1000)} s ago`;
    }
    const tail = this.#tail(said.filter((line) => line.sure || line.hash === hash)).filter(
      (line) => line.at + this.#runMs > now,
    );
    if (this.#run > 0 && tail.length >= this.#run && tail.every((line) => line.hash === hash)) {
      return `the same text would go there ${this.#run + 1} times in a row`;
    }
    return undefined;
  }

  /** It is about to be said. */
  take(now: number, place: string, hash: string): void {
    const said = this.#places.get(place) ?? [];
    said.push({ hash, at: now, sure: false });
    const needed = new Set(this.#tail(said.filter((line) => line.sure)));
    const first = said.findIndex((line) => needed.has(line));
    const runs = (index: number) => this.#run > 0 && index >= first && said.length - index <= MAX_UNSURE;
    const kept = said.filter((line, index) => runs(index) || line.at + this.#gapMs > now);
    this.#places.delete(place);
    this.#places.set(place, kept);
    if (this.#places.size > MAX_PLACES) this.#places.delete(this.#places.keys().next().value!);
  }

  /** It has been said. */
  confirm(place: string, hash: string): void {
    const line = this.#places.get(place)?.find((said) => !said.sure && said.hash === hash);
    if (line) line.sure = true;
  }

  /** It was not said after all. */
  forget(place: string, hash: string): void {
    const said = this.#places.get(place);
    const at = said?.findIndex((line) => !line.sure && line.hash === hash) ?? -1;
    if (at >= 0) said?.splice(at, 1);
  }

  /** What was taken at `from` was really said at `to`. */
  settle(from: number, to: number): void {
    for (const said of this.#places.values()) for (const line of said) if (line.at === from) line.at = to;
  }

  ages(now: number): [place: string, said: SaidAges][] {
    const longest = Math.max(this.#gapMs, this.#runMs);
    return [...this.#places]
      .map(([place, said]): [string, SaidAges] => [
        place,
        said
          .filter((line) => line.at + longest > now)
          .map((line) => [line.hash, now - line.at, line.sure] as const),
      ])
      .filter(([, said]) => said.length > 0);
  }

  resume(now: number, places: readonly (readonly [place: string, said: SaidAges])[]): void {
    for (const [place, said] of places) {
      this.#places.set(
        place,
        said.map(([hash, age, sure]) => ({ hash, at: now - age, sure })),
      );
    }
  }

  #tail(said: readonly Said[]): readonly Said[] {
    return said.slice(Math.max(0, said.length - this.#run));
  }
}
