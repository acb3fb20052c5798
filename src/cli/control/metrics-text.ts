import type { MetricsSnapshot } from '../../bot/metrics/metrics.ts';
import type { MetricSample } from '../../plugins/host/services.ts';
import { printable } from '../terminal/printable.ts';

/** One line for every series, below its plugin. */
export function metricsText({ since, plugins }: MetricsSnapshot): string[] {
  const start = `since ${new Date(since).toISOString()}`;
  if (plugins.length === 0) return [`${start}: no plugin has counted anything`];
  return [
    start,
    ...plugins.flatMap(({ plugin, series, lost }) => [
      plugin,
      ...series.map((sample) => `  ${sample.name}${labelsText(sample)}  ${valueText(sample)}`),
      ...(lost === 0 ? [] : [`  (${lost} changes lost: it has as many combinations as it may)`]),
    ]),
  ].map(printable);
}

function labelsText({ labels }: MetricSample): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(', ')}}`;
}

function valueText(sample: MetricSample): string {
  if (sample.kind === 'count') return short(sample.by);
  if (sample.kind === 'gauge') return short(sample.value);
  const { count, sum, least, greatest } = sample;
  return `${count} times, mean ${short(sum / count)}, ${short(least)} to ${short(greatest)}`;
}

/** A number that a person can read. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
