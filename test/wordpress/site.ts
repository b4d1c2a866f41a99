import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { eventually } from '../journey/eventually.ts';

const wordpress = '/usr/share/wordpress';
const plugin = fileURLToPath(new URL('../../functions/ingest/wordpress-plugin', import.meta.url));
const has = (command: string): boolean => spawnSync('which', [command]).status === 0;

/** Whether Debian's packages of WordPress, PHP and MariaDB are there. */
export const isInstalled = existsSync(join(wordpress, 'wp-settings.php')) && has('php') && has('mariadbd');
/** Whether WP-CLI is there. */
export const hasWpCli = has('wp');

const password = 'of the editor';

interface Ran {
  readonly status: number | null;
  readonly text: string;
  readonly errors: string;
}

/** Runs a command while this process goes on, because the command may send requests to it. */
async function run(command: string, args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(command, args);
  child.stdin.end(input);
  const [text, errors, [status]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, text, errors };
}

/** A WordPress with its own files, database and web server, under a temporary directory. */
export class WordPressSite {
  readonly #directory = mkdtempSync(join(tmpdir(), 'pressrun-wordpress-'));
  readonly #root = join(this.#directory, 'site');
  readonly #processes: ChildProcess[] = [];
  readonly #port: number;
  /** Cookies of the signed-in editor, by name. */
  readonly #cookies = new Map<string, string>();

