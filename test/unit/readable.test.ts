import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Article, Association } from '../../shared/article/article.ts';
import { readableAt } from '../../shared/article/readable.ts';
import { noon, story } from './story.ts';

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const article = (...associations: Association[]): Article => story({ associations });
const names = (of: Article): (string | undefined)[] =>
  (of.associations ?? []).flatMap(({ name, associations = [] }) => [name, ...associations.map((inner) => inner.name)]);

describe('an article at an instant', () => {
  test.each<[string, Association, boolean, number | undefined]>([
    ['has no such field', {}, true, undefined],
    ['is usable', { pubStatus: 'usable' }, true, undefined],
    ['is withheld', { pubStatus: 'withheld', embargoedUntil: at(5) }, false, undefined],
    ['is canceled', { pubStatus: 'canceled', expires: at(5) }, false, undefined],
    ['has an unknown status', { pubStatus: 'killed' as 'canceled' }, false, undefined],
    ['is embargoed', { embargoedUntil: at(1) }, false, noon + 60_000],
    ['has an embargo that ends now', { embargoedUntil: at(0) }, true, undefined],
    ['has an invalid embargo', { embargoedUntil: 'soon' }, false, undefined],
    ['will expire', { expires: at(2) }, true, noon + 120_000],
    ['expires now', { expires: at(0) }, false, undefined],
    ['expires before its embargo ends', { embargoedUntil: at(5), expires: at(-1) }, false, undefined],
    ['has an invalid expiry', { expires: 'soon' }, false, undefined],
  ])('shows or leaves out an association that %s, of any type and at any depth', (_, item, isShown, changesAt) => {
    for (const type of ['picture', 'text', 'video', 'composite', undefined]) {
      const own: Association = { ...item, name: 'x', type };
      const first = readableAt(article(own), noon);
      expect([names(first.article).includes('x'), first.leftOut === undefined, first.changesAt]).toEqual([
        isShown,
        isShown,
        changesAt,
      ]);
      const inner = readableAt(article({ name: 'outer', associations: [own] }), noon);
      expect([names(inner.article), inner.changesAt]).toEqual([isShown ? ['outer', 'x'] : ['outer'], changesAt]);
    }
  });

  test('changes at the earliest change of its associations', () => {
    expect(
      readableAt(article({ embargoedUntil: at(9) }, { associations: [{ expires: at(3) }] }, { expires: at(7) }), noon)
        .changesAt,
    ).toBe(noon + 180_000);
  });

  test('has a fingerprint of the items left out, so that two sets of equal size differ', () => {
    const swapped = article({ embargoedUntil: at(5) }, { expires: at(5) });
    expect(readableAt(swapped, noon).leftOut).not.toBe(readableAt(swapped, noon + 300_000).leftOut);
  });

  test('has no image in its text that belongs to an association left out', () => {
    const figure = '<figure><img src="https://a.example/1.jpg" alt="" /><figcaption>Seen</figcaption></figure>';
    const item: Association = {
      type: 'picture',
      embargoedUntil: at(5),
      renditions: [{ href: 'https://a.example/0.jpg' }, { href: 'https://a.example/1.jpg' }],
    };
    const given = story({
      bodies: [{ contentType: 'text/html', value: `<p>a</p>${figure}<p>b</p>` }],
      associations: [item],
    });
    expect(readableAt(given, noon).article.bodies?.[0]?.value).toBe('<p>a</p><p>b</p>');
    expect(readableAt(given, noon + 300_000).article).toBe(given);
  });

  test('has no such image in the text of another association', () => {
    const text = (src: string): NonNullable<Association['bodies']> => [
      { contentType: 'text/html', value: `<p>a</p><img src="${src}" alt="" />` },
    ];
    const box: Association = {
      type: 'text',
      bodies: text('https://a.example/1.jpg'),
      associations: [{ type: 'picture', expires: at(0), renditions: [{ href: 'https://a.example/1.jpg' }] }],
    };
    expect(readableAt(article(box), noon).article.associations?.[0]?.bodies?.[0]?.value).toBe('<p>a</p>');
  });

  const minutes = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined });
  const items = fc.letrec<{ items: Association[] }>((tie) => ({
    items: fc.array(
      fc
        .record({
          embargo: minutes,
          expiry: minutes,
          pubStatus: fc.constantFrom('usable' as const, 'withheld' as const, undefined),
          inner: fc.option(tie('items'), { nil: undefined, maxDepth: 2, depthSize: 'small' }),
        })
        .map(
          ({ embargo, expiry, pubStatus, inner }): Association => ({
            ...(embargo !== undefined && { embargoedUntil: at(embargo) }),
            ...(expiry !== undefined && { expires: at(expiry) }),
            ...(pubStatus && { pubStatus }),
            ...(inner && { associations: inner }),
          }),
        ),
      { maxLength: 3 },
    ),
  })).items;

  test('changes only at the instant that it names', () => {
    fc.assert(
      fc.property(items, (associations) => {
        const given = article(...associations);
        for (let now = noon - 240_000; now <= noon + 240_000; now += 30_000) {
          const { article: shown, leftOut, changesAt = Infinity } = readableAt(given, now);
          for (let later = now + 30_000; later <= noon + 240_000; later += 30_000) {
            const then = readableAt(given, later);
            if (later < changesAt) expect([then.article, then.leftOut]).toEqual([shown, leftOut]);
          }
          if (changesAt < Infinity) expect(readableAt(given, changesAt).leftOut).not.toBe(leftOut);
        }
      }),
      { numRuns: 60 },
    );
  });
});
