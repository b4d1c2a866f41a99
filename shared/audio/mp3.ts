/** An MP3 file that was joined from several, and its length in seconds. */
export interface Sound {
  readonly bytes: Uint8Array;
  readonly seconds: number;
}

/** A frame of MPEG audio layer III (ISO 11172-3 §2.4, ISO 13818-3). Frames of the same kind can follow each other. */
interface Frame {
  readonly bytes: Uint8Array;
  readonly samples: number;
  readonly samplesPerSecond: number;
  /** Whether the frame is the encoder's information about its file, which is wrong for the joined file. */
  readonly isNote: boolean;
}

/** Joins MP3 files into one, with silence between them. Encoders begin each file without reference to earlier data. */
export function joined(files: readonly Uint8Array[], pauseSeconds: number): Sound {
  const frames: Frame[] = [];
  for (const file of files) {
    const own = framesOf(file).filter(({ isNote }) => !isNote);
    const [first] = own;
    if (first === undefined) throw new Error('a file is not an MP3');
    if (frames.length > 0) frames.push(...silence(first, pauseSeconds));
    frames.push(...own);
  }
  return {
    bytes: Buffer.concat(frames.map(({ bytes }) => bytes)),
    seconds: frames.reduce((seconds, { samples, samplesPerSecond }) => seconds + samples / samplesPerSecond, 0),
  };
}

/** Returns silent frames: every decoder plays a frame whose side information is zero as silence. */
function silence(like: Frame, seconds: number): Frame[] {
  const header = Uint8Array.from(like.bytes.subarray(0, 4));
  // Without checksum and padding.
  header[1] = (header[1] ?? 0) | 0x01;
  header[2] = (header[2] ?? 0) & ~0x02;
  const frame = frameAt(Buffer.concat([header, new Uint8Array(longestFrameBytes)]), 0);
  if (frame === undefined) return [];
  return Array.from({ length: Math.round((seconds * frame.samplesPerSecond) / frame.samples) }, () => frame);
}

function framesOf(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  let offset = afterTag(bytes);
  while (offset < bytes.length) {
    const frame = frameAt(bytes, offset);
    if (frame) frames.push(frame);
    offset += frame?.bytes.length ?? 1;
  }
  return frames;
}

/** Returns the position after an ID3v2 tag (id3.org), whose length field has seven bits a byte. */
function afterTag(bytes: Uint8Array): number {
  if (!/^ID3/.test(latin(bytes, 0, 3))) return 0;
  return bytes.subarray(6, 10).reduce((length, byte) => length * 128 + byte, 0) + 10;
}

const kilobits = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const rates = [44_100, 48_000, 32_000] as const;
const longestFrameBytes = 2881;

function frameAt(bytes: Uint8Array, offset: number): Frame | undefined {
  const [sync = 0, kind = 0, speed = 0, mode = 0] = bytes.subarray(offset, offset + 4);
  const version = (kind >> 3) & 3;
  if (sync !== 0xff || kind >> 5 !== 7 || version === 1 || ((kind >> 1) & 3) !== 1) return undefined;
  const half = version === 3 ? 1 : 2;
  const bitsPerSecond = 1000 * (kilobits[half][speed >> 4] ?? 0);
  const samplesPerSecond = (rates[(speed >> 2) & 3] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  if (bitsPerSecond === 0 || samplesPerSecond === 0) return undefined;
  const samples = 1152 / half;
  const length = Math.floor(((samples / 8) * bitsPerSecond) / samplesPerSecond) + ((speed >> 1) & 1);
  const frame = bytes.subarray(offset, offset + length);
  if (frame.length < length) return undefined;
  const isMono = mode >> 6 === 3;
  const sideBytes = half === 1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const note = latin(frame, 4 + ((kind & 1) === 0 ? 2 : 0) + sideBytes, 4);
  return { bytes: frame, samples, samplesPerSecond, isNote: note === 'Xing' || note === 'Info' };
}

function latin(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
