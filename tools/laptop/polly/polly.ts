import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Buckets } from '../s3/buckets.ts';
import { missingVoice, speak } from './espeak.ts';
import type { Fields } from '../fields.ts';

interface Task {
  readonly TaskId: string;
  TaskStatus: 'scheduled' | 'inProgress' | 'completed' | 'failed';
  TaskStatusReason?: string;
  readonly OutputUri: string;
  readonly CreationTime: number;
  readonly RequestCharacters: number;
  readonly OutputFormat: 'mp3';
  readonly TextType: 'text';
  readonly VoiceId: string;
}

/** The language codes of Polly's voices, by espeak-ng's names. espeak-ng has one voice for each. */
const voices: Readonly<Record<string, readonly string[]>> = {
  ar: ['Zeina', 'Hala', 'Zayed'],
  ca: ['Arlet'],
  cmn: ['Zhiyu'],
  cs: ['Jitka'],
  cy: ['Gwyneth'],
  da: ['Mads', 'Naja', 'Sofie'],
  de: ['Daniel', 'Hannah', 'Hans', 'Marlene', 'Sabrina', 'Vicki'],
  'en-gb': ['Amy', 'Arthur', 'Brian', 'Emma'],
  'en-us': [
    'Danielle',
    'Gregory',
    'Ivy',
    'Joanna',
    'Joey',
    'Justin',
    'Kendra',
    'Kevin',
    'Kimberly',
    'Matthew',
    'Patrick',
    'Ruth',
    'Salli',
    'Stephen',
  ],
  en: ['Aditi', 'Aria', 'Ayanda', 'Geraint', 'Jasmine', 'Kajal', 'Niamh', 'Nicole', 'Olivia', 'Raveena', 'Russell'],
  es: ['Conchita', 'Enrique', 'Lucia', 'Raul', 'Sergio'],
  'es-419': ['Andres', 'Lupe', 'Mia', 'Miguel', 'Pedro', 'Penelope'],
  fi: ['Suvi'],
  'fr-be': ['Isabelle'],
  'fr-fr': ['Celine', 'Chantal', 'Gabrielle', 'Lea', 'Liam', 'Mathieu', 'Remi'],
  is: ['Dora', 'Karl'],
  it: ['Adriano', 'Bianca', 'Carla', 'Giorgio'],
  ja: ['Kazuha', 'Mizuki', 'Takumi', 'Tomoko'],
  ko: ['Jihye', 'Seoyeon'],
  nb: ['Ida', 'Liv'],
  nl: ['Laura', 'Lisa', 'Lotte', 'Ruben'],
  pl: ['Ewa', 'Jacek', 'Jan', 'Maja', 'Ola'],
  pt: ['Cristiano', 'Ines'],
  'pt-br': ['Camila', 'Ricardo', 'Thiago', 'Vitoria'],
  ro: ['Carmen'],
  ru: ['Maxim', 'Tatyana'],
  sv: ['Astrid', 'Elin'],
  tr: ['Burcu', 'Filiz'],
  yue: ['Hiujin'],
};

const maxCharacters = 100_000;

/** Requests a second that a burst may take: tasks started, by engine, and questions about tasks. */
const quotas: Readonly<Record<string, number>> = { standard: 12, neural: 10, 'long-form': 1, generative: 1, tasks: 10 };

/** Amazon Polly's asynchronous tasks, spoken by espeak-ng: one after the other, so that the rest of the stack has its turns. */
export class Polly {
  readonly #buckets: Pick<Buckets, 'has' | 'put'>;
  readonly #report: (error: unknown) => void;
  readonly #tasks = new Map<string, Task>();
  readonly #now: () => number;
  /** When the requests of the last second came, by quota. */
  readonly #requests = new Map<string, number[]>();
  #before: Promise<void> = Promise.resolve();

  constructor(buckets: Pick<Buckets, 'has' | 'put'>, report: (error: unknown) => void, now: () => number = Date.now) {
    this.#buckets = buckets;
    this.#report = report;
    this.#now = now;
  }

  call(method: string, taskId: string | undefined, input: Fields): Promise<Readonly<Record<string, unknown>>> {
    try {
      if (method === 'POST' && taskId === undefined) return Promise.resolve({ SynthesisTask: this.#start(input) });
      if (method === 'GET' && taskId !== undefined) return Promise.resolve({ SynthesisTask: this.#task(taskId) });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    return Promise.reject(
      new AwsError(
        'UnknownOperationException',
        `Polly on this laptop starts tasks and tells of one, and does not know ${method}`,
      ),
    );
  }

  #count(quota: string): void {
    const now = this.#now();
    const recent = (this.#requests.get(quota) ?? []).filter((at) => now - at < 1000);
    if (recent.length >= (quotas[quota] ?? 1)) throw new AwsError('ThrottlingException', 'Rate exceeded');
    this.#requests.set(quota, [...recent, now]);
  }

  #task(taskId: string): Task {
    this.#count('tasks');
    const task = this.#tasks.get(taskId);
    if (!task)
      throw new AwsError(
        'SynthesisTaskNotFoundException',
        'The Speech Synthesis task with requested Task ID cannot be found.',
      );
    return task;
  }

  #start(input: Fields): Task {
    this.#count(input.optionalText('Engine') ?? 'standard');
    const missing = missingVoice();
    if (missing !== undefined)
      throw new AwsError('ServiceFailureException', `nobody reads aloud on this laptop: ${missing}`, 503);
    const text = input.text('Text');
    const VoiceId = input.text('VoiceId');
    const [voice] = Object.entries(voices).find(([, names]) => names.includes(VoiceId)) ?? [];
    if (voice === undefined)
      throw new AwsError('ValidationException', `VoiceId: ${VoiceId} is no voice that this laptop knows of`);
    if (text.length > maxCharacters)
      throw new AwsError('TextLengthExceededException', 'Maximum text length has been exceeded');
    if (input.text('OutputFormat') !== 'mp3')
      throw new AwsError('ValidationException', 'OutputFormat: this laptop makes mp3 only');
    if ((input.optionalText('TextType') ?? 'text') !== 'text')
      throw new AwsError('InvalidSsmlException', 'TextType: this laptop reads text only');
    const bucket = input.text('OutputS3BucketName');
    if (!this.#buckets.has(bucket))
      throw new AwsError('InvalidS3BucketException', 'The provided Amazon S3 bucket name is invalid.');
    const prefix = input.optionalText('OutputS3KeyPrefix');
    const TaskId = randomUUID();
    const path = `/${bucket}/${prefix === undefined ? '' : `${prefix}.`}${TaskId}.mp3`;
    const task: Task = {
      TaskId,
      TaskStatus: 'scheduled',
      OutputUri: `https://s3.us-east-1.amazonaws.com${path}`,
      CreationTime: Math.floor(Date.now() / 1000),
      RequestCharacters: text.length,
      OutputFormat: 'mp3',
      TextType: 'text',
      VoiceId,
    };
    this.#tasks.set(TaskId, task);
    this.#before = this.#before.then(() => this.#read(task, text, voice, path));
    return task;
  }

  async #read(task: Task, text: string, voice: string, path: string): Promise<void> {
    task.TaskStatus = 'inProgress';
    try {
      await this.#buckets.put(path, { headers: { 'content-type': 'audio/mpeg' }, body: await speak(text, voice) });
      task.TaskStatus = 'completed';
    } catch (error) {
      this.#report(error);
      task.TaskStatus = 'failed';
      task.TaskStatusReason = String(error);
    }
  }
}
