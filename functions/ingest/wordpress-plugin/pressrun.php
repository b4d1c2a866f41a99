<?php
/**
 * Plugin Name: Pressrun
 * Description: Sends every post that is published, changed, unpublished or deleted to Pressrun.
 * Version: 1.2.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 * License: GPLv2 or later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: pressrun
 *
 * Set up under Settings > Pressrun, or in wp-config.php:
 *   define( 'PRESSRUN_URL', 'https://…/ingest/wordpress' );
 *   define( 'PRESSRUN_SECRET', '…' );
 *
 * @package Pressrun
 */

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/includes/changes.php';
require __DIR__ . '/includes/deliveries.php';
require __DIR__ . '/includes/settings.php';
require __DIR__ . '/includes/waiting.php';

add_action( 'wp_after_insert_post', 'pressrun_saved', 10, 4 );
add_action( 'before_delete_post', 'pressrun_deleted', 10, 2 );
add_action( 'rest_api_init', 'pressrun_rest_fields' );
add_action( 'shutdown', 'pressrun_shutdown' );
add_action( 'pressrun_retry', 'pressrun_retry' );
add_action( 'admin_init', 'pressrun_settings' );
add_action( 'admin_init', 'pressrun_ensure_retry' );
add_action( 'admin_menu', 'pressrun_menu' );
add_action( 'admin_post_pressrun_check', 'pressrun_check' );
add_action( 'admin_post_pressrun_send', 'pressrun_send' );
register_deactivation_hook( __FILE__, 'pressrun_deactivated' );

if ( defined( 'WP_CLI' ) && WP_CLI ) {
	require __DIR__ . '/includes/class-pressrun-command.php';
	WP_CLI::add_command( 'pressrun', 'Pressrun_Command' );
}
