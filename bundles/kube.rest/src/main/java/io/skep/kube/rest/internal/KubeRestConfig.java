package io.skep.kube.rest.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.kube.rest.cfg}. */
@ObjectClassDefinition(name = "Skep Kube REST", description = "The Kubernetes API over HTTPS.")
@interface KubeRestConfig {

    String PID = "io.skep.kube.rest";

    @AttributeDefinition(name = "Address", description = "Where to listen; 0.0.0.0 for everywhere.")
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "1 to 65535.", min = "1", max = "65535")
    int port() default 6443;

    @AttributeDefinition(
            name = "Names",
            description = "Further host names and addresses for the server's certificate, comma-separated.")
    String names() default "";

    @AttributeDefinition(
            name = "Data folder",
            description =
                    "Where certificates, admin token and kubeconfig are kept; empty for kube in Karaf's data folder.")
    String data_dir() default "";

    @AttributeDefinition(
            name = "Threads",
            description = "Most threads that serve requests; watches hold none.",
            min = "8")
    int threads_max() default 16;
}
