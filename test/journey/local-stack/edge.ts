import { describe, expect, test } from '@jest/globals';
import { stack } from './shared-stack.ts';

describe('the edge', () => {
  test('sends a request to the function behind the URL once', async () => {
    const first = await fetch(`${stack.edgeUrl}/a%20b?q=1&q=2&other=3`);
    expect(await first.text()).toBe('2.0 GET /a%20b {"q":"1,2"}');
    expect(first.headers.get('x-cache')).toBe('Miss from cloudfront');
    const second = await fetch(`${stack.edgeUrl}/a%20b?q=1&q=2`);
    expect(second.headers.get('x-cache')).toBe('Hit from cloudfront');
  });

  test('answers 502 for a function that fails', async () => {
    expect((await fetch(`${stack.edgeUrl}/broken`)).status).toBe(502);
  });
});
