import type { Association, Text } from '../article/article.ts';
import type { Warning } from '../article/warning.ts';
import { listIn, textOf } from './arc-elements.ts';
import { idGrammars } from './ids.ts';
import { isObject } from './source-api.ts';

type Story = Readonly<Record<string, unknown>>;

/** Returns the corrections of a whole story as one text. */
export function correctionsIn(corrections: unknown): Text[] {
  const texts = listIn(corrections)
    .map((correction) => textOf(correction, 'text'))
    .filter((text) => text !== '');
  return texts.length === 0
    ? []
    : [{ role: 'correction', contentType: 'text/html', value: texts.map((text) => `<p>${text}</p>`).join('') }];
}

/** Returns the stories that the desk chose to be read next. Arc XP sends them whole, or as references. */
export function relatedIn(related: unknown, uriOf: (id: string) => string): Association[] {
  return listIn(isObject(related) ? related['basic'] : undefined).flatMap((item): Association[] => {
    const { referent } = item;
    const [type, id] =
      textOf(item, 'type') === 'reference'
        ? [textOf(referent, 'type'), textOf(referent, 'id')]
        : [textOf(item, 'type'), textOf(item, '_id')];
    return type === 'story' && idGrammars.arc.test(id) ? [{ type: 'text', name: 'related', uri: uriOf(id) }] : [];
  });
}

/** Returns warnings for texts of the story that have no place on its page. */
export function unshownIn(story: Story): Warning[] {
  const others = (field: string): Warning[] =>
    Object.entries(isObject(story[field]) ? story[field] : {}).flatMap(([name, text]) =>
      name !== 'basic' && typeof text === 'string' && text !== ''
        ? [{ path: `${field}.${name}`, message: 'is not shown: only basic is' }]
        : [],
    );
  const both = textOf(story['subheadlines'], 'basic') !== '' && textOf(story['description'], 'basic') !== '';
  return [
    ...others('headlines'),
    ...others('subheadlines'),
    ...others('description'),
    ...(both ? [{ path: 'description.basic', message: 'is not shown: subheadlines.basic is the standfirst' }] : []),
    ...(textOf(story, 'editor_note') === ''
      ? []
      : [
          {
            path: 'editor_note',
            message: 'is not shown, because many desks use it for themselves: send a correction instead',
          },
        ]),
    ...unshownCredits(story['credits']),
  ];
}

function unshownCredits(credits: unknown): Warning[] {
  const { by, ...others } = isObject(credits) ? credits : {};
  return [
    ...listIn(by).flatMap((person, index) =>
      ['bio', 'long_bio'].flatMap((name) =>
        textOf(person, name) === ''
          ? []
          : [{ path: `credits.by.${index}.${name}`, message: 'is not shown: send it as a profile of the author' }],
      ),
    ),
    ...Object.entries(others).flatMap(([name, people]) =>
      listIn(people).some((person) => textOf(person, 'name') !== '')
        ? [{ path: `credits.${name}`, message: 'is not shown: only by is' }]
        : [],
    ),
  ];
}
