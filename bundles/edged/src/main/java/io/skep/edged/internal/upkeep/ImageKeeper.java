package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Reading;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images nobody uses, those unused for longest first, once their file system is full beyond a part. Whatever a
 * container was made of, a pod of this node names, or the runtime says others need, stays. Belongs to the module's thread;
 * listing and removing is work.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/images/image_gc_manager.go}.
 */
final class ImageKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(ImageKeeper.class);
    private static final Duration PERIOD = Duration.ofMinutes(5);

    /** What is remembered of an image: when it was seen first, and in use last. */
    private record Life(Instant seen, Instant used) {}

    private record Listing(List<Image> images, List<ContainerStatus> containers, Optional<Reading> disk) {}

    private record Removal(int images, long bytes) {}

    private final Upkeep.Host host;
    private final Gauge gauge;
    private final ImagePolicy policy;
    private final Supplier<Set<String>> named;
    private final Map<String, Map<String, Life>> lives = new HashMap<>();
    private Instant looked = Instant.MIN;
    private long removed;
    private long removedBytes;

    /** @param named the images pods name */
    ImageKeeper(Upkeep.Host host, Gauge gauge, ImagePolicy policy, Supplier<Set<String>> named) {
        this.host = host;
        this.gauge = gauge;
        this.policy = policy;
        this.named = named;
    }

    /** Images removed since this process began. */
    long removed() {
        return removed;
    }

    /** What they took. */
    long removedBytes() {
        return removedBytes;
    }

    /** Sees to it every five minutes. */
    void look() {
        Instant now = now();
        List<String> names = host.runtimes().names();
        boolean due = looked.equals(Instant.MIN) || now.isBefore(looked) || !now.isBefore(looked.plus(PERIOD));
        if (!due || names.isEmpty() || policy.highPercent() >= 100) {
            return;
        }
        looked = now;
        names.forEach(name -> list(name, listing -> {
            long wanted = listing.disk().map(policy::excess).orElse(0L);
            if (wanted > 0) {
                remove(name, unused(name, listing, wanted), freed -> tell(wanted, freed));
            }
        }));
    }

    /** Removes all that can be; tells, once, how many bytes came of it. */
    void reclaim(LongConsumer then) {
        List<String> names = host.runtimes().names();
        long[] freed = new long[1];
        int[] left = {names.size()};
        LongConsumer one = bytes -> {
            freed[0] += bytes;
            if (--left[0] == 0) {
                then.accept(freed[0]);
            }
        };
        if (names.isEmpty()) {
            then.accept(0);
        }
        for (String name : names) {
            Optional<PodRuntime> runtime = host.runtimes().get(name);
            if (runtime.isEmpty()) {
                one.accept(0);
                continue;
            }
            host.context().work("images/" + name, () -> listing(runtime.get()), (listing, error) -> {
                if (error != null) {
                    LOG.warn("images not listed: runtime={} reason={}", name, Errors.text(error));
                    one.accept(0);
                } else {
                    learn(name, listing);
                    boolean mayRun = listing.disk().isPresent();
                    remove(name, mayRun ? unused(name, listing, Long.MAX_VALUE) : List.of(), one);
                }
            });
        }
    }

    private void list(String name, Consumer<Listing> then) {
        host.runtimes()
                .get(name)
                .ifPresent(runtime -> host.context()
                        .work("images/" + name, () -> listing(runtime), (listing, error) -> {
                            if (error != null) {
                                LOG.debug("images not listed: runtime={} reason={}", name, Errors.text(error));
                            } else {
                                learn(name, listing);
                                then.accept(listing);
                            }
                        }));
    }

    /** A runtime that keeps no images on a disk of ours is not even asked for them. */
    private Listing listing(PodRuntime runtime) throws ContainerException {
        Optional<Reading> disk = gauge.images(runtime);
        return disk.isEmpty()
                ? new Listing(List.of(), List.of(), disk)
                : new Listing(runtime.listImages(), runtime.listContainers(), disk);
    }

    private void learn(String name, Listing listing) {
        Instant now = now();
        // What was there before us is not new.
        Instant first = lives.containsKey(name) ? now : Instant.EPOCH;
        Map<String, Life> known = lives.computeIfAbsent(name, n -> new HashMap<>());
        known.keySet().retainAll(listing.images().stream().map(Image::id).collect(Collectors.toSet()));
        Set<String> used = used(listing);
        for (Image image : listing.images()) {
            Life life = known.getOrDefault(image.id(), new Life(first, Instant.EPOCH));
            known.put(image.id(), isUsed(image, used) ? new Life(life.seen(), now) : life);
        }
    }

    private Set<String> used(Listing listing) {
        Set<String> used = new HashSet<>(named.get());
        listing.containers().forEach(c -> {
            used.add(c.image());
            used.add(c.imageRef());
        });
        used.remove("");
        return used;
    }

    /** Engines spell out what a pod leaves unsaid of a name: registry, folder, tag. */
    private static boolean isUsed(Image image, Set<String> used) {
        return image.pinned()
                || used.contains(image.id())
                || image.tags().stream()
                        .anyMatch(tag -> used.stream()
                                .anyMatch(name -> tag.equals(name)
                                        || tag.endsWith("/" + name)
                                        || tag.equals(name + ":latest")
                                        || tag.endsWith("/" + name + ":latest")));
    }

    /** Enough of what is unused for so many bytes, or all there is. */
    private List<Image> unused(String name, Listing listing, long bytes) {
        Instant now = now();
        Map<String, Life> known = lives.get(name);
        Set<String> used = used(listing);
        Comparator<Image> order =
                Comparator.comparing(image -> known.get(image.id()).used());
        List<Image> candidates = listing.images().stream()
                .filter(image -> !isUsed(image, used))
                .filter(image ->
                        !known.get(image.id()).seen().plus(policy.minAge()).isAfter(now))
                .sorted(order.thenComparing(image -> known.get(image.id()).seen()))
                .toList();
        List<Image> chosen = new ArrayList<>();
        long sum = 0;
        for (Image image : candidates) {
            if (sum >= bytes) {
                break;
            }
            chosen.add(image);
            sum += image.sizeBytes();
        }
        return chosen;
    }

    private void remove(String name, List<Image> images, LongConsumer then) {
        Optional<PodRuntime> runtime = host.runtimes().get(name);
        if (images.isEmpty() || runtime.isEmpty()) {
            then.accept(0);
            return;
        }
        host.context().work("images/" + name, () -> removal(runtime.get(), images), (done, error) -> {
            if (error != null) {
                LOG.warn("images not removed: runtime={} reason={}", name, Errors.text(error));
                then.accept(0);
                return;
            }
            removed += done.images();
            removedBytes += done.bytes();
            host.changed().run();
            then.accept(done.bytes());
        });
    }

    private static Removal removal(PodRuntime runtime, List<Image> images) {
        int count = 0;
        long bytes = 0;
        for (Image image : images) {
            try {
                runtime.removeImage(image.id());
                count++;
                bytes += image.sizeBytes();
                LOG.info("image removed: id={} names={} bytes={}", image.id(), image.tags(), image.sizeBytes());
            } catch (ContainerException e) {
                LOG.warn("image not removed: id={} reason={}", image.id(), e.getMessage());
            }
        }
        return new Removal(count, bytes);
    }

    private void tell(long wanted, long freed) {
        if (freed < wanted) {
            host.events()
                    .node(
                            "Warning",
                            "FreeDiskSpaceFailed",
                            "Failed to garbage collect required amount of images. Attempted to free " + wanted
                                    + " bytes, but only found " + freed + " bytes eligible to free.");
        }
    }

    private Instant now() {
        return host.context().clock().instant();
    }
}
