import { describe, expect, test } from '@jest/globals';
import { bench, hit, miss } from './bench.ts';

describe('a viewer-request function', () => {
  test('may answer OPTIONS if the distribution allows that method', async () => {
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

  test('gets the request in CloudFront’s form, and headers that it sets reach the origin if the policy lists them', async () => {
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
  ])('may answer the request: %s', async (_name, viewerRequest) => {
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

describe('a viewer-response function', () => {
  const viewerResponse = `function handler(event) {
    var response = event.response;
    if (response.headers['x-status']) {
      response.statusCode = Number(response.headers['x-status'].value);
      delete response.headers['x-status'];
    }
    return response;
  }`;

  test('changes the status of a cached answer for each reader', async () => {
    const it = await bench({ viewerResponse });
    it.answers = () => ({
      headers: { 'cache-control': 's-maxage=60', 'x-status': '410', 'cache-tag': 'a' },
      body: 'gone',
    });
    expect(await it.read('/a')).toMatchObject({ status: 410, body: 'gone', headers: { 'x-cache': miss } });
    const again = await it.read('/a', { headers: { 'if-none-match': '*', range: 'bytes=0-1' } });
    expect(again).toMatchObject({ status: 410, body: 'gone', headers: { 'x-cache': hit, 'content-length': '4' } });
    expect(again.headers).not.toHaveProperty('x-status');
    expect(await it.read('/a', { method: 'HEAD' })).toMatchObject({ status: 410, body: '' });
    expect(it.asked).toHaveLength(1);
    it.edge.invalidate(['#a']);
    it.answers = () => ({});
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'text' });
  });

  test('changes the headers of a cached answer for each reader', async () => {
    const it = await bench({
      viewerResponse: `function handler(event) {
        event.response.headers.location = { value: '/b?' + event.request.querystring.x.value };
        return event.response;
      }`,
    });
    it.answers = () => ({ statusCode: 301, headers: { 'cache-control': 's-maxage=60', location: '/b' }, body: '' });
    expect(await it.read('/a?x=1')).toMatchObject({ status: 301, headers: { location: '/b?1', 'x-cache': miss } });
    expect(await it.read('/a?x=2')).toMatchObject({ status: 301, headers: { location: '/b?2', 'x-cache': hit } });
  });

  test('does not run for an error of the origin, nor for an answer of the viewer-request function', async () => {
    const it = await bench({
      viewerResponse,
      viewerRequest: `function handler(event) {
        return event.request.uri === '/own' ? { statusCode: 204, headers: { 'x-status': { value: '410' } } } : event.request;
      }`,
    });
    it.answers = () => ({ statusCode: 404, headers: { 'x-status': '410' } });
    expect(await it.read('/a')).toMatchObject({ status: 404 });
    expect(await it.read('/own')).toMatchObject({ status: 204 });
  });

  test.each([
    ['throws', `function handler() { throw new Error('oops'); }`],
    ['returns nothing', `function handler() {}`],
    ['returns the request', `function handler(event) { return event.request; }`],
  ])('that %s is a 503', async (_name, code) => {
    const it = await bench({ viewerResponse: code });
    expect(await it.read('/a')).toMatchObject({
      status: 503,
      headers: { 'x-cache': 'FunctionExecutionError from cloudfront' },
    });
  });
});
