<?php
/**
 * Deliveries: each is an option that is written before the first try and deleted once Pressrun has accepted it.
 *
 * The first try comes when the editor has got an answer; where PHP cannot tell, it is sent without waiting for
 * Pressrun's. WP-Cron retries for two days. Each try has the time of the first one in its body, so it does not replace
 * what was sent later.
 *
 * @package Pressrun
 */

defined( 'ABSPATH' ) || exit;

const PRESSRUN_KEPT = 'pressrun_delivery_';
/** The last delivery of a post that was given up, by the post's id. */
const PRESSRUN_GIVEN_UP = 'pressrun_given_up_';
/** Seconds until the next try. */
const PRESSRUN_RETRY_SECONDS = array( 30, 60, 300, 900, 3600, 7200 );
/** One run of WP-Cron starts no further try after this time. */
const PRESSRUN_RUN_SECONDS = 20;

/** Keeps a delivery. Returns the name of its option. */
function pressrun_keep( $post, $hook, $status, $more ) {
	$due = time() + PRESSRUN_RETRY_SECONDS[0];
	$key = PRESSRUN_KEPT . wp_generate_uuid4();
	add_option(
		$key,
		array(
			'body'   => pressrun_body( $post, $hook, $status, $more ),
			'post'   => $post->ID,
			'title'  => wp_strip_all_tags( $post->post_title ),
			'status' => $status,
			'since'  => microtime( true ),
			'tries'  => 0,
			'due'    => $due,
			'error'  => '',
		),
		'',
		'no'
	);
	// WP-Cron finds it if this process ends before it is sent.
	pressrun_retry_at( $due );
	return $key;
}

/** Makes WP-Cron retry at an instant, or earlier if it would anyway. */
function pressrun_retry_at( $due ) {
	$next = wp_next_scheduled( 'pressrun_retry' );
	if ( false === $next || $next > $due ) {
		wp_clear_scheduled_hook( 'pressrun_retry' );
		wp_schedule_single_event( $due, 'pressrun_retry' );
	}
}

/** Two requests that write WordPress's list of events at once can lose one of them. */
function pressrun_ensure_retry() {
	if ( false === wp_next_scheduled( 'pressrun_retry' ) && pressrun_names( PRESSRUN_KEPT, 1 ) ) {
		pressrun_retry_at( time() );
	}
}

function pressrun_deactivated() {
	wp_clear_scheduled_hook( 'pressrun_retry' );
}

/** Returns the names of the oldest deliveries. */
function pressrun_names( $prefix, $limit = 10000 ) {
	global $wpdb;
	return $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s ORDER BY option_id LIMIT %d", $wpdb->esc_like( $prefix ) . '%', $limit ) );
}

/** Returns a delivery; null once it was accepted. */
function pressrun_delivery( $key ) {
	$delivery = get_option( $key, null );
	// Version 1.1 kept the body alone.
	return is_string( $delivery ) ? array(
		'body'   => $delivery,
		'post'   => 0,
		'title'  => '',
		'status' => '',
		'since'  => time(),
		'tries'  => 0,
		'due'    => 0,
		'error'  => '',
	) : $delivery;
}

function pressrun_shutdown() {
	$new = isset( $GLOBALS['pressrun_new'] ) ? $GLOBALS['pressrun_new'] : array();
	if ( ! $new ) {
		return;
	}
	$GLOBALS['pressrun_new'] = array();
	// Nobody waits for WP-Cron or for a command.
	$answered = wp_doing_cron() || ( defined( 'WP_CLI' ) && WP_CLI ) || ( function_exists( 'fastcgi_finish_request' ) && fastcgi_finish_request() );
	foreach ( $new as list( $blog, $key ) ) {
		$is_elsewhere = get_current_blog_id() !== $blog;
		if ( $is_elsewhere ) {
			switch_to_blog( $blog );
		}
		if ( $answered ) {
			pressrun_deliver( $key );
		} else {
			$delivery = pressrun_delivery( $key );
			if ( $delivery ) {
				pressrun_post( $delivery['body'], false );
			}
		}
		if ( $is_elsewhere ) {
			restore_current_blog();
		}
	}
}

