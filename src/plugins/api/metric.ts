/** Dimensions of a metric. Keep them few: one plugin has at most 500 combinations. */
export type MetricLabels = Readonly<Record<string, string | number | boolean>>;

/**
 * Figures for the operator, shown by `seekeeper metrics`. They live in memory and begin at zero with the process. Names,
 * and those of labels, are letters, digits, `_` and `.`, a letter first, at most 64; a metric has at most 8 labels, whose
 * values are cut after 64 characters. Nothing here waits, and what is new above 500 combinations is only counted as lost.
 *
 * @throws PluginError `invalid` for such a name, a negative count, and what is no finite number.
 */
export interface Metrics {
  /** Adds to a counter. @param by 0 or more @default 1 */
  count(name: string, labels?: MetricLabels, by?: number): void;
  /** Sets a value that goes up and down. */
  gauge(name: string, value: number, labels?: MetricLabels): void;
  /** Notes one of many values (a duration, a size): number, sum, least and greatest are kept. */
  observe(name: string, value: number, labels?: MetricLabels): void;
}
