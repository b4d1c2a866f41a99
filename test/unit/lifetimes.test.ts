import { expect, test } from '@jest/globals';
import { lifetimes } from '../../functions/deliver/http.ts';
import { parseCacheControl } from '../../tools/laptop/cloudfront/cache-control.ts';

test('every answer that is kept says how old a copy may be while the origin fails: without it, CloudFront keeps it for ever', () => {
  const bounds = Object.entries(lifetimes).map(([name, value]) => [name, parseCacheControl(value)] as const);
  for (const [name, { noStore, staleIfError }] of bounds)
    expect([name, noStore || (staleIfError ?? Infinity) <= 300]).toEqual([name, true]);
});
