/** What the launcher does on the machine it runs on: programs, locks, files that last, waiting. */
package io.skep.launcher.host;
