import type { Theme } from '../../shared/site/theme.ts';

/** The theme of the tests' newspaper. */
export const theme: Theme = {
  name: 'The Harbour',
  language: 'en-GB',
  timeZone: 'UTC',
  colours: {
    light: { background: '#ffffff', text: '#111111', muted: '#555555', line: '#dddddd', accent: '#990022' },
    dark: { background: '#111111', text: '#eeeeee', muted: '#aaaaaa', line: '#333333', accent: '#ff9999' },
  },
  sections: [
    { path: 'news', title: 'News' },
    { path: 'news/local', title: 'Around the Harbour' },
  ],
  rails: { front: 'article' },
  feeds: { text: 'summary' },
};
