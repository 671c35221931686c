package io.skep.kube.api;

/** The fake keeps the contract, so that tests which use it mean something. */
class InMemoryResourceStoreTest extends ResourceStoreContract {

    private final InMemoryResourceStore store = new InMemoryResourceStore();

    @Override
    protected ResourceStore store() {
        return store;
    }
}
