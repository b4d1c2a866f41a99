import { spawn, spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { createMp3Encoder } from 'wasm-media-encoders';

/** Returns why this machine cannot synthesise speech, or undefined if it can. */
export function missingVoice(): string | undefined {
  return spawnSync('espeak-ng', ['--version'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'espeak-ng is not installed';
}

const kilobitsPerSecond = 48;
/** Of a WAV file as espeak-ng writes it: one channel of 16 bits a sample. */
const wavHeaderBytes = 44;

/** A text read aloud by espeak-ng, as MP3. */
export async function speak(text: string, voice: string): Promise<Buffer> {
  const espeak = spawn('espeak-ng', ['--stdin', '--stdout', '-v', voice], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    espeak.on('error', reject);
    espeak.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`espeak-ng ended with ${code ?? 'a signal'}`));
    });
  });
  espeak.stdin.end(text);
  const [wav] = await Promise.all([buffer(espeak.stdout), ended]);
  return mp3Of(wav);
}

async function mp3Of(wav: Buffer): Promise<Buffer> {
  const sampleRate = wav.readUInt32LE(24);
  const samples = new Float32Array(Math.floor((wav.length - wavHeaderBytes) / 2));
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = wav.readInt16LE(wavHeaderBytes + 2 * index) / 32_768;
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate, channels: 1, bitrate: kilobitsPerSecond, outputSampleRate: 22_050 });
  // Its answers are views of a memory that the next call writes over.
  const begun = Buffer.from(encoder.encode([samples]));
  return Buffer.concat([begun, encoder.finalize()]);
}
