/**
 * Resolves at the first SIGINT or SIGTERM with its name. A second one, while the way out is still being walked, ends
 * the process at once: somebody who presses Ctrl-C twice means it.
 */
export function stopSignal(proc: NodeJS.Process): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (asked) proc.exit(signal === 'SIGINT' ? 130 : 143);
      asked = true;
      resolve(signal);
    };
    proc.on('SIGINT', onSignal);
    proc.on('SIGTERM', onSignal);
  });
}
