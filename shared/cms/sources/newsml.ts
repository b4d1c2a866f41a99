import { newsmlName } from '../newsml-item.ts';
import { Message } from '../newsml-message.ts';
import { addUnread } from '../newsml-terms.ts';
import { nitfCommands } from '../nitf-story.ts';
import { readAll } from '../command.ts';
import type { Source } from '../source.ts';
import { noSettings } from '../source-settings.ts';
import type { Issue } from '../../field-schema.ts';
import { elementsOf, xmlIn } from '../xml.ts';

/** Agencies that deliver NewsML-G2 (news items, package items, news messages) or NITF. */
export const newsml: Source = {
  name: newsmlName,
  authentication: { kind: 'hmac', prefix: 'x-pressrun' },
  hidesScheduled: false,
  defaults: noSettings,
  format: 'xml',

  sample: (id, instant) => {
    const item = (status: string): string =>
      `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="${id}"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>${instant}</versionCreated><pubStatus qcode="stat:${status}"/></itemMeta><contentMeta><headline>Test of the NewsML webhook</headline></contentMeta></newsItem>`;
    return [{ body: item('usable') }, { body: item('canceled') }];
  },

  divide: (payload, settings, { receivedAt }) => {
    const root = typeof payload === 'string' ? xmlIn(payload) : undefined;
    if (!root)
      return {
        issues: [
          {
            path: '',
            message: 'must be an XML document, nested at most 100 deep and without entities of its own',
          },
        ],
      };
    if (root.name === 'nitf') return { stories: [() => nitfCommands(root, settings, receivedAt)] };
    if (root.name !== 'newsMessage' && !/Item$/.test(root.name))
      return { issues: [{ path: root.name, message: 'must be newsMessage, newsItem, packageItem or nitf' }] };
    const issues: Issue[] = [];
    for (const header of elementsOf(root, 'header')) addUnread(header, `${root.name}.header`, receivedAt, issues);
    if (issues.length > 0) return { issues };
    const items = root.name === 'newsMessage' ? elementsOf(root, 'itemSet').flatMap((set) => elementsOf(set)) : [root];
    const message = new Message(items, settings, receivedAt);
    return { stories: items.map((item) => () => message.read(item)) };
  },

  read: (payload, settings, arrival) => readAll(newsml.divide?.(payload, settings, arrival)),
};
