package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.ResourceKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiPathTest {

    @Test
    void pathsAreTakenApart() {
        assertThat(ApiPath.parse("/api/v1/namespaces/default/pods/web/status"))
                .hasValue(new ApiPath("", "v1", "default", "pods", "web", "status"));
        assertThat(ApiPath.parse("/apis/coordination.k8s.io/v1/leases"))
                .hasValue(new ApiPath("coordination.k8s.io", "v1", "", "leases", "", ""));
        assertThat(ApiPath.parse("/api/v1/namespaces/default/status"))
                .hasValue(new ApiPath("", "v1", "", "namespaces", "default", "status"));
        assertThat(ApiPath.parse("/api/v1/namespaces/default"))
                .hasValue(new ApiPath("", "v1", "", "namespaces", "default", ""));
        assertThat(ApiPath.parse("/api/v1/configmaps/a%2Bb")).map(ApiPath::name).hasValue("a+b");
        assertThat(ApiPath.parse("/api/v1")).isEqualTo(Optional.empty());
    }

    @Test
    void servicesAreAlwaysThereToBeListed() {
        ResourceKind service = EmptyStore.SERVICE;

        assertThat(Catalog.of(List.of())).extracting(Catalog.Served::kind).containsExactly(service);
    }
}
