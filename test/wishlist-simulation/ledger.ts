import type { ModelWish } from './catalogue.ts';
import { answers, contentOf, type ModelFile, pathOf, wordsIn } from './matching.ts';
import type { Person } from './person.ts';
import { type Reach, type Sighting, sightingKey, type Turn } from './record.ts';

/** Keeps the books on the people's side: which searches there were, whom they reached, and which files they should find. */
export class Ledger {
  readonly turns: Turn[] = [];
  readonly sightings = new Map<string, Sighting>();
  readonly #wishes: readonly ModelWish[];
  /** By query: the paths that were judged before. */
  readonly #answers = new Map<string, Map<string, boolean>>();
  #latest = new Map<string, Turn>();

  constructor(wishes: readonly ModelWish[]) {
    this.#wishes = wishes;
  }

  /** A wish search reached the server. */
  turn(at: number, query: string, interval: number): Turn {
    const words = wordsIn(query);
    const wish = this.#wishes.find(({ key }) => words.includes(key))?.id;
    const turn: Turn = { at, wish, query, interval };
    this.turns.push(turn);
    this.#latest.set(query, turn);
    return turn;
  }

  /** A search of the bot reached somebody. */
  reach(person: Person, query: string, at: number): void {
    const turn = this.#latest.get(query);
    const wish = this.#wishes.find(({ id }) => id === turn?.wish);
    if (turn === undefined || wish === undefined) return;
    const answersAt = at + person.life.answersAfterMs;
    const wanted = this.#wanted(wish, query, person.files);
    for (const file of wanted) {
      const folderFiles = wanted.filter(({ folder }) => folder === file.folder).length;
      const reach: Reach = { turn, at, answersAt, folderFiles };
      const path = pathOf(file);
      const key = sightingKey(wish.id, person.name, path);
      const known = this.sightings.get(key);
      if (known?.size === file.size) known.reaches.push(reach);
      else
        this.sightings.set(key, {
          wish: wish.id,
          user: person.name,
          path,
          size: file.size,
          content: contentOf(file),
          reaches: [reach],
        });
    }
  }

  #wanted(wish: ModelWish, query: string, files: readonly ModelFile[]): readonly ModelFile[] {
    const fit = files.filter((file) => this.#answered(query, pathOf(file)) && wish.wants(file));
    if (wish.folderFiles === 1) return fit;
    const inFolder = (folder: string) => fit.filter((other) => other.folder === folder).length;
    return fit.filter(({ folder }) => inFolder(folder) >= wish.folderFiles);
  }

  #answered(query: string, path: string): boolean {
    const paths = this.#answers.get(query) ?? new Map<string, boolean>();
    this.#answers.set(query, paths);
    const known = paths.get(path) ?? answers(query, path);
    paths.set(path, known);
    return known;
  }
}
