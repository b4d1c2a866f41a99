import { describe, expect, test } from '@jest/globals';
import { bench, miss } from './bench.ts';

describe('a viewer-request function', () => {
  test('may answer OPTIONS, where the distribution allows that method', async () => {
    const viewerRequest = `function handler(event) {
      return event.request.method === 'OPTIONS' ? { statusCode: 204, headers: { allow: { value: 'GET' } } } : event.request;
    }`;
    const it = await bench({ viewerRequest, allowsOptions: true });
    expect(await it.read('/a', { method: 'OPTIONS' })).toMatchObject({ status: 204, headers: { allow: 'GET' } });
    expect(it.asked).toEqual([]);
    expect(await it.read('/a')).toMatchObject({ status: 200 });
    const silent = await bench({
      viewerRequest: 'function handler(event) { return event.request; }',
      allowsOptions: true,
    });
    expect(await silent.read('/a', { method: 'OPTIONS' })).toMatchObject({ status: 501 });
    expect(silent.asked).toEqual([]);
    expect(await (await bench({ viewerRequest })).read('/a', { method: 'OPTIONS' })).toMatchObject({ status: 403 });
  });

  test('sees the request as CloudFront shows it, and what it sets reaches the origin where listed', async () => {
    const it = await bench({
      viewerRequest: `function handler(event) {
        var request = event.request;
        request.headers['x-pressrun-host'] = { value: [request.headers.host.value.split(':')[0], request.method, event.viewer.ip, request.cookies.id.value,
          request.querystring.limit.value, request.querystring.limit.multiValue.length].join(' ') };
        request.headers['x-not-listed'] = { value: '1' };
        request.uri = request.uri.replace(/^\\/old/, '/new');
        return request;
      }`,
    });
    await it.read('/old?limit=1&limit=2&x=3', { headers: { cookie: 'id=7; other=1' } });
    expect(it.asked[0]).toMatchObject({
      rawPath: '/new',
      rawQueryString: 'limit=1&limit=2',
      headers: { 'x-pressrun-host': '127.0.0.1 GET 127.0.0.1 7 1 2' },
    });
    expect(it.asked[0]?.headers).not.toHaveProperty('x-not-listed');
    it.edge.invalidate(['/new*']);
    expect((await it.read('/old?limit=1&limit=2', { headers: { cookie: 'id=7' } })).headers['x-cache']).toBe(miss);
  });

  test.each([
    [
      'function',
      `function handler() { return { statusCode: 302, headers: { location: { value: '/b' } }, body: 'go' }; }`,
    ],
    [
      'async function',
      `async function handler() { return { statusCode: 302, headers: { location: { value: '/b' } }, body: { encoding: 'base64', data: 'Z28=' } }; }`,
    ],
    ['constant', `const handler = () => ({ statusCode: 302, headers: { location: { value: '/b' } }, body: 'go' });`],
  ])('may answer itself: %s', async (_name, viewerRequest) => {
    const it = await bench({ viewerRequest });
    expect(await it.read('/a')).toMatchObject({
      status: 302,
      body: 'go',
      headers: { location: '/b', 'x-cache': 'FunctionGeneratedResponse from cloudfront' },
    });
    expect(it.asked).toHaveLength(0);
  });

  test.each([
    ['throws', `function handler() { throw new Error('oops'); }`],
    ['rejects', `async function handler() { throw new Error('oops'); }`],
    ['returns nothing', `function handler() {}`],
    ['has no Node around it', `function handler() { return process.env; }`],
  ])('that %s is a 503', async (_name, viewerRequest) => {
    const it = await bench({ viewerRequest });
    expect(await it.read('/a')).toMatchObject({
      status: 503,
      headers: { 'x-cache': 'FunctionExecutionError from cloudfront' },
    });
  });

  test('without a handler is rejected at the start', async () => {
    await expect(bench({ viewerRequest: 'var x = 1;' })).rejects.toThrow('has no handler');
  });
});
