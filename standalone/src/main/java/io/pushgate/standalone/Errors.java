package io.pushgate.standalone;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns exceptions into words. */
public final class Errors {
    private Errors() {}

    /** Why it failed, without the class names that Java's file exceptions make do with. */
    public static String reason(Throwable failure) {
        return switch (failure) {
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case NoSuchFileException e -> "there is no " + e.getFile();
            case FileAlreadyExistsException e -> e.getFile() + " is in the way";
            case NotDirectoryException e -> e.getFile() + " is no folder";
            case FileSystemException e when e.getReason() != null ->
                    e.getFile() + ": " + e.getReason();
            case BindException e -> "the address is taken";
            case IOException e -> text(e);
            default -> text(failure);
        };
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        Throwable cause = failure.getCause();
        return cause == null ? failure.getClass().getSimpleName() : reason(cause);
    }
}
