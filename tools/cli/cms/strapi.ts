import { addressOf, bearer, within } from '../../../shared/cms/source-api.ts';
import type { CmsAccess, CmsWriter, TestStory, WriteRequest } from './cms-writer.ts';
import { ownField } from './own-field.ts';

/** The REST API of Strapi 5. */
export const strapi: CmsWriter = {
  keyHint:
    'an API token of type Full access, or Custom with find, create, update and delete of the content type (Settings → API Tokens)',
  publish: (access, story) => request(access, 'POST', [], story),
  update: (access, story, item) => request(access, 'PUT', [documentIdIn(item)], story),
  delete: (access, item) => request(access, 'DELETE', [documentIdIn(item)]),
  itemIn: (body) => within(body, 'data'),
  idOf: (item) => {
    const locale = within(item, 'locale');
    const id = documentIdIn(item);
    return id === '' ? undefined : typeof locale === 'string' && locale !== '' ? `${id}.${locale}` : id;
  },
  delivery: {
    publish: 'a webhook for Entry: Publish (Create, where the content type has no drafts)',
    update: 'a webhook for Entry: Publish (Update, where the content type has no drafts)',
    delete: 'a webhook for Entry: Delete',
  },
  failures:
    'Strapi does not log a webhook that failed. Trigger (Settings → Webhooks → the webhook) sends one, and shows the answer.',
};

function request(
  { settings, key }: CmsAccess,
  method: WriteRequest['method'],
  id: readonly string[],
  story?: TestStory,
): WriteRequest {
  return {
    method,
    // Without `status`, Strapi writes a draft. The body is left out, because it may be a dynamic zone.
    url: addressOf(settings.url, ['api', settings.collectionPlural, ...id], story && { status: 'published' }),
    headers: bearer({ key }),
    ...(story && { body: { data: { [ownField(settings, 'title')]: story.title } } }),
  };
}

function documentIdIn(item: unknown): string {
  const id = within(item, 'documentId');
  return typeof id === 'string' ? id : '';
}
