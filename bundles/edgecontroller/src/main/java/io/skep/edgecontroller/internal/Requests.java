package io.skep.edgecontroller.internal;

import io.skep.kube.api.ResourceStore;

/** What nodes may ask, by what it is about. */
record Requests(NodeRequests nodes, LeaseRequests leases, PodRequests pods, ObjectRequests objects) {

    static Requests on(ResourceStore store, NodeMarks marks, NodeAccess access) {
        return new Requests(
                new NodeRequests(store, marks),
                new LeaseRequests(store),
                new PodRequests(store),
                new ObjectRequests(store, access));
    }
}
