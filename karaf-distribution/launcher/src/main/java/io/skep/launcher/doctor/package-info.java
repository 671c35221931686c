/** The {@code doctor} verb: what it looks at, and how it says the fix. */
package io.skep.launcher.doctor;
