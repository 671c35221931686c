/** The verbs that make, start, join and watch instances, and the API they ask. */
package io.skep.launcher.command;
