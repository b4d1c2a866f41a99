import { describe, expect, test } from '@jest/globals';
import { bucketName, onlyOf, stack } from './shared-stack.ts';

describe('path traversal', () => {
  const climbs = [
    '../../../../../../etc/passwd',
    '..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '..%5c..%5cetc%5cpasswd',
    '....//....//etc/passwd',
    '%252e%252e%252fetc%252fpasswd',
    '%c0%ae%c0%ae/etc/passwd',
    '..%00/etc/passwd',
    '/etc/passwd',
  ];

  test.each(['/', '/audio/', '/assets/sample/', '/articles/', '/feeds/', '/fronts/'])(
    'a path below %s of the edge reaches no file',
    async (base) => {
      for (const climb of climbs) {
        const { statuses, text } = await stack.ask('edge', base + climb);
        expect([climb, onlyOf(statuses, 400, 403, 404)]).toEqual([climb, 'held']);
        expect(text).not.toContain('root:');
      }
    },
  );

  test('a path reaches nothing outside a bucket, for reading or for writing', async () => {
    const bucket = await bucketName();
    const kept = `/${bucket}/kept`;
    expect((await stack.ask('aws', kept, { method: 'PUT', body: 'kept' })).statuses).toEqual([200]);
    for (const climb of climbs) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { text } = await stack.ask('aws', `/${bucket}/${climb}`, {
          method,
          ...(method === 'PUT' && { body: 'by an outsider' }),
        });
        expect([climb, text.includes('root:x')]).toEqual([climb, false]);
      }
    }
    const { text } = await stack.ask('aws', `/${bucket}/..%2fevents.log`, { method: 'GET' });
    expect(text).not.toMatch(/^HTTP\/1\.1 200/);
    expect((await stack.ask('aws', kept)).text).toContain('kept');
  });
});
