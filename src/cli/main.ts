#!/usr/bin/env node
import './small-heap.ts';
import { run } from './program.ts';

// Not process.exit(): what was written to a pipe may still be on its way.
process.exitCode = await run(process.argv.slice(2));
