package io.pushgate.runtime.config;

import io.pushgate.runtime.StartupException;

import java.util.List;

/** A configuration that can't be used; the message holds every mistake, one a line. */
public final class ConfigException extends StartupException {
    private static final long serialVersionUID = 1L;

    private final List<String> mistakes;

    /**
     * @param mistakes one line each: where, what is wrong, what is allowed
     */
    public ConfigException(List<String> mistakes) {
        super(String.join(System.lineSeparator(), mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** Each mistake as one line: where, what is wrong, what is allowed. */
    public List<String> mistakes() {
        return mistakes;
    }
}
