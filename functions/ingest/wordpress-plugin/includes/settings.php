<?php
/**
 * Settings > Pressrun.
 *
 * @package Pressrun
 */

defined( 'ABSPATH' ) || exit;

/** Returns a setting. Constants of wp-config.php are of the main site of a network. */
function pressrun_setting( $name ) {
	return pressrun_is_constant( $name ) ? constant( 'PRESSRUN_' . strtoupper( $name ) ) : (string) get_option( 'pressrun_' . $name, '' );
}

function pressrun_is_constant( $name ) {
	return defined( 'PRESSRUN_' . strtoupper( $name ) ) && ( ! is_multisite() || is_main_site() );
}

/** Returns the types of posts that are articles. */
function pressrun_post_types() {
	return apply_filters( 'pressrun_post_types', (array) get_option( 'pressrun_post_types', array( 'post' ) ) );
}

function pressrun_settings() {
	register_setting( 'pressrun', 'pressrun_url', array( 'sanitize_callback' => 'pressrun_given_url' ) );
	register_setting( 'pressrun', 'pressrun_secret', array( 'sanitize_callback' => 'pressrun_given_secret' ) );
	register_setting( 'pressrun', 'pressrun_post_types', array( 'sanitize_callback' => 'pressrun_given_post_types' ) );
}

function pressrun_given_url( $given ) {
	$url = esc_url_raw( trim( (string) $given ), array( 'http', 'https' ) );
	if ( '' === $url && '' !== trim( (string) $given ) ) {
		add_settings_error( 'pressrun_url', 'pressrun_url', __( 'The address must begin with https://', 'pressrun' ) );
		return get_option( 'pressrun_url', '' );
	}
	return $url;
}

/** The form never shows the secret, so an empty field leaves it as it is. */
function pressrun_given_secret( $given ) {
	$secret = trim( (string) $given );
	return '' === $secret ? get_option( 'pressrun_secret', '' ) : $secret;
}

function pressrun_given_post_types( $given ) {
	return array_values( array_intersect( array_keys( pressrun_possible_types() ), (array) $given ) );
}

/** Returns the types that readers see and that the REST API shows. */
function pressrun_possible_types() {
	$types = get_post_types(
		array(
			'public'       => true,
			'show_in_rest' => true,
		),
		'objects'
	);
	unset( $types['attachment'] );
	return $types;
}

function pressrun_menu() {
	add_options_page( __( 'Pressrun', 'pressrun' ), __( 'Pressrun', 'pressrun' ), 'manage_options', 'pressrun', 'pressrun_settings_page' );
	$count = count( pressrun_names( PRESSRUN_KEPT, 100 ) ) + count( pressrun_names( PRESSRUN_GIVEN_UP, 100 ) );
	$badge = $count ? ' <span class="awaiting-mod">' . number_format_i18n( $count ) . '</span>' : '';
	add_management_page( __( 'Pressrun: unsent changes', 'pressrun' ), __( 'Pressrun', 'pressrun' ) . $badge, PRESSRUN_SEND_CAPABILITY, 'pressrun-unsent', 'pressrun_unsent_page' );
}

/** Sends a signed request that concerns no post, and shows what Pressrun answers. */
function pressrun_check() {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not change these settings.', 'pressrun' ), 403 );
	}
	check_admin_referer( 'pressrun_check' );
	$answer = pressrun_post( wp_json_encode( array( 'hook' => 'check' ) ), true );
	$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
	$error  = $status >= 200 && $status < 300 ? '' : pressrun_error( $answer, $status );
	set_transient( 'pressrun_checked_' . get_current_user_id(), $error, MINUTE_IN_SECONDS );
	wp_safe_redirect( admin_url( 'options-general.php?page=pressrun&checked=1' ) );
	exit;
}

function pressrun_settings_page() {
	?>
	<div class="wrap">
		<h1><?php esc_html_e( 'Pressrun', 'pressrun' ); ?></h1>
		<?php pressrun_check_notice(); ?>
		<form method="post" action="options.php">
			<?php settings_fields( 'pressrun' ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="pressrun_url"><?php esc_html_e( 'Address', 'pressrun' ); ?></label></th>
					<td>
						<input class="regular-text" id="pressrun_url" name="pressrun_url" type="url" value="<?php echo esc_attr( pressrun_setting( 'url' ) ); ?>" placeholder="https://…/ingest/wordpress"<?php disabled( pressrun_is_constant( 'url' ) ); ?>>
						<?php pressrun_constant_note( 'url' ); ?>
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="pressrun_secret"><?php esc_html_e( 'Secret', 'pressrun' ); ?></label></th>
					<td>
						<input class="regular-text" id="pressrun_secret" name="pressrun_secret" type="password" autocomplete="new-password" value="" placeholder="<?php echo '' === pressrun_setting( 'secret' ) ? '' : esc_attr__( 'Leave empty to keep it', 'pressrun' ); ?>"<?php disabled( pressrun_is_constant( 'secret' ) ); ?>>
						<?php pressrun_constant_note( 'secret' ); ?>
					</td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Articles are', 'pressrun' ); ?></th>
					<td>
						<fieldset>
							<legend class="screen-reader-text"><?php esc_html_e( 'Articles are', 'pressrun' ); ?></legend>
							<?php foreach ( pressrun_possible_types() as $type ) : ?>
								<label><input type="checkbox" name="pressrun_post_types[]" value="<?php echo esc_attr( $type->name ); ?>"<?php checked( in_array( $type->name, pressrun_post_types(), true ) ); ?>> <?php echo esc_html( $type->labels->name ); ?></label><br>
							<?php endforeach; ?>
						</fieldset>
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="pressrun_check">
			<?php
			wp_nonce_field( 'pressrun_check' );
			submit_button( __( 'Check the connection', 'pressrun' ), 'secondary', 'submit', false );
			?>
		</form>
	</div>
	<?php
}

function pressrun_check_notice() {
	$error = get_transient( 'pressrun_checked_' . get_current_user_id() );
	if ( false === $error ) {
		return;
	}
	delete_transient( 'pressrun_checked_' . get_current_user_id() );
	printf(
		'<div class="notice %s"><p>%s</p></div>',
		'' === $error ? 'notice-success' : 'notice-error',
		esc_html( '' === $error ? __( 'Pressrun answers, and accepts the secret.', 'pressrun' ) : $error )
	);
}

function pressrun_constant_note( $name ) {
	if ( pressrun_is_constant( $name ) ) {
		/* translators: %s: name of a PHP constant. */
		echo '<p class="description">' . esc_html( sprintf( __( '%s in wp-config.php', 'pressrun' ), 'PRESSRUN_' . strtoupper( $name ) ) ) . '</p>';
	}
}
