/** What a plugin offers to others: functions by name. Arguments and results are plain data, copied both ways. */
// biome-ignore lint/suspicious/noExplicitAny: the caller's type argument says what they are
export type ServiceMethods = Readonly<Record<string, (...args: any[]) => unknown>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the same

/** A service as its users see it: every function is async. */
export type Remote<T extends ServiceMethods> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};
