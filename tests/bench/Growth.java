//SOURCES Peers.java
//SOURCES Row.java
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../stand_in/FakeMail.java
//SOURCES ../stand_in/User.java

package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import stand_in.ThrowawayCa;
import stand_in.User;

/** The same work with more and more of it: folders, in a mailbox of a million messages, and users in one call. */
public final class Growth implements AutoCloseable {
    private static final List<Integer> FOLDERS = List.of(10, 100, 1_000, 10_000), USERS = List.of(1, 10, 100, 500);

    private final Path folder;
    private final FakeLogin provider;
    private final String scopes;
    private final String checkImap;
    private final List<FakeMail> servers = new ArrayList<>();

    /** @param checkImap the installed command */
    public Growth(Path folder, FakeLogin provider, String scopes, String checkImap) {
        this.folder = folder;
        this.provider = provider;
        this.scopes = scopes;
        this.checkImap = checkImap;
    }

    public List<Row> rows(ThrowawayCa ca, String user) throws IOException {
        var rows = new ArrayList<Row>();
        for (int folders : FOLDERS) {
            var lines = Stream.generate(() -> "* LIST (\\HasNoChildren) \"/\" \"INBOX/Projects/2026\"").limit(folders)
                .toArray(String[]::new);
            var server = server(ca, lines);
            rows.add(new Row("check_imap, " + folders + " folders and a million messages",
                Map.of("M365_IMAP_PORT", String.valueOf(server.port())), () -> { }, List.of(checkImap, user)));
        }
        var tokens = Files.createDirectory(folder.resolve("everyone"));
        var server = server(ca, "* LIST () \"/\" INBOX");
        for (int users : USERS) {
            var names = Stream.iterate(1, n -> n + 1).limit(users).map(n -> "user" + n + "@uva.example").toList();
            for (var name : names) {
                provider.add(new User(name, "a password", false, Set.of()));
                Peers.writePrivately(tokens.resolve(name),
                    provider.issueRefreshToken(name, FakeLogin.PUBLIC_APP, scopes));
            }
            var file = Files.write(folder.resolve(users + " users"), names);
            rows.add(new Row("check_imap, " + users + " users in one call",
                Map.of("M365_IMAP_PORT", String.valueOf(server.port()), "M365_TOKEN_FILE", tokens + "/{user}"),
                () -> { }, List.of(checkImap, "--users", file.toString())));
        }
        return rows;
    }

    private FakeMail server(ThrowawayCa ca, String... folders) {
        var server = FakeMail.imap(ca).on("LIST *", client -> {
            client.say(folders);
            client.say(client.tagged("OK LIST completed."));
        }).on("EXAMINE *", "* 1000000 EXISTS", "OK done").start();
        servers.add(server);
        return server;
    }

    @Override public void close() { servers.forEach(FakeMail::close); }
}
