import type { Speech } from '../ports.ts';
import type { Voice } from '../speech.ts';
import { AwsRefusal, isOk, refusalOf, type AwsClient } from './aws-client.ts';

/** Every engine of Polly's makes it, and speech needs no more. */
const samplesPerSecond = '22050';

/** Amazon Polly's asynchronous tasks: what is read lies in a bucket when the task is done. */
export class PollySpeech implements Speech {
  readonly #aws: AwsClient;
  readonly #bucket: string;

  constructor(aws: AwsClient, bucket: string) {
    this.#aws = aws;
    this.#bucket = bucket;
  }

  async start(take: string, folder: string, text: string, { name, engine }: Voice): Promise<string> {
    const { TaskId } = await this.#call('POST', '', {
      Text: text,
      TextType: 'text',
      VoiceId: name,
      Engine: engine,
      OutputFormat: 'mp3',
      SampleRate: samplesPerSecond,
      OutputS3BucketName: this.#bucket,
      OutputS3KeyPrefix: folder + take,
    });
    if (TaskId === undefined) throw new Error('Polly answered without a task');
    return TaskId;
  }

  async progress(task: string): Promise<'under way' | 'done' | 'failed'> {
    try {
      const { TaskStatus } = await this.#call('GET', `/${task}`);
      return TaskStatus === 'completed' ? 'done' : TaskStatus === 'failed' ? 'failed' : 'under way';
    } catch (error) {
      // Polly forgets a task after three days: whatever it made lies there.
      if (error instanceof AwsRefusal && /^(?:SynthesisTaskNotFound|InvalidTaskId)/.test(error.code)) return 'done';
      throw error;
    }
  }

  async #call(method: 'GET' | 'POST', path: string, input?: object): Promise<{ readonly TaskId?: string; readonly TaskStatus?: string }> {
    const answer = await this.#aws.send(`${await this.#aws.urlOf('polly')}/v1/synthesisTasks${path}`, 'polly', {
      method,
      ...(input && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) }),
    });
    if (!isOk(answer)) throw refusalOf(answer);
    const { SynthesisTask = {} } = JSON.parse(answer.text) as { SynthesisTask?: { TaskId?: string; TaskStatus?: string } };
    return SynthesisTask;
  }
}
