/**
 * SPI for running pods, in CRI's words: sandbox, container, image, status, logs, exec, stats.
 *
 * <p>A runtime is a service {@link io.skep.runtime.api.PodRuntime} with the property {@code runtime.name}. It owns what it
 * runs: containers outlive the runtime's bundle and the whole process, and a new runtime finds them again. The calls block
 * and belong on a worker; their meaning, idempotence and states are those of {@code cri-api/pkg/apis/runtime/v1/api.proto}.
 */
@Export
@Version("4.1.0")
package io.skep.runtime.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
