//JAVA 17+
//DEPS org.slf4j:slf4j-nop:1.7.36
//DEPS com.icegreen:greenmail:2.1.13
//SOURCES throwaway_ca.java
//SOURCES fake_login.java
//SOURCES fake_mail.java

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.imap.ImapHandler;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.pop3.Pop3Handler;
import com.icegreen.greenmail.pop3.commands.Pop3CommandRegistry;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * Microsoft 365 on loopback: an identity provider and the mailboxes its tokens open.
 *
 * <p>{@link fake_login} issues the tokens. Front doors for IMAP, POP (TLS) and SMTP (STARTTLS) let in exactly the
 * unexpired tokens that are meant for Outlook, carry the protocol's scope and belong to the mailbox's user or delegate;
 * they greet and refuse in Exchange Online's words. Behind the doors GreenMail keeps the mail and speaks IMAP and POP. A
 * process under test finds everything through {@link #environment}.
 */
public class stand_in implements AutoCloseable {
    /** A login somebody tried: protocol IMAP, POP or SMTP, SASL mechanism (or LOGIN, USER), and whether it was let in. */
    public record Login(String protocol, String mechanism, String mailbox, boolean accepted) { }

    /** A message handed to SMTP. */
    public record Sent(String from, List<String> to, String text) { }

    private record Visitor(String mailbox, fake_login.Access access) { }

    // Exchange's list without ID, UNSELECT, CHILDREN and NAMESPACE, which GreenMail does not speak.
    private static final String CAPABILITY =
        "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE IDLE LITERAL+";
    private static final Pattern XOAUTH2 = Pattern.compile("user=([^\1]*)\1auth=Bearer ([^\1]*)\1\1");

    private final throwaway_ca ca;
    private final boolean ownsCa;
    private final fake_login login;
    private final Managers greenMail = new Managers();
    private final String backDoor = UUID.randomUUID().toString();
    private final Map<String, GreenMailUser> mailboxes = new ConcurrentHashMap<>();
    private final List<Login> logins = new CopyOnWriteArrayList<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final fake_mail imap;
    private final fake_mail pop;
    private final fake_mail smtp;
    private volatile boolean letsStrangersIn;

    private stand_in(throwaway_ca ca, boolean ownsCa) {
        this.ca = ca;
        this.ownsCa = ownsCa;
        login = fake_login.start(ca);
        for (var user : login.users()) {
            addMailbox(user.name());
            user.shared().forEach(this::addMailbox);
        }
        imap = fake_mail.serving(ca.server(), true, this::imapDoor).start();
        pop = fake_mail.serving(ca.server(), true, this::popDoor).start();
        smtp = fake_mail.serving(ca.server(), false, this::smtpDoor).start();
    }

    /** Starts everything with a certificate authority of its own, whose {@code ca.pem} it writes into {@code folder}. */
    public static stand_in start(Path folder) {
        return new stand_in(throwaway_ca.in(folder), true);
    }

    /** Starts everything with certificates of {@code ca}, which stays open; saves a second where several are needed. */
    public static stand_in start(throwaway_ca ca) {
        return new stand_in(ca, false);
    }

    /** The identity provider, to register apps and users, inject faults and look at requests. */
    public fake_login login() {
        return login;
    }

    /** The certificate authority, for clients' trust and for further servers. */
    public throwaway_ca ca() {
        return ca;
    }

    /** The settings of the toolkit that point a process at this stand-in. */
    public Map<String, String> environment() {
        var environment = new LinkedHashMap<String, String>();
        environment.put("M365_AUTHORITY", login.authority());
        environment.put("M365_CA_FILE", ca.pemFile().toAbsolutePath().toString());
        environment.put("M365_IMAP_HOST", "localhost");
        environment.put("M365_IMAP_PORT", String.valueOf(imap.port()));
        environment.put("M365_SMTP_HOST", "localhost");
        environment.put("M365_SMTP_PORT", String.valueOf(smtp.port()));
        environment.put("M365_POP_HOST", "localhost");
        environment.put("M365_POP_PORT", String.valueOf(pop.port()));
        return environment;
    }

    /** Port of IMAP over TLS. */
    public int imapPort() {
        return imap.port();
    }

    /** Port of POP3 over TLS. */
    public int popPort() {
        return pop.port();
    }

    /** Port of SMTP submission with STARTTLS. */
    public int smtpPort() {
        return smtp.port();
    }

    /** Every login that was tried, in order. */
    public List<Login> logins() {
        return List.copyOf(logins);
    }

    /** Every message handed to SMTP, in order, also those to addresses outside. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /**
     * What happens to a good token for a mailbox its owner may not open. False (at first): IMAP and POP refuse it. True:
     * IMAP says OK and fails the next command with {@code BAD User is authenticated but not connected.}; Exchange has
     * been seen to do both.
     */
    public void letsStrangersIn(boolean on) {
        letsStrangersIn = on;
    }

    /** Adds an account with a filled mailbox. */
    public void add(fake_login.User user) {
        login.add(user);
        addMailbox(user.name());
        user.shared().forEach(this::addMailbox);
    }

    /** Delivers a short message to an INBOX, unread. */
    public void deliver(String mailbox, String subject) {
        append(mailbox, "INBOX", message("postmaster@uva.example", mailbox, subject, "Delivered by the stand-in."),
            new Flags());
    }

    /** The number of messages in a folder, e.g. INBOX. */
    public int count(String mailbox, String folder) {
        return folders().getFolder(mailbox(mailbox), folder).getMessageCount();
    }

    /** Stops everything; the key store of an authority of its own is deleted. */
    @Override public void close() {
        imap.close();
        pop.close();
        smtp.close();
        login.close();
        if (ownsCa) {
            ca.close();
        }
    }

    // ------------------------------------------------------------------------------------------------ mailboxes

    private void addMailbox(String address) {
        if (mailboxes.containsKey(address.toLowerCase(Locale.ROOT))) {
            return;
        }
        try {
            var user = greenMail.getUserManager().createUser(address, address, backDoor);
            mailboxes.put(address.toLowerCase(Locale.ROOT), user);
            for (var folder : List.of("Archive", "Deleted Items", "Drafts", "Junk Email", "Outbox", "Sent Items")) {
                folders().createMailbox(user, folder);
                folders().subscribe(user, folder);
            }
        } catch (UserException | FolderException | AuthorizationException e) {
            throw new IllegalStateException(e);
        }
        append(address, "INBOX", message("it@uva.example", address, "Your mailbox has been moved",
            "It is now at Microsoft 365."), new Flags(Flags.Flag.SEEN));
        append(address, "INBOX", message("library@uva.example", address, "A book you reserved has arrived",
            "It is kept for you until Friday."), new Flags());
        append(address, "INBOX", message("facilities@uva.example", address, "Fire drill on Thursday",
            "At ten. Please use the stairs."), new Flags());
        append(address, "Sent Items", message(address, "it@uva.example", "Re: Your mailbox has been moved", "Thank you."),
            new Flags(Flags.Flag.SEEN));
        append(address, "Drafts", message(address, "library@uva.example", "Renewal", "Could I"),
            new Flags(Flags.Flag.DRAFT));
    }

    private ImapHostManager folders() {
        return greenMail.getImapHostManager();
    }

    private GreenMailUser mailbox(String address) {
        return Optional.ofNullable(mailboxes.get(address.toLowerCase(Locale.ROOT)))
            .orElseThrow(() -> new IllegalArgumentException("no such mailbox: " + address));
    }

    private void append(String mailbox, String folder, String text, Flags flags) {
        try {
            var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
            var message = new MimeMessage((Session) null, bytes);
            folders().getFolder(mailbox(mailbox), folder).appendMessage(message, flags, new Date());
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String message(String from, String to, String subject, String body) {
        return String.join("\r\n", "From: " + from, "To: " + to, "Subject: " + subject,
            "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
            "Message-ID: <" + UUID.randomUUID() + "@stand-in.example>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=us-ascii", "", body, "");
    }

    // ------------------------------------------------------------------------------------------------ who may come in

    /** Whom an XOAUTH2 response admits; empty if nobody. A visitor may still have no right to the mailbox. */
    private Optional<Visitor> visitor(String protocol, String base64) {
        var admitted = decode(base64).flatMap(text -> {
            var parts = XOAUTH2.matcher(text);
            return parts.matches() ? Optional.of(parts) : Optional.empty();
        }).flatMap(parts -> login.access(parts.group(2))
            .filter(fake_login.Access::isForOutlook)
            .filter(access -> access.permissions().stream().anyMatch(permissionsFor(protocol)::contains))
            .map(access -> new Visitor(parts.group(1), access)))
            .filter(visitor -> mailboxes.containsKey(visitor.mailbox().toLowerCase(Locale.ROOT)))
            .filter(visitor -> visitor.access().opens(visitor.mailbox()) || letsStrangersIn && protocol.equals("IMAP"));
        var claimed = decode(base64).map(text -> text.replaceFirst("(?s)^user=([^\1]*).*", "$1")).orElse("");
        logins.add(new Login(protocol, "XOAUTH2", claimed, admitted.isPresent()));
        return admitted;
    }

    private static Set<String> permissionsFor(String protocol) {
        return switch (protocol) {
            case "IMAP" -> Set.of("IMAP.AccessAsUser.All", "IMAP.AccessAsApp");
            case "POP" -> Set.of("POP.AccessAsUser.All", "POP.AccessAsApp");
            default -> Set.of("SMTP.Send", "SMTP.SendAsApp");
        };
    }

    private static Optional<String> decode(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void refused(String protocol, String mechanism, String mailbox) {
        logins.add(new Login(protocol, mechanism, mailbox, false));
    }

    // ------------------------------------------------------------------------------------------------ IMAP

    private void imapDoor(fake_mail.Connection client) throws IOException {
        client.say("* OK The Microsoft Exchange IMAP4 service is ready. [" + base64("stand-in") + "]");
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var words = line.split(" ", 4);
            var tag = words[0];
            switch (words.length < 2 ? "" : words[1].toUpperCase(Locale.ROOT)) {
                case "CAPABILITY" -> client.say(CAPABILITY, tag + " OK CAPABILITY completed.");
                case "NOOP" -> client.say(tag + " OK NOOP completed.");
                case "ID" -> client.say("* ID (\"name\" \"Microsoft.Exchange.Imap4.Imap4Server\" \"version\" \"15.20\")",
                    tag + " OK ID completed");
                case "LOGOUT" -> {
                    client.say("* BYE Microsoft Exchange Server IMAP4 server signing off.", tag + " OK LOGOUT completed.");
                    return;
                }
                case "LOGIN" -> {
                    refused("IMAP", "LOGIN", words.length > 2 ? words[2].replace("\"", "") : "");
                    client.say(tag + " NO LOGIN failed.");
                }
                case "AUTHENTICATE" -> {
                    var mechanism = words.length > 2 ? words[2].toUpperCase(Locale.ROOT) : "";
                    var response = words.length > 3 ? words[3] : ask(client, "+ ");
                    if (response == null) {
                        return;
                    } else if (response.equals("*")) {
                        client.say(tag + " BAD AUTHENTICATE cancelled.");
                    } else if (!mechanism.equals("XOAUTH2")) {
                        refused("IMAP", mechanism, "");
                        client.say(tag + " NO AUTHENTICATE failed.");
                    } else {
                        var visitor = visitor("IMAP", response);
                        if (visitor.isEmpty()) {
                            client.say(tag + " NO AUTHENTICATE failed.");
                        } else {
                            openImap(client, tag, visitor.get());
                            return;
                        }
                    }
                }
                default -> client.say(tag + " BAD Command received in Invalid state.");
            }
        }
    }

    private void openImap(fake_mail.Connection client, String tag, Visitor visitor) throws IOException {
        client.say(tag + " OK AUTHENTICATE completed.");
        if (!visitor.access().opens(visitor.mailbox())) {
            notConnected(client);
            return;
        }
        var passwordLogin = "x LOGIN \"" + visitor.mailbox().toLowerCase(Locale.ROOT) + "\" \"" + backDoor + "\"\r\n";
        hand(() -> new ImapHandler(greenMail.getUserManager(), greenMail.getImapHostManager(),
            new LetIn(client, visitor, passwordLogin, 2, "* BYE Session invalidated - AccessTokenExpired")).run());
    }

    private static void notConnected(fake_mail.Connection client) throws IOException {
        int patience = 3;
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var tag = line.split(" ", 2)[0];
            if (line.toUpperCase(Locale.ROOT).endsWith(" LOGOUT")) {
                client.say("* BYE Microsoft Exchange Server IMAP4 server signing off.", tag + " OK LOGOUT completed.");
                return;
            }
            if (line.toUpperCase(Locale.ROOT).endsWith(" CAPABILITY")) {
                client.say(CAPABILITY, tag + " OK CAPABILITY completed.");
                continue;
            }
            client.say(tag + " BAD User is authenticated but not connected.");
            if (--patience == 0) {
                client.say("* BYE Connection closed. 14");
                return;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ POP

    private void popDoor(fake_mail.Connection client) throws IOException {
        client.say("+OK The Microsoft Exchange POP3 service is ready. [" + base64("stand-in") + "]");
        var name = "";
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var words = line.split(" ");
            switch (words[0].toUpperCase(Locale.ROOT)) {
                case "CAPA" -> client.say("+OK", "TOP", "UIDL", "SASL PLAIN XOAUTH2", "USER", ".");
                case "NOOP" -> client.say("+OK");
                case "QUIT" -> {
                    client.say("+OK Microsoft Exchange Server POP3 server signing off.");
                    return;
                }
                case "USER" -> {
                    name = words.length > 1 ? words[1] : "";
                    client.say("+OK");
                }
                case "PASS" -> {
                    refused("POP", "USER", name);
                    client.say("-ERR Logon failure: unknown user name or bad password.");
                }
                case "AUTH" -> {
                    if (words.length != 2) {
                        client.say("-ERR Protocol error. Connection is closed. 10");
                        return;
                    }
                    var response = ask(client, "+ ");
                    if (response == null) {
                        return;
                    }
                    var isXoauth2 = words[1].equalsIgnoreCase("XOAUTH2");
                    if (!isXoauth2) {
                        refused("POP", words[1].toUpperCase(Locale.ROOT), "");
                    }
                    var visitor = isXoauth2 ? visitor("POP", response) : Optional.<Visitor>empty();
                    if (visitor.isEmpty()) {
                        client.say("-ERR Authentication failure: unknown user name or bad password.");
                    } else {
                        openPop(client, visitor.get());
                        return;
                    }
                }
                default -> client.say("-ERR Command is not valid in this state.");
            }
        }
    }

    private void openPop(fake_mail.Connection client, Visitor visitor) throws IOException {
        client.say("+OK User successfully authenticated.");
        var passwordLogin = "USER " + visitor.mailbox().toLowerCase(Locale.ROOT) + "\r\nPASS " + backDoor + "\r\n";
        hand(() -> new Pop3Handler(new Pop3CommandRegistry(), greenMail.getUserManager(),
            new LetIn(client, visitor, passwordLogin, 3, "-ERR Connection is closed. 11")).run());
    }

    // ------------------------------------------------------------------------------------------------ SMTP

    /** RFC 5321 and 4954 as far as mail programs go; GreenMail's own SMTP has no STARTTLS. */
    private void smtpDoor(fake_mail.Connection client) throws IOException {
        client.say("220 localhost Microsoft ESMTP MAIL Service ready");
        var greeted = false;
        Visitor visitor = null;
        String from = null;
        var to = new ArrayList<String>();
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith("EHLO ") || command.startsWith("HELO ")) {
                greeted = true;
                client.say("250-localhost Hello [127.0.0.1]", "250-SIZE 157286400", "250-PIPELINING", "250-DSN",
                    "250-ENHANCEDSTATUSCODES", client.isSecure() ? "250-AUTH LOGIN XOAUTH2" : "250-STARTTLS",
                    "250 8BITMIME");
            } else if (command.equals("STARTTLS") && !client.isSecure()) {
                client.say("220 2.0.0 SMTP server ready");
                client.startTls();
                greeted = false; // RFC 3207 section 4.2: everything learnt before TLS is forgotten.
            } else if (command.equals("QUIT")) {
                client.say("221 2.0.0 Service closing transmission channel");
                return;
            } else if (command.equals("NOOP")) {
                client.say("250 2.0.0 OK");
            } else if (command.equals("RSET")) {
                from = null;
                to.clear();
                client.say("250 2.0.0 Resetting");
            } else if (!greeted) {
                client.say("503 5.5.2 Send hello first");
            } else if (command.startsWith("AUTH ")) {
                if (visitor != null) {
                    client.say("503 5.5.2 Already authenticated");
                } else if (!client.isSecure()) {
                    refused("SMTP", command.split(" ")[1], "");
                    client.say("504 5.7.4 Unrecognized authentication type");
                } else {
                    visitor = smtpAuth(client, line);
                }
            } else if (command.startsWith("MAIL FROM:")) {
                if (visitor == null) {
                    client.say("530 5.7.57 Client not authenticated to send mail.");
                } else {
                    from = address(line);
                    client.say("250 2.1.0 Sender OK");
                }
            } else if (command.startsWith("RCPT TO:")) {
                if (from == null) {
                    client.say("503 5.5.1 Bad sequence of commands");
                } else {
                    to.add(address(line));
                    client.say("250 2.1.5 Recipient OK");
                }
            } else if (command.equals("DATA")) {
                if (to.isEmpty()) {
                    client.say("503 5.5.1 Bad sequence of commands");
                } else {
                    client.say("354 Start mail input; end with <CRLF>.<CRLF>");
                    client.say(submit(visitor, from, List.copyOf(to), client.readData()));
                    from = null;
                    to.clear();
                }
            } else {
                client.say("500 5.3.3 Unrecognized command");
            }
        }
    }

    private Visitor smtpAuth(fake_mail.Connection client, String line) throws IOException {
        var words = line.split(" ");
        var mechanism = words[1].toUpperCase(Locale.ROOT);
        if (!mechanism.equals("XOAUTH2")) {
            refused("SMTP", mechanism, "");
            client.say("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.");
            return null;
        }
        var response = words.length > 2 ? words[2] : ask(client, "334 ");
        var visitor = visitor("SMTP", response == null ? "" : response);
        client.say(visitor.isPresent() ? "235 2.7.0 Authentication successful" : "535 5.7.3 Authentication unsuccessful");
        return visitor.orElse(null);
    }

    private String submit(Visitor visitor, String from, List<String> to, String text) {
        if (!visitor.access().opens(from)) {
            return "554 5.2.252 SendAsDenied; " + visitor.mailbox() + " not allowed to send as " + from;
        }
        sent.add(new Sent(from, to, text));
        for (var recipient : new LinkedHashSet<>(to)) {
            if (mailboxes.containsKey(recipient.toLowerCase(Locale.ROOT))) {
                append(recipient, "INBOX", text, new Flags());
            }
        }
        append(visitor.mailbox(), "Sent Items", text, new Flags(Flags.Flag.SEEN));
        return "250 2.0.0 OK <" + UUID.randomUUID() + "@stand-in.example> [Hostname=localhost]";
    }

    private static String address(String line) {
        var path = line.substring(line.indexOf(':') + 1).strip();
        return path.startsWith("<") && path.contains(">") ? path.substring(1, path.indexOf('>')) : path.split(" ")[0];
    }

    // ------------------------------------------------------------------------------------------------ wires

    private static String ask(fake_mail.Connection client, String prompt) throws IOException {
        client.say(prompt);
        return client.readLine();
    }

    private static void hand(Runnable greenMail) {
        try {
            greenMail.run();
        } catch (IllegalStateException e) {
            // GreenMail's way of saying that the client left without a word.
        }
    }

    /**
     * The rest of a connection whose client was let in, as GreenMail sees it: it begins with a password login that works.
     * GreenMail's greeting and answers to that stay hidden; a session that outlives its token ends with a farewell.
     */
    private final class LetIn extends Socket {
        private final fake_mail.Connection client;
        private final InputStream in;
        private final OutputStream out;

        LetIn(fake_mail.Connection client, Visitor visitor, String passwordLogin, int answersToHide, String farewell) {
            this.client = client;
            in = new SequenceInputStream(new ByteArrayInputStream(passwordLogin.getBytes(StandardCharsets.US_ASCII)),
                whileValid(visitor, farewell));
            out = without(answersToHide);
        }

        private InputStream whileValid(Visitor visitor, String farewell) {
            return new FilterInputStream(client.in()) {
                @Override public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override public int read(byte[] bytes, int offset, int length) throws IOException {
                    int n = in.read(bytes, offset, length);
                    if (n > 0 && login.access(visitor.access().token()).isEmpty()) {
                        client.say(farewell);
                        return -1;
                    }
                    return n;
                }
            };
        }

        private OutputStream without(int lines) {
            return new FilterOutputStream(client.out()) {
                private int hidden;

                @Override public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                    int start = offset;
                    while (hidden < lines && start < offset + length) {
                        hidden += bytes[start++] == '\n' ? 1 : 0;
                    }
                    if (start < offset + length) {
                        out.write(bytes, start, offset + length - start);
                    }
                }
            };
        }

        @Override public InputStream getInputStream() {
            return in;
        }

        @Override public OutputStream getOutputStream() {
            return out;
        }

        @Override public InetAddress getInetAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override public void close() throws IOException {
            super.close();
            client.close();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    // ------------------------------------------------------------------------------------------------ for shells

    /**
     * {@code stand_in [--folder DIR] [--token-lifetime SECONDS]} prints the environment as shell commands, then
     * {@code ready}, then obeys one command a line until stdin ends; each is answered by one line. See {@link #obey}.
     */
    public static void main(String... args) throws IOException {
        Path folder = null;
        int lifetime = -1;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 < args.length && args[i].equals("--folder")) {
                folder = Files.createDirectories(Path.of(args[i + 1]));
            } else if (i + 1 < args.length && args[i].equals("--token-lifetime")) {
                lifetime = Integer.parseInt(args[i + 1]);
            } else {
                System.err.println("usage: stand_in [--folder DIR] [--token-lifetime SECONDS]");
                System.exit(64);
            }
        }
        var temporary = folder == null ? Files.createTempDirectory("stand_in") : null;
        try (var all = start(folder == null ? temporary : folder)) {
            all.login.accessTokenSeconds(lifetime);
            all.environment().forEach((name, value) ->
                System.out.println("export " + name + "='" + value.replace("'", "'\\''") + "'"));
            System.out.println("export STAND_IN_INTROSPECTION_URL='" + all.login.introspectionUrl() + "'");
            System.out.println("ready");
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                all.obey(line.strip(), System.out);
            }
        } finally {
            if (temporary != null) {
                Files.deleteIfExists(temporary.resolve("ca.pem"));
                Files.deleteIfExists(temporary);
            }
        }
    }

    /**
     * One line of control:
     * <pre>
     * signin URL USER              signs in like a browser, answers the redirect address
     * cancel URL USER              the same, but presses Cancel
     * approve CODE USER            device flow: types the code and accepts
     * decline CODE                 device flow: declines
     * pending                      device flow: the user codes that wait
     * deliver USER SUBJECT         puts a message into the INBOX
     * expire-access-tokens         ends every access token issued so far
     * pass-time SECONDS            moves the provider's clock ahead
     * refresh-token USER SCOPES    issues one, e.g. for offline_access IMAP.AccessAsUser.All
     * access-token USER SCOPES     issues one
     * fail ENDPOINT STATUS ERROR AADSTS [SUBERROR]   refuses the next request
     * requests [ENDPOINT]          the number of requests to the token (or another) endpoint
     * secrets FILE                 writes every secret so far to a file, one a line
     * </pre>
     */
    void obey(String line, PrintStream out) {
        var words = line.split(" ", 3);
        try {
            out.println(switch (words[0]) {
                case "signin" -> login.signIn(words[1], words[2]);
                case "cancel" -> login.cancel(words[1], words[2]);
                case "approve" -> done(() -> login.approve(words[1], words[2]));
                case "decline" -> done(() -> login.decline(words[1]));
                case "pending" -> String.join(" ", login.pendingUserCodes());
                case "deliver" -> done(() -> deliver(words[1], words[2]));
                case "expire-access-tokens" -> done(login::expireAccessTokens);
                case "pass-time" -> done(() -> login.letTimePass(Duration.ofSeconds(Long.parseLong(words[1]))));
                case "refresh-token" -> login.issueRefreshToken(words[1], fake_login.PUBLIC_APP, words[2]);
                case "access-token" -> login.issueAccessToken(words[1], fake_login.PUBLIC_APP, words[2]);
                case "fail" -> done(() -> fail(line.split(" ")));
                case "requests" -> String.valueOf(login.requests(words.length > 1 ? words[1] : "token").size());
                case "secrets" -> done(() -> writeSecrets(Path.of(words[1])));
                default -> "error: unknown command " + words[0];
            });
        } catch (ArrayIndexOutOfBoundsException e) {
            out.println("error: " + words[0] + " wants more words");
        } catch (RuntimeException e) {
            out.println("error: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private void fail(String[] words) {
        login.failNext(words[1], Integer.parseInt(words[2]), words[3], Integer.parseInt(words[4]), "Asked for by a test.",
            words.length > 5 ? words[5] : "");
    }

    private void writeSecrets(Path file) {
        try {
            Files.write(file, login.secrets());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String done(Runnable work) {
        work.run();
        return "ok";
    }
}
