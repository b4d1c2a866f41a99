import * as v from 'valibot';
import { renditionOf } from '../../article/caption.ts';
import type { Rendition } from '../../article/article.ts';
import { idGrammars } from '../ids.ts';
import type { GivenStory } from '../cms-story.ts';
import { ownLink } from '../own-links.ts';
import { withAddresses } from '../file-addresses.ts';
import { withoutShortcodes } from '../shortcodes.ts';
import { aTime, idAs, optionalNumber, optionalText, optionalTime, pictureAddress } from '../payload-schema.ts';
import { isObject } from '../source-api.ts';

export const ids = idGrammars.wordpress;
export const id = idAs(ids);
const rendered = v.nullish(
  v.object({ rendered: optionalText, protected: v.nullish(v.boolean('must be true or false')) }, 'must be an object'),
);
const size = v.object({
  source_url: pictureAddress('absolute'),
  width: optionalNumber,
  height: optionalNumber,
  mime_type: optionalText,
});
/** PHP serialises an empty object as an empty list. */
const sizes = v.nullish(
  v.pipe(
    v.unknown(),
    v.transform((given): unknown => (Array.isArray(given) ? {} : given)),
    v.record(v.string(), size, 'must be an object'),
  ),
);
const media = v.object({
  source_url: pictureAddress('absolute'),
  alt_text: optionalText,
  caption: rendered,
  media_details: v.nullish(v.looseObject({ width: optionalNumber, height: optionalNumber, sizes })),
});
const term = v.object({
  id: v.optional(v.unknown()),
  name: v.string('must be a string'),
  slug: v.string('must be a string'),
  link: optionalText,
  taxonomy: optionalText,
});
/**
 * Fields that plugins add, with the names of people without an account. Co-Authors Plus itself lists only ids of terms.
 */
const guests = v.nullish(
  v.array(v.union([v.number(), v.object({ display_name: optionalText })], 'must be an author'), 'must be an array'),
);
/** A post in core's REST API, with `_embedded`. */
export const post = v.object(
  {
    id,
    type: optionalText,
    modified_gmt: aTime,
    date_gmt: optionalTime,
    link: optionalText,
    title: rendered,
    excerpt: rendered,
    content: rendered,
    pressrun_primary_category: v.optional(v.unknown()),
    pressrun_canonical: v.optional(v.unknown()),
    pressrun_category_paths: v.optional(v.unknown()),
    authors: guests,
    coauthors: guests,
    _embedded: v.nullish(
      v.object({
        // An entity that the caller may not read is embedded as an error without a name.
        author: v.nullish(v.array(v.object({ name: optionalText }), 'must be an array')),
        'wp:featuredmedia': v.nullish(v.array(media, 'must be an array')),
        'wp:term': v.nullish(v.array(v.array(term, 'must be an array'), 'must be an array')),
      }),
    ),
  },
  'must be a post as the REST API shows it',
);
export type Post = v.InferOutput<typeof post>;

/** Returns the texts of a post as readers see them, with absolute addresses of files. */
export function textsOf({ content, excerpt, link }: Post): Pick<GivenStory, 'standfirst' | 'html'> {
  const html = withoutShortcodes(content?.rendered ?? '');
  return {
    standfirst: withoutShortcodes(excerpt?.rendered ?? ''),
    html:
      relativeFile.test(html) || html.includes('href=')
        ? withAddresses(html, (address, element) => {
            if (isFile.test(address)) return URL.parse(address, link ?? '')?.href ?? address;
            return element === 'a' ? ownLink(address, link) : address;
          })
        : html,
  };
}

/** A path to the folder of WordPress's files, which the newspaper does not have. */
const relativeFile = /["',=]\s?[\w./-]{0,200}wp-content\//;
const isFile = /^[\w./-]{0,200}wp-content\//;

/**
 * Returns the categories of a post, the primary one of its SEO plugin first. The plugin of Pressrun adds that field.
 */
export function categoriesOf(terms: readonly v.InferOutput<typeof term>[], primary: unknown) {
  const categories = terms.filter(({ taxonomy }) => taxonomy === 'category');
  return primary ? categories.toSorted((a, b) => Number(b.id === primary) - Number(a.id === primary)) : categories;
}

/**
 * Returns the names of those who wrote a post: by PublishPress Authors, by Co-Authors Plus, else the accounts that
 * WordPress itself names.
 */
export function authorsOf({ authors, coauthors, _embedded }: Post): string[] {
  const named = [...(authors ?? []), ...(coauthors ?? [])].flatMap((one) =>
    typeof one === 'number' ? [] : (one.display_name ?? []),
  );
  return named.length > 0 ? [...new Set(named)] : (_embedded?.author ?? []).flatMap(({ name }) => name ?? []);
}

/**
 * Returns the section of a category: the slugs of its parents and its own, which the plugin reads from the taxonomy.
 */
export function sectionOf(
  { id, slug, link }: Pick<v.InferOutput<typeof term>, 'id' | 'slug' | 'link'>,
  paths: unknown,
  url: string,
): string {
  const path = isObject(paths) && typeof id === 'number' ? paths[String(id)] : undefined;
  return typeof path === 'string' && path !== '' ? path : pathInLink(slug, link, url);
}

/**
 * A category's address contains its parents, after the base that all categories share. The base is taken to be one
 * step, as in WordPress's own setting. The folder of the site and `index.php` come before it.
 */
function pathInLink(slug: string, link: string | null | undefined, url: string): string {
  const stepsOf = (address: string): string[] =>
    (URL.parse(address)?.pathname ?? '').split('/').filter((step) => step !== '');
  const folder = stepsOf(url);
  const whole = stepsOf(link ?? '');
  const isBelow = folder.every((step, index) => whole[index] === step);
  const inSite = isBelow ? whole.slice(folder.length) : whole;
  const steps = inSite[0] === 'index.php' ? inSite.slice(1) : inSite;
  return steps.length > 1 && steps.at(-1) === slug ? steps.slice(1).join('/') : slug;
}

/** Returns the picture and the sizes that WordPress made of it. A size cropped to another shape is another picture. */
export function renditionsOf({ source_url: href, media_details: details }: v.InferOutput<typeof media>): Rendition[] {
  const { width, height, sizes } = details ?? {};
  const scaled = Object.entries(sizes ?? {}).flatMap(([name, each]): Rendition[] => {
    const isSameShape =
      !width || !height || !each.width || !each.height || Math.abs(width / height - each.width / each.height) < 0.02;
    return name === 'full' || !isSameShape || !each.source_url ? [] : [renditionOf(name, each.source_url, each)];
  });
  return href ? [...scaled, renditionOf('full', href, { width, height })] : scaled;
}
