import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileWatch } from '../file-watch.ts';

/**
 * Watches the folders, because editors replace files: a watch on the file itself would stay with the old one.
 */
export class NodeFileWatch implements FileWatch {
  watch(files: readonly string[], changed: (file: string) => void): () => void {
    const wanted = new Set(files);
    const watchers: FSWatcher[] = [];
    for (const folder of new Set(files.map((file) => dirname(file)))) {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          const file = name === null ? undefined : join(folder, name);
          if (file !== undefined && wanted.has(file)) changed(file);
        });
        // A folder that goes away ends its watch; there is nothing to see there any more.
        watcher.on('error', () => watcher.close());
        watchers.push(watcher);
      } catch {
        // The folder is not there.
      }
    }
    return () => {
      for (const watcher of watchers) watcher.close();
    };
  }
}
