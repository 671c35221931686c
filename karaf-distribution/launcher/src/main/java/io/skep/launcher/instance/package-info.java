/** Instances of the distribution: their folders, settings and ports, what is installed in them, and their JVM. */
package io.skep.launcher.instance;
