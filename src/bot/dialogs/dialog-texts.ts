/** A step failed, and the same line may work next time. @param cancel what ends it */
export function askAgain(cancel: string | undefined): string {
  const way = cancel === undefined ? '' : `, or "${cancel}" to end this`;
  return `Something went wrong with that. Say it again${way}.`;
}

/** A step failed too often. */
export const OVER = 'It went wrong again, so I stop here; my owner finds the reason in the log.';

/** The plugin has no such step any more. */
export const LOST = 'I have lost the thread; please begin again.';
