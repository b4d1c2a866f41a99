/** Payloads in the shapes and with the habits of newsrooms and wires. All stories are invented. */

interface Payload {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A wire from Germany: HTML body under a role of its own, no type, offset times, subjects from a thesaurus. */
const german = {
  uri: 'urn:newsml:wire.example:20260501:260501-99-167362',
  version: '2',
  versionCreated: '2026-05-01T13:02:28+02:00',
  pubStatus: 'usable',
  urgency: 4,
  copyrightHolder: 'Hafenpresse',
  copyrightNotice: 'Copyright 2026, Hafenpresse. Alle Rechte vorbehalten',
  language: 'de',
  headlines: [{ role: 'main', value: 'Hafenbrücke nach Sturmschäden «früher als geplant» wieder frei' }],
  bodies: [
    {
      role: 'html',
      contentType: 'text/html',
      value:
        '<section class="main"><h1>Hafenbrücke nach Sturmschäden</h1><p>Um fünf Uhr früh rollten die ersten <b>Laster</b>.</p><p>«Wir sind froh», sagte der Größte unter ihnen.</p><table><tr><td>4,5&nbsp;km</td></tr></table></section>',
    },
  ],
  by: 'Von Ada Marlow und Jörg Größl, Hafenpresse',
  subjects: [
    { rel: 'section', literal: 'panorama/verkehr', name: 'Verkehr' },
    { name: 'Brücken', rel: 'about', creator: 'wire.example' },
    { name: 'Häfen', rel: 'about', relevance: 40 },
  ],
  places: [
    { name: 'Hafenstadt', geoJSON: { type: 'Feature', geometry: { type: 'Point', coordinates: [9.98, 53.54] } } },
  ],
};

/** A wire from Sweden: text twice, plain and as a whole document, pictures with renditions of several kinds. */
const swedish = {
  uri: 'http://wire.example/media/text/260501-hamnbron-a0f2d045',
  type: 'text',
  altIds: [{ role: 'originaltransmissionreference', value: 'a0f2d045-1058-46d1-9f9a-ad80ed1bc86f' }],
  representationType: 'full',
  genres: [{ literal: 'INR', uri: 'http://wire.example/sector/INR', name: 'Inrikes' }],
  profile: 'PUBL',
  version: '1',
  firstCreated: '2026-05-01T13:10:18+02:00',
  versionCreated: '2026-05-01T13:40:18+02:00',
  pubStatus: 'usable',
  language: 'sv',
  urgency: 3,
  slugline: 'hamnbron',
  headlines: [{ role: 'main', value: 'Hamnbron öppnar tre veckor före plan' }],
  descriptions: [{ role: 'text', value: 'Stormen stängde bron förra våren. – Nu rullar bilarna igen' }],
  bodies: [
    {
      role: 'text',
      charCount: 185,
      contentType: 'text/plain',
      value:
        'Hamnbron öppnar\nTrafik Hamnpressen\n– Det kändes stort, säger Åsa Öberg.\n\nBron är 4\u2009500 meter lång.',
    },
    {
      role: 'html5',
      contentType: 'text/html',
      value:
        '<html><head><title>Hamnbron</title></head><body><h1>Hamnbron öppnar tre veckor före plan</h1><p class="ingress">Nu rullar bilarna igen.</p></body></html>',
    },
  ],
  by: 'Åsa Öberg/Hamnpressen',
  subjects: [
    { rel: 'section', literal: 'Nyheter/Inrikes', name: 'Inrikes' },
    { rel: 'about', literal: '20000001', name: 'trafik' },
  ],
  people: [
    { name: 'Åsa Öberg', rel: 'author' },
    { name: 'Greta Hammar', rel: 'about' },
  ],
  associations: [
    {
      uri: 'http://wire.example/media/image/sdl1',
      type: 'picture',
      by: 'Mia Sten',
      headlines: [{ value: 'Bilar på en bro' }],
      descriptions: [
        { role: 'caption', contentType: 'text/plain', value: 'De första bilarna.' },
        { contentType: 'text/html', value: '<p>De första bilarna.</p>' },
      ],
      renditions: [
        {
          name: 'r01',
          href: 'https://pictures.example.com/a_watermark.jpg?x=1&y=2',
          contentType: 'image/jpeg',
          width: 1280,
          height: 853,
          sizeInBytes: 214_003,
        },
        { name: 'r02', href: 'http://pictures.example.com/a.mp4', contentType: 'video/mp4', duration: 12 },
        { name: 'thumb', href: 'https://pictures.example.com/a_t.jpg', width: 320, height: 213 },
      ],
    },
    {
      type: 'text',
      uri: 'urn:fact-box',
      headlines: [{ value: 'Fakta' }],
      bodies: [{ value: '<ul><li>4 500 meter</li></ul>' }],
      associations: [{ type: 'picture', renditions: [{ href: 'https://pictures.example.com/deep.png' }] }],
    },
  ],
};

/** ninjs 2.1: every name in lower case. */
const older = {
  uri: 'urn:8d19cf88-b3ab-4972-8fec-1207599f2872',
  type: 'text',
  versioncreated: '2026-05-01T09:46:53Z',
  firstcreated: '2026-05-01T09:30:04Z',
  pubstatus: 'usable',
  ednote: 'Noe utvidet.',
  copyrightnotice: '',
  usageterms: '',
  language: 'nb-NO',
  headlines: [{ role: 'main', value: 'Giganttomt i Skien solgt' }],
  descriptions: [{ role: 'text', contenttype: 'text/plain', value: 'Tomten er på nærmere 2.000 mål. ' }],
  bodies: [{ role: 'main', contenttype: 'text/html', value: '<p class="lead">Tomten er på nærmere 2.000 mål.</p>' }],
  subjects: [
    { name: 'Innenriks', literal: 'Innenriks' },
    { rel: 'section', literal: 'innenriks' },
  ],
};

/** A press release in Chinese, plain text only, subjects by the dozen. */
const release = {
  uri: 'https://releases.example/news/home/20260501006126/zh',
  type: 'text',
  versionCreated: '2026-05-01T08:00:00Z',
  language: 'zh',
  headlines: [{ value: '港口大桥重新开放' }],
  bodies: [{ contentType: 'text/plain', value: '(港口)--第一批卡车在五点通过。\r\n\r\n工程师鼓掌。👩‍👩‍👧‍👦' }],
  subjects: ['Technology', 'Audio/Video', 'Chemicals/Plastics', 'C#', 'C++', '电子', 'R&D', "Editor's <pick>"].map(
    (name) => ({
      name,
      rel: 'about',
    }),
  ),
};

/** The payload of a newsroom's own CMS: an embargo, an expiry, a correction, internal notes. */
const own = {
  uri: 'urn:newsroom:4711',
  type: 'composite',
  versionCreated: '2026-05-01T11:59:59.999Z',
  firstCreated: '2026-04-30T10:00:00Z',
  firstPublished: '2026-05-01T09:00:00Z',
  embargoedUntil: '2026-05-01T11:30:00Z',
  expires: '2026-06-01T00:00:00Z',
  pubStatus: 'usable',
  urgency: 1,
  language: 'en-GB',
  edNote: 'For the desk only',
  headlines: [
    { role: 'main', contentType: 'text/plain', value: 'Bridge “reopens” & nobody minds <at all>' },
    { role: 'short', value: 'Bridge reopens' },
  ],
  descriptions: [{ role: 'standfirst', value: 'Three weeks\nearly.' }],
  bodies: [
    {
      role: 'main',
      value:
        '<p>At dawn. <a href="https://www.example.com/?a=1&amp;b=2">More</a></p><iframe src="https://video.example.com/1"></iframe>',
    },
  ],
  by: 'By A. B. Marlow, Harbour Press',
  people: [{ name: 'Ada Marlow', rel: 'author', uri: 'urn:person:1' }],
  genres: [{ name: 'Correction' }, { name: 'Explainer' }],
  trustIndicators: [{ title: 'corrections', href: 'https://www.example.com/policy' }],
  subjects: [
    { rel: 'section', literal: 'news/local' },
    { rel: 'section', literal: 'business' },
  ],
  renditions: [{ href: 'https://pictures.example.com/own.jpg', width: 10, height: 10 }],
};

/** A mark that is only in texts of items whose embargo is ahead. */
export const embargoedMark = 'not-before-the-embargo';

/** ninjs 2.1: an embargo that has ended, and items with an embargo, a status and an expiry of their own, one within another. */
const nested = {
  uri: 'urn:wire:nested:2.1',
  type: 'text',
  versioncreated: '2026-05-01T10:00:00Z',
  embargoed: '2026-05-01T11:00:00Z',
  pubstatus: 'usable',
  headlines: [{ role: 'main', value: 'Election night, hour by hour' }],
  bodies: [
    {
      role: 'main',
      contenttype: 'text/html',
      value: '<p>Polls close at six.</p><img src="https://pictures.example.com/not-before-the-embargo.jpg">',
    },
  ],
  subjects: [{ rel: 'section', literal: 'politics' }],
  associations: [
    {
      name: 'lead',
      uri: 'urn:wire:picture:1',
      type: 'picture',
      pubstatus: 'usable',
      embargoed: '2026-05-01T20:00:00Z',
      headlines: [{ value: 'Exit poll, not-before-the-embargo' }],
      renditions: [
        {
          name: 'large',
          href: 'https://pictures.example.com/not-before-the-embargo.jpg',
          contenttype: 'image/jpeg',
          width: 900,
          height: 600,
        },
      ],
    },
    {
      name: 'box',
      type: 'text',
      expires: '2026-05-02T00:00:00Z',
      headlines: [{ value: 'How the count works' }],
      bodies: [{ contenttype: 'text/html', value: '<ul><li>By hand</li></ul>' }],
      associations: [
        {
          name: 'result',
          type: 'text',
          embargoed: '2026-05-01T21:00:00+02:00',
          headlines: [{ value: 'Winner, not-before-the-embargo' }],
        },
        {
          name: 'withdrawn',
          type: 'picture',
          pubstatus: 'canceled',
          renditions: [{ href: 'https://pictures.example.com/canceled.jpg' }],
        },
      ],
    },
  ],
};

/** ninjs 1.4: a story that waits for its embargo, with a picture by name. */
const waiting = {
  uri: 'urn:wire:waiting:1.4',
  type: 'text',
  mimetype: 'text/html',
  versioncreated: '2026-05-01T10:30:00Z',
  embargoed: '2026-05-01T19:00:00Z',
  pubstatus: 'usable',
  headline: 'Results, not-before-the-embargo',
  description_text: 'Turnout, not-before-the-embargo',
  body_html: '<p>Counted, not-before-the-embargo.</p>',
  byline: 'Ada Marlow',
  associations: {
    main: {
      type: 'picture',
      embargoed: '2026-05-01T22:00:00Z',
      headline: 'Ballots, not-before-the-embargo',
      renditions: {
        large: { href: 'https://pictures.example.com/not-before-the-embargo-main.jpg', width: 900, height: 600 },
      },
    },
  },
};

const front = {
  name: 'home',
  versionCreated: '2026-05-01T11:00:00Z',
  containers: [
    {
      title: 'Top stories',
      pins: ['urn:newsroom:4711', 'urn:not-there'],
      backfill: 'section/news',
      limit: 5,
      seeMore: '/section/news',
    },
    {
      title: 'More & more',
      backfill: 'latest',
      seeMore: 'https://www.example.com/all?a=1&b=2',
      links: [
        { label: 'About <us>', href: '/about' },
        { label: 'Jobs', href: 'https://jobs.example.com/' },
      ],
    },
  ],
};

const named = { uri: own.uri, versionCreated: '2026-05-01T11:58:00Z' };

export const payloads: readonly Payload[] = [
  ...[german, swedish, older, release, own, nested, waiting].flatMap((article) => [
    { type: 'article.published', detail: { article } },
    {
      type: 'article.updated',
      detail: {
        article,
        revision: 3,
        receivedAt: 1_777_636_800_000,
        path: '/news/local/bridge',
        actor: 'ada',
        reason: 'second edition',
      },
    },
  ]),
  { type: 'article.unpublished', detail: { article: named, reason: 'complaint 4711' } },
  { type: 'article.deleted', detail: { article: { ...own, pubStatus: 'canceled' } } },
  { type: 'article.published', detail: { article: { ...german, pubStatus: 'withheld' } } },
  { type: 'article.held', detail: { article: named, actor: 'legal', reason: 'injunction' } },
  { type: 'article.unheld', detail: { article: named } },
  { type: 'article.erased', detail: { article: named, actor: 'legal' } },
  { type: 'front.published', detail: { front, actor: 'ada' } },
  { type: 'front.unpublished', detail: { front: { name: 'home', versionCreated: '2026-05-01T11:30:00Z' } } },
];
