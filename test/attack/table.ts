/** The fields of Jest's results that are read here. */
interface Results {
  readonly testResults: readonly {
    readonly testResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** A reporter for Jest: prints each attempt and its result, one line each. */
export default class Table {
  onRunComplete(_contexts: unknown, { testResults }: Results): void {
    const tried = testResults
      .flatMap((file) => file.testResults)
      .filter(({ status }) => status === 'passed' || status === 'failed');
    const held = tried.filter(({ status }) => status === 'passed');
    const lines = tried.map(
      ({ ancestorTitles, title, status }) =>
        `${status === 'passed' ? 'held  ' : 'BROKEN'} | ${ancestorTitles.join(', ')} | ${title}`,
    );
    process.stdout.write(
      `\n${['result | what was tried | how', ...lines].join('\n')}\n\n${held.length} of ${tried.length} attacks held\n`,
    );
  }
}
