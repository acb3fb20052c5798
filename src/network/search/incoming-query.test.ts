import { expect, test } from 'vitest';
import { readIncoming } from './incoming-query.ts';

test.each([
  ['Simple, Song', ['simple', 'song'], [], []],
  ['song -flac -simple-song', ['song'], [], ['flac', 'simple', 'song']],
  ['*imple-minded folk', ['minded', 'folk'], ['imple'], []],
  ['"folk album" foo* f*o', ['folk', 'album', 'foo', 'f', 'o'], [], []],
  ['ac-dc - * --x', ['ac', 'dc'], [], ['x']],
  ['-mp3', [], [], ['mp3']],
  ['\u3000片仮名\u00a0-björk', ['片仮名'], [], ['björk']],
])('%j', (query, words, endings, excluded) => {
  expect(readIncoming(query)).toEqual({ words, endings, excluded });
});
