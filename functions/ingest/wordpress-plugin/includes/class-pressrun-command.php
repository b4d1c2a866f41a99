<?php
/**
 * The command of WP-CLI.
 *
 * @package Pressrun
 */

defined( 'ABSPATH' ) || exit;

/** Sends posts to Pressrun. */
class Pressrun_Command {
	/**
	 * Sends posts as they are now, and changes that Pressrun has not accepted.
	 *
	 * Sending what Pressrun already has changes nothing. A post that is not public is withdrawn; one that never was is skipped.
	 *
	 * ## OPTIONS
	 *
	 * [<post-id>...]
	 * : The posts to send.
	 *
	 * [--since=<time>]
	 * : Send all posts that were changed or published since then, in UTC: 2026-03-01, "2026-03-01 18:00", "2 hours ago".
	 *
	 * ## EXAMPLES
	 *
	 *     # Send again now what waits or was given up.
	 *     $ wp pressrun resend
	 *
	 *     # Send two posts.
	 *     $ wp pressrun resend 12 34
	 *
	 *     # Send everything, for example after the permalinks were changed.
	 *     $ wp pressrun resend --since=1970-01-01
	 *
	 * @param string[] $ids     Ids of posts.
	 * @param array    $options Named options.
	 */
	public function resend( $ids, $options ) {
		if ( '' === pressrun_setting( 'url' ) ) {
			WP_CLI::error( __( 'Pressrun has no address: set it under Settings > Pressrun.', 'pressrun' ) );
		}
		if ( isset( $options['since'] ) ) {
			$ids = array_merge( $ids, $this->changed_since( $options['since'] ) );
		}
		$errors = 0;
		$sent   = 0;
		if ( ! $ids && ! isset( $options['since'] ) ) {
			foreach ( array_merge( pressrun_names( PRESSRUN_KEPT ), pressrun_names( PRESSRUN_GIVEN_UP ) ) as $key ) {
				$delivery = pressrun_delivery( $key );
				$errors  += $this->deliver( $key, $delivery ? $delivery['post'] : 0 );
				++$sent;
			}
		}
		foreach ( array_unique( array_map( 'strval', $ids ) ) as $id ) {
			$post = ctype_digit( $id ) ? get_post( (int) $id ) : null;
			if ( ! $post || ! pressrun_concerns( $post ) ) {
				/* translators: %s: id of a post. */
				WP_CLI::warning( sprintf( __( '%s is not the id of an article.', 'pressrun' ), $id ) );
				++$errors;
			} elseif ( pressrun_is_shown( $post->post_status ) || '0000-00-00 00:00:00' !== $post->post_date_gmt ) {
				$more    = pressrun_is_shown( $post->post_status ) ? array( 'old_status' => $post->post_status ) : array();
				$errors += $this->deliver( pressrun_keep( $post, 'resend', $post->post_status, $more ), $post->ID );
				++$sent;
			}
		}
		/* translators: 1: number of changes, 2: number of errors. */
		$message = sprintf( __( 'Sent: %1$d, errors: %2$d.', 'pressrun' ), $sent, $errors );
		if ( $errors ) {
			WP_CLI::error( $message );
		}
		WP_CLI::success( $message );
	}

	/** Tries a delivery, which waits for WP-Cron if it fails. Returns 1 if it failed. */
	private function deliver( $key, $id ) {
		$error = pressrun_deliver( $key );
		if ( '' === $error ) {
			return 0;
		}
		WP_CLI::warning( $id . ': ' . $error );
		return 1;
	}

	/** Returns the ids of posts that were changed or published since an instant, the oldest change first. */
	private function changed_since( $since ) {
		$after = strtotime( $since . ( preg_match( '/^[\d\s:-]+$/', $since ) ? ' UTC' : '' ) );
		if ( false === $after ) {
			/* translators: %s: what was given as a time. */
			WP_CLI::error( sprintf( __( '%s is not a time.', 'pressrun' ), $since ) );
		}
		$time = gmdate( 'Y-m-d H:i:s', $after );
		return get_posts(
			array(
				'post_type'      => pressrun_post_types(),
				'post_status'    => array_values( array_diff( get_post_stati(), array( 'auto-draft', 'inherit' ) ) ),
				'posts_per_page' => -1,
				'fields'         => 'ids',
				'orderby'        => 'modified',
				'order'          => 'ASC',
				// WordPress publishes a scheduled post without a change of its modified time.
				'date_query'     => array(
					'relation' => 'OR',
					array(
						'column'    => 'post_modified_gmt',
						'after'     => $time,
						'inclusive' => true,
					),
					array(
						'column'    => 'post_date_gmt',
						'after'     => $time,
						'inclusive' => true,
					),
				),
			)
		);
	}
}
