import type { UserStats, UserStatus } from './user.ts';

/** The five numbers as every message that has statistics spells them. */
interface WireStats {
  readonly avgSpeed: number;
  readonly uploadNum: number;
  readonly files: number;
  readonly dirs: number;
}

/** Wire status to ours: 1 away, 2 online; anything else counts as offline. */
export function toStatus(status: number): UserStatus {
  return status === 2 ? 'online' : status === 1 ? 'away' : 'offline';
}

export function toStats(wire: WireStats): UserStats {
  return { avgSpeed: wire.avgSpeed, uploads: wire.uploadNum, files: wire.files, folders: wire.dirs };
}

export const NO_STATS: UserStats = { avgSpeed: 0, uploads: 0, files: 0, folders: 0 };

export function sameStats(a: UserStats, b: UserStats): boolean {
  return (
    a.avgSpeed === b.avgSpeed && a.uploads === b.uploads && a.files === b.files && a.folders === b.folders
  );
}
