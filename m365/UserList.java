//SOURCES ExitStatus.java
//SOURCES MailAddress.java
//SOURCES Problem.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The users of {@code check_imap}: those on the command line and those in a file, one a line, each once. */
public final class UserList {

    /**
     * @param fileOrNull empty lines and those that begin with # are passed over; {@code -} is standard input
     * @throws Problem if the file cannot be read or names nobody, or if a name is not a mail address
     */
    public static List<String> of(List<String> named, Path fileOrNull, InputStream standardInput) {
        var users = new ArrayList<>(named);
        if (fileOrNull != null) {
            var more = text(fileOrNull, standardInput).lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
            if (more.isEmpty())
                throw new Problem(ExitStatus.USAGE, "--users names " + Text.quote(fileOrNull.toString())
                        + ", and there is no user in it", "write one address a line");
            users.addAll(more);
        }
        users.forEach(MailAddress::checked);
        return users.stream().distinct().toList();
    }

    private static String text(Path file, InputStream standardInput) {
        try (var in = file.equals(Path.of("-")) ? standardInput : Files.newInputStream(file)) {
            return new String(in.readNBytes(Text.LONGEST), UTF_8);
        } catch (IOException e) {
            throw new Problem(ExitStatus.USAGE,
                    "--users names " + Text.quote(file.toString()) + ", which cannot be read",
                    "give a file that you can read, with one address a line");
        }
    }

    private UserList() { }
}
