/** The {@code bench} verb: each bench on a cluster of its own, and the budgets its figures are held against. */
package io.skep.launcher.bench;
