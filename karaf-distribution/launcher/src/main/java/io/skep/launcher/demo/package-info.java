/** The {@code demo} verb, and how its app becomes an image. */
package io.skep.launcher.demo;
