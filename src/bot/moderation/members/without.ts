/** A copy without some of its fields. */
export function without<T extends object, K extends keyof T>(of: T, ...keys: readonly K[]): Omit<T, K> {
  const entries = Object.entries(of).filter(([key]) => !keys.includes(key as K));
  return Object.fromEntries(entries) as Omit<T, K>;
}
