package io.skep.edgestream.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What EdgeHub is configured to be; a service of its own, since a component that says its keys has one configuration. */
@Component(service = Hub.class, configurationPid = HubConfig.PID)
public final class Hub {

    private final HubConfig config;

    @Activate
    public Hub(HubConfig config) {
        this.config = config;
    }

    HubConfig config() {
        return config;
    }
}
