import { PluginError } from '../api/errors.ts';
import type { MetricChange, MetricSample } from './services.ts';

/** Of metrics and labels: letters, digits, `_` and `.`, a letter first. */
export const METRIC_NAME = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;
export const MAX_LABELS = 8;
export const MAX_LABEL_LENGTH = 64;
/** Of one plugin; a series is a metric with its labels. */
export const MAX_SERIES = 500;

const NUMBERS = {
  count: ['by'],
  gauge: ['value'],
  observe: ['count', 'sum', 'least', 'greatest'],
} as const;

/** Two changes of the same series as one. A gauge, and what is not alike, is what it was last. */
export function addChange(old: MetricChange, change: MetricChange): MetricChange {
  if (old.kind === 'count' && change.kind === 'count') return { kind: 'count', by: old.by + change.by };
  if (old.kind === 'observe' && change.kind === 'observe') {
    return {
      kind: 'observe',
      count: old.count + change.count,
      sum: old.sum + change.sum,
      least: Math.min(old.least, change.least),
      greatest: Math.max(old.greatest, change.greatest),
    };
  }
  return change;
}

/** The plugin's side has checked them, and this holds when it did not. @throws PluginError `invalid` */
export function readSamples(value: unknown): readonly MetricSample[] {
  if (!Array.isArray(value) || value.length > MAX_SERIES || !value.every(isSample))
    throw new PluginError('invalid', 'bot.metric: no samples');
  return value;
}

function isSample(value: unknown): value is MetricSample {
  if (typeof value !== 'object' || value === null) return false;
  const sample = value as Readonly<Record<string, unknown>>;
  const { kind, name, labels } = sample;
  if (kind !== 'count' && kind !== 'gauge' && kind !== 'observe') return false;
  if (typeof name !== 'string' || !METRIC_NAME.test(name) || !isLabels(labels)) return false;
  return NUMBERS[kind].every((key) => Number.isFinite(sample[key]));
}

function isLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_LABELS &&
    entries.every(
      ([key, label]) =>
        METRIC_NAME.test(key) && typeof label === 'string' && label.length <= MAX_LABEL_LENGTH,
    )
  );
}
