package io.whimbrel.target;

/**
 * A server on which scripts are rehearsed instead of the target's own. It has to be of the same
 * major version, with the same extensions.
 *
 * @param url of any database on it, without user or password
 * @param login a role that may create databases there
 */
public record RehearsalServer(String url, Login login) {}
