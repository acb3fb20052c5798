import { similarity } from './similarity.ts';
import { skeleton } from './skeleton.ts';

/** Below this a name is another name. */
const LEAST = 0.4;

/** The names that somebody most likely meant, the likeliest first. */
export function nearestNames(given: string, names: Iterable<string>, count = 3): readonly string[] {
  const wanted = given.toLowerCase();
  const bones = skeleton(given);
  return [...new Set(names)]
    .map((name) => ({ name, likeness: likeness(wanted, bones, name) }))
    .filter((one) => one.likeness >= LEAST)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

function likeness(wanted: string, bones: string, name: string): number {
  const other = name.toLowerCase();
  if (other === wanted) return 3;
  if (skeleton(name) === bones) return 2;
  // Who types the beginning of a name, or leaves out its end, means it.
  const begun = wanted.length >= 2 && (other.startsWith(wanted) || wanted.startsWith(other)) ? 0.5 : 0;
  // Swapped letters are the commonest mistake.
  return begun + Math.max(similarity(wanted, other), 0.8 * similarity(sorted(wanted), sorted(other)));
}

const sorted = (text: string): string => Array.from(text).sort().join('');
