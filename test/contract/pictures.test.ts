import { expect, test } from '@jest/globals';
import { maxPulled, nothingPulled } from '../../shared/picture/pulled-pictures.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import { engines, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';

function picturesContract(kind: EngineKind): void {
  let port: Pictures;

  withEngine(kind, (engine) => {
    port = engine.pictures;
  });

  test('the list of pulled pictures is empty at first, then reads as it was last written, also when emptied', async () => {
    expect(await port.pulled()).toStrictEqual(nothingPulled);
    const first = { seq: 10, ids: new Set(['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb']) };
    expect(await port.writePulled(first, 0)).toBe(true);
    expect(await port.pulled()).toStrictEqual(first);
    expect(await port.writePulled({ seq: 11, ids: new Set() }, 10)).toBe(true);
    expect(await port.pulled()).toStrictEqual({ seq: 11, ids: new Set() });
  });

  test('the longest list of pulled pictures fits into its row', async () => {
    const { seq } = await port.pulled();
    const ids = new Set(Array.from({ length: maxPulled }, (_, index) => String(index).padStart(16, 'a')));
    expect(await port.writePulled({ seq: seq + 1, ids }, seq)).toBe(true);
    expect((await port.pulled()).ids.size).toBe(maxPulled);
    expect(await port.writePulled({ seq: seq + 2, ids: new Set() }, seq + 1)).toBe(true);
  });

  test('of many concurrent writers of the list, exactly one wins, and only over the seq that was read', async () => {
    const { seq } = await port.pulled();
    const rivals = Array.from({ length: 8 }, (_, n) => ({ seq: seq + 5, ids: new Set([`rivalrivalrival${n}`]) }));
    const outcomes = await Promise.all(rivals.map(async (rival) => port.writePulled(rival, seq)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await port.pulled()).toStrictEqual(rivals[outcomes.indexOf(true)]);
    expect(await port.writePulled({ seq: 99, ids: new Set() }, 0)).toBe(false);
  });
}

onEvery(engines, 'pictures', picturesContract);
