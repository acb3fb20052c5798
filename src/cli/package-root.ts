import { fileURLToPath } from 'node:url';

/** The package's folder: two up, from the sources as from the build. Example plugins lie in it. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
