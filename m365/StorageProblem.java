//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;

/** Why tokens can be neither stored nor read, by what the system says; the advice follows from it. */
final class StorageProblem {
    /** What the system says of a name that will not do; all else, like a full disk, may be better tomorrow. */
    private static final List<String> FOR_GOOD = List.of("Not a directory", "Is a directory",
            "Too many levels of symbolic links", "File name too long", "Operation not permitted",
            "Device or resource busy"); // a file that is mounted there, as in a container, cannot be replaced
    static final String UNCHANGED = "nothing was changed";

    /** Before anything was changed. @param tokenFile where the token belongs */
    static Problem of(IOException e, Path tokenFile) { return of(e, tokenFile, UNCHANGED); }

    /** @param state what has been changed, in words for the user */
    static Problem of(IOException e, Path tokenFile, String state) {
        var directory = tokenFile.getParent();
        var reason = what(e, tokenFile);
        if (e instanceof AccessDeniedException || reason.contains("Read-only file system"))
            return new Problem(SETTINGS, "no permission for " + reason,
                    state + "; set M365_TOKEN_FILE to a file in a directory of your own");
        if (!Files.exists(directory))
            return new Problem(SETTINGS, "the directory " + directory + " does not exist",
                    "make it: mkdir -m 700 " + Text.shellQuote(directory) + "\nor set M365_TOKEN_FILE");
        if (e instanceof NoSuchFileException || FOR_GOOD.stream().anyMatch(reason::contains))
            return new Problem(SETTINGS, "the tokens can be neither stored nor read: " + reason,
                    state + "; set M365_TOKEN_FILE to a file in a directory of your own");
        return new Problem(LATER, "the tokens could not be stored or read: " + reason,
                state + "; make room or mend the disk, then try again");
    }

    /** The file and what is the matter with it. Of a full disk Java says only that it is full. */
    private static String what(IOException e, Path tokenFile) {
        if (!(e instanceof FileSystemException of) || of.getFile() == null)
            return tokenFile + " (" + e.getMessage() + ")";
        return of.getFile() + (of.getReason() == null ? "" : " (" + of.getReason() + ")");
    }

    static Problem inTheWay(Path path) {
        return new Problem(SETTINGS, path + " is in the way: a file of that name is needed",
                "move it away, or set M365_TOKEN_FILE to another place");
    }

    private StorageProblem() { }
}
