import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { integer, json, lists, text } from '../../shared/environment.ts';
import { environment } from '../../shared/aws/environment.ts';

const schema = v.object({
  TABLE: text,
  SECONDS: integer(1, 900),
  OWNERS: json<Record<string, string[]>>(),
  LISTS: v.exactOptional(lists),
});
const whole = { TABLE: 'articles', SECONDS: '11', OWNERS: '{"cms.ghost":["ghost:"]}' };

describe('the environment of a function', () => {
  test('has the variables of the schema, and no others', () => {
    expect(environment(schema, { ...whole, LISTS: 'ttl', PATH: '/bin' })).toEqual({
      TABLE: 'articles',
      SECONDS: 11,
      OWNERS: { 'cms.ghost': ['ghost:'] },
      LISTS: 'ttl',
    });
    expect(environment(schema, whole)).not.toHaveProperty('LISTS');
  });

  test.each<[Record<string, string | undefined>, string]>([
    [{ TABLE: undefined }, 'TABLE is missing'],
    [{ TABLE: '' }, 'TABLE must not be empty'],
    [{ SECONDS: '1.5' }, 'SECONDS must be a whole number'],
    [{ SECONDS: '-1' }, 'SECONDS must be a whole number'],
    [{ SECONDS: '0' }, 'SECONDS must be at least 1'],
    [{ SECONDS: '901' }, 'SECONDS must be at most 900'],
    [{ OWNERS: '{' }, 'OWNERS must be JSON'],
    [{ OWNERS: 'null' }, 'OWNERS must be a JSON object'],
    [{ LISTS: 'never' }, 'LISTS must be purged or ttl'],
    [{ TABLE: undefined, SECONDS: 'soon' }, 'TABLE is missing; SECONDS must be a whole number'],
  ])('%j: the error names each wrong variable, and no value', (wrong, message) => {
    expect(() => environment(schema, { ...whole, ...wrong })).toThrow(
      new Error(`the environment is wrong: ${message}`),
    );
  });
});
