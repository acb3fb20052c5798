import { PluginError } from '../../api/errors.ts';
import type { MetricLabels, Metrics } from '../../api/metric.ts';
import { addChange, MAX_LABEL_LENGTH, MAX_LABELS, MAX_SERIES, METRIC_NAME } from '../metric-samples.ts';
import type { MetricChange, MetricSample } from '../services.ts';
import { runBeside } from './current-call.ts';
import type { CallHost } from './facade.ts';

/**
 * Makes `bot.metric`. What happens while a report is on its way is added up and goes with the next one, so that a busy loop
 * sends one message and not a thousand.
 */
export function makeMetrics(call: CallHost): Metrics {
  const pending = new Pending(call);
  return Object.freeze<Metrics>({
    count(name, labels, by = 1) {
      if (!(Number.isFinite(by) && by >= 0)) throw wrong('count', name, `${by} is not 0 or more`);
      pending.add('count', name, labels, { kind: 'count', by });
    },
    gauge(name, value, labels) {
      pending.add('gauge', name, labels, { kind: 'gauge', value: finite('gauge', name, value) });
    },
    observe(name, value, labels) {
      const one = finite('observe', name, value);
      pending.add('observe', name, labels, {
        kind: 'observe',
        count: 1,
        sum: one,
        least: one,
        greatest: one,
      });
    },
  });
}

class Pending {
  readonly #call: CallHost;
  #samples = new Map<string, MetricSample>();
  #lost = 0;
  #sending = false;

  constructor(call: CallHost) {
    this.#call = call;
  }

  add(verb: string, name: string, given: MetricLabels | undefined, change: MetricChange): void {
    const labels = readLabels(verb, name, given);
    const key = JSON.stringify([change.kind, name, labels]);
    const known = this.#samples.get(key);
    if (known !== undefined) this.#samples.set(key, { name, labels, ...addChange(known, change) });
    else if (this.#samples.size < MAX_SERIES) this.#samples.set(key, { name, labels, ...change });
    else this.#lost++;
    if (this.#sending) return;
    this.#sending = true;
    queueMicrotask(() => void this.#send());
  }

  async #send(): Promise<void> {
    while (this.#samples.size > 0) {
      const samples = [...this.#samples.values()];
      const lost = this.#lost;
      this.#samples = new Map();
      this.#lost = 0;
      try {
        await runBeside(() => this.#call('metrics.record', samples, lost));
      } catch {
        // The plugin is being unloaded, and nobody waits for its figures.
      }
    }
    this.#sending = false;
  }
}

/** In the order of their names, so that the same labels are the same series. */
function readLabels(verb: string, name: string, given: MetricLabels = {}): Record<string, string> {
  if (typeof name !== 'string' || !METRIC_NAME.test(name)) throw wrong(verb, name, 'a bad name');
  const entries = Object.entries(given);
  if (entries.length > MAX_LABELS) throw wrong(verb, name, `more than ${MAX_LABELS} labels`);
  const labels: Record<string, string> = {};
  for (const [key, value] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!METRIC_NAME.test(key)) throw wrong(verb, name, `the label ${JSON.stringify(key)} has a bad name`);
    if (typeof value === 'object' || typeof value === 'function')
      throw wrong(verb, name, `the label ${key} is neither text nor number nor true or false`);
    labels[key] = String(value).slice(0, MAX_LABEL_LENGTH);
  }
  return labels;
}

function finite(verb: string, name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw wrong(verb, name, `${String(value)} is not a finite number`);
}

function wrong(verb: string, name: unknown, why: string): PluginError {
  return new PluginError('invalid', `bot.metric.${verb}(${JSON.stringify(name)}): ${why}`);
}
