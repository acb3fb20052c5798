import type { Audience } from './index/shared-file.ts';

/** Who looks at our shares. `nobody`: is shown nothing at all. */
export type Viewer = 'nobody' | Audience;

/** Which files they may have, and which they may only see. */
export interface Sight {
  readonly open: readonly Audience[];
  readonly locked: readonly Audience[];
}

const NONE: readonly Audience[] = [];

/** @param showLocked whether others see what only buddies may have */
export function sightOf(viewer: Viewer, showLocked: boolean): Sight {
  if (viewer === 'nobody') return { open: NONE, locked: NONE };
  if (viewer === 'buddies') return { open: ['everyone', 'buddies'], locked: NONE };
  return { open: ['everyone'], locked: showLocked ? ['buddies'] : NONE };
}
