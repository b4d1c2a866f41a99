import { expect, test } from '@jest/globals';
import { lifetimes } from '../../functions/deliver/http.ts';
import { parseCacheControl } from '../../tools/laptop/cloudfront/cache-control.ts';

test('every cacheable answer has stale-if-error, because CloudFront serves it for ever without', () => {
  const bounds = Object.entries(lifetimes).map(([name, value]) => [name, parseCacheControl(value)] as const);
  for (const [name, { noStore, staleIfError }] of bounds)
    expect([name, noStore || (staleIfError ?? Infinity) <= 300]).toEqual([name, true]);
});
