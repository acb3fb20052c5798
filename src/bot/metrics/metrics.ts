import type { Clock } from '../../platform/clock.ts';
import { addChange, MAX_SERIES } from '../../plugins/host/metric-samples.ts';
import type { MetricSample, MetricsService } from '../../plugins/host/services.ts';

/** The figures of one plugin. */
export interface PluginMetrics {
  readonly plugin: string;
  /** In order of their names. `observe` has number, sum, least and greatest. */
  readonly series: readonly MetricSample[];
  /** Changes that had no series to go to, because the plugin has as many as it may. */
  readonly lost: number;
}

export interface MetricsSnapshot {
  /** When counting began, milliseconds since the epoch. */
  readonly since: number;
  readonly plugins: readonly PluginMetrics[];
}

/** Figures of all plugins since the process began. They outlive a reload, and nothing of them is stored. */
export class BotMetrics implements MetricsService {
  readonly #since: number;
  readonly #plugins = new Map<string, { readonly series: Map<string, MetricSample>; lost: number }>();

  constructor(clock: Clock) {
    this.#since = clock.now();
  }

  record(instance: string, samples: readonly MetricSample[], lost: number): void {
    const plugin = this.#plugins.get(instance) ?? { series: new Map<string, MetricSample>(), lost: 0 };
    this.#plugins.set(instance, plugin);
    plugin.lost += lost;
    for (const sample of samples) {
      const { kind, name, labels } = sample;
      const key = JSON.stringify([name, kind, labels]);
      const known = plugin.series.get(key);
      if (known !== undefined) plugin.series.set(key, { name, labels, ...addChange(known, sample) });
      else if (plugin.series.size < MAX_SERIES) plugin.series.set(key, sample);
      else plugin.lost++;
    }
  }

  snapshot(): MetricsSnapshot {
    const plugins = [...this.#plugins].map(([plugin, { series, lost }]) => ({
      plugin,
      series: [...series.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sample]) => sample),
      lost,
    }));
    return { since: this.#since, plugins: plugins.sort((a, b) => (a.plugin < b.plugin ? -1 : 1)) };
  }
}
