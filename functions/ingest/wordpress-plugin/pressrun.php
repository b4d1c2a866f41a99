<?php
/**
 * Plugin Name: Pressrun
 * Description: Tells Pressrun of every post that is published, changed, unpublished or deleted.
 * Version: 1.1.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 *
 * Set up under Settings > Pressrun, or in wp-config.php:
 *   define( 'PRESSRUN_URL', 'https://…/ingest/wordpress' );
 *   define( 'PRESSRUN_SECRET', '…' );
 *
 * A delivery is kept before it is tried, and forgotten once Pressrun has it. It is tried when the editor has got an answer;
 * where PHP cannot tell, without waiting. What failed is tried again by WP-Cron for two days, with the time stamp of the
 * first try: so it does not overtake what was said later.
 */

defined( 'ABSPATH' ) || exit;

const PRESSRUN_KEPT = 'pressrun_delivery_';
/** Seconds until the next try: at first soon, then every two hours, for two days. */
const PRESSRUN_RETRY_SECONDS = array( 30, 60, 300, 900, 3600, 7200 );
const PRESSRUN_MOST_TRIES = 28;

add_action( 'wp_after_insert_post', 'pressrun_saved', 10, 4 );
add_action( 'before_delete_post', 'pressrun_deleted', 10, 2 );
add_action( 'pressrun_retry', 'pressrun_retry', 10, 2 );
add_action( 'rest_api_init', 'pressrun_rest_fields' );
add_action( 'shutdown', 'pressrun_shutdown' );
add_action( 'admin_menu', 'pressrun_menu' );
add_action( 'admin_init', 'pressrun_settings' );

/** wp_after_insert_post, because earlier hooks fire before tags and image are there. */
function pressrun_saved( $id, $post, $update, $before ) {
	pressrun_tell( $post, 'wp_after_insert_post', $post->post_status, $before ? $before->post_status : null );
}

function pressrun_deleted( $id, $post = null ) {
	$post = $post ? $post : get_post( $id );
	if ( $post ) {
		pressrun_tell( $post, 'before_delete_post', 'deleted', $post->post_status );
	}
}

function pressrun_tell( $post, $hook, $status, $before ) {
	if ( ! in_array( $post->post_type, apply_filters( 'pressrun_post_types', array( 'post' ) ), true ) || wp_is_post_revision( $post ) || wp_is_post_autosave( $post ) ) {
		return;
	}
	$shown = array( 'publish', 'future' );
	if ( ! in_array( $status, $shown, true ) && ! in_array( $before, array( 'publish', 'future', 'trash' ), true ) ) {
		return; // A draft that was never anything else.
	}
	if ( '' === pressrun_setting( 'url' ) ) {
		return;
	}
	$body = wp_json_encode(
		array(
			'hook'       => $hook,
			'sent_at'    => microtime( true ),
			'rest'       => pressrun_rest( $post, $status ),
			'new_status' => $status,
			'old_status' => $before,
		)
	);
	$key = PRESSRUN_KEPT . wp_generate_uuid4();
	add_option( $key, $body, '', 'no' );
	// Should this process end before it is sent, WP-Cron finds it.
	wp_schedule_single_event( time() + PRESSRUN_RETRY_SECONDS[0], 'pressrun_retry', array( $key, 1 ) );
	$GLOBALS['pressrun_waiting'][] = $key;
}

/** A public or scheduled post as core's REST API shows it to a reader, with author, image and terms; of any other, all that a withdrawal needs. */
function pressrun_rest( $post, $status ) {
	$type       = get_post_type_object( $post->post_type );
	$controller = $type ? $type->get_rest_controller() : null;
	if ( $controller && in_array( $status, array( 'publish', 'future' ), true ) ) {
		$request = new WP_REST_Request( 'GET', '/wp/v2/' . ( $type->rest_base ? $type->rest_base : $type->name ) . '/' . $post->ID );
		$request->set_param( 'id', $post->ID );
		$request->set_param( 'context', 'view' );
		$server = rest_get_server(); // Loads what plugins add to the API.
		// Nobody is signed in while the text is made: a membership plugin shows the editor what it locks for readers. The
		// controller is asked itself, since the API shows no scheduled post to nobody.
		$editor = get_current_user_id();
		wp_set_current_user( 0 );
		try {
			$response = $controller->prepare_item_for_response( $post, $request );
		} finally {
			wp_set_current_user( $editor );
		}
		return $server->response_to_data( $response, true );
	}
	return array(
		'id'           => $post->ID,
		'type'         => $post->post_type,
		'status'       => $post->post_status,
		'date_gmt'     => str_replace( ' ', 'T', $post->post_date_gmt ),
		'modified_gmt' => str_replace( ' ', 'T', $post->post_modified_gmt ),
		'link'         => get_permalink( $post ),
	);
}

