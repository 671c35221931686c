package io.skep.runtime.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The images of {@link FakePodRuntime}: any is here that was not said to be absent. Thread-safe. */
public final class FakeImages {

    private final Map<String, Image> stored = new LinkedHashMap<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private final Set<String> absent = new LinkedHashSet<>();
    private Optional<Path> folder = Optional.empty();
    private volatile Runnable meanwhile = () -> {};

    /** Runs something while an image is being pulled. */
    public void whilePulling(Runnable task) {
        meanwhile = task;
    }

    /** Where they are said to lie. */
    public synchronized void folder(Path told) {
        folder = Optional.of(told);
    }

    synchronized Optional<Path> folder() {
        return folder;
    }

    /** Puts an image here; it goes with {@link PodRuntime#removeImage}. */
    public synchronized void store(Image image) {
        stored.put(image.id(), image);
    }

    /** Makes an image absent until it is pulled. */
    public synchronized void absent(String image) {
        absent.add(image);
    }

    synchronized boolean isAbsent(String image) {
        return absent.contains(image);
    }

    void pull(String image) {
        meanwhile.run();
        synchronized (this) {
            absent.remove(image);
        }
    }

    synchronized void remove(String image) {
        absent.add(image);
        stored.remove(image);
    }

    /** Says whom containers of an image run as; root when nothing is said. */
    public synchronized void user(String image, String user) {
        users.put(image, user);
    }

    synchronized Optional<Image> status(String image) {
        return absent.contains(image) ? Optional.empty() : Optional.of(plain(image));
    }

    /** What was stored, and what containers are of besides. */
    synchronized List<Image> list(List<String> ofContainers) {
        List<Image> images = new ArrayList<>(stored.values());
        ofContainers.stream()
                .distinct()
                .filter(name ->
                        stored.values().stream().noneMatch(image -> image.tags().contains(name)))
                .map(this::plain)
                .forEach(images::add);
        return images;
    }

    private Image plain(String image) {
        return new Image(image, List.of(image), 0, users.getOrDefault(image, ""), false);
    }
}
