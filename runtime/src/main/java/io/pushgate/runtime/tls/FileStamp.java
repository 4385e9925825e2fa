package io.pushgate.runtime.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What tells one content of a file from another without reading it; links are followed, as secrets
 * of Kubernetes are swapped by one.
 *
 * @param key of the file system, null where it has none
 */
record FileStamp(FileTime modified, long size, @Nullable Object key) {
    private static final FileStamp MISSING = new FileStamp(FileTime.fromMillis(0), -1, null);

    /** Those of all files of the configuration; a few system calls. */
    static List<FileStamp> of(TlsConfig config) {
        return Stream.of(config.certificate(), config.key(), config.clientCa())
                .filter(Objects::nonNull)
                .map(FileStamp::ofFile)
                .toList();
    }

    private static FileStamp ofFile(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException e) {
            return MISSING;
        }
    }
}
