/** Numbers of a hit as people read them. */

export const plain = (value: number): string => String(value);

export const kbits = (value: number): string => `${Math.round(value)} kbit/s`;

export const kHz = (value: number): string => `${value / 1000} kHz`;

export const kBs = (value: number): string => `${Math.round(value / 1000)} kB/s`;

/** @param value whole or broken seconds, as `4:05`. */
export function seconds(value: number): string {
  if (value < 60) return `${value} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}
