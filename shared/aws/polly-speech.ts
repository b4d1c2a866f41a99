import {
  Engine,
  GetSpeechSynthesisTaskCommand,
  InvalidTaskIdException,
  StartSpeechSynthesisTaskCommand,
  SynthesisTaskNotFoundException,
  VoiceId,
  type PollyClient,
} from '@aws-sdk/client-polly';
import type { Speech } from '../audio/ports.ts';
import type { Voice } from '../audio/speech.ts';

/** The sample rate. Every engine of Polly supports it, and it is enough for speech. */
const samplesPerSecond = '22050';

/** Amazon Polly's asynchronous tasks. When a task has finished, its audio is in the bucket. */
export class PollySpeech implements Speech {
  readonly #polly: PollyClient;
  readonly #bucket: string;

  constructor(polly: PollyClient, bucket: string) {
    this.#polly = polly;
    this.#bucket = bucket;
  }

  async start(partId: string, folder: string, text: string, { name, engine }: Voice): Promise<string | undefined> {
    const answer = this.#polly.send(
      new StartSpeechSynthesisTaskCommand({
        Text: text,
        TextType: 'text',
        VoiceId: name as VoiceId,
        Engine: engine as Engine,
        OutputFormat: 'mp3',
        SampleRate: samplesPerSecond,
        OutputS3BucketName: this.#bucket,
        OutputS3KeyPrefix: folder + partId,
      }),
    );
    try {
      const { SynthesisTask } = await answer;
      if (SynthesisTask?.TaskId === undefined) throw new Error('Polly answered without a task');
      return SynthesisTask.TaskId;
    } catch (error) {
      if (isThrottled(error)) return undefined;
      throw error;
    }
  }

  async progress(task: string): Promise<'under way' | 'done' | 'failed'> {
    try {
      const { SynthesisTask } = await this.#polly.send(new GetSpeechSynthesisTaskCommand({ TaskId: task }));
      const status = SynthesisTask?.TaskStatus;
      return status === 'completed' ? 'done' : status === 'failed' ? 'failed' : 'under way';
    } catch (error) {
      if (isThrottled(error)) return 'under way';
      // Polly forgets a task after three days. If an older one succeeded, its file is in the bucket.
      if (error instanceof SynthesisTaskNotFoundException || error instanceof InvalidTaskIdException) return 'done';
      throw error;
    }
  }
}

/**
 * Returns whether Polly throttled the call, for which its SDK has no class. The quota is that of the whole account, and
 * the SDK has already repeated the call.
 */
function isThrottled(error: unknown): boolean {
  return error instanceof Error && error.name === 'ThrottlingException';
}
