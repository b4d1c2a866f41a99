import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: "Ghost's cards for members stay in a public post.",
  file: 'shared/cms/sources/ghost-gating.ts',
  search: `if (visibility === 'public') return withoutGatedBlocks(html);`,
  replace: `if (visibility === 'public') return html;`,
};
