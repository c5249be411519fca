package faults;

import java.util.List;

/** The table of contents: every kind of fault by its name. Those that wait longest come first. */
final class Kinds {

    static List<Kind> all(Lab lab) {
        var kills = new KillFaults(lab);
        var crowds = new CrowdFaults(lab);
        var tokenFiles = new TokenFileFaults(lab);
        var folders = new FolderFaults(lab);
        var strays = new StrayFaults(lab);
        var floods = new FloodFaults(lab);
        var crowded = new CrowdedListenerFaults(lab);
        var browsers = new BrowserFaults(lab);
        var ports = new PortFaults(lab);
        var told = new ToldFaults(lab);
        var readers = new ReaderFuzz(lab);
        var answers = new AnswerFuzz(lab);
        var stopped = new StoppedFaults(lab);
        return List.of(
                new Kind("mail: servers misbehave", true, new MailServerFaults(lab)::misbehave),
                new Kind("provider: answers nonsense", new ProviderAnswerFaults(lab)::nonsense),
                new Kind("provider: misbehaves on the wire", true, new ProviderWireFaults(lab)::misbehaves),
                new Kind("provider: misbehaves during a sign-in", new ProviderSignInFaults(lab)::misbehaves),
                new Kind("mail: sizes that servers name", new MailSizeFaults(lab)::sizes),
                new Kind("mail: no password, no plain text", new DowngradeFaults(lab)::noWayDown),
                new Kind("kill: while renewing", kills::renewing),
                new Kind("kill: while signing in", kills::signingIn),
                new Kind("kill: while making a certificate", kills::makingCertificate),
                new Kind("stopped: whoever holds the lock", true, stopped::holder),
                new Kind("store: from a session and elsewhere", true, new SecretStoreFaults(lab)::everywhere),
                new Kind("clock: two that disagree", true, new ClockFaults(lab)::disagree),
                new Kind("listener: stray requests", strays::strays),
                new Kind("listener: guessed states", strays::guesses),
                new Kind("listener: another Host (DNS rebinding)", strays::rebinding),
                new Kind("listener: clients that never finish", floods::slowClients),
                new Kind("listener: 10 MB of everything", floods::huge),
                new Kind("listener: who speaks no TLS to it", floods::withoutTls),
                new Kind("listener: 150 clients with 370 kB of headers", crowded::headers),
                new Kind("listener: 500 half requests", crowded::halves),
                new Kind("listener: out of descriptors", crowded::descriptors),
                new Kind("listener: another user has the state", new ForeignUserFaults(lab)::answers),
                new Kind("listener: nonsense on standard input", floods::nonsenseOnInput),
                new Kind("listener: a valid state with an error", browsers::declined),
                new Kind("listener: scripts in every parameter", browsers::scripts),
                new Kind("listener: two browsers answer", browsers::two),
                new Kind("listener: the port is somebody else's", ports::taken),
                new Kind("listener: from another address", ports::fromOutside),
                new Kind("crowd: many renew at once", crowds::renews),
                new Kind("crowd: many at once, half of them killed", crowds::renewsWhileHalfAreKilled),
                new Kind("disk: full", true, new FullDiskFaults(lab)::full),
                new Kind("disk: a token file that is none", true, tokenFiles::isNone),
                new Kind("disk: an odd token file", true, tokenFiles::isOdd),
                new Kind("disk: a cache, lock or _new that is none", true, folders::hostileNeighbours),
                new Kind("disk: an unfriendly folder", true, folders::isUnfriendly),
                new Kind("disk: a mounted file", true, stopped::mounted),
                new Kind("names: of users and mailboxes", true, new NameFaults(lab)::refused),
                new Kind("names: that meet or look alike", true, new UserFaults(lab)::meet),
                new Kind("told: to children, and with --verbose", true, told::children),
                new Kind("told: to the disk, as strace sees it", true, new TraceFaults(lab)::written),
                new Kind("told: of a bug of ours", told::bug),
                new Kind("fuzz: what is pasted", readers::pasted),
                new Kind("fuzz: what the browser sends", readers::sent),
                new Kind("fuzz: the cache", readers::cache),
                new Kind("fuzz: the settings", new SettingsFuzz(lab)::fuzz),
                new Kind("fuzz: --explain", readers::explained),
                new Kind("fuzz: the provider's answers", answers::provider),
                new Kind("fuzz: each field of the provider's answers", answers::fields),
                new Kind("fuzz: a mail server's answers", new MailFuzz(lab)::fuzz));
    }

    private Kinds() { }
}
