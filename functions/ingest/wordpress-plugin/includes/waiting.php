<?php
/**
 * Tools > Pressrun: the changes that Pressrun has not accepted yet.
 *
 * @package Pressrun
 */

defined( 'ABSPATH' ) || exit;

/** An editor on duty at night may send changes again, though only an administrator may change the settings. */
const PRESSRUN_SEND_CAPABILITY = 'edit_others_posts';

/** Sends one delivery again, or all of them; or discards one that was given up. */
function pressrun_send() {
	if ( ! current_user_can( PRESSRUN_SEND_CAPABILITY ) ) {
		wp_die( esc_html__( 'You may not send changes to Pressrun.', 'pressrun' ), 403 );
	}
	check_admin_referer( 'pressrun_send' );
	$key = isset( $_POST['delivery'] ) ? sanitize_key( $_POST['delivery'] ) : '';
	$all = array_merge( pressrun_names( PRESSRUN_KEPT ), pressrun_names( PRESSRUN_GIVEN_UP ) );
	if ( isset( $_POST['discard'] ) ) {
		if ( 0 === strpos( $key, PRESSRUN_GIVEN_UP ) ) {
			delete_option( $key );
		}
	} else {
		$until = time() + PRESSRUN_RUN_SECONDS;
		foreach ( '' === $key ? $all : array_intersect( $all, array( $key ) ) as $name ) {
			if ( time() >= $until ) {
				break;
			}
			pressrun_deliver( $name );
		}
	}
	wp_safe_redirect( admin_url( 'tools.php?page=pressrun-unsent' ) );
	exit;
}

function pressrun_unsent_page() {
	$waiting  = pressrun_names( PRESSRUN_KEPT, 100 );
	$given_up = pressrun_names( PRESSRUN_GIVEN_UP, 100 );
	?>
	<div class="wrap">
		<h1><?php esc_html_e( 'Changes that Pressrun has not accepted', 'pressrun' ); ?></h1>
		<?php if ( ! $waiting && ! $given_up ) : ?>
			<p><?php esc_html_e( 'None. Pressrun has accepted every change.', 'pressrun' ); ?></p>
		<?php else : ?>
			<p><?php esc_html_e( 'A change is sent again by itself for two days, unless Pressrun cannot read it. The oldest are shown.', 'pressrun' ); ?></p>
			<?php pressrun_send_form( '', __( 'Send all again now', 'pressrun' ), false ); ?>
			<table class="widefat striped">
				<thead>
					<tr>
						<th scope="col"><?php esc_html_e( 'Article', 'pressrun' ); ?></th>
						<th scope="col"><?php esc_html_e( 'Status', 'pressrun' ); ?></th>
						<th scope="col"><?php esc_html_e( 'Since', 'pressrun' ); ?></th>
						<th scope="col"><?php esc_html_e( 'Tries', 'pressrun' ); ?></th>
						<th scope="col"><?php esc_html_e( 'Last error', 'pressrun' ); ?></th>
						<th scope="col"><?php esc_html_e( 'Next try', 'pressrun' ); ?></th>
						<th scope="col"><span class="screen-reader-text"><?php esc_html_e( 'Actions', 'pressrun' ); ?></span></th>
					</tr>
				</thead>
				<tbody>
					<?php array_map( 'pressrun_unsent_row', array_merge( $waiting, $given_up ) ); ?>
				</tbody>
			</table>
		<?php endif; ?>
	</div>
	<?php
}

function pressrun_unsent_row( $key ) {
	$delivery = pressrun_delivery( $key );
	if ( ! $delivery ) {
		return;
	}
	$is_given_up = 0 === strpos( $key, PRESSRUN_GIVEN_UP );
	$title       = '' === $delivery['title'] ? '#' . $delivery['post'] : $delivery['title'];
	$link        = get_edit_post_link( $delivery['post'] );
	$status      = get_post_status_object( $delivery['status'] );
	$format      = get_option( 'date_format' ) . ' ' . get_option( 'time_format' );
	?>
	<tr>
		<td>
			<?php if ( $link ) : ?>
				<a href="<?php echo esc_url( $link ); ?>"><?php echo esc_html( $title ); ?></a>
			<?php else : ?>
				<?php echo esc_html( $title ); ?>
			<?php endif; ?>
		</td>
		<td><?php echo esc_html( $status ? $status->label : __( 'Deleted', 'pressrun' ) ); ?></td>
		<td><?php echo esc_html( wp_date( $format, (int) $delivery['since'] ) ); ?></td>
		<td><?php echo esc_html( number_format_i18n( $delivery['tries'] ) ); ?></td>
		<td><?php echo esc_html( $delivery['error'] ); ?></td>
		<td><?php echo esc_html( $is_given_up ? __( 'Given up', 'pressrun' ) : wp_date( $format, $delivery['due'] ) ); ?></td>
		<td><?php pressrun_send_form( $key, __( 'Send again now', 'pressrun' ), $is_given_up ); ?></td>
	</tr>
	<?php
}

function pressrun_send_form( $key, $label, $has_discard ) {
	?>
	<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
		<input type="hidden" name="action" value="pressrun_send">
		<input type="hidden" name="delivery" value="<?php echo esc_attr( $key ); ?>">
		<?php
		wp_nonce_field( 'pressrun_send', '_wpnonce', false );
		submit_button( $label, 'secondary', 'send', false );
		if ( $has_discard ) {
			submit_button( __( 'Discard', 'pressrun' ), 'delete', 'discard', false );
		}
		?>
	</form>
	<?php
}
