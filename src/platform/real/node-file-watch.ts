import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileWatch, FolderWatch } from '../file-watch.ts';
import type { FilePath } from '../files.ts';

/**
 * Watches the folders, because editors replace files: a watch on the file itself would stay with the old one.
 */
export class NodeFileWatch implements FileWatch, FolderWatch {
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
  watchFolders(folders: readonly FilePath[], changed: () => void): () => void {
    const watchers: FSWatcher[] = [];
    for (const folder of folders) {
      try {
        // Names are read by whoever is told; as bytes they need not be text.
        const watcher = watch(Buffer.from(folder), { persistent: false, encoding: 'buffer' }, () =>
          changed(),
        );
        watcher.on('error', () => watcher.close());
        watchers.push(watcher);
      } catch {
        // The folder is not there, or the system watches no more.
      }
    }
    return () => {
      for (const watcher of watchers) watcher.close();
    };
  }
}
