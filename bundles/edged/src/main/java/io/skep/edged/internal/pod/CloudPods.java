package io.skep.edged.internal.pod;

import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.edged.internal.link.Answer;
import io.skep.edged.internal.manifest.StaticPod;
import io.skep.edged.internal.spec.Pod;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods that the cloud asks for, as MetaManager tells. Belongs to the module's thread.
 *
 * <p><b>When a pod leaves.</b> Only by an explicit delete: a delete message; another uid under its name, which can only be
 * after a delete; or, after a restart, MetaManager's word. MetaManager commits a delete before it passes it on, so edged may
 * have been down when it came. Then edged still has a record of the pod (written after MetaManager stored the pod, in the
 * same database) while MetaManager's complete list lacks it. Even so the list alone removes nothing: edged asks for that one
 * pod, and only the answer {@code NotFound} counts as the delete. An error, a timeout, an empty list leave everything
 * running. If the database was set aside, edged's record went with it: what the runtime has beyond edged's records is an
 * orphan, kept running and reported until the cloud sends its pod again (it is adopted) or deletes it.
 */
final class CloudPods {

    private static final Logger LOG = LoggerFactory.getLogger(CloudPods.class);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);
    private static final Duration ASK_SELDOM = Duration.ofSeconds(5);
    private static final Duration DOUBT = Duration.ofSeconds(30);

    private final PodHost host;
    private final Pods pods;
    private final Set<String> reported = new HashSet<>();
    private final Set<String> deletedEarly = new HashSet<>();
    private Duration pause = ASK_AGAIN;
    private boolean synced;

    CloudPods(PodHost host, Pods pods) {
        this.host = host;
        this.pods = pods;
    }

    /** Whether MetaManager has told what is wanted. */
    boolean synced() {
        return synced;
    }

    /** Asks MetaManager what is wanted, until it tells. */
    void ask() {
        host.meta().query("default/pod", Content.EMPTY, this::listed, failure -> {
            LOG.debug("pods not known yet: reason={}", failure.getMessage());
            host.context().after(pause, this::ask);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(ASK_SELDOM) > 0 ? ASK_SELDOM : doubled;
        });
    }

    private void listed(Answer answer) {
        answer.docs().stream()
                .map(Pod::of)
                .filter(pod -> !deletedEarly.contains(pod.uid()))
                .forEach(this::want);
        deletedEarly.clear();
        synced = true;
        pods.runtimes().listAll();
        List<PodRecord> asleep = pods.asleep(record -> true);
        LOG.info("pods known: wanted={} remembered={}", pods.all().size(), asleep.size());
        asleep.stream().filter(record -> !record.isStatic()).forEach(this::missing);
        pods.syncMirrors();
    }

    /** A pod edged remembers and MetaManager does not list. */
    private void missing(PodRecord record) {
        if (record.removed()) {
            pods.adopt(record).step();
            return;
        }
        String resource = record.namespace() + "/pod/" + record.name();
        host.meta()
                .query(
                        resource,
                        Content.EMPTY,
                        answer ->
                                answer.doc().map(Pod::of).ifPresentOrElse(this::want, () -> kept(record, "not listed")),
                        failure -> {
                            if (failure.reason() == Reason.NOT_FOUND && pods.remembers(record.uid())) {
                                LOG.info("pod was deleted while edged was away: pod={} uid={}", resource, record.uid());
                                pods.adopt(record).remove(record.grace());
                            } else {
                                kept(record, failure.getMessage());
                            }
                        });
    }

    private void kept(PodRecord record, String why) {
        if (!pods.remembers(record.uid())) {
            return;
        }
        if (reported.add(record.uid())) {
            LOG.warn(
                    "pod is not wanted but was never deleted, keeps running: pod={} uid={} reason={}",
                    record.key(),
                    record.uid(),
                    why);
        }
        host.context().after(DOUBT, () -> {
            if (pods.remembers(record.uid())) {
                missing(record);
            }
        });
    }

    /** A pod as MetaManager has it now. */
    void want(Pod pod) {
        String node = pod.spec().text("nodeName");
        if (!node.isEmpty() && !node.equals(host.facts().get().node())) {
            LOG.debug("pod of another node ignored: pod={} node={}", pod.key(), node);
            return;
        }
        if (StaticPod.isMirror(pod)) {
            host.mirrors().seen(pod);
            return;
        }
        Optional<PodWorker> known = pods.worker(pod.uid());
        if (known.isPresent()) {
            // The answer to the first question may come after a push that was sent later.
            if (!pod.olderThan(known.get().pod())) {
                known.get().want(pod);
            }
            return;
        }
        Optional<String> unfit = Admission.unfit(pod);
        if (unfit.isPresent() && unfit.get().equals(Admission.NAMELESS)) {
            LOG.error("pod refused: pod={} reason={}", pod.key(), unfit.get());
            return;
        }
        // Another uid under the same name: the older pod was deleted, whether or not we heard.
        pods.end(record -> !record.isStatic()
                && record.key().equals(pod.key())
                && !record.uid().equals(pod.uid()));
        pods.take(pod, unfit, false);
    }

    /** The cloud deleted a pod; {@code uid} is {@code ""} when it does not say which of that name. */
    void delete(String namespace, String name, String uid, Optional<Duration> grace) {
        if (!synced) {
            deletedEarly.add(uid);
        }
        String key = namespace + "/" + name;
        host.mirrors().gone(key, uid);
        Predicate<PodRecord> meant = record -> !record.isStatic()
                && (uid.isEmpty() ? record.key().equals(key) : record.uid().equals(uid));
        List<PodWorker> known = pods.working(meant);
        List<PodRecord> asleep = pods.asleep(meant);
        known.forEach(w -> w.remove(grace.orElseGet(() -> w.pod().grace())));
        asleep.forEach(r -> pods.adopt(r).remove(grace.orElse(r.grace())));
        if (known.isEmpty() && asleep.isEmpty()) {
            pods.orphan(uid).ifPresent(r -> pods.adopt(r).remove(grace.orElse(r.grace())));
        }
    }
}
