/** A front of the sample edition. */
export interface SampleFront {
  readonly name: string;
  readonly versionCreated: string;
  readonly containers: readonly object[];
}

/** The home page's front, and the front below each article. `now` in epoch milliseconds. */
export function sampleFronts(now: number): SampleFront[] {
  const versionCreated = new Date(now).toISOString();
  const section = (title: string, path: string, limit: number): object => ({
    title,
    backfill: `section/${path}`,
    limit,
    seeMore: `/section/${path}`,
  });
  const rail = (title: string, feed: string): object => ({ title, backfill: feed, limit: 4, seeMore: `/${feed}` });
  const pinsOf = (...slugs: readonly string[]): string[] => slugs.map((slug) => `urn:sample-newsroom:${slug}`);
  return [
    {
      name: 'home',
      versionCreated,
      containers: [
        {
          title: 'Top stories',
          pins: ['urn:sample-newsroom:strait-of-corrimar-ferry-rescue'],
          backfill: 'latest',
          limit: 5,
        },
        section('Sport', 'sport', 4),
        section('Culture', 'culture', 4),
        { title: 'Latest News', backfill: 'latest', limit: 6, seeMore: '/latest' },
      ],
    },
    {
      name: 'article',
      versionCreated,
      containers: [
        { title: 'More Latest News', backfill: 'latest', limit: 4, seeMore: '/latest' },
        { title: 'Latest News', backfill: 'latest', limit: 4, seeMore: '/latest' },
        // Pinned, since the two containers above use up the feeds, and no story appears twice.
        {
          ...rail('The News Explained', 'genre/explainer'),
          pins: pinsOf('why-is-the-sea-around-vessland-green', 'what-a-central-bank-does-at-night'),
        },
        {
          ...rail('Royals', 'section/news/royals'),
          pins: pinsOf('queen-ottilie-opens-tidal-library', 'royal-garden-open-by-night'),
        },
        {
          ...rail('Highlights & Opinion', 'genre/opinion'),
          pins: pinsOf(
            'leave-the-harbour-lights-on',
            'the-opera-with-no-singers',
            'let-the-night-train-be-slow',
            'museo-de-los-relojes-parados',
          ),
        },
        {
          title: 'More Topics',
          links: [
            { label: 'Shipping', href: '/topic/shipping' },
            { label: 'Queen Ottilie', href: '/topic/queen-ottilie' },
            { label: 'Railways', href: '/topic/railways' },
            { label: 'Lighthouses', href: '/topic/lighthouses' },
            { label: 'Explainers', href: '/genre/explainer' },
          ],
        },
      ],
    },
  ];
}
