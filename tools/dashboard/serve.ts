import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection } from '../cli/connection.ts';
import { guarded } from '../laptop/guard.ts';
import { cloudWatchMetrics } from './cloudwatch-metrics.ts';
import { Dashboard } from './dashboard.ts';

/** A stage on AWS tells nobody of its changes, so they are asked for. */
const pollIntervalMs = 5000;

/** Serves the dashboard of a stage on the loopback interface. It only reads. */
export async function serveDashboard(
  connection: Connection,
  edgeUrl: string,
  port: number,
  report: (error: unknown) => void,
): Promise<{ readonly url: string; readonly server: Server }> {
  const onChange = (listener: () => void): (() => void) => {
    const timer = setInterval(listener, pollIntervalMs);
    return () => {
      clearInterval(timer);
    };
  };
  const dashboard = new Dashboard({
    connection,
    edgeUrl,
    onChange,
    edgeMetrics: cloudWatchMetrics(connection),
    report,
  });
  const server = createServer(
    guarded(
      (request, response) =>
        dashboard.handle(request, response) || response.writeHead(302, { location: '/_desk' }).end(),
      { hosts: new Set(), rejectsOtherSites: true, report },
    ),
  );
  server.listen({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/_desk`, server };
}
