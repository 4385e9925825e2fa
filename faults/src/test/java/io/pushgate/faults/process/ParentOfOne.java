package io.pushgate.faults.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM that starts a child, writes its process id down, freezes it, and waits to be killed. */
final class ParentOfOne {
    private ParentOfOne() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path file = Path.of(args[0]);
        Path log = file.resolveSibling("child.log");
        Proc child = Proc.start("child", List.of("/bin/sleep", "600"), Map.of(), log);
        child.stop();
        Path draft = Files.writeString(file.resolveSibling("draft"), Long.toString(child.pid()));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        TimeUnit.MINUTES.sleep(5);
    }
}
