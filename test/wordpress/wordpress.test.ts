import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../journey/eventually.ts';
import { Newsroom } from '../journey/newsroom.ts';
import { runCommand } from '../journey/run-command.ts';
import { Receiver } from './receiver.ts';
import { isInstalled, WordPressSite } from './site.ts';

const secrets = { wordpress: { current: 'the new secret', previous: 'the old secret' } };
const withWordPress = isInstalled ? describe : describe.skip;
// The reporter does not list a file whose tests are all skipped.
if (!isInstalled)
  process.stdout.write('skipped: WordPress is not installed (apt-get install wordpress php-cli mariadb-server)\n');

withWordPress('the plugin in WordPress', () => {
  let site: WordPressSite;
  let newsroom: Newsroom;
  let receiver: Receiver;

  beforeAll(async () => {
    site = await WordPressSite.open();
    const sources = { wordpress: { url: site.url, collection: 'post, page', collectionPlural: 'posts, pages' } };
    newsroom = await Newsroom.open(
      { sources: JSON.stringify(sources) },
      { ingestPort: 0, ingestSecrets: JSON.stringify(secrets) },
    );
    receiver = await Receiver.open(`${newsroom.stack.ingestUrl}/ingest/wordpress`);
  });

  afterAll(async () => {
    site.close();
    receiver.close();
    await newsroom.close();
  });

  const settings = '/wp-admin/options-general.php?page=pressrun';
  const unsent = '/wp-admin/tools.php?page=pressrun-unsent';
  const uriOf = (id: unknown): string => `wordpress:main/${String(id)}`;

  async function set(secret: string, url = receiver.url, types = ['post']): Promise<void> {
    const fields = { pressrun_url: url, pressrun_secret: secret };
    const saved = await site.submit(settings, 'name="pressrun_url"', {
      ...fields,
      ...Object.fromEntries(types.map((type, index) => [`pressrun_post_types[${index}]`, type])),
    });
    expect(saved.status).toBe(302);
  }

  async function write(
    fields: Readonly<Record<string, unknown>>,
    path = 'posts',
  ): Promise<{ id: number; link: string }> {
    const { id, link } = await site.rest('POST', path, fields);
    return { id: Number(id), link: new URL(String(link)).pathname.replace(/\/$/, '') };
  }

  /** Waits until readers get this status at a path. Returns the page. */
  const answers = (path: string, status: number, text = ''): Promise<Response> =>
    eventually(`${path} answers ${status} ${text}`, async () => {
      const response = await newsroom.get(path);
      const page = await response.clone().text();
      return response.status === status && page.includes(text) ? response : undefined;
    });

  /** What an admin page says: its menu and its content, without scripts. */
  const page = async (path: string): Promise<string> => {
    const html = await (await site.visit(path)).text();
    const menu = /<a href='tools\.php\?page=pressrun-unsent'[^]*?<\/a>/.exec(html)?.[0] ?? '';
    return menu + (/<div class="wrap">[^]*?<div class="clear">/.exec(html)?.[0] ?? html);
  };

  /** Makes every delivery due, and runs WP-Cron. */
  async function cronLater(): Promise<void> {
    await site.php(`foreach ( pressrun_names( PRESSRUN_KEPT ) as $key ) {
      update_option( $key, array( 'due' => 0 ) + get_option( $key ), 'no' );
    }
    pressrun_retry_at( time() );`);
    await site.cron();
  }

  test('is activated, has settings, and checks the connection', async () => {
    const activated = await site.php(
      `require_once ABSPATH . 'wp-admin/includes/plugin.php'; $value = activate_plugin( 'pressrun/pressrun.php' );`,
    );
    expect(activated).toBeNull();
    await set('guessed');
    await site.submit(settings, 'value="pressrun_check"');
    expect(await page(settings)).toContain('Pressrun answered 401; the signature or token is missing or wrong');
    // An empty field keeps the secret, and the page never shows it.
    await set('the old secret');
    await set('');
    await site.submit(settings, 'value="pressrun_check"');
    const shown = await page(settings);
    expect(shown).toContain('Pressrun answers, and accepts the secret.');
    expect(shown).not.toContain('the old secret');
    await set('', 'javascript:alert(1)');
    expect(await page(settings)).toContain(receiver.url);
  });

  test('test-webhook --cms writes a post with an application password, and sees it arrive', async () => {
    // Without HTTPS, WordPress offers application passwords only here.
    site.configure(`define( 'WP_ENVIRONMENT_TYPE', 'local' );`);
    // PHP looks at a changed file only now and then.
    await eventually('application passwords are offered', async () => {
      const { authentication } = (await (await fetch(`${site.url}/wp-json/`)).json()) as { authentication: object };
      return 'application-passwords' in authentication ? true : undefined;
    });
    const made = await site.php(
      `$value = WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'Pressrun' ) )[0];`,
    );
    const keyFile = join(mkdtempSync(join(tmpdir(), 'pressrun-key-')), 'key');
    writeFileSync(keyFile, `editor:${String(made)}`);
    const { code, out, err } = await runCommand(
      ...['--endpoint-url', newsroom.stack.awsUrl, 'test-webhook', 'wordpress'],
      ...['--url', newsroom.stack.ingestUrl, '--key-file', keyFile, '--cms', site.url],
    );
    rmSync(dirname(keyFile), { recursive: true });
    site.configure();
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('wordpress delivers what its editors publish, update and delete.');
  });

  test('a post is published, edited, moved, unpublished, trashed, restored and deleted', async () => {
    const { id, link } = await write({ title: 'Bridge opens', content: '<p>Today.</p>', status: 'publish' });
    expect(link).toMatch(/^\/\d{4}\/\d{2}\/bridge-opens$/);
    await answers(link, 200, 'Today.');
    await write({ content: '<p>It is open.</p>' }, `posts/${id}`);
    await answers(link, 200, 'It is open.');

    const moved = await write({ slug: 'bridge-is-open' }, `posts/${id}`);
    await answers(moved.link, 200, 'It is open.');
    expect((await answers(link, 301)).headers.get('location')).toBe(moved.link);

    await write({ status: 'draft' }, `posts/${id}`);
    await answers(moved.link, 410);
    await write({ status: 'publish' }, `posts/${id}`);
    await answers(moved.link, 200);
    await site.rest('DELETE', `posts/${id}`);
    await answers(moved.link, 410);
    await site.php(`wp_untrash_post( ${id} ); wp_publish_post( ${id} );`);
    await site.cron();
    await answers(moved.link, 200);
    await site.rest('DELETE', `posts/${id}?force=true`);
    await answers(moved.link, 410);
  });

  test('a draft is not sent; a password hides the text; a private post is withdrawn', async () => {
    const before = receiver.bodies.length;
    const { id } = await write({ title: 'A draft', content: '<p>Unfinished.</p>', status: 'draft' });
    await write({ content: '<p>Still unfinished.</p>' }, `posts/${id}`);
    expect(receiver.bodies.length).toBe(before);

    const locked = await write({ title: 'Locked', content: '<p>SECRET</p>', password: 'sesame', status: 'publish' });
    expect(await (await answers(locked.link, 200, 'Locked')).text()).not.toContain('SECRET');
    await write({ password: '' }, `posts/${locked.id}`);
    await answers(locked.link, 200, 'SECRET');
    await write({ status: 'private' }, `posts/${locked.id}`);
    await answers(locked.link, 410);
  });

  test('a link to another post leads to the newspaper, and a canonical address of an SEO plugin is kept', async () => {
    const first = await write({ title: 'First', status: 'publish' });
    const html = `<p><a href="${site.url}${first.link}/">Before</a> <a href="${site.url}/wp-login.php">Desk</a></p>`;
    const { id, link } = await write({ title: 'Second', content: html, status: 'publish' });
    const shown = await (await answers(link, 200, 'Before')).text();
    expect(shown).toContain(`<a href="${first.link}">Before</a>`);
    expect(shown).toContain(`<a href="${site.url}/wp-login.php"`);
    await site.php(`update_post_meta( ${id}, '_yoast_wpseo_canonical', 'https://partner.example.com/second' );`);
    await write({ title: 'Second again' }, `posts/${id}`);
    const page = await (await answers(link, 200, 'Second again')).text();
    expect(page).toContain('<link rel="canonical" href="https://partner.example.com/second">');
  });

  test('sections are those of the taxonomy, whatever the base of categories', async () => {
    await site.php(`update_option( 'category_base', 'topics/news' ); flush_rewrite_rules();`);
    const parent = await site.rest('POST', 'categories', { name: 'Économie & Société', slug: 'money' });
    const child = await site.rest('POST', 'categories', { name: 'Jobs', slug: 'jobs', parent: parent['id'] });
    expect(child['link']).toContain('/topics/news/money/jobs/');
    await write({ title: 'At work', status: 'publish', categories: [child['id']] });
    await answers('/section/money/jobs', 200, 'At work');
  });

  test('a scheduled post is public at its date, when WP-Cron publishes it', async () => {
    const at = Date.now() + 62_000;
    const date_gmt = new Date(at).toISOString().slice(0, 19);
    const { id } = await write({ title: 'At its date', content: '<p>Now.</p>', status: 'future', date_gmt });
    const { permalink_template: template } = await site.rest('GET', `posts/${id}?context=edit`);
    const path = new URL(String(template).replace('%postname%', 'at-its-date')).pathname.replace(/\/$/, '');
    await newsroom.settled();
    expect((await newsroom.get(path)).status).toBe(404);
    await eventually('its date has come', () => Promise.resolve(Date.now() > at || undefined), 90_000);
    await site.cron();
    await answers(path, 200, 'Now.');
  });

  test('what fails waits, is shown with its error, and is sent again by WP-Cron', async () => {
    receiver.failing = 500;
    const { link } = await write({ title: 'Storm <b>warning</b>', content: '<p>Stay inside.</p>', status: 'publish' });
    await cronLater();
    const shown = await page(unsent);
    expect(shown).toContain('Storm warning');
    expect(shown).toContain('Pressrun answered 500');
    expect(await page('/wp-admin/')).toContain('Pressrun <span class="awaiting-mod">1');
    receiver.failing = undefined;
    await cronLater();
    await answers(link, 200, 'Stay inside.');
    expect(await page(unsent)).toContain('Pressrun has accepted every change');
  });

  test('a change that waited does not replace a later one', async () => {
    receiver.failing = 503;
    const { id, link } = await write({ title: 'Score', content: '<p>One to nil.</p>', status: 'publish' });
    receiver.failing = undefined;
    await write({ content: '<p>Two to nil.</p>' }, `posts/${id}`);
    await answers(link, 200, 'Two to nil.');
    await cronLater();
    await newsroom.settled();
    expect(await (await newsroom.get(link)).text()).toContain('Two to nil.');
    expect(await page(unsent)).toContain('Pressrun has accepted every change');
  });

  test('an editor sends a change again, after the secret was rotated', async () => {
    await set('the new secret');
    const { link } = await write({ title: 'With the new one', status: 'publish' });
    await answers(link, 200);
    await set('a mistyped secret');
    const later = await write({ title: 'With a wrong one', status: 'publish' });
    await cronLater();
    expect(await page(unsent)).toContain('Pressrun answered 401');
    await set('the new secret');
    await site.submit(unsent, 'Send all again now', { send: 'Send all again now' });
    await answers(later.link, 200);
    expect(await page(unsent)).toContain('Pressrun has accepted every change');
  });

  test('what Pressrun cannot read is given up, until a later change of the post is accepted', async () => {
    const { id } = await write({ title: ' ', content: '<p>Without a headline.</p>', status: 'publish' });
    await cronLater();
    const shown = await page(unsent);
    expect(shown).toContain('Given up');
    expect(shown).toContain('Discard');
    const { link } = await write({ title: 'With a headline' }, `posts/${id}`);
    await cronLater();
    await answers(link, 200, 'With a headline');
    expect(await page(unsent)).toContain('Pressrun has accepted every change');
  });

  test('nobody sends or sets anything without the right and the nonce', async () => {
    const direct = (action: string, fields: Record<string, string> = {}) =>
      site.post('/wp-admin/admin-post.php', { action, ...fields });
    expect((await direct('pressrun_send')).status).toBe(403);
    expect((await direct('pressrun_check')).status).toBe(403);
    const signedOut = await fetch(`${site.url}/wp-admin/admin-post.php`, {
      method: 'POST',
      body: new URLSearchParams({ action: 'pressrun_send' }),
    });
    expect(await signedOut.text()).not.toContain('Pressrun');
    await site.php(`( new WP_User( 1 ) )->set_role( 'author' );`);
    expect((await direct('pressrun_send')).status).toBe(403);
    expect((await site.visit(settings)).status).toBe(403);
    expect((await site.visit(unsent)).status).toBe(403);
    await site.php(`( new WP_User( 1 ) )->set_role( 'administrator' );`);
  });

  test('wp pressrun resend sends posts as they are now', async () => {
    receiver.failing = 500;
    const { id, link } = await write({ title: 'Lost', content: '<p>Nobody saw it.</p>', status: 'publish' });
    const draft = await write({ title: 'Never public', status: 'draft' });
    await site.php(`foreach ( pressrun_names( PRESSRUN_KEPT ) as $key ) { delete_option( $key ); }`);
    expect(await site.wp(['pressrun', 'resend', String(id)])).toMatchObject({ status: 1 });
    expect(await page(unsent)).toContain('Lost');
    receiver.failing = undefined;
    expect(await site.wp(['pressrun', 'resend'])).toMatchObject({ status: 0 });
    await answers(link, 200, 'Nobody saw it.');
    const before = receiver.bodies.length;
    expect(await site.wp(['pressrun', 'resend', String(draft.id)])).toMatchObject({ status: 0 });
    expect(receiver.bodies.length).toBe(before);
    expect(await site.wp(['pressrun', 'resend', 'elephant'])).toMatchObject({ status: 1 });
    expect(await site.wp(['pressrun', 'resend', '--since=never'])).toMatchObject({ status: 1 });

    // A change of the permalinks saves no post.
    const versions = await newsroom.versions(uriOf(id));
    await site.php(
      `global $wp_rewrite; $wp_rewrite->set_permalink_structure( '/news/%postname%/' ); flush_rewrite_rules();`,
    );
    expect(await site.wp(['pressrun', 'resend', '--since=1 day ago'])).toMatchObject({ status: 0 });
    await answers('/news/lost', 200, 'Nobody saw it.');
    expect((await answers(link, 301)).headers.get('location')).toBe('/news/lost');
    const moved = await newsroom.versions(uriOf(id));
    expect(moved).toBeGreaterThan(versions);
    const announced = newsroom.about(uriOf(id), 'article.revised').length;
    expect(await site.wp(['pressrun', 'resend', '--since=1 day ago'])).toMatchObject({ status: 0 });
    await newsroom.settled();
    expect(newsroom.about(uriOf(id), 'article.revised').length).toBe(announced);
  });

  test('a sweep finds posts and pages whose changes were lost, and withdraws what was deleted', async () => {
    const sweep = async (): Promise<unknown> => {
      const url = `${newsroom.stack.awsUrl}/2015-03-31/functions/pressrun-local-sweep/invocations`;
      const { wordpress } = (await (await fetch(url, { method: 'POST', body: '{}' })).json()) as Record<
        string,
        unknown
      >;
      return wordpress;
    };
    await set('', receiver.url, ['post', 'page']);
    const page = await write({ title: 'Our ferries', content: '<p>All of them.</p>', status: 'publish' }, 'pages');
    await answers(page.link, 200, 'All of them.');
    receiver.failing = 500;
    const post = await write({ title: 'Only swept', content: '<p>Found.</p>', status: 'publish' });
    await write({ content: '<p>All but one.</p>' }, `pages/${page.id}`);
    expect(await sweep()).toMatchObject({ isComplete: true, withdrawn: 0 });
    await answers(post.link, 200, 'Found.');
    await answers(page.link, 200, 'All but one.');
    expect(await sweep()).toMatchObject({ sent: 0, withdrawn: 0 });
    await site.rest('DELETE', `pages/${page.id}`);
    await site.rest('DELETE', `posts/${post.id}?force=true`);
    expect(await sweep()).toMatchObject({ withdrawn: 2 });
    await answers(page.link, 410);
    await answers(post.link, 410);
    receiver.failing = undefined;
    await cronLater();
    expect((await newsroom.get(page.link)).status).toBe(410);
  });

  test('each site of a network sends its own posts', async () => {
    const { host } = new URL(site.url);
    site.configure(`define( 'WP_ALLOW_MULTISITE', true );`);
    await site.php(`require_once ABSPATH . 'wp-admin/includes/upgrade.php';
      require_once ABSPATH . 'wp-admin/includes/network.php';
      foreach ( $wpdb->tables( 'ms_global' ) as $table => $name ) { $wpdb->$table = $name; }
      install_network();
      $value = populate_network( 1, '${host}', 'editor@example.com', 'The network', '/', false );`);
    site.configure(`define( 'WP_ALLOW_MULTISITE', true ); define( 'MULTISITE', true ); define( 'SUBDOMAIN_INSTALL', false );
      define( 'DOMAIN_CURRENT_SITE', '${host}' ); define( 'PATH_CURRENT_SITE', '/' );
      define( 'SITE_ID_CURRENT_SITE', 1 ); define( 'BLOG_ID_CURRENT_SITE', 1 );`);
    const [own, other] =
      (await site.php(`$own = wp_insert_post( array( 'post_title' => 'Of the first site', 'post_status' => 'publish' ) );
      $blog = wpmu_create_blog( '${host}', '/sport/', 'Sport', 1 );
      switch_to_blog( $blog );
      update_option( 'pressrun_url', '${receiver.url}' );
      update_option( 'pressrun_secret', 'the new secret' );
      // Ids of posts are counted for each site.
      $other = wp_insert_post( array( 'import_id' => $own, 'post_title' => 'Of the second site', 'post_status' => 'publish' ) );
      restore_current_blog();
      $value = array( $own, $other );`)) as number[];
    expect(other).toBe(own);
    await site.cron();
    await eventually('both are live', async () => {
      const uris = await newsroom.uris('latest');
      return uris.includes(uriOf(own)) && uris.includes(`wordpress:main-2/${other}`) ? true : undefined;
    });
  });

  test('leaves nothing behind when it is uninstalled', async () => {
    const left = await site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php';
      deactivate_plugins( 'pressrun/pressrun.php' );
      uninstall_plugin( 'pressrun/pressrun.php' );
      $value = $wpdb->get_col( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE 'pressrun%' OR option_value LIKE '%pressrun_retry%'" );`);
    expect(left).toEqual([]);
    expect(site.complaints()).toEqual([]);
  });
});