/** The category that an editor marks as primary is a field of its SEO plugin, which core's REST API does not show. */
function pressrun_rest_fields() {
	register_rest_field(
		apply_filters( 'pressrun_post_types', array( 'post' ) ),
		'pressrun_primary_category',
		array(
			'get_callback' => 'pressrun_primary_category',
			'schema'       => array(
				'type'     => 'integer',
				'readonly' => true,
			),
		)
	);
}

/** Yoast SEO, Rank Math, SEOPress and The SEO Framework each keep the id of the term in a field of their own; 0 is none. */
function pressrun_primary_category( $post ) {
	foreach ( array( '_yoast_wpseo_primary_category', 'rank_math_primary_category', '_seopress_robots_primary_cat', '_primary_term_category' ) as $field ) {
		$term = (int) get_post_meta( $post['id'], $field, true );
		if ( $term > 0 ) {
			return $term;
		}
	}
	return 0;
}

function pressrun_shutdown() {
	$waiting = isset( $GLOBALS['pressrun_waiting'] ) ? $GLOBALS['pressrun_waiting'] : array();
	if ( ! $waiting ) {
		return;
	}
	$GLOBALS['pressrun_waiting'] = array();
	$answered = function_exists( 'fastcgi_finish_request' ) && fastcgi_finish_request();
	foreach ( $waiting as $key ) {
		if ( $answered ) {
			pressrun_deliver( $key, 1 );
		} else {
			// The editor would wait for it: nobody listens to the answer, and WP-Cron asks for one.
			pressrun_post( get_option( $key ), false );
		}
	}
}

function pressrun_retry( $key, $try ) {
	pressrun_deliver( $key, $try );
}

function pressrun_deliver( $key, $try ) {
	$body = get_option( $key );
	if ( false === $body ) {
		return;
	}
	$answer = pressrun_post( $body, true );
	$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
	wp_clear_scheduled_hook( 'pressrun_retry', array( $key, $try ) );
	if ( $status >= 200 && $status < 300 ) {
		delete_option( $key );
		return;
	}
	// What Pressrun cannot read, it cannot read tomorrow either.
	if ( 413 === $status || 422 === $status || $try >= PRESSRUN_MOST_TRIES ) {
		error_log( 'Pressrun answered ' . $status . ': a delivery was given up' );
		delete_option( $key );
		return;
	}
	$wait = PRESSRUN_RETRY_SECONDS[ min( $try, count( PRESSRUN_RETRY_SECONDS ) - 1 ) ];
	wp_schedule_single_event( time() + $wait, 'pressrun_retry', array( $key, $try + 1 ) );
}

/** Signed anew for each try: the signature's age is that of the try, the story's that of its body. */
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

function pressrun_setting( $name ) {
	$constant = 'PRESSRUN_' . strtoupper( $name );
	return defined( $constant ) ? constant( $constant ) : (string) get_option( 'pressrun_' . $name, '' );
}

function pressrun_menu() {
	add_options_page( 'Pressrun', 'Pressrun', 'manage_options', 'pressrun', 'pressrun_page' );
}

function pressrun_settings() {
	register_setting( 'pressrun', 'pressrun_url', array( 'sanitize_callback' => 'esc_url_raw' ) );
	register_setting( 'pressrun', 'pressrun_secret', array( 'sanitize_callback' => 'trim' ) );
}

function pressrun_page() {
	?>
	<div class="wrap">
		<h1>Pressrun</h1>
		<form method="post" action="options.php">
			<?php settings_fields( 'pressrun' ); ?>
			<table class="form-table">
				<tr><th><label for="pressrun_url">Address</label></th><td><input class="regular-text" id="pressrun_url" name="pressrun_url" type="url" value="<?php echo esc_attr( get_option( 'pressrun_url', '' ) ); ?>" placeholder="https://…/ingest/wordpress"></td></tr>
				<tr><th><label for="pressrun_secret">Secret</label></th><td><input class="regular-text" id="pressrun_secret" name="pressrun_secret" type="password" autocomplete="off" value="<?php echo esc_attr( get_option( 'pressrun_secret', '' ) ); ?>"></td></tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}
