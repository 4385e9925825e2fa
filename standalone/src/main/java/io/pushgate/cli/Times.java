package io.pushgate.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads points in time: ISO 8601 with an offset, or milliseconds since 1970. */
final class Times implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
        try {
            return value.matches("\\d{1,15}")
                    ? Instant.ofEpochMilli(Long.parseLong(value))
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'"
                            + value
                            + "' is no time: write 2026-12-24T18:00:00Z, 2026-12-24T19:00:00+01:00"
                            + " or 1798135200000");
        }
    }
}
