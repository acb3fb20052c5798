import { workerData } from 'node:worker_threads';
import type { ThreadStart } from './protocol.ts';
import { Thread } from './thread.ts';

const given = workerData as { start: ThreadStart | undefined };
const { start } = given;
// The port is ours: a plugin should not come upon it.
given.start = undefined;
if (start !== undefined) new Thread(start).start();
