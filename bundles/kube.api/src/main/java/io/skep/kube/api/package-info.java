/**
 * Kubernetes objects and the port to whoever keeps them.
 *
 * <p>An object is an opaque document ({@link io.skep.kube.api.Doc}) with typed access, so that fields nobody here knows
 * survive. Documents are plain maps, lists, strings, numbers and booleans: no JSON library shows in a signature; whoever
 * meets text turns it into maps and back. Names, reasons and codes are those of the Kubernetes API conventions.
 */
@Export
@Version("1.4.0")
package io.skep.kube.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
