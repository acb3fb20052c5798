import type { RegistrationEntry } from '../host-registrations.ts';

/**
 * A registration that the bot knows between `activate` and `deactivate`.
 * @param enter makes it known; what it returns ends that
 * @param release gives back what was claimed when it was made
 */
export function outside(enter: () => () => void, release: () => void = () => {}): RegistrationEntry {
  let leave: (() => void) | undefined;
  const deactivate = () => {
    const end = leave;
    leave = undefined;
    end?.();
  };
  return {
    activate: () => {
      leave = enter();
    },
    deactivate,
    undo: () => {
      deactivate();
      release();
    },
  };
}
