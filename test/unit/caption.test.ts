import { describe, expect, test } from '@jest/globals';
import { captionAndCredit, pictureOf } from '../../shared/article/caption.ts';

describe('a credit at the end of a caption', () => {
  test.each([
    ['The bridge. (Image: Agency/AB)', { caption: 'The bridge.', credit: 'Agency/AB' }],
    ['The bridge [Photo: Agency].', { caption: 'The bridge', credit: 'Agency' }],
    ['The bridge (Pic :  Agency ) . ', { caption: 'The bridge', credit: 'Agency' }],
    ['The bridge — Photograph: Mia Stone', { caption: 'The bridge', credit: 'Mia Stone' }],
    ['The bridge | CREDITS: Mia Stone', { caption: 'The bridge', credit: 'Mia Stone' }],
    ['The bridge, photography: Mia Stone', { caption: 'The bridge', credit: 'Mia Stone' }],
    ['Images: Agency', { credit: 'Agency' }],
    ['<p>The <em>bridge</em></p><p>Picture: Getty</p>', { caption: 'The bridge', credit: 'Getty' }],
    ['The bridge<br>is <b>op</b>en<div>(Picture: Getty)</div>', { caption: 'The bridge is open', credit: 'Getty' }],
    ['Photo: one (Image: two)', { caption: 'Photo: one', credit: 'two' }],
    [`The bridge. Image: ${'x'.repeat(120)}`, { caption: 'The bridge.', credit: 'x'.repeat(120) }],
  ])('is read from: %s', (caption, parted) => {
    expect(captionAndCredit(caption)).toEqual(parted);
  });

  test.each([
    'The bridge.',
    'The photographer said: no',
    'Snapshots: many of them',
    'The bridge (Image: Agency) was closed',
    'The bridge [Image: Agency] was closed',
    'The bridge. Image:',
    'The bridge. (Image: )',
    `The bridge. Image: ${'x'.repeat(121)}`,
  ])('is not found in: %s', (caption) => {
    expect(captionAndCredit(caption)).toEqual({ caption });
  });

  test.each([undefined, null, '', ' <p> </p> '])('is not found in an empty caption: %s', (caption) => {
    expect(captionAndCredit(caption)).toEqual({});
  });
});

describe('a lead picture', () => {
  const renditions = [{ href: 'https://pictures.example.com/bridge.jpg', width: 640 }];

  test('has all that the CMS has about it, and no empty field', () => {
    expect(
      pictureOf({ renditions, alt: ' Lorries ', caption: 'The bridge (Image: Agency)', credit: '<b>Mia Stone</b>' }),
    ).toEqual([
      {
        type: 'picture',
        name: 'lead',
        by: 'Mia Stone',
        headlines: [{ role: 'main', value: 'Lorries' }],
        descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'The bridge' }],
        renditions,
      },
    ]);
    const bare = [{ type: 'picture', name: 'lead', renditions }];
    expect(pictureOf({ renditions })).toStrictEqual(bare);
    expect(pictureOf({ renditions, alt: null, caption: null, credit: null })).toStrictEqual(bare);
    expect(pictureOf({ renditions, alt: ' ', caption: ' ', credit: ' ' })).toStrictEqual(bare);
  });

  test.each([undefined, null, ' '])('takes its credit from the caption if there is no other: %s', (credit) => {
    expect(pictureOf({ renditions, caption: 'Photo: Agency', credit })).toStrictEqual([
      { type: 'picture', name: 'lead', by: 'Agency', renditions },
    ]);
  });

  test('is absent without an http or https address', () => {
    const closed = [
      {},
      { href: '/bridge.jpg' },
      { href: 'ftp://pictures.example.com/bridge.jpg' },
      { href: 'data:image/png;base64,AA' },
      { href: 'x-https://bridge.jpg' },
    ];
    expect(pictureOf({ renditions: closed, alt: 'Lorries' })).toEqual([]);
    expect(pictureOf({ renditions: [...closed, { href: 'HTTP://pictures.example.com/bridge.jpg' }] })).toEqual([
      { type: 'picture', name: 'lead', renditions: [{ href: 'HTTP://pictures.example.com/bridge.jpg' }] },
    ]);
  });
});
