import { describe, expect, test } from '@jest/globals';
import { candidates, mediaTypeOf, renditionsFor } from '../../shared/picture/renditions.ts';
import { croppedPicture } from '../fixtures/awkward-stories.ts';

const names = (place: 'lead' | 'card' | 'square', picture: object = croppedPicture): string[] =>
  renditionsFor(picture, place).map(({ href }) => href.replace(/^.*\//, ''));
const file = (width: number, height: number, type = 'jpg') => ({
  href: `https://p.example/${width}x${height}.${type}`,
  width,
  height,
});

describe('the renditions for a place', () => {
  test('are those of the crop nearest to its ratio, and none for print or of an original’s size', () => {
    expect(names('lead')).toEqual(['wide-640x360.jpg', 'wide-1280x720.jpg', 'wide-1920x1080.jpg']);
    expect(names('card')).toEqual(['card-400x300.jpg', 'card-800x600.jpg']);
    expect(names('square')).toEqual(['square-300x300.jpg', 'square-600x600.jpg']);
  });

  test('are of another ratio if the best crop has small ones only', () => {
    expect(names('square', { renditions: [file(100, 100), file(900, 600)] })).toEqual(['900x600.jpg']);
    expect(names('square', { renditions: [file(100, 100), file(90, 60)] })).toEqual(['100x100.jpg']);
  });

  test('are the original if no other is wide enough', () => {
    expect(names('lead', { renditions: [file(6000, 4000), file(200, 133)] })).toContain('6000x4000.jpg');
    expect(names('lead', { renditions: [file(6000, 4000), file(800, 533)] })).toEqual(['800x533.jpg']);
  });

  test('have each width once', () => {
    const renditions = [file(800, 450), file(800, 450, 'webp'), file(1600, 900)];
    expect(names('lead', { renditions })).toEqual(['800x450.jpg', '1600x900.jpg']);
  });

  test('are all of them if heights are unknown', () => {
    const renditions = [400, 800].map((width) => ({ href: `https://p.example/${width}.jpg`, width }));
    expect(names('lead', { renditions })).toEqual(['400.jpg', '800.jpg']);
  });

  test('are those with a width if there are any: srcset knows no width of 0', () => {
    const renditions = [{ href: 'https://p.example/o.jpg' }, { ...file(0, 0), href: 'https://p.example/z.jpg' }];
    expect(names('lead', { renditions: [...renditions, { ...file(640, 0) }] })).toEqual(['640x0.jpg']);
    expect(renditionsFor({ renditions: [file(640, 0)] }, 'lead')[0]).not.toHaveProperty('height');
  });

  test.each<[renditions: object[], shown: string]>([
    [
      [
        { href: 'https://p.example/o.jpg', name: 'original' },
        { href: 'https://p.example/w.jpg', name: 'web' },
      ],
      'w.jpg',
    ],
    [[{ href: 'https://p.example/w.jpg' }, { href: 'https://p.example/t.jpg', name: 'thumbnail' }], 'w.jpg'],
    [[{ href: 'https://p.example/w.jpg' }, { href: 'https://p.example/w-thumb.jpg' }], 'w.jpg'],
    [
      [
        { href: 'https://p.example/o.jpg', name: 'original' },
        { href: 'https://p.example/t.jpg', name: 'thumb' },
      ],
      'o.jpg',
    ],
    [[{ href: 'https://p.example/t.jpg', name: 'thumb' }], 't.jpg'],
  ])('without widths are one, by its name: %j', (renditions, shown) => {
    expect(names('lead', { renditions })).toEqual([shown]);
  });

  test.each([
    [{ href: 'https://p.example/a.tif' }],
    [{ href: 'https://p.example/a.tiff?x=1' }],
    [{ href: 'https://p.example/a.pdf#page=1' }],
    [{ href: 'https://p.example/a', contentType: 'image/tiff; charset=binary' }],
    [{ href: 'https://p.example/a', contentType: 'image/tiff' }],
    [{ href: 'https://p.example/a.jpg', contentType: 'video/mp4' }],
    [{ href: 'https://p.example/a.HEIC' }],
  ])('are none if no browser shows them: %j', (rendition) => {
    expect(names('lead', { renditions: [rendition] })).toEqual([]);
  });
});

test('candidates of srcset have their separators escaped', () => {
  expect(candidates([{ href: 'https://p.example/a b,', width: 10 }])).toBe('https://p.example/a%20b%2C 10w');
});

test.each([
  ['https://p.example/a.JPEG?x=1.png', 'image/jpeg'],
  ['https://p.example/a.svg', 'image/svg+xml'],
  ['https://p.example/a', undefined],
  ['https://p.example/constructor', undefined],
  ['https://p.example/x.constructor', undefined],
])('the media type of %s is %s', (href, type) => {
  expect(mediaTypeOf(href)).toBe(type);
});
