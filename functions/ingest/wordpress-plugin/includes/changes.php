<?php
/**
 * Which changes of posts Pressrun gets, and what it gets of each.
 *
 * @package Pressrun
 */

defined( 'ABSPATH' ) || exit;

/** The hook is wp_after_insert_post, because earlier hooks fire before a post has its tags and image. */
function pressrun_saved( $id, $post, $update, $before ) {
	pressrun_changed( $post, 'wp_after_insert_post', $post->post_status, $before ? $before->post_status : null );
}

function pressrun_deleted( $id, $post = null ) {
	$post = $post ? $post : get_post( $id );
	if ( $post ) {
		pressrun_changed( $post, 'before_delete_post', 'deleted', $post->post_status );
	}
}

/** Keeps the delivery of a change, which is tried when the request ends. */
function pressrun_changed( $post, $hook, $status, $before ) {
	if ( ! pressrun_concerns( $post ) ) {
		return;
	}
	if ( ! pressrun_is_shown( $status ) && ! in_array( $before, array( 'publish', 'future', 'trash' ), true ) ) {
		return; // The post was never more than a draft.
	}
	if ( '' === pressrun_setting( 'url' ) ) {
		return;
	}
	// A plugin may save posts of another site of the network, and each site has its own options.
	$GLOBALS['pressrun_new'][] = array( get_current_blog_id(), pressrun_keep( $post, $hook, $status, array( 'old_status' => $before ) ) );
}

function pressrun_concerns( $post ) {
	return in_array( $post->post_type, pressrun_post_types(), true ) && ! wp_is_post_revision( $post ) && ! wp_is_post_autosave( $post );
}

function pressrun_is_shown( $status ) {
	return in_array( $status, array( 'publish', 'future' ), true );
}

/** A request about a post, as the endpoint reads it. */
function pressrun_body( $post, $hook, $status, $more ) {
	return wp_json_encode(
		array(
			'hook'       => $hook,
			'sent_at'    => microtime( true ),
			'rest'       => pressrun_rest( $post, $status ),
			'new_status' => $status,
		) + $more + ( is_multisite() && ! is_main_site() ? array( 'site' => get_current_blog_id() ) : array() )
	);
}

/**
 * Returns a public or scheduled post as core's REST API shows it to a reader, with author, image and terms; of any other
 * post, what a withdrawal needs.
 */
function pressrun_rest( $post, $status ) {
	$type       = get_post_type_object( $post->post_type );
	$controller = $type ? $type->get_rest_controller() : null;
	if ( $controller && pressrun_is_shown( $status ) ) {
		$request = new WP_REST_Request( 'GET', '/wp/v2/' . ( $type->rest_base ? $type->rest_base : $type->name ) . '/' . $post->ID );
		$request->set_param( 'id', $post->ID );
		$request->set_param( 'context', 'view' );
		$server = rest_get_server(); // Loads what plugins add to the API.
		// No user is signed in while the text is made, because a membership plugin shows an editor what it locks for
		// readers. The controller is asked directly, because the API shows scheduled posts only to editors.
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

/**
 * The primary category and the canonical address are fields of SEO plugins. Neither they nor the parents of categories
 * are in what core's REST API shows of a post.
 */
function pressrun_rest_fields() {
	$types = array(
		'pressrun_primary_category' => 'integer',
		'pressrun_canonical'        => 'string',
		'pressrun_category_paths'   => 'object',
	);
	foreach ( $types as $name => $type ) {
		register_rest_field(
			pressrun_post_types(),
			$name,
			array(
				'get_callback' => $name,
				'schema'       => array(
					'type'     => $type,
					'readonly' => true,
				),
			)
		);
	}
}

/** The slugs of each category's parents and its own, as a path by its id. */
function pressrun_category_paths( $post ) {
	$paths = array();
	foreach ( get_the_category( $post['id'] ) as $category ) {
		$slugs = array( $category->slug );
		foreach ( get_ancestors( $category->term_id, 'category', 'taxonomy' ) as $id ) {
			array_unshift( $slugs, get_term( $id, 'category' )->slug );
		}
		$paths[ $category->term_id ] = implode( '/', $slugs );
	}
	return (object) $paths;
}

/** The address that an editor gave a post in one of the same plugins, for a story that was published elsewhere first. */
function pressrun_canonical( $post ) {
	foreach ( array( '_yoast_wpseo_canonical', 'rank_math_canonical_url', '_seopress_robots_canonical', '_genesis_canonical_uri' ) as $field ) {
		$url = (string) get_post_meta( $post['id'], $field, true );
		if ( '' !== $url ) {
			return $url;
		}
	}
	return '';
}

/** Yoast SEO, Rank Math, SEOPress and The SEO Framework each keep the id of the term in their own field; 0 is none. */
function pressrun_primary_category( $post ) {
	foreach ( array( '_yoast_wpseo_primary_category', 'rank_math_primary_category', '_seopress_robots_primary_cat', '_primary_term_category' ) as $field ) {
		$term = (int) get_post_meta( $post['id'], $field, true );
		if ( $term > 0 ) {
			return $term;
		}
	}
	return 0;
}
