/**
 * The language between the services: the four events, their topics and their schemas. Values only,
 * no logic; what is read by others changes by addition, or gets a new version of its type.
 */
@NullMarked
package io.whimbrel.event;

import org.jspecify.annotations.NullMarked;
