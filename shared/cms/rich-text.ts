import { htmlOfBlocks } from './blocks.ts';
import { htmlOfEditorJs } from './editor-js.ts';
import { withAddresses } from './file-addresses.ts';
import { htmlOfText } from './markdown.ts';
import type { NotShown } from './media.ts';
import { isObject } from './source-api.ts';

/**
 * Returns the HTML of a body in any format of a CMS's editor: HTML; Markdown (a text that does not begin with a tag); the
 * blocks of Strapi's rich text; the components of a dynamic zone; or the blocks of Editor.js, which Directus uses. Paths
 * of files become absolute with `url`. Returns undefined for any other value. `notShown` gets the path of each part of
 * the body that readers do not see.
 */
export function htmlOfBody(body: unknown, url: string, notShown: NotShown = () => undefined): string | undefined {
  const html =
    typeof body === 'string'
      ? htmlOfText(body)
      : Array.isArray(body)
        ? htmlOfBlocks(body, notShown)
        : isObject(body) && Array.isArray(body['blocks'])
          ? htmlOfEditorJs(body['blocks'], notShown)
          : undefined;
  return html === undefined ? undefined : withAbsoluteFiles(html, url);
}

/** The folders in which Strapi and Directus serve files. Other paths are links to stories on the newspaper's site. */
const files = /^\/(?:uploads|assets)\//;

function withAbsoluteFiles(html: string, url: string): string {
  if (url === '' || (!html.includes('/uploads/') && !html.includes('/assets/'))) return html;
  return withAddresses(html, (address) => (files.test(address) ? url + address : address));
}
