package io.skep.edged.internal.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mounts that are only remembered, as a kernel that outlives the processes does. */
final class FakeMounter implements Mounter {

    final List<String> calls = new ArrayList<>();
    final List<MountTable.Entry> mounts = new ArrayList<>();
    Optional<String> unable = Optional.empty();
    Optional<String> fails = Optional.empty();

    @Override
    public Optional<String> unable() {
        return unable;
    }

    @Override
    public MountTable table() {
        return new MountTable(mounts);
    }

    @Override
    public void tmpfs(Path folder, long bytes) throws IOException {
        calls.add("mount " + folder.getFileName() + " " + bytes);
        check();
        mounts.add(new MountTable.Entry(folder.toRealPath().toString(), "tmpfs"));
    }

    @Override
    public void unmount(Path folder) throws IOException {
        calls.add("unmount " + folder.getFileName());
        check();
        mounts.remove(new MountTable.Entry(folder.toRealPath().toString(), "tmpfs"));
    }

    private void check() throws IOException {
        if (fails.isPresent()) {
            throw new IOException(fails.get());
        }
    }
}
