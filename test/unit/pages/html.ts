import { describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate/node';
import { awkwardStories } from '../../fixtures/awkward-stories.ts';
import { story } from '../story.ts';
import { at, pipelineWith, publish } from './newsroom.ts';

describe('HTML', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // The layout of the newsroom's text and of the templates is not checked.
      'void-style': 'off',
      'no-trailing-whitespace': 'off',
      'doctype-style': 'off',
      'long-title': 'off',
      // A player's caption is its label, and link lists need no other element.
      'no-inline-style': 'error',
      'require-sri': 'off',
    },
  });

  test.each([
    ['article', '/p'],
    ['content of other sites', '/embeds'],
    ['home', '/'],
    ['front', '/fronts/sport.html'],
    ['section', '/section/news/local'],
    ['topic', '/topic/bridges'],
    ['latest', '/latest?limit=1'],
    ['error', '/nothing'],
  ])('of a page is valid: %s', async (_, path) => {
    const pipeline = await pipelineWith({
      associations: [...(story().associations ?? []), { type: 'text', uri: 'urn:story:1' }],
      renditions: [{ href: 'https://sound.example.com/a.mp3', contentType: 'audio/mpeg' }],
      descriptions: [
        { role: 'correction', value: 'It was "three" & <four>.', contentType: 'text/plain' },
        ...(story().descriptions ?? []),
      ],
    });
    await publish(pipeline, 1);
    for (const article of awkwardStories.filter(({ uri }) => uri === 'urn:awkward:embeds'))
      await pipeline.send('article.published', { article, path: '/embeds' });
    for (const name of ['home', 'sport'])
      await pipeline.send('front.published', {
        front: {
          name,
          versionCreated: at(1),
          containers: [
            {
              title: 'A & B',
              backfill: 'latest',
              limit: 3,
              seeMore: '/latest',
              links: [{ label: 'Weather', href: 'https://weather.example.com/?a=1&b=2' }],
            },
          ],
        },
      });
    const { results } = await validator.validateString((await pipeline.see(path)).body);
    expect(
      results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`)),
    ).toEqual([]);
  });
});
