import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../../shared/article/accept.ts';
import { busEvent, noon, story } from '../story.ts';
import { published, issues } from './accepted.ts';

describe('a rejection names its field', () => {
  test.each<[string, Record<string, unknown>]>([
    ['article.uri', { uri: undefined }],
    ['article.uri', { uri: 'has spaces' }],
    ['article.uri', { uri: 'x'.repeat(256) }],
    ['article.versionCreated', { versionCreated: 'yesterday' }],
    ['article.versionCreated', { versionCreated: '2026-05-01T12:00:00' }],
    ['article.versionCreated', { versionCreated: '2026-13-01T12:00:00Z' }],
    ['article.versionCreated', { versionCreated: '1969-01-01T12:00:00Z' }],
    ['article.versionCreated', { versionCreated: '2026-05-01T12:15:01Z' }],
    ['article.headlines', { headlines: undefined }],
    ['article.headlines', { headlines: [] }],
    ['article.headlines', { headlines: [{ role: 'main', value: ' ' }] }],
    ['article.pubStatus', { pubStatus: 'live' }],
    ['article.embargoedUntil', { embargoedUntil: '2026-02-30T10:00:00Z' }],
    ['article.expires', { expires: '2026-04-31T10:00:00+0200' }],
    ['article.headlines', { headlines: [{ value: '\u0000\u0001' }] }],
    // HTML without any visible text.
    [
      'article.headlines',
      { headlines: [{ contentType: 'text/html', value: '<img src=x onerror=alert(1)><script>x</script>' }] },
    ],
  ])('%s', (path, overrides) => {
    expect(issues(published(story(overrides)))).toEqual([path]);
  });

  test('and names headlines too if a headline that is not text was the only one', () => {
    expect(issues(published(story({ headlines: [{ role: 'main' }] as never })))).toEqual([
      'article.headlines.0.value',
      'article.headlines',
    ]);
    expect(
      published(
        story({
          headlines: [
            { role: 'main', value: 7 },
            { role: 'web', value: 'Bridge open' },
          ] as never,
        }),
      ),
    ).toMatchObject({
      kind: 'version',
      version: {
        content: {
          article: { headlines: [{ value: 'Bridge open' }] },
          warnings: [{ path: 'article.headlines.0.value' }],
        },
      },
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['revision', { revision: 1.5 }],
    ['revision', { revision: -1 }],
    ['receivedAt', { receivedAt: 'now' }],
  ])('%s of the detail', (path, more) => {
    expect(issues(published(story(), more))).toEqual([path]);
  });

  test('receivedAt, if it is later than the bus event’s time', () => {
    const body = (receivedAt: number): string =>
      busEvent('article.published', { article: story(), receivedAt }, { time: '2026-05-01T12:00:00Z' });
    expect(accept(body(noon + 9000), 'd').kind).toBe('version');
    expect(issues(accept(body(noon + 11_000), 'd'))).toEqual(['receivedAt']);
  });

  test('detail-type, and the whole event if it is not JSON or not from the bus', () => {
    expect(issues(accept(busEvent('article.publish', { article: story() }), 'd'))).toEqual(['detail-type']);
    expect(issues(accept('{"hello":1}', 'd'))).toEqual(['']);
    expect(accept('not json', 'delivery-7')).toMatchObject({ kind: 'rejected', eventId: 'delivery-7' });
  });

  test('every issue at once, and never a value', () => {
    const rejected = published({
      ...story({ urgency: 99, versionCreated: 'secret-value', pubStatus: 'live' as never }),
      uri: undefined,
    });
    expect(issues(rejected).sort()).toEqual(['article.pubStatus', 'article.uri', 'article.versionCreated']);
    expect(JSON.stringify(rejected)).not.toContain('secret-value');
  });

  test('but not for a reason too long for a row: the hold is accepted without it, because a legal order must not fail', () => {
    const held = accept(
      busEvent('article.held', {
        article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z' },
        reason: 'x'.repeat(450_000),
      }),
      'd',
    );
    expect(held).toMatchObject({ kind: 'hold', hold: { kind: 'held' } });
    expect(held.kind === 'hold' && held.hold).not.toHaveProperty('reason');
  });

  test('for a number that overflows, and for extreme nesting', () => {
    const body = busEvent('article.published', { article: story(), extra: 1 });
    expect(accept(body.replace('"extra":1', '"extra":1e999'), 'd').kind).toBe('rejected');
    expect(accept(body.replace('"extra":1', `"extra":${'['.repeat(200)}${']'.repeat(200)}`), 'd').kind).toBe(
      'rejected',
    );
  });

  test('in a message that itself fits on the bus', () => {
    for (const overrides of [
      { subjects: Array.from({ length: 30_000 }, () => ({ name: 1 })) },
      { uri: `urn:${'é'.repeat(450_000)}` },
    ]) {
      const judged = published({ ...story(), ...overrides });
      expect(JSON.stringify(judged.kind === 'version' ? judged.version.content : judged).length).toBeLessThan(10_000);
    }
  });

  test('and any JSON at all is answered without an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (article, detail) => {
        for (const said of [
          detail,
          { article },
          { article: { ...story(), headlines: article, associations: detail } },
        ]) {
          const accepted = accept(
            JSON.stringify({
              id: 'e',
              source: 's',
              time: '2026-05-01T12:00:00Z',
              'detail-type': 'article.published',
              detail: said,
            }),
            'd',
          );
          if (accepted.kind === 'rejected') expect(accepted.errors.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
