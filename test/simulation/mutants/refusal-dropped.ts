import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'What was refused is announced and thrown away.',
  file: 'functions/store/store.ts',
  search: `      if (origin?.replay === undefined) await ports.rejections.keep(body);
`,
  replace: '',
};
