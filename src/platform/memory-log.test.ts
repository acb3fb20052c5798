import { expect, test } from 'vitest';
import { memoryLog } from './memory-log.ts';
import { nullLog } from './null-log.ts';

test('collects the lines of a log and of its children, with all their fields', () => {
  const log = memoryLog();
  const child = log.child({ room: 'indie', plugin: 'a' }).child({ plugin: 'b' });
  log.info('one');
  child.warn('two', { user: 'ann' });
  child.trace('three');
  child.debug('four');
  child.error('two', { room: 'jazz' });
  expect(log.lines.map((line) => `${line.level} ${line.message}`)).toEqual([
    'info one',
    'warn two',
    'trace three',
    'debug four',
    'error two',
  ]);
  expect(log.at('warn', 'two')[0]?.fields).toEqual({ room: 'indie', plugin: 'b', user: 'ann' });
  expect(log.at('error')[0]?.fields).toEqual({ room: 'jazz', plugin: 'b' });
  expect(log.at('warn', 'three')).toEqual([]);
  child.clear();
  expect(log.lines).toEqual([]);
});

test('the null log takes everything', () => {
  const log = nullLog.child({ a: 1 });
  log.trace('');
  log.debug('');
  log.info('');
  log.warn('');
  log.error('', {});
  expect(log).toBe(nullLog);
});
