import { expect, test } from '@jest/globals';
import { fuzz } from './fuzz.ts';

/** `npm run fuzz` throws a hundred thousand, each time others. */
test('three thousand malformed events and requests leave only readable versions, and rejections that name fields', async () => {
  const { stored, rejected, requests } = await fuzz(3000, 4711);
  expect(stored).toBeGreaterThan(500);
  expect(rejected).toBeGreaterThan(500);
  expect(stored + rejected + requests).toBe(3000);
});
