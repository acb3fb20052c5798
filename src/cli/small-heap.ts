import { setFlagsFromString } from 'node:v8';

/*
 * For its effect, and before anything else is imported: V8's young generation stays at its first size (1 MiB on
 * 64 bits) instead of growing to 48 MiB while the modules are compiled and again at every burst, which it never
 * gives back by itself. A bot waits most of its life, and each collection of so little is short.
 * `--max-semi-space-size` would say the same, but is read only before a script can run.
 */
setFlagsFromString('--semi-space-growth-factor=1');
