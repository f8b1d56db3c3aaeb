package io.whimbrel.gateway.body;

/** What a request brings along. Reading one is strict; see {@link StrictJson}. */
public interface Body {}
