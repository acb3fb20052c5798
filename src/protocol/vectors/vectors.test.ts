import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { peerChannel } from '../messages/peer.ts';
import { checkVector } from './check.ts';
import { FAILED, PASSED, runVectors, UNUSABLE } from './run.ts';
import { parseVectors, type Vector } from './vector.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, 'test/vectors');
const suites = readdirSync(folder).map((file) => ({
  file,
  vectors: parseVectors(readFileSync(join(folder, file), 'utf8')),
}));
const all = suites.flatMap((suite) => suite.vectors);

const vector = (id: string): Vector => {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return found;
};

describe.each(suites)('$file', ({ vectors }) => {
  it.each(vectors)('$id', (each) => {
    expect(checkVector(each)).toEqual([]);
  });
});

/** Another digit in place of the one at `index`. */
const flip = (hex: string, index: number): string =>
  hex.slice(0, index) + (hex[index] === '0' ? '1' : '0') + hex.slice(index + 1);

describe('checkVector', () => {
  it('notices any digit that is wrong, in any vector that can be written', () => {
    for (const each of all.filter(
      (candidate) => candidate.decodeOnly !== true && candidate.obfuscated !== true,
    )) {
      for (let index = 0; index < each.hex.length; index++) {
        const problems = checkVector({ ...each, hex: flip(each.hex, index) });
        if (problems.length === 0) expect.fail(`${each.id}: digit ${index} does not matter`);
      }
    }
  });

  it('notices any digit of a payload, a plain frame or a search to relay', () => {
    for (const each of all) {
      for (const key of ['payloadHex', 'plainHex', 'relayHex'] as const) {
        const hex = each[key];
        if (hex === undefined || hex === null) continue;
        for (let index = 0; index < hex.length; index += 7) {
          expect(checkVector({ ...each, [key]: flip(hex, index) })).not.toEqual([]);
        }
      }
    }
  });

  it.each<[string, string, object, string]>([
    [
      'another value',
      'peer.request.QueueUpload.4',
      { fields: { filename: 'x' } },
      'fields.filename: "x" expected',
    ],
    [
      'a field too many',
      'init.request.PierceFireWall.1',
      { fields: { token: 1000, more: 1 } },
      'fields.more',
    ],
    [
      'a field too few',
      'init.request.PierceFireWall.1',
      { fields: {} },
      'fields.token: nothing expected, 1000 read',
    ],
    [
      'another code',
      'init.request.PierceFireWall.1',
      { code: 1 },
      'code 1 is PeerInit, expected PierceFireWall',
    ],
    ['another name', 'file.request.FileOffset.2', { name: 'FileEnd' }, 'code null is not known'],
    ['another direction', 'init.request.PierceFireWall.1', { direction: 'response' }, 'there is no response'],
    [
      'trailing bytes',
      'server.response.GetUserStatus.6',
      { trailingBytes: 3 },
      '3 trailing bytes expected, 4 left',
    ],
    ['a frame cut short', 'init.request.PierceFireWall.1', { hex: '0500000000' }, 'incomplete'],
    [
      'bytes after the frame',
      'init.request.PierceFireWall.1',
      { hex: '0500000000e803000000' },
      '1 bytes after the frame',
    ],
    [
      'nothing to relay',
      'distributed.request.DistribEmbeddedMessage.4',
      { relayHex: null },
      'relaying: nothing expected',
    ],
    [
      'something to relay',
      'server.response.EmbeddedMessage.5',
      { relayHex: '00' },
      'relaying: no search found',
    ],
    [
      'a number as u64',
      'file.request.FileOffset.2',
      { fields: { offset: 1 } },
      'fields.offset: 1 expected, "1" read',
    ],
  ])('says what differs: %s', (_, id, change, problem) => {
    expect(checkVector({ ...vector(id), ...change }).join('\n')).toContain(problem);
  });

  it('accepts a search that must not be relayed only if it is not', () => {
    expect(checkVector(vector('distributed.request.DistribEmbeddedMessage.1'))).toEqual([]);
  });

  describe('of a compressed message that its fields cannot give back', () => {
    const file = {
      code: 1,
      filename: 'caf\u00e9.mp3',
      size: 0xffffffff80000001n,
      extension: '',
      attributes: [],
      latin1: ['filename'],
    };
    const message = {
      type: 'FolderContentsResponse',
      token: 1,
      folder: 'x',
      folders: [{ name: 'x', files: [file] }],
    } as const;
    const frame = peerChannel.encode(message);
    const each: Vector = {
      id: 'lossy',
      kind: 'peer',
      direction: 'request',
      code: 37,
      name: message.type,
      hex: frame.toString('hex'),
      fields: {
        token: 1,
        folder: 'x',
        folders: [
          {
            name: 'x',
            files: [
              { code: 1, filename: 'caf\u00e9.mp3', size: '2147483649', extension: '', attributes: [] },
            ],
          },
        ],
      },
      compressed: true,
      payloadHex: peerChannel.encodePayload(message).toString('hex'),
    };

    it('accepts it if it is for decoding only', () => {
      expect(checkVector({ ...each, decodeOnly: true })).toEqual([]);
      expect(checkVector(each)).toEqual([expect.stringContaining('encoding the payload')]);
    });

    it('still wants the rest to be right', () => {
      expect(checkVector({ ...each, decodeOnly: true, fields: { ...each.fields, token: 2 } })).not.toEqual(
        [],
      );
    });
  });
});

