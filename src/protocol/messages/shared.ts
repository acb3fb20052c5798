import { type Infer, i32, list, size, str, struct, u8, u32 } from '../codec.ts';

/** A user's statistics: `avgSpeed` in bytes/s, counts of uploads, shared files and folders. `unknown` was once the upper word of `uploadNum`. */
export const stats = struct({ avgSpeed: u32, uploadNum: u32, unknown: u32, files: u32, dirs: u32 });
export type UserStats = Infer<typeof stats>;

/** An interest and how much it is recommended; below zero: disliked. */
export const recommendation = struct({ item: str, score: i32 });
export type Recommendation = Infer<typeof recommendation>;

/** `type` 0 bitrate in kbit/s, 1 duration in s, 2 whether the bitrate varies, 3 encoder, 4 sample rate in Hz, 5 bit depth; others may occur. */
const fileAttribute = struct({ type: u32, value: u32 });
export type FileAttribute = Infer<typeof fileAttribute>;

/**
 * A shared file. `code` is always 1; `extension` is empty from most clients; `filename` is a whole remote path in search results and a bare
 * name within a directory.
 */
export const file = struct({
  code: u8,
  filename: str,
  size,
  extension: str,
  attributes: list(fileAttribute),
});
export type FileEntry = Infer<typeof file>;

/** A shared folder: whole remote path and the files in it, without those of its subfolders. */
export const directory = struct({ name: str, files: list(file) });
export type Directory = Infer<typeof directory>;
