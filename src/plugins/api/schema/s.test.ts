import type { StandardSchemaV1 } from '@standard-schema/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { s } from './s.ts';
import type { SchemaIssue } from './types.ts';

function read(schema: StandardSchemaV1, value: unknown): unknown {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('ours is synchronous');
  if (result.issues) throw Object.assign(new Error('issues'), { issues: result.issues });
  return result.value;
}

function issues(schema: StandardSchemaV1, value: unknown): readonly SchemaIssue[] {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise || result.issues === undefined) throw new Error('expected issues');
  return result.issues as readonly SchemaIssue[];
}

const said = (schema: StandardSchemaV1, value: unknown) =>
  issues(schema, value).map((issue) => `${issue.path.join('.')}: ${issue.message}`);

const greeter = s.object({
  rooms: s.array(s.string({ min: 1 }), { min: 1, max: 3 }),
  text: s.string().default('Welcome {user}'),
  quietFor: s.duration({ min: '1s', max: '7d' }).default('1d').describe('Per user and room'),
  max: s.int({ min: 2, max: 9 }).optional(),
  mode: s.oneOf('short', 'full').default('short'),
  shout: s.boolean().default(false),
  perRoom: s.record(s.object({ weight: s.number() })).optional(),
});

describe('reading', () => {
  it('fills in defaults and leaves out what is optional', () => {
    expect(read(greeter, { rooms: ['indie'] })).toEqual({
      rooms: ['indie'],
      text: 'Welcome {user}',
      quietFor: 86_400_000,
      mode: 'short',
      shout: false,
    });
  });

  it('reads everything that is given', () => {
    const given = {
      rooms: ['a', 'b'],
      text: '',
      quietFor: '1h30m',
      max: 2,
      mode: 'full',
      shout: true,
      perRoom: { x: { weight: 0.5 } },
    };
    expect(read(greeter, given)).toEqual({ ...given, quietFor: 5_400_000 });
    expect(read(greeter, { rooms: ['a'], quietFor: 1_000 })).toMatchObject({ quietFor: 1_000 });
  });

  it('reports everything at once, each with its path', () => {
    expect(
      said(greeter, {
        rooms: ['ok', '', 7],
        quietFor: '8d',
        max: 2.5,
        mode: 'Full',
        shout: 'yes',
        perRoom: { x: {} },
        txet: 1,
        colour: 2,
      }),
    ).toEqual([
      'txet: unknown key "txet"; did you mean "text"?',
      'colour: unknown key "colour"; known are rooms, text, quietFor, max, mode, shout, perRoom',
      'rooms.1: must have at least 1 characters, has 0',
      'rooms.2: expected a text that is not empty, got 7',
      'quietFor: must be at most 1w',
      'max: expected a whole number, got 2.5',
      'mode: expected one of "short", "full", got "Full"',
      'shout: expected true or false, got "yes"',
      'perRoom.x.weight: is missing: expected a number',
    ]);
    expect(issues(greeter, { rooms: ['a'], txet: 1 })[0]).toMatchObject({ path: ['txet'], nearest: 'text' });
  });

  it.each([[null], ['text'], [[]], [7], [undefined]])('refuses %j for an object', (value) => {
    expect(issues(greeter, value)).toHaveLength(1);
  });

  it('null is not "left out"', () => {
    expect(said(greeter, { rooms: ['a'], text: null, max: null })).toEqual([
      'text: expected a text, got null',
      'max: expected a whole number, got null',
    ]);
  });

  it('counts characters, not code units', () => {
    expect(read(s.string({ max: 2 }), '🎵🎵')).toBe('🎵🎵');
  });

  it('forgets where a sticky pattern ended', () => {
    const schema = s.string({ pattern: /a/g });
    expect([read(schema, 'xa'), read(schema, 'a'), read(schema, 'a')]).toEqual(['xa', 'a', 'a']);
    expect(said(schema, 'b')).toEqual([': does not match /a/']);
  });

  it.each([[NaN], [Infinity], ['5'], [null]])('%j is no number', (value) => {
    expect(issues(s.number(), value)).toHaveLength(1);
  });

  it('does not share a default between two readings', () => {
    const schema = s.object({ list: s.array(s.string()).default(['a']) });
    const first = read(schema, {}) as { list: string[] };
    first.list.push('b');
    expect(read(schema, {})).toEqual({ list: ['a'] });
  });

  it('a key named __proto__ is only a key', () => {
    const given: unknown = JSON.parse('{"__proto__": {"weight": 1}, "constructor": {"weight": 2}}');
    const out = read(s.record(s.object({ weight: s.number() })), given) as Record<string, unknown>;
    expect(Object.keys(out)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(out)).toBe(Object.prototype);
    expect(said(s.object({}), JSON.parse('{"__proto__": 1}'))).toEqual([
      '__proto__: unknown key "__proto__"; none are known',
    ]);
    expect(said(s.object({ toString: s.string() }), {})).toEqual(['toString: is missing: expected a text']);
  });
});

