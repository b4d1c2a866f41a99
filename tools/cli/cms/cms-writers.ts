import type { CmsWriter } from './cms-writer.ts';
import { directus } from './directus.ts';
import { ghost } from './ghost.ts';
import { strapi } from './strapi.ts';
import { wordpress } from './wordpress.ts';

/** The CMSes through whose API `test-webhook --cms` writes a story, by source. To add one, add a file and an entry. */
export const cmsWriters: Readonly<Record<string, CmsWriter | undefined>> = { ghost, wordpress, strapi, directus };