describe('parseVectors', () => {
  it.each([
    ['no JSON', '{', /not JSON/],
    ['no array', '{}', /not an array/],
    ['no object', '[1]', /entry 0/],
    [
      'a bad kind',
      JSON.stringify([{ ...vector('init.request.PierceFireWall.1'), kind: 'x' }]),
      /PierceFireWall.1: bad kind/,
    ],
    ['half a byte', JSON.stringify([{ ...vector('init.request.PierceFireWall.1'), hex: '0' }]), /bad hex/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseVectors(text)).toThrow(message);
  });
});

describe('runVectors', () => {
  const run = (files: Record<string, string>, where: string | undefined = 'somewhere') => {
    const lines: string[] = [];
    const code = runVectors(where, {
      list: (name) => {
        if (name === 'nowhere') throw new Error('no such folder');
        return Object.keys(files);
      },
      read: (_, file) => files[file]!,
      print: (line) => lines.push(line),
    });
    return { code, lines };
  };
  const good = vector('init.request.PierceFireWall.1');
  const bad = { ...good, id: 'bad', fields: { token: 1 } };

  it('closes with the counts', () => {
    expect(run({ 'a.json': JSON.stringify([good]), 'notes.md': 'x' })).toEqual({
      code: PASSED,
      lines: ['1 passed, 0 failed'],
    });
  });

  it('lists what failed, with the reason', () => {
    const { code, lines } = run({ 'b.json': JSON.stringify([bad, good]), 'a.json': JSON.stringify([good]) });
    expect(code).toBe(FAILED);
    expect(lines[0]).toBe('FAILED bad (b.json)');
    expect(lines[1]).toContain('fields.token: 1 expected, 1000 read');
    expect(lines.at(-1)).toBe('2 passed, 1 failed');
  });

  it.each([
    ['no folder', {}, 'nowhere', 'nowhere: no such folder'],
    ['no argument', {}, '', 'which folder?'],
    ['no vectors', { 'a.txt': '' }, 'somewhere', 'somewhere: no *.json there'],
    ['a file that is none', { 'a.json': '{' }, 'somewhere', 'a.json: not JSON'],
  ])('says so when there is %s', (_, files, where, line) => {
    const { code, lines } = run(files, where);
    expect(code).toBe(UNUSABLE);
    expect(lines).toEqual([expect.stringContaining(line)]);
  });

  it('runs from the command line', () => {
    const script = ['--import', 'tsx', 'scripts/vectors.ts'];
    const output = execFileSync(process.execPath, [...script, 'test/vectors'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(output).toBe(`${all.length} passed, 0 failed\n`);
    expect(spawnSync(process.execPath, [...script, 'no/such/folder'], { cwd: root }).status).toBe(UNUSABLE);
  });
});
