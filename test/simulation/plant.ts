import { registerHooks } from 'node:module';
import { planted, type Mutant } from './mutant.ts';

/** Plants a bug in this thread: modules that are imported from then on have the mutated code. */
export function plant(mutant: Mutant | undefined): void {
  if (!mutant) return;
  const mutated = new URL(`../../${mutant.file}`, import.meta.url).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      return url === mutated
        ? { ...loaded, source: planted(mutant, Buffer.from(loaded.source as Uint8Array).toString()) }
        : loaded;
    },
  });
}
