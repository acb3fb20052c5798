import type { Finding } from '../../bot/doctor/finding.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';

const SIGNS = {
  ok: ['green', '✓'],
  warning: ['yellow', '!'],
  problem: ['red', '✗'],
} as const;

/** Findings for people: what is, below it what to do, and a sum at the end. */
export function findingLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  const width = Math.max(0, ...findings.map(({ about }) => about.length));
  const lines = findings.flatMap(({ about, level, what, todo }) => {
    const [style, sign] = SIGNS[level];
    const head = `${paint(style, sign)} ${about.padEnd(width)}  `;
    const advice = todo === undefined ? [] : [`${' '.repeat(width + 4)}→ ${printable(todo)}`];
    return [`${head}${printable(what)}`, ...advice];
  });
  const of = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  return [...lines, '', sum(of('problem'), of('warning'))];
}

function sum(problems: number, warnings: number): string {
  if (problems + warnings === 0) return 'All is well.';
  const many = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return `${many(problems, 'problem')}, ${many(warnings, 'warning')}.`;
}
