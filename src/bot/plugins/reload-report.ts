/** What a reload did. Ids of plugins, in the order of the config. */
export interface ReloadReport {
  readonly loaded: readonly string[];
  readonly reloaded: readonly string[];
  readonly unloaded: readonly string[];
  readonly unchanged: readonly string[];
  /** Those that stay as they were, or out. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
  /** Sections of the config that are different now and count after a restart only. */
  readonly restart: readonly string[];
  /** Why the config cannot be used, a line each. Nothing was changed then. */
  readonly problems: readonly string[];
}

export const NOTHING_DONE: ReloadReport = {
  loaded: [],
  reloaded: [],
  unloaded: [],
  unchanged: [],
  failed: [],
  restart: [],
  problems: [],
};

/** Whether everything that was to be done was done. */
export function reloadWorked({ failed, problems }: ReloadReport): boolean {
  return failed.length === 0 && problems.length === 0;
}

/** A report in words, a line for each thing. */
export function reloadLines(report: ReloadReport): readonly string[] {
  const { loaded, reloaded, unloaded, unchanged, failed, restart, problems } = report;
  if (problems.length > 0) return ['Nothing was reloaded:', ...problems];
  const lines = [
    ...list('Loaded', loaded),
    ...list('Reloaded', reloaded),
    ...list('Unloaded', unloaded),
    ...failed.map(({ reason }) => `Not reloaded, the version before goes on if there was one: ${reason}`),
    ...list('Needs a restart', restart),
  ];
  if (lines.length > 0) return lines;
  return [
    unchanged.length === 0 ? 'There are no plugins.' : 'Nothing to reload: what runs is what is saved.',
  ];
}

function list(what: string, ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`];
}
