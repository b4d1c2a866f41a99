import { addressOf, within } from '../../../shared/cms/source-api.ts';
import { authorization, namesIn } from '../../../shared/cms/sources/wordpress-api.ts';
import { WrongUse } from '../exits.ts';
import type { CmsAccess, CmsWriter, TestStory, WriteRequest } from './cms-writer.ts';

const keyHint =
  'an application password of somebody who may publish and delete posts (Users → Profile → Application Passwords; on a site without HTTPS WordPress offers them only if WP_ENVIRONMENT_TYPE is local), with the user name and a colon before it';

/** The REST API of WordPress. */
export const wordpress: CmsWriter = {
  keyHint,
  publish: (access, story) => request(access, 'POST', [], { ...postOf(story), status: 'publish' }),
  update: (access, story, item) => request(access, 'POST', [idIn(item)], postOf(story)),
  delete: (access, item) => request(access, 'DELETE', [idIn(item)]),
  itemIn: (body) => body,
  idOf: (item) => idIn(item) || undefined,
  delivery: {
    publish: 'the plugin Pressrun to be active, with the types of posts that are articles (Settings → Pressrun)',
    update: 'the plugin Pressrun to be active (Settings → Pressrun)',
    delete: 'the plugin Pressrun to be active (Settings → Pressrun)',
  },
  failures: 'Tools → Pressrun in WordPress shows what waits or was given up, with the last error.',
};

function request(
  { settings, key }: CmsAccess,
  method: WriteRequest['method'],
  id: readonly string[],
  post?: Readonly<Record<string, string>>,
): WriteRequest {
  if (!/^[^:]+:./.test(key)) throw new WrongUse(`the key must be ${keyHint}`);
  const [type = 'posts'] = namesIn(settings.collectionPlural);
  return {
    method,
    // Without `force`, a deleted post is kept in the trash.
    url: addressOf(settings.url, ['wp-json', 'wp', 'v2', type, ...id], method === 'DELETE' ? { force: 'true' } : {}),
    headers: authorization(key),
    ...(post && { body: post }),
  };
}

function postOf({ title, text }: TestStory): Readonly<Record<string, string>> {
  return { title, content: `<p>${text}</p>` };
}

function idIn(item: unknown): string {
  const id = within(item, 'id');
  return typeof id === 'number' ? String(id) : '';
}
