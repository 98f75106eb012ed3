package io.sparring.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A length in units of [0,1], as it was written.
 *
 * @param text  a decimal number, or a fraction such as {@code 8/255}
 * @param value what that is
 */
record Epsilon(String text, float value) {

    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(?:/(\\d+(?:\\.\\d*)?))?");

    /** @throws IllegalArgumentException for another form, or a value that is not finite */
    static Epsilon parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            double value = Double.parseDouble(matcher.group(1))
                    / (matcher.group(2) == null ? 1 : Double.parseDouble(matcher.group(2)));
            if (Float.isFinite((float) value)) {
                return new Epsilon(text.strip(), (float) value);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not allowed; allowed: a number such as 0.03, or a fraction such as "
                + "8/255");
    }

    @Override
    public String toString() {
        return text;
    }

    /** Lets picocli read one. */
    static final class Converter implements ITypeConverter<Epsilon> {

        @Override
        public Epsilon convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
