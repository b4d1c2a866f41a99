<?php
// Runs the plugin's command where WP-CLI is missing: php wp-cli.php ROOT URL pressrun resend [ID…] [--since=…]
list( , $root, $url ) = $argv;
$_SERVER['HTTP_HOST'] = preg_replace( '#^https?://#', '', $url );
define( 'WP_CLI', true );

class WP_CLI {
	public static $commands = array();
	public static function add_command( $name, $class ) {
		self::$commands[ $name ] = $class;
	}
	public static function warning( $text ) {
		fwrite( STDERR, "Warning: $text\n" );
	}
	public static function success( $text ) {
		echo "Success: $text\n";
	}
	public static function error( $text ) {
		fwrite( STDERR, "Error: $text\n" );
		exit( 1 );
	}
}

require $root . '/wp-load.php';
list( $name, $method ) = array_slice( $argv, 3, 2 );
$ids     = array();
$options = array();
foreach ( array_slice( $argv, 5 ) as $argument ) {
	if ( preg_match( '/^--([a-z]+)=(.*)$/', $argument, $parts ) ) {
		$options[ $parts[1] ] = $parts[2];
	} else {
		$ids[] = $argument;
	}
}
( new WP_CLI::$commands[ $name ]() )->$method( $ids, $options );
