#!/usr/bin/env node
import './small-heap.ts';
import { run } from './program.ts';

// Whoever reads our pipe may stop early, as `head` does: what nobody reads is no mistake of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Not process.exit(): what was written to a pipe may still be on its way.
process.exitCode = await run(process.argv.slice(2));
