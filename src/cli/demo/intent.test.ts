import { describe, expect, it } from 'vitest';
import { intentOf } from './intent.ts';

describe('intentOf', () => {
  it.each([
    ['', { kind: 'nothing' }],
    ['  hello  there ', { kind: 'say', text: 'hello  there' }],
    ['!seen alice', { kind: 'say', text: '!seen alice' }],
    ['/me waves', { kind: 'say', text: '/me waves' }],
    ['/pm seekeeper !add bob club', { kind: 'pm', to: 'seekeeper', text: '!add bob club' }],
    ['/pm pm pm', { kind: 'pm', to: 'pm', text: 'pm' }],
    ['/pm bob', { kind: 'unclear', why: 'Usage: /pm NAME TEXT' }],
    ['/quit', { kind: 'quit' }],
    ['/dance', { kind: 'unclear', why: 'There is no /dance. /help lists what there is.' }],
  ])('%j', (line, intent) => expect(intentOf(line)).toEqual(intent));
});
