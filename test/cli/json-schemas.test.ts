import { afterAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { type Documents, documentsIn, type Examples, placeOf, Schemas } from './schemas.js';
import { Scratch } from './support.js';

/** Commands that print no JSON, but what somebody asked to have as it is. */
const AS_IT_IS = ['cat', 'complete'];

const schemas = new Schemas();
const names = COMMANDS.map(({ name }) => name).filter((name) => !AS_IT_IS.includes(name));
const removals: (() => Promise<void>)[] = [];

afterAll(() => Promise.all(removals.map((remove) => remove())));

async function documents(): Promise<Documents> {
  const { scratch, remove } = await Scratch.shared();
  removals.push(remove);
  return documentsIn(scratch, schemas);
}

describe('what dvs prints is as docs/schemas says, and shows all of it:', () => {
  test.concurrent.each(names)(
    '%s',
    async (name) => {
      const { examples }: { examples: Examples } = await import(`./json/${name}.ts`);
      await examples(await documents());
      const missing = schemas.propertiesOf(`${name}.json`).filter((at) => !schemas.seen.has(at));
      expect(missing, 'properties that no example has').toEqual([]);
    },
    120_000,
  );

  test.concurrent('errors', async () => {
    const { scratch } = await documents();
    for (const option of ['--json', '--jsonl']) {
      for (const args of [['add', '..'], ['frobnicate'], ['cat', 'x']]) {
        const { stdout, stderr } = await scratch.run([...args, option]);
        expect(stdout).toBe('');
        expect(stderr).toMatch(/^.*\n$/);
        schemas.check('error.json#', JSON.parse(stderr));
      }
    }
  });
});

describe('docs/schemas', () => {
  test('has what the examples showed, and nothing else', () => {
    const files = new Set([...schemas.all.keys()].map((at) => at.slice(0, at.indexOf('#'))));
    const expected = [...names, 'common', 'error'].map((name) => `${name}.json`);
    expect([...files].sort()).toEqual(expected.sort());
    for (const file of ['common.json', 'error.json']) {
      expect(schemas.propertiesOf(file).filter((at) => !schemas.seen.has(at))).toEqual([]);
    }
  });

  test('allows no other properties, but in what is there to be extended, called …Fields', () => {
    const open = [...schemas.all].filter(
      ([at, { properties, additionalProperties, unevaluatedProperties }]) =>
        properties !== undefined &&
        additionalProperties !== false &&
        unevaluatedProperties !== false &&
        !at.endsWith('Fields'),
    );
    expect(open.map(([at]) => at)).toEqual([]);
  });

  test('describes every property', () => {
    const undescribed = [...schemas.all].filter(([at, schema]) => {
      if (!/\/properties\/[^/]+$/.test(at)) return false;
      const target = schema.$ref === undefined ? undefined : schemas.all.get(placeOf(schema.$ref, at));
      return (schema.description ?? target?.description) === undefined;
    });
    expect(undescribed.map(([at]) => at)).toEqual([]);
  });
});
