package io.whimbrel.benchmark;

import java.nio.file.Path;

/**
 * A database to migrate.
 *
 * @param url without user and password
 * @param user owns the database
 * @param passwordFile the file with the user's password
 * @param catalog the directory of the migrations
 */
record Database(String url, String user, Path passwordFile, Path catalog) {}
