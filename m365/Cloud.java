//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Settings.java
//SOURCES Signal.java

package m365;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static m365.ExitStatus.SETTINGS;

/**
 * Microsoft's clouds: a tenant's identity provider and its mailboxes are in the same one (Microsoft: "National
 * clouds"). Hosts that we do not know are taken as they come.
 */
enum Cloud {
    GLOBAL("login.microsoftonline.com", "outlook.office.com", "outlook.office365.com", "smtp.office365.com",
            "smtp-mail.outlook.com"),
    US_GOVERNMENT("login.microsoftonline.us", "outlook.office365.us", "outlook-dod.office365.us", "smtp.office365.us"),
    CHINA("login.partner.microsoftonline.cn", "partner.outlook.cn");

    private final List<String> hosts;

    Cloud(String... hosts) { this.hosts = List.of(hosts); }

    /**
     * Compares the settings with each other; asks nobody.
     *
     * @param servers the mail servers that will be used
     * @throws Problem if one belongs to another cloud than the authority
     */
    static void check(Settings settings, List<Server> servers) {
        var authority = settings.authority().getHost();
        var home = of(authority);
        var scopeHosts = settings.scopes().stream().map(scope -> URI.create(scope).getHost());
        var elsewhere = Stream.concat(servers.stream().map(Server::host), scopeHosts)
                .filter(host -> home.isPresent() && of(host).isPresent() && !of(host).equals(home))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!elsewhere.isEmpty())
            throw new Problem(SETTINGS, authority + " belongs to another cloud than " + String.join(", ", elsewhere),
                    "take authority, mail hosts and scopes from one row of the clouds in docs/settings.md; "
                            + "the app must be registered there too",
                    new Signal("page", "", "", List.of("90038"), ""));
    }

    private static Optional<Cloud> of(String host) {
        return Stream.of(values()).filter(cloud -> cloud.hosts.contains(host)).findFirst();
    }
}
