/** A case as far as it is scored. */
export interface ScoredCase {
  /** Without the plugin. */
  readonly rule: string;
  readonly room: string;
  readonly user: string;
  /** Something was done beyond writing it down. */
  readonly acted: boolean;
}

export interface RuleScore {
  readonly rule: string;
  /** Person and room that it was right about, wrong about (they did nothing there), and missed. */
  readonly right: number;
  readonly wrong: number;
  /** Named for something that they did not do, but they did something else there: wrong too, though less unjust. */
  readonly other: number;
  readonly missed: number;
  /** Of those it named, how many it should have; 1 when it named nobody. */
  readonly precision: number;
  /** Of those it should have named, how many it did; 1 when there was nobody. */
  readonly recall: number;
}

/** What a just moderator knows. */
export interface Truth {
  readonly guilt: readonly { readonly rule: string; readonly room: string; readonly user: string }[];
  /** Whether they did anything wrong there. */
  guiltyOfAnything(room: string, user: string): boolean;
}

/** Precision and recall per rule, over people in rooms: a person who is named ten times counts once. */
export function scoreRules(cases: readonly ScoredCase[], truth: Truth): readonly RuleScore[] {
  const key = (each: { room: string; user: string }) => JSON.stringify([each.room, each.user]);
  const rules = new Set([...cases.map(({ rule }) => rule), ...truth.guilt.map(({ rule }) => rule)]);
  return [...rules].sort().map((rule) => {
    const named = new Map(cases.filter((each) => each.rule === rule).map((each) => [key(each), each]));
    const guilty = new Set(truth.guilt.filter((each) => each.rule === rule).map(key));
    const right = [...named.keys()].filter((each) => guilty.has(each)).length;
    const unjust = [...named.values()].filter((each) => !guilty.has(key(each)));
    const other = unjust.filter((each) => truth.guiltyOfAnything(each.room, each.user)).length;
    const wrong = unjust.length - other;
    const missed = [...guilty].filter((each) => !named.has(each)).length;
    return {
      rule,
      right,
      wrong,
      other,
      missed,
      precision: named.size === 0 ? 1 : right / named.size,
      recall: right + missed === 0 ? 1 : right / (right + missed),
    };
  });
}

/** The scores as a table for a terminal. */
export function scoreTable(scores: readonly RuleScore[]): readonly string[] {
  const rows = scores.map(({ rule, right, wrong, other, missed, precision, recall }) => [
    rule,
    String(right),
    String(wrong),
    String(other),
    String(missed),
    precision.toFixed(2),
    recall.toFixed(2),
  ]);
  const head = ['rule', 'right', 'wrong', 'other', 'missed', 'precision', 'recall'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return [line(head), ...rows.map(line)];
}
