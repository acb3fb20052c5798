import type { LoadedList } from './load-list.ts';

/** Who could be concerned by a list. */
export interface PreviewPlace {
  readonly room: string;
  /** In it now, or a member of it. */
  readonly people: readonly string[];
  readonly staff: readonly string[];
}

export interface PreviewOptions {
  readonly list: LoadedList;
  /** The strongest consequence that may follow. */
  readonly atMost: string;
  readonly places: readonly PreviewPlace[];
}

/** What subscribing to a list would mean here, in lines. */
export function previewLines({ list, atMost, places }: PreviewOptions): readonly string[] {
  const listed = new Map(list.entries.map((entry) => [entry.user, entry]));
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const lines = [
    `${list.name}: ${count(listed.size, 'name')}, issued ${day(list.issued)}, holds until ${day(list.expires)}; at most "${atMost}" would follow`,
    ...list.problems.map((problem) => `  not included: ${problem}`),
  ];
  for (const { room, people, staff } of places) {
    const here = people.filter((user) => listed.has(user));
    const own = staff.filter((user) => listed.has(user));
    lines.push(
      here.length === 0
        ? `  ${room}: nobody of ${count(people.length, 'person', 'people')} there is on it`
        : `  ${room}: ${count(here.length, 'person', 'people')} of ${people.length} on it: ${shown(here)}`,
    );
    if (own.length > 0) lines.push(`  ${room}: your staff are on it and would be left alone: ${shown(own)}`);
  }
  for (const { user, points, reason } of list.entries.slice(0, 5))
    lines.push(`  e.g. ${user} (${points}): ${reason}`);
  return lines;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${first} and ${names.length - 10} more` : first;
}
