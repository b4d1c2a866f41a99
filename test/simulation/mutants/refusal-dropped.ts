import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A rejected event is announced and not kept.',
  file: 'functions/store/store.ts',
  search: `      if (origin?.replay === undefined) await ports.rejections.keep(body);
`,
  replace: '',
};
