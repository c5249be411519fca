//SOURCES ExitStatus.java
//SOURCES MailAddress.java
//SOURCES Problem.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The users of {@code check_imap}: those on the command line and those in a file, one a line, each once. */
public final class UserList {

    /**
     * @param fileOrNull empty lines and those that begin with # are passed over
     * @throws Problem if the file cannot be read or a name is not a mail address
     */
    public static List<String> of(List<String> named, Path fileOrNull) {
        var users = new ArrayList<>(named);
        if (fileOrNull != null)
            text(fileOrNull).lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(users::add);
        users.forEach(MailAddress::checked);
        return users.stream().distinct().toList();
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(Text.LONGEST), UTF_8);
        } catch (IOException e) {
            throw new Problem(ExitStatus.USAGE,
                    "--users names " + Text.quote(file.toString()) + ", which cannot be read", "");
        }
    }

    private UserList() { }
}
