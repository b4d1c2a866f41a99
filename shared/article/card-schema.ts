import * as v from 'valibot';

/**
 * Cards and fronts as readers get them. The types and the OpenAPI document are generated from these schemas; no
 * function validates with them.
 */

const said = (description: string) => v.pipe(v.string(), v.description(description));
const count = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
const instant = (description: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(description));

export const audioSchema = v.pipe(
  v.object({
    href: said('The path of the file on the site.'),
    bytes: count('The length of the file in bytes.'),
    seconds: count('The duration in seconds.'),
  }),
  v.title('Audio'),
  v.description('The audio rendition of the article.'),
);

const cardPictureSchema = v.pipe(
  v.object({
    id: said('Identifies the picture, so that it can be pulled from every list.'),
    href: said('The URL of the smallest rendition that is wide enough for a list.'),
    srcset: v.exactOptional(said('Other renditions of the same crop, as candidates of HTML’s `srcset`.')),
    contentType: v.exactOptional(said('The media type of `href`, where its extension does not say it.')),
    width: v.exactOptional(count('Of `href`, in pixels.')),
    height: v.exactOptional(count('Of `href`, in pixels.')),
    sizeInBytes: v.exactOptional(count('Of `href`.')),
    alt: v.exactOptional(v.string()),
    caption: v.exactOptional(v.string()),
    credit: v.exactOptional(v.string()),
  }),
  v.title('CardPicture'),
);

export const cardSchema = v.pipe(
  v.object({
    articleId: said('The first 16 characters of lower-case base32 of sha256 of the uri.'),
    uri: said('The permanent identifier of the article, as the CMS sent it.'),
    path: said('The path of the article on the site.'),
    headline: said('Plain text.'),
    standfirst: v.exactOptional(said('Plain text.')),
    by: v.exactOptional(said('The byline.')),
    picture: v.exactOptional(cardPictureSchema),
    section: v.exactOptional(said('The first section of the article, as a slash path.')),
    sectionName: v.exactOptional(said('Its name in the CMS, where its path does not say it.')),
    genres: v.exactOptional(v.array(v.string())),
    topics: v.exactOptional(v.pipe(v.array(v.string()), v.description('Names of what the story is about.'))),
    language: v.exactOptional(said('BCP 47; the site’s where it is absent.')),
    canonicalHost: v.exactOptional(said('The host of the page that search engines should show instead.')),
    firstPublished: instant('The time of first publication in UTC, which orders feeds.'),
    updated: instant('`versionCreated` of the version that is shown, in UTC.'),
    audio: v.exactOptional(audioSchema),
    live: v.exactOptional(
      v.pipe(
        v.object({ coverageEndTime: v.exactOptional(instant('From then on it is no longer live.')) }),
        v.title('CardLive'),
        v.description('Present if it is a live story.'),
      ),
    ),
  }),
  v.title('Card'),
  v.description('The summary of an article that lists show. Texts may be shortened.'),
);

const frontLink = v.pipe(v.object({ label: v.string(), href: v.string() }), v.title('FrontLink'));
const frontContainer = v.pipe(
  v.object({
    title: v.string(),
    seeMore: v.exactOptional(said('A URL, or a path of the site.')),
    items: v.array(cardSchema),
    links: v.exactOptional(v.array(frontLink)),
  }),
  v.title('FrontContainer'),
);

export const frontSchema = v.pipe(
  v.object({ name: v.string(), containers: v.array(frontContainer) }),
  v.title('Front'),
  v.description(
    'A front as readers see it: in each container the pinned articles that are live, then articles of the backfill feed.',
  ),
);
