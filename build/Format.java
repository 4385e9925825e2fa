import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks (or with {@code apply} rewrites) every Java source below the current folder. It stands here, and not in a
 * plugin, because the formatter reads Java 25 only on a JDK 25, and Maven itself may run on 17.
 */
class Format {
    public static void main(String[] args) throws Exception {
        boolean apply = args.length > 0 && args[0].equals("apply");
        Formatter formatter = new Formatter(
                JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());
        int wrong = 0;
        for (Path file : sources()) {
            String before = Files.readString(file);
            String after = formatter.formatSource(ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(before), JavaFormatterOptions.Style.AOSP));
            if (after.equals(before)) {
                continue;
            }
            wrong++;
            if (apply) {
                Files.writeString(file, after);
            } else {
                System.err.println("not formatted: " + file);
            }
        }
        if (wrong > 0 && !apply) {
            System.err.println("Run: ./mvnw -N process-sources -Dformat=apply");
            System.exit(1);
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(""))) {
            return files.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> f.toString().contains("src/"))
                    .filter(f -> !f.toString().contains("target/"))
                    .sorted()
                    .toList();
        }
    }
}
