import { formatDuration } from '../../plugins/api/duration.ts';

/** How long ago, in its largest unit: `3m`, `2d`. At least a second. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(1, Math.round((now - at) / 1000));
  const unit = seconds >= 86_400 ? 86_400 : seconds >= 3600 ? 3600 : seconds >= 60 ? 60 : 1;
  return formatDuration(Math.floor(seconds / unit) * unit * 1000);
}
