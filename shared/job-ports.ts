import type { Finding, Job } from './job.ts';

/** The stored progress of the jobs of `reconcile`. */
export interface Jobs {
  read(jobId: string): Promise<Job | undefined>;
  /**
   * Writes the job if its `step` still equals `previousStep` (`undefined`: if there is none). Returns false if another
   * writer was faster.
   */
  write(job: Job, previousStep: number | undefined): Promise<boolean>;
  /** Requests another invocation that continues the job. */
  continueJob(jobId: string): Promise<void>;
}

/** Counts drift as a metric and logs each finding. */
export interface DriftMeter {
  count(findings: readonly Finding[]): void;
}
