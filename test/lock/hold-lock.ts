// A process that takes the lock of a store and keeps it until it is killed; run by the tests.
import { acquireStoreLock } from '../../src/bot/lock/store-lock.ts';

try {
  acquireStoreLock(process.argv[2]!);
  process.send?.('held');
} catch (error) {
  process.send?.((error as { code: string }).code, () => process.exit(2));
}
// The channel to the parent keeps the process alive until one of them goes.
process.on('message', () => {});
