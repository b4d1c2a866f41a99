import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMp3Encoder } from 'wasm-media-encoders';
import { joined } from '../../shared/mp3.ts';

const rate = 22_050;

/** A tone, encoded as Polly and the laptop do. */
async function tone(seconds: number, hertz: number): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: rate, channels: 1, bitrate: 48, outputSampleRate: rate });
  const samples = Float32Array.from({ length: Math.round(seconds * rate) }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate) / 2);
  const begun = Buffer.from(encoder.encode([samples]));
  return Buffer.concat([begun, encoder.finalize()]);
}

describe('recordings joined to one', () => {
  let takes: Uint8Array[];

  beforeAll(async () => {
    takes = await Promise.all([tone(1, 440), tone(0.5, 220), tone(2, 880)]);
  });

  test('last as long as they do, and the pauses between them', () => {
    const alone = takes.map((take) => joined([take], 0.5).seconds);
    // An encoder fills up its last frame, and begins with a few of its own.
    expect(alone.map((seconds, index) => seconds - ([1, 0.5, 2][index] ?? 0)).every((more) => more >= 0 && more < 0.15)).toBe(true);
    const together = joined(takes, 0.5);
    expect(together.seconds).toBeCloseTo(alone.reduce((sum, seconds) => sum + seconds) + 1, 1);
    // 48 kbit/s throughout: so players can tell the length from the bytes.
    expect(together.bytes.length).toBeCloseTo(together.seconds * 6000, -3);
  });

  test('are joined in any grouping, and hold every byte of sound', () => {
    const [first, second, third] = takes;
    if (!first || !second || !third) throw new Error('three takes');
    expect(joined([joined([first, second], 0.3).bytes, third], 0.3)).toEqual(joined(takes, 0.3));
    const without = joined(takes, 0).bytes;
    expect(without.length).toBe(takes.reduce((sum, take) => sum + joined([take], 0).bytes.length, 0));
  });

  test('lose tags, and the notes that encoders leave of the file they made', () => {
    const [take] = takes;
    if (!take) throw new Error('a take');
    const tag = Buffer.concat([Buffer.from('ID3\u0004\u0000\u0000', 'latin1'), Buffer.from([0, 0, 1, 2]), Buffer.alloc(130, 0xff)]);
    const note = Buffer.from([0xff, 0xf3, 0x60, 0xc0, ...new Array<number>(9).fill(0), ...Buffer.from('Info'), ...new Array<number>(139).fill(7)]);
    const plain = joined([take], 0);
    expect(joined([Buffer.concat([tag, note, take, Buffer.from(`TAG${' '.repeat(125)}`)])], 0)).toEqual(plain);
  });

  test('whatever lies between frames is passed over, and what has none is refused', () => {
    expect(() => joined([new Uint8Array(500)], 0)).toThrow('no MP3');
    const [take] = takes;
    if (!take) throw new Error('a take');
    const plain = joined([take], 0).bytes;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const quiet = noise.map((byte) => byte & 0x7f);
        expect(Buffer.from(joined([Buffer.concat([quiet, plain, quiet])], 0).bytes).equals(plain)).toBe(true);
      }),
    );
  });
});
