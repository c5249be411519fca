//SOURCES Text.java

package m365;

import static m365.Text.LETTERS_AND_DIGITS;

/**
 * A line {@code NAME=value} that systemd (systemd.exec(5), EnvironmentFile=) and a POSIX shell ({@code set -a; . file})
 * read alike, read and written. What they would read differently is refused; which names there are is not known here.
 * On the way to a cached token: no regular expressions, lambdas or streams here.
 *
 * @param name  empty for an empty line and a comment
 * @param fault what is wrong with it, without the value, which may be secret; empty if nothing
 */
record SettingsLine(String name, String value, String fault) {
    /** What needs no quotation marks. A tilde at the beginning or after a colon is a shell's home directory. */
    private static final String PLAIN = LETTERS_AND_DIGITS + "_./:@%+=,{}~-";
    /** What a backslash stands before, within double quotes. */
    private static final String ESCAPED = "\\\"$`";

    /** @param line without the line break */
    static SettingsLine of(String line) {
        line = stripped(line);
        if (line.isEmpty()) return new SettingsLine("", "", "");
        for (int i = 0; i < line.length(); i++)
            if (line.charAt(i) < ' ' || line.charAt(i) == 0x7f || line.charAt(i) == '\uFFFD')
                return faulty("there is a control character, a line end of Windows, or a letter that is not UTF-8");
        if (line.charAt(0) == '#') // systemd before 254 went on with the comment
            return line.endsWith("\\") ? faulty("a comment must not end with a backslash")
                    : new SettingsLine("", "", "");
        int equals = line.indexOf('=');
        if (equals < 1 || !Text.madeOf(LETTERS_AND_DIGITS + "_", line.substring(0, equals)))
            return faulty("not a line like M365_CLIENT_ID='…': a name, = without blanks around it, a value; no export");
        var name = line.substring(0, equals);
        var written = line.substring(equals + 1);
        return written.startsWith("'") ? singleQuoted(name, written)
                : written.startsWith("\"") ? doubleQuoted(name, written)
                : isPlain(written) ? new SettingsLine(name, written, "")
                : faulty(name + ": put the value between single quotes; "
                        + "as it stands, a shell and systemd would not read the same");
    }

    private static SettingsLine faulty(String fault) { return new SettingsLine("", "", fault); }

    /** Without what both pass over. They do not pass over what Java calls white space beyond ASCII. */
    private static String stripped(String line) {
        int from = 0, to = line.length();
        while (from < to && isBlank(line.charAt(from))) from++;
        while (from < to && isBlank(line.charAt(to - 1))) to--;
        return line.substring(from, to);
    }

    private static boolean isBlank(char c) { return c == ' ' || c == '\t'; }

    private static boolean isPlain(String value) {
        return value.isEmpty() || Text.madeOf(PLAIN, value) && value.charAt(0) != '~' && value.charAt(0) != '='
                && !value.contains(":~");
    }

    private static SettingsLine singleQuoted(String name, String written) {
        int end = written.indexOf('\'', 1);
        return end == written.length() - 1 ? new SettingsLine(name, written.substring(1, end), "")
                : faulty(name + ": the value must end at the second single quote; "
                        + "put one that has a single quote in it between double quotes");
    }

    private static SettingsLine doubleQuoted(String name, String written) {
        var value = new StringBuilder();
        for (int i = 1; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '"' && i == written.length() - 1) return new SettingsLine(name, value.toString(), "");
            if (ESCAPED.indexOf(c) >= 0 && (c != '\\' || ++i == written.length()
                    || ESCAPED.indexOf(c = written.charAt(i)) < 0)) break;
            value.append(c);
        }
        return faulty(name + ": between double quotes each of \\ \" $ ` needs a backslash in front, "
                + "and nothing may follow the second quote");
    }

    /** The line, to be read by {@link #of}. @throws IllegalArgumentException if the value has a control character */
    static String written(String name, String value) {
        for (int i = 0; i < value.length(); i++)
            if (value.charAt(i) < ' ' || value.charAt(i) == 0x7f) throw new IllegalArgumentException(name);
        if (isPlain(value)) return name + "=" + value;
        if (value.indexOf('\'') < 0) return name + "='" + value + "'";
        var line = new StringBuilder(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            if (ESCAPED.indexOf(value.charAt(i)) >= 0) line.append('\\');
            line.append(value.charAt(i));
        }
        return line.append('"').toString();
    }
}
