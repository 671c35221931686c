package io.skep.edged.internal.volume;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The pods' volumes on disk, laid out as kubelet does: {@code <pods>/<uid>/volumes/kubernetes.io~configmap/<name>}. All
 * calls but {@link #references} and {@link #tokens} read and write the disk and belong on a worker, one at a time a pod.
 */
public final class Volumes {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern UID = Pattern.compile("[-a-zA-Z0-9]{1,64}");
    private static final int PRIVATE = 0700;
    private static final int PASSABLE = 0711;

    private final Path pods;
    private final MemoryVolumes memory;
    private final HostsFile hosts;

    public Volumes(Path pods) {
        this(pods, new MountCommand());
    }

    Volumes(Path pods, Mounter mounter) {
        this.pods = pods;
        this.memory = new MemoryVolumes(mounter);
        this.hosts = new HostsFile(Path.of(HostsFile.TARGET));
    }

    /** Folder of one pod. */
    public Path folder(String uid) {
        if (!UID.matcher(uid).matches()) {
            throw new IllegalArgumentException("not a uid: " + uid);
        }
        return pods.resolve(uid);
    }

    /** What the pod's volumes refer to. */
    public static List<Ref> references(Pod pod) {
        return pod.volumes().stream()
                .flatMap(v -> Projection.references(pod, v).stream())
                .toList();
    }

    /** The service account tokens the pod's volumes ask for. */
    public static List<TokenSpec> tokens(Pod pod) {
        return pod.volumes().stream()
                .flatMap(v -> Projection.tokens(v).stream())
                .distinct()
                .toList();
    }

    /**
     * Makes the pod's volumes, or brings them up to date; files change all at once and only if they differ.
     *
     * @return where each lies, by name
     * @throws ConfigException when one can't be made from what is there
     */
    public Map<String, Path> mount(PodFields fields, Map<Ref, Doc> objects, Map<TokenSpec, String> tokens)
            throws ConfigException, IOException {
        Map<String, Path> paths = new LinkedHashMap<>();
        for (Doc volume : fields.pod().volumes()) {
            String name = volume.text("name");
            if (!NAME.matcher(name).matches()) {
                throw new ConfigException("volume name \"" + name + "\" is invalid");
            }
            try {
                paths.put(name, mount(volume, name, fields, objects, tokens));
            } catch (ConfigException e) {
                throw new ConfigException(failed(name, e), e);
            } catch (IOException e) {
                throw new IOException(failed(name, e), e);
            }
        }
        return paths;
    }

    private static String failed(String name, Exception error) {
        return "MountVolume.SetUp failed for volume \"" + name + "\" : " + Errors.text(error);
    }

    private Path mount(Doc volume, String name, PodFields fields, Map<Ref, Doc> objects, Map<TokenSpec, String> tokens)
            throws ConfigException, IOException {
        if (volume.has("hostPath")) {
            return HostPaths.of(volume.object("hostPath"));
        }
        Path folder = folder(fields.pod().uid()).resolve("volumes");
        if (Projection.covers(volume)) {
            Map<String, AtomicFolder.Entry> files = Projection.files(volume, fields, objects, tokens);
            Path kind = kind(folder, volume, fields.pod());
            new AtomicFolder(kind.resolve(name)).write(files);
            return kind.resolve(name);
        }
        if (EmptyDirs.covers(volume)) {
            Path path = Files.createDirectories(emptyDirs(fields.pod().uid()).resolve(name));
            if (EmptyDirs.inMemory(volume)) {
                memory.mount(fields, volume, path);
            }
            FileOwner.of(fields.pod()).share(path);
            return path;
        }
        throw new ConfigException("volume type " + type(volume) + " is not supported on this node");
    }

    private Path emptyDirs(String uid) {
        return folder(uid).resolve("volumes").resolve("kubernetes.io~empty-dir");
    }

    /** Secrets and tokens lie in a folder only their user can enter, unless the pod itself runs as another one. */
    private static Path kind(Path folder, Doc volume, Pod pod) throws IOException {
        String type = volume.has("configMap")
                ? "configmap"
                : volume.has("secret") ? "secret" : volume.has("projected") ? "projected" : "downward-api";
        Path kind = Files.createDirectories(folder.resolve("kubernetes.io~" + type));
        if (type.equals("secret") || type.equals("projected")) {
            AtomicFolder.chmod(kind, otherUser(pod) ? PASSABLE : PRIVATE);
        }
        return kind;
    }

    private static boolean otherUser(Pod pod) {
        return pod.spec().has("securityContext", "runAsUser")
                || pod.spec().has("securityContext", "fsGroup")
                || pod.allContainers().stream().anyMatch(c -> c.doc().has("securityContext", "runAsUser"));
    }

    private static String type(Doc volume) {
        return String.join(",", volume.without("name").asMap().keySet());
    }

    /**
     * A container's mounts; a {@code subPath} stays inside its volume, whatever links lie in it.
     *
     * @param paths the volumes, from {@link #mount}
     * @param variables for {@code subPathExpr}
     * @param uid the pod
     */
    public List<Mount> mounts(
            ContainerSpec container, Map<String, Path> paths, Map<String, String> variables, String uid)
            throws ConfigException, IOException {
        List<Mount> mounts = new ArrayList<>();
        for (Doc mount : container.volumeMounts()) {
            Path volume = paths.get(mount.text("name"));
            if (volume == null) {
                throw new ConfigException("volume mount \"" + mount.text("name") + "\" has no volume");
            }
            if (!mount.text("mountPath").startsWith("/")
                    || mount.text("mountPath").contains("..")) {
                throw new ConfigException(
                        "mount path \"" + mount.text("mountPath") + "\" must be absolute without '..'");
            }
            String sub = SubPath.of(mount, variables);
            Path source = sub.isEmpty() ? volume : SubPath.inside(volume, sub);
            if (!sub.isEmpty() && Files.exists(volume.resolve("..data"))) {
                source = snapshot(source, folder(uid).resolve("volume-subpaths"), container.name(), mounts.size());
            }
            mounts.add(new Mount(
                    source.toString(),
                    mount.text("mountPath"),
                    mount.flag(false, "readOnly"),
                    propagation(mount),
                    volume.startsWith(folder(uid))));
        }
        return mounts;
    }

    private static Propagation propagation(Doc mount) throws ConfigException {
        String text = mount.text("mountPropagation");
        return switch (text) {
            case "", "None" -> Propagation.PRIVATE;
            case "HostToContainer" -> Propagation.HOST_TO_CONTAINER;
            case "Bidirectional" -> Propagation.BIDIRECTIONAL;
            default -> throw new ConfigException("unknown mountPropagation \"" + text + "\"");
        };
    }

    /** What a {@code subPath} shows of files that change all at once stays as it was at the container's start. */
    private static Path snapshot(Path source, Path folder, String container, int number) throws IOException {
        Path copy = folder.resolve(container).resolve(Integer.toString(number));
        Folders.delete(copy);
        Files.createDirectories(copy.getParent());
        Folders.copy(source, copy);
        return copy;
    }

    /** The file a container may leave its last words in; made empty and writable for whoever the container runs as. */
    public Path terminationFile(String uid, String container, int attempt) throws IOException {
        Path file = terminationPath(uid, container, attempt);
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        AtomicFolder.chmod(file, 0666);
        return file;
    }

    /** Where that file lies. */
    public Path terminationPath(String uid, String container, int attempt) {
        return folder(uid).resolve("containers").resolve(container).resolve(Integer.toString(attempt));
    }

    /**
     * The mount of the pod's {@code /etc/hosts}, written anew; empty when the container has one of its own or none is
     * needed.
     *
     * @param ownIps addresses that are the pod's alone, none in the node's network
     */
    public Optional<Mount> hosts(Pod pod, ContainerSpec container, List<String> ownIps) throws IOException {
        boolean taken = container.volumeMounts().stream()
                .anyMatch(m -> m.text("mountPath").equals(HostsFile.TARGET));
        if (taken || !HostsFile.wanted(pod, ownIps)) {
            return Optional.empty();
        }
        Path file = folder(pod.uid()).resolve("etc-hosts");
        hosts.write(file, pod, ownIps);
        return Optional.of(new Mount(file.toString(), HostsFile.TARGET, false, Propagation.PRIVATE, true));
    }

    /** Gives back the memory that a pod's volumes take, with what is in them; fails while one is in use. */
    public void release(String uid) throws IOException {
        memory.unmount(emptyDirs(uid));
    }

    /** Takes a pod's folder off the disk; fails as {@link #release} does, and while anything else is mounted in it. */
    public void erase(String uid) throws IOException {
        release(uid);
        Folders.delete(folder(uid));
    }
}