describe('making schemas', () => {
  it('refuses a default that would not be read', () => {
    expect(() => s.int({ min: 2 }).default(1)).toThrow('The default 1 is wrong: must be at least 2, is 1');
    expect(() => s.duration().default('soon')).toThrow(/The default "soon" is wrong/);
  });

  it('refuses what is not made with s', () => {
    expect(() => s.object({ a: z.string() })).toThrow(/only schemas made with s/);
  });

  it('refuses optional values in a record', () => {
    expect(() => s.record(s.string().optional())).toThrow(/leave the key out/);
  });
});

describe('JSON Schema', () => {
  const options = { target: 'draft-2020-12' } as const;

  it('describes what may be written', () => {
    expect(greeter['~standard'].jsonSchema.input(options)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['rooms'],
      properties: {
        rooms: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', minLength: 1 } },
        text: { type: 'string', default: 'Welcome {user}' },
        quietFor: { type: ['string', 'number'], default: '1d', description: 'Per user and room' },
        max: { type: 'integer', minimum: 2, maximum: 9 },
        mode: { enum: ['short', 'full'] },
        perRoom: { type: 'object', additionalProperties: { required: ['weight'] } },
      },
    });
  });

  it('describes what is read', () => {
    expect(greeter['~standard'].jsonSchema.output(options)).toMatchObject({
      required: ['rooms', 'text', 'quietFor', 'mode', 'shout'],
      properties: { quietFor: { type: 'integer', minimum: 1_000, maximum: 604_800_000 } },
    });
  });

  it('is plain data, and refuses dialects that it does not speak', () => {
    const described = greeter['~standard'].jsonSchema.input(options);
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
    expect(() => greeter['~standard'].jsonSchema.input({ target: 'openapi-3.0' })).toThrow(/not supported/);
  });

  it('its duration pattern agrees with the reader', () => {
    const pattern = new RegExp(String(s.duration()['~standard'].jsonSchema.input(options)['pattern']));
    for (const text of ['5m', '1h30m', '1H 30m', '250ms', '1.5h', ' 2w '])
      expect(pattern.test(text), text).toBe(true);
    for (const text of ['', '5', 'm', '5x', '-5m']) expect(pattern.test(text), text).toBe(false);
  });

  it('zod, as an independent reader of JSON Schema, agrees about what is valid', () => {
    const schema = s.object({
      n: s.int({ min: 0, max: 5 }),
      t: s.string({ min: 1, max: 3 }).optional(),
      l: s.array(s.oneOf('a', 'b'), { max: 2 }).default([]),
      r: s.record(s.boolean()).optional(),
    });
    const other = z.fromJSONSchema(schema['~standard'].jsonSchema.input(options));
    const value = fc.record(
      {
        n: fc.oneof(fc.integer({ min: -2, max: 8 }), fc.constant('x')),
        t: fc.oneof(fc.string({ maxLength: 5 }), fc.constant(1)),
        l: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
        r: fc.dictionary(fc.constantFrom('p', 'q'), fc.oneof(fc.boolean(), fc.constant(0))),
        extra: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, (given) => {
        const ours = schema['~standard'].validate(given);
        if (ours instanceof Promise) throw new Error('ours is synchronous');
        expect(ours.issues === undefined).toBe(other.safeParse(given).success);
      }),
    );
  });
});

describe('any value', () => {
  it('is read or refused with issues, never thrown at', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = greeter['~standard'].validate(value);
        expect(result).toBeDefined();
      }),
    );
  });

  it('reads what it has read', () => {
    const valid = fc.record(
      {
        rooms: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
        text: fc.string(),
        quietFor: fc.oneof(
          fc.integer({ min: 1_000, max: 604_800_000 }),
          fc.constantFrom('5m', '1h30m', '2d'),
        ),
        max: fc.integer({ min: 2, max: 9 }),
      },
      { requiredKeys: ['rooms'] },
    );
    fc.assert(
      fc.property(valid, (given) => {
        const once = read(greeter, given);
        expect(read(greeter, once)).toEqual(once);
      }),
    );
  });
});
