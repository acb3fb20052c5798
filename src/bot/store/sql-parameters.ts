import { StoreError } from './store-error.ts';

/** What may be bound to a placeholder. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/**
 * Refuses values that a driver would misread: libsql ends the whole process when it is given a boolean, and both
 * SQLite drivers store NaN as NULL.
 * @throws StoreError `misuse`.
 */
export function checkedParameters(parameters: readonly unknown[]): SqlValue[] {
  return parameters.map((value, index) => {
    switch (typeof value) {
      case 'string':
      case 'bigint':
        return value;
      case 'number':
        if (Number.isFinite(value)) return value;
        break;
      default:
        if (value === null || value instanceof Uint8Array) return value;
    }
    throw new StoreError('misuse', `A query was given ${describe(value)} for parameter ${index + 1}`);
  });
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}
