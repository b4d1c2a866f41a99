<?php
/**
 * Deletes what the plugin has stored: settings, the secret, and changes that Pressrun has not accepted.
 *
 * @package Pressrun
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

function pressrun_uninstall() {
	global $wpdb;
	wp_clear_scheduled_hook( 'pressrun_retry' );
	foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( 'pressrun_' ) . '%' ) ) as $name ) {
		delete_option( $name );
	}
}

if ( is_multisite() ) {
	foreach (
		get_sites(
			array(
				'fields' => 'ids',
				'number' => 0,
			)
		) as $pressrun_site
	) {
		switch_to_blog( $pressrun_site );
		pressrun_uninstall();
		restore_current_blog();
	}
} else {
	pressrun_uninstall();
}
