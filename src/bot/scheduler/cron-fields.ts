import { validateDetailed } from 'node-cron';
import { PluginError } from '../../plugins/api/errors.ts';

/** A cron expression, read. Lists are ascending and without repetition. */
export interface CronFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** 1 to 12. */
  readonly months: readonly number[];
  /** Days of the month as node-cron has them: numbers, `L`, `L-3`, `15W`, `LW`. */
  readonly days: readonly (number | string)[];
  /** Weekdays as node-cron has them, Sunday is 0: numbers, `5L` (the last Friday), `1#2` (the second Monday). */
  readonly weekdays: readonly (number | string)[];
}

const MAX_LENGTH = 256;

/**
 * Reads an expression with node-cron.
 * @throws PluginError `invalid`, naming the field that is wrong.
 */
export function readCron(expression: string): CronFields {
  // node-cron writes ranges out before it looks at their bounds: 0-999999999 would never end.
  if (expression.length > MAX_LENGTH || /\d{3}/.test(expression))
    throw refusal(expression, 'no field of an expression has numbers above 99, or so many parts');
  const { fields, errors } = validateDetailed(expression);
  if (fields === undefined)
    throw refusal(expression, errors[0] === undefined ? 'it cannot be read' : problemOf(errors[0]));
  return {
    seconds: ascending(fields.second),
    minutes: ascending(fields.minute),
    hours: ascending(fields.hour),
    months: ascending(fields.month),
    days: fields.dayOfMonth,
    weekdays: fields.dayOfWeek,
  };
}

/** What a plugin hears about an expression that is of no use. */
export function refusal(expression: string, why: string): PluginError {
  return new PluginError('invalid', `cron ${JSON.stringify(expression.slice(0, MAX_LENGTH))}: ${why}`);
}

function problemOf({ field, value, message }: { field: string; value?: string; message: string }): string {
  if (field === 'expression' || value === undefined) return message;
  // "30 2 is an impossible day of month for the given month" says more than the field does.
  if (message.includes('impossible')) return message;
  return `${JSON.stringify(value)} is no ${NAMES[field] ?? field}`;
}

const NAMES: Readonly<Record<string, string>> = {
  second: 'second (0 to 59)',
  minute: 'minute (0 to 59)',
  hour: 'hour (0 to 23)',
  dayOfMonth: 'day of the month (1 to 31, L, L-3, 15W, LW)',
  month: 'month (1 to 12, jan to dec)',
  dayOfWeek: 'weekday (0 to 7, sun to sat, 5L, 1#2)',
};

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
