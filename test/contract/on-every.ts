import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Engine, EngineKind } from './engines.ts';

/** Runs a contract on every kind. A kind that cannot run here is listed as skipped, with the reason. */
export function onEvery<Kind extends { readonly name: string; readonly missing?: string }>(
  kinds: readonly Kind[],
  subject: string,
  contract: (kind: Kind) => void,
): void {
  for (const kind of kinds) {
    const suite = kind.missing === undefined ? describe : describe.skip;
    const reason = kind.missing === undefined ? '' : ` (skipped: ${kind.missing})`;
    suite(`${subject} on ${kind.name}${reason}`, () => {
      contract(kind);
    });
  }
}

/** Opens an engine for the tests of a suite, and closes it after them. */
export function withEngine(kind: EngineKind, use: (engine: Engine) => void): void {
  let engine: Engine;

  beforeAll(async () => {
    engine = await kind.open();
    use(engine);
  });
  afterAll(async () => {
    await engine.close();
  });
}
