import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMp3Encoder } from 'wasm-media-encoders';
import { joined } from '../../shared/audio/mp3.ts';

const rate = 22_050;

/** A tone, encoded as Polly and the laptop do. */
async function tone(seconds: number, hertz: number): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: rate, channels: 1, bitrate: 48, outputSampleRate: rate });
  const samples = Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate) / 2,
  );
  const begun = Buffer.from(encoder.encode([samples]));
  return Buffer.concat([begun, encoder.finalize()]);
}

describe('MP3 files that are joined', () => {
  let takes: Uint8Array[];

  beforeAll(async () => {
    takes = await Promise.all([tone(1, 440), tone(0.5, 220), tone(2, 880)]);
  });

  test('have the sum of their lengths and of the pauses', () => {
    const alone = takes.map((take) => joined([take], 0.5).seconds);
    // An encoder fills up its last frame, and begins with a few of its own.
    expect(
      alone.map((seconds, index) => seconds - ([1, 0.5, 2][index] ?? 0)).every((more) => more >= 0 && more < 0.15),
    ).toBe(true);
    const together = joined(takes, 0.5);
    expect(together.seconds).toBeCloseTo(alone.reduce((sum, seconds) => sum + seconds) + 1, 1);
    // 48 kbit/s throughout, so that players can compute the length from the bytes.
    expect(together.bytes.length).toBeCloseTo(together.seconds * 6000, -3);
  });

  test('are the same in any grouping, and have every byte of sound', () => {
    const [first, second, third] = takes;
    if (!first || !second || !third) throw new Error('three takes');
    expect(joined([joined([first, second], 0.3).bytes, third], 0.3)).toEqual(joined(takes, 0.3));
    const without = joined(takes, 0).bytes;
    expect(without.length).toBe(takes.reduce((sum, take) => sum + joined([take], 0).bytes.length, 0));
  });

  test('lose tags and the information frames of encoders', () => {
    const [take] = takes;
    if (!take) throw new Error('a take');
    const tag = Buffer.concat([
      Buffer.from('ID3\u0004\u0000\u0000', 'latin1'),
      Buffer.from([0, 0, 1, 2]),
      Buffer.alloc(130, 0xff),
    ]);
    const note = Buffer.from([
      0xff,
      0xf3,
      0x60,
      0xc0,
      ...new Array<number>(9).fill(0),
      ...Buffer.from('Info'),
      ...new Array<number>(139).fill(7),
    ]);
    const plain = joined([take], 0);
    expect(joined([Buffer.concat([tag, note, take, Buffer.from(`TAG${' '.repeat(125)}`)])], 0)).toEqual(plain);
  });

  test('may have other bytes between frames, but not without any frame', () => {
    expect(() => joined([new Uint8Array(500)], 0)).toThrow('not an MP3');
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

interface Head {
  /** The header's value: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5, 1 is undefined. */
  readonly version: number;
  readonly layer?: number;
  readonly bitrate: number;
  readonly rate: number;
  readonly padded?: boolean;
  readonly isMono?: boolean;
  readonly isChecked?: boolean;
}

/** A frame by ISO 11172-3 §2.4.1.3, of the given length, with `text` in place of an encoder's information. */
function frame(
  { version, layer = 1, bitrate, rate, padded = false, isMono = false, isChecked = false }: Head,
  bytes: number,
  text = '',
): Buffer {
  const sideBytes = version === 3 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const header = [
    0xff,
    0xe0 | (version << 3) | (layer << 1) | (isChecked ? 0 : 1),
    (bitrate << 4) | (rate << 2) | (padded ? 2 : 0),
    isMono ? 0xc0 : 0,
  ];
  const begun = Buffer.concat([
    Buffer.from(header),
    Buffer.alloc((isChecked ? 2 : 0) + sideBytes, 1),
    Buffer.from(text),
  ]);
  return Buffer.concat([begun, Buffer.alloc(bytes - begun.length, 1)]);
}

const kinds: readonly (readonly [
  name: string,
  head: Head,
  bytes: number,
  samples: number,
  samplesPerSecond: number,
])[] = [
  ['MPEG 1, 128 kbit/s, 44.1 kHz', { version: 3, bitrate: 9, rate: 0 }, 417, 1152, 44_100],
  ['MPEG 1, padded', { version: 3, bitrate: 9, rate: 0, padded: true }, 418, 1152, 44_100],
  [
    'MPEG 1, mono, 64 kbit/s, 48 kHz, checked',
    { version: 3, bitrate: 5, rate: 1, isMono: true, isChecked: true },
    192,
    1152,
    48_000,
  ],
  ['MPEG 1, 320 kbit/s, 32 kHz', { version: 3, bitrate: 14, rate: 2 }, 1440, 1152, 32_000],
  ['MPEG 2, mono, 48 kbit/s, 22.05 kHz', { version: 2, bitrate: 6, rate: 0, isMono: true }, 156, 576, 22_050],
  ['MPEG 2, 64 kbit/s, 24 kHz', { version: 2, bitrate: 8, rate: 1 }, 192, 576, 24_000],
  ['MPEG 2.5, mono, 32 kbit/s, 8 kHz', { version: 0, bitrate: 4, rate: 2, isMono: true }, 288, 576, 8000],
];

describe('frames of every kind', () => {
  test.each(kinds)('%s', (_, head, bytes, samples, samplesPerSecond) => {
    const sound = frame(head, bytes);
    const twice = joined([Buffer.concat([sound, sound])], 1);
    expect(twice.seconds).toBeCloseTo((2 * samples) / samplesPerSecond, 9);
    expect(Buffer.from(twice.bytes).equals(Buffer.concat([sound, sound]))).toBe(true);
    // An encoder's info frame has no sound. Its tag elsewhere in a frame means nothing.
    for (const note of ['Xing', 'Info'])
      expect(Buffer.from(joined([Buffer.concat([frame(head, bytes, note), sound])], 0).bytes).equals(sound)).toBe(true);
    expect(joined([frame(head, bytes, '.Xing')], 0).bytes.length).toBe(bytes);
  });

  test.each(kinds)('silence between two files of %s is whole frames', (_, head, bytes, samples, samplesPerSecond) => {
    const sound = frame(head, bytes);
    const { bytes: both, seconds } = joined([sound, sound], 1);
    const silent = Math.round(samplesPerSecond / samples);
    expect(seconds).toBeCloseTo(((2 + silent) * samples) / samplesPerSecond, 9);
    const plain = bytes - (head.padded === true ? 1 : 0);
    expect(both.length).toBe(2 * bytes + silent * plain);
    const first = both.subarray(bytes, bytes + plain);
    expect([...first.subarray(0, 4)]).toEqual([0xff, (sound[1] ?? 0) | 1, (sound[2] ?? 0) & ~2, sound[3]]);
    expect(first.subarray(4).every((byte) => byte === 0)).toBe(true);
  });

  const [, ordinary] = kinds[0] ?? [];
  if (!ordinary) throw new Error('no kind');
  test.each<readonly [string, Buffer]>([
    ['of an undefined version', frame({ ...ordinary, version: 1 }, 417)],
    ['of layer I', frame({ ...ordinary, layer: 3 }, 417)],
    ['of layer II', frame({ ...ordinary, layer: 2 }, 417)],
    ['of a free bit rate', frame({ ...ordinary, bitrate: 0 }, 417)],
    ['of an undefined bit rate', frame({ ...ordinary, bitrate: 15 }, 417)],
    ['of an undefined sample rate', frame({ ...ordinary, rate: 3 }, 417)],
    ['without its first byte', frame(ordinary, 417).subarray(1)],
    ['out of step', Buffer.concat([Buffer.from([0xff, 0x7b]), frame(ordinary, 417).subarray(2)])],
    ['cut short', frame(ordinary, 417).subarray(0, 416)],
    ['within a tag', Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0, 0, 0, 3, 33]), frame(ordinary, 417)])],
  ])('a file has no frame of sound if its frame is %s', (_, bytes) => {
    expect(() => joined([bytes], 0)).toThrow('not an MP3');
  });

  test('a tag at the beginning is skipped by its length, which has seven bits in a byte', () => {
    const sound = frame(ordinary, 417);
    for (const [length, bytes] of [
      [417, [0, 0, 3, 33]],
      [20_001, [0, 1, 28, 33]],
      [2_100_000, [1, 0, 22, 32]],
    ] as const) {
      const tag = Buffer.concat([
        Buffer.from('ID3'),
        Buffer.from([4, 0, 0, ...bytes]),
        Buffer.concat([sound, Buffer.alloc(length)]).subarray(0, length),
      ]);
      expect(joined([Buffer.concat([tag, sound])], 0).bytes.length).toBe(417);
    }
    const late = Buffer.concat([Buffer.from('.ID3'), Buffer.from([4, 0, 0, 0, 0, 3, 33]), sound]);
    expect(joined([late], 0).bytes.length).toBe(417);
  });
});
