package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.ContainerStatus.State;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** A container in our hands: what it is to be, where it is in its life, its files and its log. */
final class ProcessContainer {

    private final ContainerRecord record;
    private final ContainerFolder folder;
    private final ContainerLog log;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    /** Held by who starts or removes it. */
    final ReentrantLock change = new ReentrantLock();

    private volatile Life life;
    private volatile ProcessIdentity supervisor;
    private volatile ProcessIdentity process;

    ProcessContainer(ContainerRecord record, ContainerFolder folder, ContainerLog log, Life life) {
        this.record = record;
        this.folder = folder;
        this.log = log;
        this.life = life;
        if (life.state() == State.EXITED) {
            ended.complete(null);
        }
    }

    String id() {
        return record.id();
    }

    ContainerRecord record() {
        return record;
    }

    ContainerFolder folder() {
        return folder;
    }

    ContainerLog log() {
        return log;
    }

    Life life() {
        return life;
    }

    boolean running() {
        return life.state() == State.RUNNING;
    }

    /** Its supervisor; null before it is known. */
    ProcessIdentity supervisor() {
        return supervisor;
    }

    /** Its first process; null before it is known. */
    ProcessIdentity process() {
        return process;
    }

    void processes(ProcessIdentity newSupervisor, ProcessIdentity newProcess) {
        this.supervisor = newSupervisor;
        this.process = newProcess;
    }

    void life(Life now) {
        this.life = now;
        if (now.state() == State.EXITED) {
            ended.complete(null);
        }
    }

    /** Completes when it ended and all its output is in the log. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    ContainerEvent event(ContainerEvent.Type type, Instant at) {
        return new ContainerEvent(type, record.sandboxId(), record.id(), record.podUid(), at);
    }

    ContainerStatus status() {
        ContainerConfig config = record.config();
        String image = config.image().reference();
        return new ContainerStatus(
                record.id(),
                record.sandboxId(),
                config.metadata(),
                record.created(),
                life,
                image,
                image,
                config.labels(),
                config.annotations(),
                record.logFile());
    }
}
