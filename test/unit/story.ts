import type { Article } from '../../shared/article/article.ts';

/** 1 May 2026, noon: when the tests' newsroom is at work. */
export const noon = Date.parse('2026-05-01T12:00:00Z');

/** A usable story, as a CMS would send it. */
export function story(overrides: Partial<Article> & Record<string, unknown> = {}): Article & Record<string, unknown> {
  return {
    uri: 'urn:newsroom:harbour-bridge',
    type: 'text',
    versionCreated: '2026-05-01T12:00:00Z',
    pubStatus: 'usable',
    language: 'en',
    headlines: [{ role: 'main', value: 'Harbour bridge reopens after storm repairs' }],
    descriptions: [
      {
        role: 'standfirst',
        contentType: 'text/plain',
        value: 'Traffic flowed again at dawn, three weeks ahead of plan.',
      },
    ],
    bodies: [
      {
        role: 'main',
        contentType: 'text/html',
        value: '<p>The first lorries crossed at five.</p><p>Engineers applauded.</p>',
      },
    ],
    by: 'By Ada Marlow and Jon Bright, Harbour Press',
    subjects: [
      { rel: 'section', literal: 'news/local', name: 'Local' },
      { rel: 'about', name: 'Bridges' },
    ],
    genres: [{ name: 'Explainer' }],
    associations: [
      {
        type: 'picture',
        name: 'lead',
        by: 'Mia Stone',
        headlines: [{ value: 'Lorries on a bridge at dawn' }],
        descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'The first lorries cross.' }],
        renditions: [
          {
            name: 'small',
            href: 'https://pictures.example.com/bridge-320.jpg',
            contentType: 'image/jpeg',
            width: 320,
            height: 213,
          },
          {
            name: 'large',
            href: 'https://pictures.example.com/bridge-1280.jpg',
            contentType: 'image/jpeg',
            width: 1280,
            height: 853,
          },
        ],
      },
    ],
    ...overrides,
  };
}

let events = 0;

/** A bus event, as the queue delivers it: text. `time` defaults to `receivedAt`, else to noon. */
export function busEvent(
  detailType: string,
  detail: Record<string, unknown>,
  overrides: Record<string, unknown> = {},
): string {
  events += 1;
  return JSON.stringify({
    version: '0',
    id: `event-${events}`,
    'detail-type': detailType,
    source: 'newsroom',
    account: '000000000000',
    // The bus stamps whole seconds; a webhook was received a moment before.
    time: new Date(
      Math.floor((typeof detail['receivedAt'] === 'number' ? detail['receivedAt'] : noon) / 1000) * 1000,
    ).toISOString(),
    region: 'us-east-1',
    resources: [],
    detail,
    ...overrides,
  });
}