  private constructor(port: number) {
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  static async open(): Promise<WordPressSite> {
    const site = new WordPressSite(await freePort());
    try {
      await site.#install();
    } catch (error) {
      site.close();
      throw error;
    }
    return site;
  }

  close(): void {
    // The web server has workers, which outlive it.
    for (const { pid } of this.#processes) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #install(): Promise<void> {
    cpSync(wordpress, this.#root, { recursive: true, dereference: true });
    symlinkSync(plugin, join(this.#root, 'wp-content/plugins/pressrun'));
    this.configure();
    writeFileSync(
      join(this.#root, 'eval.php'),
      `<?php
      $_SERVER['HTTP_HOST'] = '127.0.0.1:${this.#port}';
      require __DIR__ . '/wp-load.php';
      $GLOBALS['value'] = null;
      eval( stream_get_contents( STDIN ) );
      echo "\\n", wp_json_encode( $GLOBALS['value'] );`,
    );
    const data = join(this.#directory, 'data');
    const user = process.getuid?.() === 0 ? ['--user=root'] : [];
    const made = spawnSync('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, '--skip-test-db', ...user]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    this.#start('mariadbd', [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${this.#socket}`,
      `--pid-file=${data}/pid`,
      '--skip-networking',
      '--skip-grant-tables',
      '--innodb-flush-log-at-trx-commit=0',
      ...user,
    ]);
    await eventually('the database answers', () => Promise.resolve(existsSync(this.#socket) || undefined));
    const create = `mysqli_report( MYSQLI_REPORT_OFF ); exit( ( new mysqli( 'localhost', 'root', '', '', 0, '${this.#socket}' ) )->query( 'CREATE DATABASE wordpress' ) ? 0 : 1 );`;
    await eventually('the database is made', async () =>
      (await run('php', ['-r', create])).status === 0 ? true : undefined,
    );
    await this.php(
      `require_once ABSPATH . 'wp-admin/includes/upgrade.php';
      wp_install( 'The Example', 'editor', 'editor@example.com', true, '', '${password}' );
      update_option( 'permalink_structure', '/%year%/%monthnum%/%postname%/' );
      update_option( 'timezone_string', 'America/New_York' );
      update_option( 'siteurl', '${this.url}' );
      update_option( 'home', '${this.url}' );`,
      true,
    );
    this.#start('php', ['-S', `127.0.0.1:${this.#port}`, '-t', this.#root], { PHP_CLI_SERVER_WORKERS: '4' });
    await eventually('the site answers', () =>
      fetch(`${this.url}/wp-login.php`).then(
        ({ ok }) => (ok ? true : undefined),
        () => undefined,
      ),
    );
    await this.#signIn();
  }

  get #socket(): string {
    return join(this.#directory, 'db');
  }

  #start(command: string, args: readonly string[], env: Record<string, string> = {}): void {
    this.#processes.push(spawn(command, args, { stdio: 'ignore', detached: true, env: { ...process.env, ...env } }));
  }

  /** Writes wp-config.php, with further lines of PHP. WP-Cron runs only when a test asks for it. */
  configure(more = ''): void {
    writeFileSync(
      join(this.#root, 'wp-config.php'),
      `<?php
      define( 'DB_NAME', 'wordpress' );
      define( 'DB_USER', 'root' );
      define( 'DB_PASSWORD', '' );
      define( 'DB_HOST', 'localhost:${this.#socket}' );
      define( 'DISABLE_WP_CRON', true );
      define( 'WP_DEBUG', true );
      define( 'WP_DEBUG_DISPLAY', false );
      define( 'WP_DEBUG_LOG', '${this.#directory}/debug.log' );
      define( 'WP_HTTP_BLOCK_EXTERNAL', true );
      define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
      define( 'AUTOMATIC_UPDATER_DISABLED', true );
      ${more}
      $table_prefix = 'wp_';
      defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
      require_once ABSPATH . 'wp-settings.php';`,
    );
  }

  /** Runs PHP inside WordPress. Returns what it assigned to `$value`. */
  async php(code: string, isInstalling = false): Promise<unknown> {
    const { text, errors, status } = await run(
      'php',
      ['-r', `${isInstalling ? "define( 'WP_INSTALLING', true );" : ''} require '${this.#root}/eval.php';`],
      code,
    );
    if (status !== 0) throw new Error(`${errors}\n${text}`);
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  }

  /** Returns what PHP complained of in the plugin's files. */
  complaints(): string[] {
    const log = join(this.#directory, 'debug.log');
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
    return lines.filter((line) => line.includes('wordpress-plugin') || line.includes('plugins/pressrun'));
  }

  /** Runs WP-CLI. Without one, runs the command's class in PHP. */
  wp(args: readonly string[]): Promise<Ran> {
    return hasWpCli
      ? run('wp', [...args, '--allow-root', `--path=${this.#root}`, `--url=${this.url}`])
      : run('php', [fileURLToPath(new URL('wp-cli.php', import.meta.url)), this.#root, this.url, ...args]);
  }

  /** Runs the events of WP-Cron that are due, as a visit does. */
  async cron(): Promise<void> {
    const { status } = await fetch(`${this.url}/wp-cron.php?doing_wp_cron`);
    if (status !== 200) throw new Error(`wp-cron.php answered ${status}`);
  }

  async #signIn(): Promise<void> {
    await this.visit('/wp-login.php');
    const { status } = await this.post('/wp-login.php', { log: 'editor', pwd: password, testcookie: '1' });
    if (status !== 302) throw new Error(`the editor is not signed in: ${status}`);
  }

  /** A request of the editor's browser. */
  async visit(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(path.startsWith('http') ? path : this.url + path, {
      redirect: 'manual',
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }

  post(path: string, fields: Readonly<Record<string, string>> | URLSearchParams): Promise<Response> {
    return this.visit(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** A request to the REST API, as the block editor makes it. */
  async rest(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const nonce = await (await this.visit('/wp-admin/admin-ajax.php?action=rest-nonce')).text();
    const response = await this.visit(`/wp-json/wp/v2/${path}`, {
      method,
      headers: { 'x-wp-nonce': nonce, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Submits the form of an admin page that has a field or button with this name and value. */
  async submit(page: string, marker: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const html = await (await this.visit(page)).text();
    const form = [...html.matchAll(/<form[^]*?<\/form>/g)].map(([text]) => text).find((text) => text.includes(marker));
    if (form === undefined) throw new Error(`${page} has no form with ${marker}`);
    const hidden = [...form.matchAll(/<input type=["']hidden["'][^>]*>/g)].map(([input]): [string, string] => [
      /name=["']([^"']*)/.exec(input)?.[1] ?? '',
      /value=["']([^"']*)/.exec(input)?.[1] ?? '',
    ]);
    const action = /action="([^"]*)"/.exec(form)?.[1] ?? page;
    const target = action.startsWith('http') ? action : `/wp-admin/${action}`;
    return this.post(target, new URLSearchParams([...hidden, ...Object.entries(fields)]));
  }
}
