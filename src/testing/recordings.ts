import { readFileSync } from 'node:fs';
import { parseRecording, type Recording } from '../sandbox/index.ts';

/** @param recording its text, its file's URL, or what was read already. @throws Error that names the line that is wrong. */
export function recordingOf(recording: Recording | URL | string): Recording {
  if (recording instanceof URL) return parseRecording(readFileSync(recording, 'utf8'));
  return typeof recording === 'string' ? parseRecording(recording) : recording;
}
