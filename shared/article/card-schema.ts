import * as v from 'valibot';

/**
 * Cards and fronts as readers get them. The types and the OpenAPI document are generated from these schemas; no
 * function validates with them.
 */

const said = (description: string) => v.pipe(v.string(), v.description(description));
const count = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
const instant = (description: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(description));

export const audioSchema = v.pipe(
  v.object({ href: said('A path of the site.'), bytes: count('Its length.'), seconds: count('Its duration.') }),
  v.title('Audio'),
  v.description('The story read aloud.'),
);

export const cardPictureSchema = v.pipe(
  v.object({
    id: said('Names the picture, so that it can be pulled from every list.'),
    href: said('The smallest rendition that is wide enough for a list.'),
    alt: v.exactOptional(v.string()),
    caption: v.exactOptional(v.string()),
    credit: v.exactOptional(v.string()),
  }),
  v.title('CardPicture'),
);

export const cardSchema = v.pipe(
  v.object({
    articleId: said('The first 16 characters of lower-case base32 of sha256 of the uri.'),
    uri: said('Identifies the article for ever, as the CMS gave it.'),
    path: said('Where the article is, without the origin.'),
    headline: said('Plain text.'),
    standfirst: v.exactOptional(said('Plain text.')),
    by: v.exactOptional(said('The byline.')),
    picture: v.exactOptional(cardPictureSchema),
    section: v.exactOptional(said('Its first section, as a slash path.')),
    genres: v.exactOptional(v.array(v.string())),
    firstPublished: instant('UTC; it places the article in feeds.'),
    updated: instant('`versionCreated` of the version that is shown; UTC.'),
    audio: v.exactOptional(audioSchema),
  }),
  v.title('Card'),
  v.description('What a list shows of an article. Texts may be cut, so that it stays small.'),
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
  v.description('A front as readers see it: pins that are live, then what the backfill adds.'),
);