/** Tries the deliveries that are due, for as long as one run of WP-Cron may take. */
function pressrun_retry() {
	$until = time() + PRESSRUN_RUN_SECONDS;
	$next  = PHP_INT_MAX;
	foreach ( pressrun_names( PRESSRUN_KEPT ) as $key ) {
		if ( time() >= $until ) {
			$next = time();
			break;
		}
		$delivery = pressrun_delivery( $key );
		if ( $delivery && $delivery['due'] <= time() ) {
			pressrun_deliver( $key );
			$delivery = pressrun_delivery( $key );
		}
		if ( $delivery ) {
			$next = min( $next, $delivery['due'] );
		}
		wp_cache_delete( $key, 'options' ); // Thousands of bodies need more memory than PHP has.
	}
	if ( $next < PHP_INT_MAX ) {
		pressrun_retry_at( $next );
	}
}

/** Tries a delivery. Returns why it failed, or an empty text. */
function pressrun_deliver( $key ) {
	$delivery = pressrun_delivery( $key );
	if ( ! $delivery ) {
		return '';
	}
	$answer = pressrun_post( $delivery['body'], true );
	$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
	$former = PRESSRUN_GIVEN_UP . $delivery['post'];
	if ( $status >= 200 && $status < 300 ) {
		delete_option( $key );
		pressrun_forget( $former, $delivery['since'] );
		return '';
	}
	$wait               = PRESSRUN_RETRY_SECONDS[ min( $delivery['tries'] + 1, count( PRESSRUN_RETRY_SECONDS ) - 1 ) ];
	$delivery['tries'] += 1;
	$delivery['error']  = pressrun_error( $answer, $status );
	$delivery['due']    = time() + $wait;
	// What Pressrun cannot read, it cannot read tomorrow either.
	if ( 413 !== $status && 422 !== $status && $delivery['since'] > time() - 2 * DAY_IN_SECONDS ) {
		update_option( $key, $delivery, 'no' );
		pressrun_retry_at( $delivery['due'] );
	} elseif ( $key === $former ) {
		update_option( $key, $delivery, 'no' );
	} else {
		pressrun_forget( $former, $delivery['since'] );
		add_option( $former, $delivery, '', 'no' ); // Has no effect beside the delivery of a later change.
		delete_option( $key );
	}
	return $delivery['error'];
}

/** Forgets a delivery that was given up, unless it is of a later change. */
function pressrun_forget( $key, $since ) {
	$delivery = get_option( $key );
	if ( $delivery && $delivery['since'] <= $since ) {
		delete_option( $key );
	}
}

/** Says why a try failed, in the words of Pressrun if it answered with problem details (RFC 9457). */
function pressrun_error( $answer, $status ) {
	if ( is_wp_error( $answer ) ) {
		return $answer->get_error_message();
	}
	$problem = json_decode( wp_remote_retrieve_body( $answer ), true );
	$parts   = array();
	if ( is_array( $problem ) ) {
		$parts[] = isset( $problem['detail'] ) && is_string( $problem['detail'] ) ? $problem['detail'] : '';
		foreach ( isset( $problem['errors'] ) && is_array( $problem['errors'] ) ? $problem['errors'] : array() as $error ) {
			$parts[] = isset( $error['path'], $error['message'] ) ? $error['path'] . ' ' . $error['message'] : '';
		}
	}
	/* translators: %d: status code of HTTP. */
	$text = sprintf( __( 'Pressrun answered %d', 'pressrun' ), $status );
	return mb_substr( implode( '; ', array_filter( array_merge( array( $text ), $parts ) ) ), 0, 500 );
}

/** Posts a body. Each try has its own signature, because Pressrun accepts none that is older than five minutes. */
function pressrun_post( $body, $blocking ) {
	$time = (string) time();
	return wp_remote_post(
		pressrun_setting( 'url' ),
		array(
			'blocking'    => $blocking,
			'timeout'     => $blocking ? 10 : 1,
			'redirection' => 0,
			'headers'     => array(
				'Content-Type'   => 'application/json',
				'X-WP-Timestamp' => $time,
				'X-WP-Signature' => 'sha256=' . hash_hmac( 'sha256', $time . '.' . $body, pressrun_setting( 'secret' ) ),
			),
			'body'        => $body,
		)
	);
}
