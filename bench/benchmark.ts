/** What one benchmark measured. */
export interface BenchmarkResult {
  readonly figure: string;
  readonly unit: string;
  /** As a person reads it, e.g. `>= 0.8`. */
  readonly budget: string;
  readonly ok: boolean;
  /** Lines printed before the verdict: what was run, medians, CPU seconds, memory. */
  readonly details: readonly string[];
}

/** One benchmark. Ratios are taken within one run, because machines drift. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  run(): Promise<BenchmarkResult>;
}
