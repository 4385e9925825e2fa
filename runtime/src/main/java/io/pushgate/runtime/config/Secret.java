package io.pushgate.runtime.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A password of the configuration; it shows in no text that is made of it. */
public record Secret(String value) {
    private static final int MAX_FILE_BYTES = 4096;

    /**
     * Reads one from a file, without the line end that editors leave; blocks on the disk.
     *
     * @param setting that names the file, for messages
     * @throws IllegalArgumentException if the file can't be read, or is no one line; in one line
     *     that says nothing of its content
     */
    public static Secret read(Path file, String setting) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(setting + ": " + file + " exceeds 4 KiB");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).replaceAll("\\R$", "");
            if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(setting + ": " + file + " is not one line");
            }
            return new Secret(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + ": cannot read " + file + ": " + e.getClass().getSimpleName(), e);
        }
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
