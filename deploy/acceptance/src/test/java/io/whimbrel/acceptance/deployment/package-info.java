/** The files that deploy the services, checked without deploying them. */
@NullMarked
package io.whimbrel.acceptance.deployment;

import org.jspecify.annotations.NullMarked;
