import { samplePictureRenditions } from './sample-pictures.ts';

/** An event of the live story or of the author's profile. */
export interface SamplePart {
  readonly article: {
    readonly uri: string;
    readonly versionCreated: string;
    readonly headlines: readonly { readonly value: string }[];
    readonly [ninjs: string]: unknown;
  };
  readonly path?: string;
  readonly live?: { readonly coverageStartTime: string };
  readonly post?: { readonly story: string; readonly key?: boolean; readonly pinned?: boolean };
  readonly profile?: {
    readonly jobTitle: string;
    readonly links: readonly { readonly label: string; readonly href: string }[];
  };
}

const story = 'urn:sample-newsroom:storm-brunhild';
export const liveStoryPath = '/news/world/storm-brunhild-live';

interface Post {
  readonly minutesAgo: number;
  readonly by: string;
  readonly headline: string;
  /** HTML. */
  readonly body: string;
  readonly key?: true;
  readonly pinned?: true;
  readonly picture?: { readonly name: string; readonly alt: string; readonly caption: string; readonly credit: string };
}

/** Newest first. */
const posts: readonly Post[] = [
  {
    minutesAgo: 3,
    by: 'Ines Okonjo-Vale',
    headline: 'Last two trawlers are in',
    body: '<p>The <em>Second Supper</em> and the <em>Patience</em> have tied up at Port Halden. Nobody is missing at sea. The harbour bell was rung, as it is when the last boat is home.</p>',
    key: true,
  },
  {
    minutesAgo: 8,
    by: 'Tobias Renner',
    headline: 'Night train waits at Lorne',
    body: '<p>The night train will not cross the passes before the wind has dropped. Its 160 passengers have been given soup and, the railway says, “the good blankets”.</p>',
  },
  {
    minutesAgo: 14,
    by: 'Ines Okonjo-Vale',
    headline: 'Water stops a hand below the quay',
    body: '<p>The gauge at Port Halden shows 4.1 metres, and has not moved for half an hour. The flood gates at the fish market hold.</p><blockquote><p>We have seen worse, but we had less to lose then.</p></blockquote><p>Maud Ellery, skipper.</p>',
    key: true,
    picture: {
      name: 'storm-quay',
      alt: 'Waves break over a harbour wall beside a row of stacked lobster pots',
      caption: 'The quay of Port Halden at high water.',
      credit: 'Pell Amadi / Halden Photo',
    },
  },
  {
    minutesAgo: 21,
    by: 'Ines Okonjo-Vale',
    headline: 'What is closed',
    body: '<ul><li>Schools in Port Halden and Sundmark</li><li>All ferries until Friday</li><li>The coast road between the Gannet shoals and Lorne</li></ul>',
    pinned: true,
  },
  {
    minutesAgo: 27,
    by: 'Tobias Renner',
    headline: 'Tidal Library rides it out',
    body: '<p>The reading rooms at Sundmark have risen 4.3 metres with the water, which is what they were built for. Librarian Osei Brandt stays aboard with eleven readers.</p>',
  },
  {
    minutesAgo: 34,
    by: 'Ines Okonjo-Vale',
    headline: 'Brunhild reaches the coast',
    body: '<p>Gusts of 134 km/h were measured at the lighthouse on Gannet at noon. The keepers have lit the lamp.</p>',
    key: true,
  },
];

/** A live story with its posts, and the profile of an author; all made before `now` (epoch ms). */
export function sampleParts(now: number, edgeUrl: string): SamplePart[] {
  const instant = (minutesAgo: number): string => new Date(now - minutesAgo * 60_000).toISOString();
  const picture = (
    name: string,
    text: { readonly alt: string; readonly caption?: string; readonly credit: string },
  ): object => ({
    uri: `urn:sample-newsroom:picture:${name}`,
    type: 'picture',
    by: text.credit,
    headlines: [{ value: text.alt }],
    ...(text.caption !== undefined && {
      descriptions: [{ role: 'caption', contentType: 'text/plain', value: text.caption }],
    }),
    renditions: samplePictureRenditions(edgeUrl, name),
  });
  return [
    {
      article: {
        uri: story,
        versionCreated: instant(36),
        language: 'en',
        headlines: [{ value: 'Storm Brunhild: ferries stopped as the coast of Corrimar waits for high water' }],
        descriptions: [
          {
            role: 'standfirst',
            contentType: 'text/plain',
            value:
              'The strongest storm in nine years has reached Port Halden. High water is expected at half past two.',
          },
        ],
        bodies: [{ contentType: 'text/html', value: '<p>What happens where, as our reporters see it.</p>' }],
        by: 'Ines Okonjo-Vale and Tobias Renner',
        located: 'Port Halden',
        subjects: [
          { rel: 'section', literal: 'news/world', name: 'World' },
          { rel: 'about', name: 'Corrimar' },
          { rel: 'about', name: 'Shipping' },
        ],
        people: ['Ines Okonjo-Vale', 'Tobias Renner'].map((name) => ({ rel: 'author', name })),
        genres: [{ name: 'News' }],
        associations: [
          picture('storm-brunhild', {
            alt: 'Dark clouds above a lighthouse',
            caption: 'The lighthouse on Gannet, an hour before the storm.',
            credit: 'Pell Amadi / Halden Photo',
          }),
        ],
        copyrightHolder: 'Sample Newsroom',
      },
      path: liveStoryPath,
      live: { coverageStartTime: instant(36) },
    },
    ...posts.map(({ minutesAgo, by, headline, body, key = false, pinned = false, picture: shown }, index) => ({
      article: {
        uri: `${story}:${posts.length - index}`,
        versionCreated: instant(minutesAgo),
        language: 'en',
        headlines: [{ value: headline }],
        bodies: [{ contentType: 'text/html', value: body }],
        by,
        associations: shown ? [picture(shown.name, shown)] : [],
      },
      post: { story, key, pinned },
    })),
    {
      article: {
        uri: 'urn:sample-newsroom:people:ines-okonjo-vale',
        versionCreated: instant(40),
        language: 'en',
        headlines: [{ value: 'Ines Okonjo-Vale' }],
        bodies: [
          {
            contentType: 'text/html',
            value:
              '<p>Ines has reported from the ports of <a href="/topic/corrimar">Corrimar</a> since 2011. Before that she mended nets.</p>',
          },
        ],
        associations: [
          picture('ines-okonjo-vale', { alt: 'Ines Okonjo-Vale on a quay', credit: 'Pell Amadi / Halden Photo' }),
        ],
      },
      profile: {
        jobTitle: 'World affairs correspondent',
        links: [{ label: 'Mastodon', href: 'https://social.example.com/@ines' }],
      },
    },
  ];
}
