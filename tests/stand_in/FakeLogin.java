//JAVA 17+
//SOURCES throwaway_ca.java

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An identity provider on loopback, laid out like the Microsoft identity platform ("Entra v2").
 *
 * <p>Built from Microsoft's pages "OAuth 2.0 authorization code flow", "device authorization grant", "client
 * credentials flow", "Redirect URI restrictions" and "Microsoft Entra authentication error codes", so that a client
 * which works here has a fair chance there. It signs nothing: access tokens are recognised because it remembers them.
 * Everything it was sent is in {@link #requests}, everything secret it handed out or saw in {@link #secrets}.
 */
public class fake_login implements AutoCloseable {
    /** Thunderbird's client id: a public client, like every desktop program. */
    public static final String PUBLIC_APP = "9e5f94bc-e8a4-4e73-b8be-63364c29d753";
    /** A confidential client that may also act without a user (client credentials). */
    public static final String CONFIDENTIAL_APP = "1f6c31f2-7d04-4d5a-9b2c-0d1a6a1d6f10";
    /** The secret of {@link #CONFIDENTIAL_APP}. */
    public static final String CONFIDENTIAL_SECRET = "Zq8~stand-in.SECRET_of+the/confidential=app";
    /** The tenant all work accounts live in: its domain … */
    public static final String DOMAIN = "uva.example";
    /** … and its directory (tenant) id. */
    public static final String TENANT = "a6c6ad91-64c3-4b2f-9a52-2f6d1e6d0b11";
    /** The tenant of every personal account; the value is Microsoft's ("Access token claims reference", tid). */
    public static final String PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";

    private static final Set<String> OPEN_ID = Set.of("openid", "profile", "email", "offline_access");
    private static final String GRAPH = "https://graph.microsoft.com";
    private static final Set<String> OUTLOOK = Set.of("https://outlook.office.com", "https://outlook.office365.com");
    private static final Set<String> OUTLOOK_PERMISSIONS = Set.of("IMAP.AccessAsUser.All", "POP.AccessAsUser.All",
        "SMTP.Send", "EWS.AccessAsUser.All", "Mail.Read", "Mail.ReadWrite", "Mail.Send", "User.Read", ".default");
    private static final DateTimeFormatter UTC =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    static {
        // Without it every answer on a kept-alive connection waits 40 ms for a delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /**
     * A registered application.
     *
     * @param redirectUris as typed into the portal; for loopback hosts the port is ignored when matching
     * @param secret null for a public client
     * @param certificate null, or what client assertions must be signed with
     * @param roles application permissions of Exchange Online, e.g. {@code IMAP.AccessAsApp}
     * @param mailboxes mailboxes the app itself may open (Add-MailboxPermission)
     */
    public record App(String clientId, String name, Set<String> redirectUris, String secret,
                      X509Certificate certificate, Set<String> roles, Set<String> mailboxes) {
        /** A public client ("Mobile and desktop applications"). */
        public static App publicClient(String clientId, String name, String... redirectUris) {
            return new App(clientId, name, Set.of(redirectUris), null, null, Set.of(), Set.of());
        }

        /** A confidential client ("Web") without application permissions. */
        public static App confidentialClient(String clientId, String name, String secret, String... redirectUris) {
            return new App(clientId, name, Set.of(redirectUris), secret, null, Set.of(), Set.of());
        }

        boolean isPublic() {
            return secret == null && certificate == null;
        }

        @Override public String toString() {
            return name;
        }
    }

    /**
     * An account.
     *
     * @param name sign-in name (UPN), also the address of the account's own mailbox
     * @param shared further mailboxes this account has Full Access to
     */
    public record User(String name, String password, boolean personal, Set<String> shared) {
        /** May this account open {@code mailbox}? */
        public boolean opens(String mailbox) {
            return name.equalsIgnoreCase(mailbox) || shared.stream().anyMatch(mailbox::equalsIgnoreCase);
        }

        String tenant() {
            return personal ? PERSONAL_TENANT : TENANT;
        }

        String objectId() {
            var id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
            return personal ? "00000000-0000-0000" + id.substring(18) : id;
        }

        @Override public String toString() {
            return name;
        }
    }

    /** One request as it arrived: parameters of query and body together, header names in lower case. */
    public record Request(String endpoint, String method, String path, Map<String, String> headers,
                          Map<String, String> parameters) {
        /** The parameter's value, or "" if it was not sent. */
        public String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }

        String tenant() {
            var parts = path.split("/");
            return parts.length > 1 ? parts[1] : "";
        }
    }

    /**
     * An access token that was handed out.
     *
     * @param user null if the application acts for itself
     * @param permissions delegated scopes or, app-only, roles, without the resource
     */
    public record Access(String token, User user, App app, String audience, Set<String> permissions, Instant issued,
                         Instant expires) {
        /** Whether the token is meant for Exchange Online rather than, say, Microsoft Graph. */
        public boolean isForOutlook() {
            return OUTLOOK.contains(audience);
        }

        /** Whether the token's owner has been given {@code mailbox}. */
        public boolean opens(String mailbox) {
            return user != null ? user.opens(mailbox) : app.mailboxes().stream().anyMatch(mailbox::equalsIgnoreCase);
        }

        @Override public String toString() {
            return "access token of " + (user != null ? user : app);
        }
    }

    private record Grant(User user, App app, Set<String> scopes, Instant issued) { }

    private record Code(Grant grant, String tenant, String redirectUri, String challenge, String challengeMethod,
                        String nonce) { }

    private record Attempt(Request request, App app, String redirectUri, Set<String> scopes) { }

    private record SignedIn(Attempt attempt, User user) { }

    private record Reply(int status, String type, Map<String, String> headers, String body) {
        static Reply json(int status, Map<String, ?> fields) {
            return new Reply(status, "application/json; charset=utf-8", Map.of(), fake_login.json(fields));
        }

        static Reply page(int status, String html) {
            return new Reply(status, "text/html; charset=utf-8", Map.of(), html);
        }

        static Reply redirect(String location) {
            return new Reply(302, "text/html; charset=utf-8", Map.of("Location", location),
                "<html><head><title>Object moved</title></head><body>Object moved</body></html>");
        }
    }

    /** What the identity provider says no with. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        final int status;
        final String error;
        final int aadsts;
        final String suberror;

        Refusal(int status, String error, int aadsts, String description, String suberror) {
            super(description);
            this.status = status;
            this.error = error;
            this.aadsts = aadsts;
            this.suberror = suberror;
        }

        Refusal(String error, int aadsts, String description) {
            this(error.equals("invalid_client") ? 401 : 400, error, aadsts, description, "");
        }

        static Refusal missing(String parameter) {
            return new Refusal("invalid_request", 900144,
                "The request body must contain the following parameter: '" + parameter + "'.");
        }
    }

    private interface Fault {
        void answer(HttpExchange exchange, Request request) throws IOException, InterruptedException;
    }

    private static final class Device {
        final String userCode;
        final String deviceCode;
        final App app;
        final Set<String> scopes;
        final Instant expires;
        Instant polled = Instant.EPOCH;
        User approvedBy;
        boolean declined;
        boolean redeemed;

        Device(String userCode, String deviceCode, App app, Set<String> scopes, Instant expires) {
            this.userCode = userCode;
            this.deviceCode = deviceCode;
            this.app = app;
            this.scopes = scopes;
            this.expires = expires;
        }
    }

    private final SecureRandom random = new SecureRandom();
    private final throwaway_ca ca;
    private final List<HttpsServer> servers = new ArrayList<>();
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "fake_login");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<String> secrets = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final Queue<Refusal> endings = new ConcurrentLinkedQueue<>();

    private final Map<String, App> apps = new ConcurrentHashMap<>();
    private final Map<String, User> users = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> consents = new HashMap<>();
    private final Map<String, Attempt> attempts = new HashMap<>();
    private final Map<String, SignedIn> signedIn = new HashMap<>();
    private final Map<String, Code> codes = new HashMap<>();
    private final Set<String> redeemed = new LinkedHashSet<>();
    private final Map<String, Grant> refreshTokens = new LinkedHashMap<>();
    private final Map<String, Access> accessTokens = new ConcurrentHashMap<>();
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Map<String, Instant> revoked = new HashMap<>();

    private volatile Duration timePassed = Duration.ZERO;
    private volatile int accessTokenSeconds = -1;
    private volatile int codeSeconds = 600;
    private volatile int refreshTokenSeconds = 90 * 24 * 3600;
    private volatile int deviceSeconds = 900;
    private volatile int deviceInterval = 5;
    private volatile boolean slowDown;
    private volatile int codeLength = 1300;

    private fake_login(throwaway_ca ca) {
        this.ca = ca;
    }

    /** Starts on a free port of 127.0.0.1 (and ::1 if the machine has it) with a certificate for {@code localhost}. */
    public static fake_login start(throwaway_ca ca) {
        var login = new fake_login(ca);
        login.add(App.publicClient(PUBLIC_APP, "Mozilla Thunderbird", "https://localhost", "http://localhost",
            "http://127.0.0.1"));
        login.add(new App(CONFIDENTIAL_APP, "Mail for uva.example", Set.of("https://localhost", "http://localhost"),
            CONFIDENTIAL_SECRET, null, Set.of("IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"),
            Set.of("jan@uva.example", "shared@uva.example")));
        login.add(new User("jan@uva.example", "jan's password", false, Set.of()));
        login.add(new User("second@uva.example", "second's password", false, Set.of()));
        login.add(new User("delegate@uva.example", "delegate's password", false, Set.of("shared@uva.example")));
        login.add(new User("personal@outlook.example", "personal password", true, Set.of()));
        login.listen();
        return login;
    }

    private void listen() {
        try {
            var first = server(new InetSocketAddress(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}), 0));
            try {
                var six = InetAddress.getByName("::1");
                server(new InetSocketAddress(six, first.getAddress().getPort()));
            } catch (IOException noIpv6) {
                // Nothing to do: localhost then resolves to 127.0.0.1 as well.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpsServer server(InetSocketAddress address) throws IOException {
        var server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ca.server()) {
            @Override public void configure(HttpsParameters parameters) {
                connections.incrementAndGet();
                parameters.setSSLParameters(getSSLContext().getDefaultSSLParameters());
            }
        });
        server.setExecutor(workers);
        server.createContext("/", this::serve);
        server.start();
        servers.add(server);
        return server;
    }

    // ------------------------------------------------------------------------------------------------ for tests

    /** The port, the same on 127.0.0.1 and ::1. */
    public int port() {
        return servers.get(0).getAddress().getPort();
    }

    /** {@code https://localhost:PORT}, without a final slash. */
    public String base() {
        return "https://localhost:" + port();
    }

    /** {@code https://localhost:PORT/common}, what a client is configured with. */
    public String authority() {
        return base() + "/common";
    }

    /** Where a mail server may ask what a token is worth (RFC 7662); the real provider has no such thing. */
    public String introspectionUrl() {
        return base() + "/introspect";
    }

    /** Registers an application, or replaces the one with the same client id. */
    public fake_login add(App app) {
        apps.put(app.clientId(), app);
        if (app.secret() != null) {
            secrets.add(app.secret());
        }
        return this;
    }

    /** Adds an account, or replaces the one of the same name. */
    public fake_login add(User user) {
        users.put(user.name().toLowerCase(Locale.ROOT), user);
        secrets.add(user.password());
        return this;
    }

    /** All accounts. */
    public Collection<User> users() {
        return List.copyOf(users.values());
    }

    /** Access tokens issued from now on live so many seconds; -1: 3600 to 5399 at random, as Microsoft's do. */
    public void accessTokenSeconds(int seconds) {
        accessTokenSeconds = seconds;
    }

    /** Authorization codes issued from now on live so many seconds (Microsoft: about 600). */
    public void codeSeconds(int seconds) {
        codeSeconds = seconds;
    }

    /** Refresh tokens are good for so many seconds after they were issued (Microsoft: 90 days). */
    public void refreshTokenSeconds(int seconds) {
        refreshTokenSeconds = seconds;
    }

    /** Device codes issued from now on live so many seconds (Microsoft: 900) … */
    public void deviceSeconds(int seconds) {
        deviceSeconds = seconds;
    }

    /** … and are to be polled every so many seconds (Microsoft: 5). */
    public void deviceInterval(int seconds) {
        deviceInterval = seconds;
    }

    /** Answers too early polls with {@code slow_down} (RFC 8628 section 3.5); Microsoft does not list it, so off. */
    public void slowDown(boolean on) {
        slowDown = on;
    }

    /** Length of the authorization codes from now on, in characters; real ones have one to two thousand. */
    public void codeLength(int characters) {
        codeLength = characters;
    }

    /** Moves the provider's clock ahead, so that 90 days pass in no time. */
    public synchronized void letTimePass(Duration duration) {
        timePassed = timePassed.plus(duration);
    }

    /** Ends every access token issued so far; refresh tokens stay good. */
    public synchronized void expireAccessTokens() {
        accessTokens.replaceAll((token, a) ->
            new Access(token, a.user(), a.app(), a.audience(), a.permissions(), a.issued(), now().minusSeconds(1)));
    }

    /** Revokes the sessions of a user, as a changed password does: refresh tokens issued before answer 50173. */
    public synchronized void revokeSessions(String user) {
        revoked.put(user.toLowerCase(Locale.ROOT), now());
    }

    /** Forgets what a user consented to: the next refresh answers 65001. */
    public synchronized void revokeConsent(String user) {
        consents.keySet().removeIf(key -> key.startsWith(user.toLowerCase(Locale.ROOT) + " "));
    }

    /** Every request so far, in order of arrival. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The requests to one endpoint: authorize, login, consent, token, devicecode, deviceauth, discovery, … */
    public List<Request> requests(String endpoint) {
        return requests.stream().filter(r -> r.endpoint().equals(endpoint)).toList();
    }

    /** Forgets the requests so far (not the secrets). */
    public void forgetRequests() {
        requests.clear();
    }

    /** How many TLS connections were accepted. */
    public int connections() {
        return connections.get();
    }

    /**
     * Every secret handed out or seen: passwords, client secrets and assertions, codes, tokens, device codes, PKCE
     * verifiers. No program under test may print one unasked.
     */
    public Set<String> secrets() {
        synchronized (secrets) {
            return Set.copyOf(secrets);
        }
    }

    /** The newest refresh token of a user. */
    public synchronized String refreshToken(String user) {
        return refreshTokens.keySet().stream()
            .filter(token -> refreshTokens.get(token).user().name().equalsIgnoreCase(user))
            .reduce((older, newer) -> newer)
            .orElseThrow(() -> new IllegalStateException(user + " has no refresh token"));
    }

    /** Hands out a refresh token as if {@code user} had signed in with these scopes, given with or without resource. */
    public synchronized String issueRefreshToken(String user, String clientId, String scopes) {
        var wanted = outlookScopes(scopes);
        var grant = new Grant(user(user), apps.get(clientId), wanted, now());
        consents.computeIfAbsent(consentKey(grant.user(), grant.app()), k -> new LinkedHashSet<>()).addAll(wanted);
        return newRefreshToken(grant);
    }

    /** Hands out an access token for Outlook to {@code user} with these scopes, given with or without resource. */
    public synchronized String issueAccessToken(String user, String clientId, String scopes) {
        var wanted = outlookScopes(scopes);
        return newAccessToken(user(user), apps.get(clientId), resource(wanted), permissions(wanted)).token();
    }

    /** What is known about an unexpired access token; empty if it is expired or was never issued. */
    public Optional<Access> access(String token) {
        return Optional.ofNullable(accessTokens.get(token)).filter(a -> a.expires().isAfter(now()));
    }

    // ------------------------------------------------------------------------------------------------ faults

    /** Refuses the next request to an endpoint with one of Entra's error bodies (or, where it shows pages, a page). */
    public void failNext(String endpoint, int httpStatus, String error, int aadsts, String description) {
        failNext(endpoint, httpStatus, error, aadsts, description, "");
    }

    /**
     * The same with a {@code suberror}. The endpoint "redirect" stands for the end of a sign-in: the browser then comes
     * back with this error instead of a code.
     */
    public void failNext(String endpoint, int httpStatus, String error, int aadsts, String description, String suberror) {
        var refusal = new Refusal(httpStatus, error, aadsts, description, suberror);
        if (endpoint.equals("redirect")) {
            endings.add(refusal);
        } else {
            queue(endpoint, (exchange, request) -> send(exchange, refuse(request, refusal)));
        }
    }

    /** Answers the next request to an endpoint with exactly this, whatever it asked. */
    public void answerNext(String endpoint, int httpStatus, Map<String, String> headers, String body) {
        queue(endpoint, (exchange, request) -> send(exchange, new Reply(httpStatus, null, headers, body)));
    }

    /** Redirects the next request to an endpoint. */
    public void redirectNext(String endpoint, String location) {
        answerNext(endpoint, 302, Map.of("Location", location), "");
    }

    /** Reads the next request to an endpoint, says nothing for a while and hangs up. */
    public void hangNext(String endpoint, Duration silence) {
        queue(endpoint, (exchange, request) -> Thread.sleep(silence.toMillis()));
    }

    /** Sends the beginning of an answer to the next request, says nothing for a while and hangs up. */
    public void hangMidAnswerNext(String endpoint, Duration silence) {
        queue(endpoint, (exchange, request) -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(200, 4000);
            exchange.getResponseBody().write("{\"token_type\":\"Bea".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            Thread.sleep(silence.toMillis());
        });
    }

    private void queue(String endpoint, Fault fault) {
        faults.computeIfAbsent(endpoint, e -> new ConcurrentLinkedQueue<>()).add(fault);
    }

    // ------------------------------------------------------------------------------------------------ HTTP

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var endpoint = endpoint(exchange.getRequestURI().getPath());
            Request request;
            try {
                request = read(exchange, endpoint);
            } catch (Refusal unreadable) {
                var bare = new Request(endpoint, exchange.getRequestMethod(), exchange.getRequestURI().getPath(),
                    headers(exchange), Map.of());
                requests.add(bare);
                send(exchange, refuse(bare, unreadable));
                return;
            }
            requests.add(request);
            rememberSecrets(request);
            var queue = faults.get(endpoint);
            var fault = queue == null ? null : queue.poll();
            if (fault != null) {
                fault.answer(exchange, request);
            } else {
                send(exchange, answer(request));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    private static String endpoint(String path) {
        var known = new LinkedHashMap<String, String>();
        known.put("/oauth2/v2.0/authorize", "authorize");
        known.put("/oauth2/v2.0/token", "token");
        known.put("/oauth2/v2.0/devicecode", "devicecode");
        known.put("/oauth2/deviceauth", "deviceauth");
        known.put("/oauth2/deviceauth/confirm", "deviceconfirm");
        known.put("/login", "login");
        known.put("/Consent/Set", "consent");
        known.put("/discovery/instance", "discovery");
        known.put("/v2.0/.well-known/openid-configuration", "openid-configuration");
        var slash = path.indexOf('/', 1);
        return path.equals("/introspect") ? "introspect"
            : known.getOrDefault(slash < 0 ? "" : path.substring(slash), "other");
    }

    private synchronized Reply answer(Request request) {
        try {
            return switch (request.endpoint()) {
                case "authorize" -> authorize(request);
                case "login" -> login(request);
                case "consent" -> consent(request);
                case "token" -> token(request);
                case "devicecode" -> deviceCode(request);
                case "deviceauth" -> deviceAuth(request);
                case "deviceconfirm" -> deviceConfirm(request);
                case "discovery" -> discovery(request);
                case "openid-configuration" -> openIdConfiguration(request);
                case "introspect" -> introspect(request);
                default -> Reply.page(404, page("Not found", "<p>There is nothing at this address.</p>"));
            };
        } catch (Refusal refusal) {
            return refuse(request, refusal);
        }
    }

    private static Request read(HttpExchange exchange, String endpoint) throws IOException, Refusal {
        var uri = exchange.getRequestURI();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = headers(exchange);
        var isForm = headers.getOrDefault("content-type", "").startsWith("application/x-www-form-urlencoded");
        var parameters = new LinkedHashMap<String, String>();
        for (var part : List.of(uri.getRawQuery() == null ? "" : uri.getRawQuery(), isForm ? body : "")) {
            for (var pair : part.split("&")) {
                if (pair.isEmpty()) {
                    continue;
                }
                var equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                if (parameters.put(name, decode(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
                    throw new Refusal("invalid_request", 9000411,
                        "The request is not properly formatted. The parameter '" + name + "' is duplicated.");
                }
            }
        }
        return new Request(endpoint, exchange.getRequestMethod(), uri.getPath(), headers,
            Collections.unmodifiableMap(parameters));
    }

    private static String decode(String text) throws Refusal {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal("invalid_request", 9002313, "Invalid request. Request is malformed or invalid.");
        }
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return headers;
    }

    private void rememberSecrets(Request request) {
        for (var name : List.of("code_verifier", "client_secret", "client_assertion", "passwd")) {
            // Not "None" and the like, which would be found in every text.
            if (request.parameter(name).length() >= 8) {
                secrets.add(request.parameter(name));
            }
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store, no-cache");
        headers.set("Pragma", "no-cache");
        if (reply.type() != null) {
            headers.set("Content-Type", reply.type());
        }
        reply.headers().forEach(headers::set);
        var body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Entra's error: JSON where programs ask, a page where people look ("Handling errors", code flow page). */
    private Reply refuse(Request request, Refusal refusal) {
        var trace = UUID.randomUUID().toString();
        var correlation = request.headers().getOrDefault("client-request-id",
            request.parameters().getOrDefault("client-request-id", UUID.randomUUID().toString()));
        var time = UTC.format(now());
        if (Set.of("authorize", "login", "consent", "deviceauth", "deviceconfirm", "other").contains(request.endpoint())) {
            return Reply.page(refusal.status, page("Sorry, but we’re having trouble signing you in.",
                "<p class=\"message\">" + escape(describe(refusal)) + "</p><h2>Troubleshooting details</h2><dl>"
                + "<dt>Error code</dt><dd>" + refusal.aadsts + "</dd><dt>Request Id</dt><dd>" + trace
                + "</dd><dt>Correlation Id</dt><dd>" + escape(correlation) + "</dd><dt>Timestamp</dt><dd>" + time
                + "</dd></dl>"));
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("error", refusal.error);
        body.put("error_description", describe(refusal) + " Trace ID: " + trace + " Correlation ID: " + correlation
            + " Timestamp: " + time);
        if (refusal.aadsts != 0) {
            body.put("error_codes", List.of(refusal.aadsts));
        }
        body.put("timestamp", time);
        body.put("trace_id", trace);
        body.put("correlation_id", correlation);
        if (refusal.aadsts != 0) {
            body.put("error_uri", base() + "/error?code=" + refusal.aadsts);
        }
        if (!refusal.suberror.isEmpty()) {
            body.put("suberror", refusal.suberror);
        }
        return Reply.json(refusal.status, body);
    }

    private static String describe(Refusal refusal) {
        return refusal.aadsts == 0 ? refusal.getMessage() : "AADSTS" + refusal.aadsts + ": " + refusal.getMessage();
    }

    // ------------------------------------------------------------------------------------------------ authorize

    private Reply authorize(Request request) throws Refusal {
        var app = app(request);
        var sent = request.parameter("redirect_uri");
        if (app.redirectUris().isEmpty()) {
            throw new Refusal("invalid_request", 500113, "No reply address is registered for the application.");
        }
        var redirectUri = sent.isEmpty() ? app.redirectUris().iterator().next() : sent;
        if (app.redirectUris().stream().noneMatch(registered -> matches(registered, redirectUri))) {
            throw new Refusal("invalid_request", 50011, "The redirect URI '" + redirectUri + "' specified in the request "
                + "does not match the redirect URIs configured for the application '" + app.clientId() + "'. Make sure "
                + "the redirect URI sent in the request matches one added to your application in the Azure portal. "
                + "Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.");
        }
        checkTenant(request.tenant());
        try {
            return signInPage(attempt(request, app, redirectUri), "");
        } catch (Refusal refusal) {
            return comeBack(new Attempt(request, app, redirectUri, Set.of()), errorFields(refusal));
        }
    }

    /** Checks what Entra reports back to the application rather than to the person. */
    private Attempt attempt(Request request, App app, String redirectUri) throws Refusal {
        if (request.parameter("response_type").isEmpty()) {
            throw Refusal.missing("response_type");
        }
        if (!request.parameter("response_type").equals("code")) {
            throw new Refusal("unsupported_response_type", 700054, "response_type '" + request.parameter("response_type")
                + "' is not enabled for the application.");
        }
        if (!Set.of("", "query", "form_post", "fragment").contains(request.parameter("response_mode"))) {
            throw new Refusal("invalid_request", 70007, "'" + request.parameter("response_mode")
                + "' is not a supported value of 'response_mode' when requesting a token.");
        }
        if (request.parameter("scope").isBlank()) {
            throw Refusal.missing("scope");
        }
        var challenge = request.parameter("code_challenge");
        if (!Set.of("", "plain", "S256").contains(request.parameter("code_challenge_method"))
            || !challenge.isEmpty() && !challenge.matches("[A-Za-z0-9._~-]{43,128}")) {
            throw new Refusal("invalid_request", 501491,
                "Invalid size or value of Code_Challenge parameter (RFC 7636 section 4.2).");
        }
        var prompt = request.parameter("prompt");
        if (prompt.equals("none")) {
            throw new Refusal("login_required", 50058, "A silent sign-in request was sent but no user is signed in.");
        }
        if (!Set.of("", "login", "select_account", "consent").contains(prompt)) {
            throw new Refusal("invalid_request", 90023, "Unsupported 'prompt' value.");
        }
        return new Attempt(request, app, redirectUri, scopes(request.parameter("scope"), app));
    }

    private Reply login(Request request) throws Refusal {
        var attempt = attempts.get(request.parameter("flowToken"));
        if (attempt == null) {
            throw new Refusal("invalid_request", 90014, "The required field 'flowToken' is missing from the credential.");
        }
        var user = users.get(request.parameter("login").strip().toLowerCase(Locale.ROOT));
        if (user == null) {
            return signInPage(attempt, "This username may be incorrect. Make sure you typed it correctly (50034).");
        }
        if (!user.password().equals(request.parameter("passwd"))) {
            return signInPage(attempt, "Your account or password is incorrect (50126).");
        }
        attempts.remove(request.parameter("flowToken"));
        checkAccount(user, attempt.request().tenant());
        if (user.personal() && attempt.scopes().stream().anyMatch(s -> s.endsWith("/.default"))) {
            return comeBack(attempt, errorFields(new Refusal("invalid_scope", 70011, "The provided value for the input "
                + "parameter 'scope' is not valid. The scope " + attempt.request().parameter("scope")
                + " is not valid for a personal account.")));
        }
        var signed = new SignedIn(attempt, user);
        var given = consents.getOrDefault(consentKey(user, attempt.app()), Set.of());
        if (given.containsAll(expand(attempt.scopes())) && !attempt.request().parameter("prompt").equals("consent")) {
            return succeed(signed);
        }
        var flowToken = opaque("AQABIQEAAA", 60);
        signedIn.put(flowToken, signed);
        return Reply.page(200, consentPage(signed, flowToken));
    }

    private Reply consent(Request request) throws Refusal {
        var signed = signedIn.remove(request.parameter("flowToken"));
        if (signed == null) {
            throw new Refusal("invalid_request", 90014, "The required field 'flowToken' is missing from the credential.");
        }
        if (!request.parameter("acceptConsent").equals("true")) {
            var fields = errorFields(new Refusal("access_denied", 65004, "User declined to consent to access the app."));
            fields.put("error_subcode", "cancel");
            return comeBack(signed.attempt(), fields);
        }
        consents.computeIfAbsent(consentKey(signed.user(), signed.attempt().app()), k -> new LinkedHashSet<>())
            .addAll(expand(signed.attempt().scopes()));
        return succeed(signed);
    }

    private Reply succeed(SignedIn signed) {
        var attempt = signed.attempt();
        var ending = endings.poll();
        if (ending != null) {
            return comeBack(attempt, errorFields(ending));
        }
        var code = opaque(signed.user().personal() ? "M.C546_BAY.2.U."
            : "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD", codeLength);
        secrets.add(code);
        codes.put(code, new Code(new Grant(signed.user(), attempt.app(), attempt.scopes(), now()),
            attempt.request().tenant(), attempt.request().parameter("redirect_uri"),
            attempt.request().parameter("code_challenge"), attempt.request().parameter("code_challenge_method"),
            attempt.request().parameter("nonce")));
        var fields = new LinkedHashMap<String, String>();
        fields.put("code", code);
        if (attempt.request().parameters().containsKey("client_info")) {
            fields.put("client_info", clientInfo(signed.user()));
        }
        fields.put("session_state", UUID.randomUUID().toString());
        return comeBack(attempt, fields);
    }

    private Map<String, String> errorFields(Refusal refusal) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("error", refusal.error);
        if (!refusal.suberror.isEmpty()) {
            fields.put("suberror", refusal.suberror);
        }
        // Line ends in the redirect, spaces in JSON: so seen since 2023 (MicrosoftDocs/azure-docs#114009).
        fields.put("error_description", describe(refusal) + "\r\nTrace ID: " + UUID.randomUUID()
            + "\r\nCorrelation ID: " + UUID.randomUUID() + "\r\nTimestamp: " + UTC.format(now()));
        fields.put("error_uri", base() + "/error?code=" + refusal.aadsts);
        return fields;
    }

    private Reply comeBack(Attempt attempt, Map<String, String> fields) {
        if (attempt.request().parameters().containsKey("state")) {
            fields.put("state", attempt.request().parameter("state"));
        }
        var mode = attempt.request().parameter("response_mode");
        if (mode.equals("form_post")) {
            return Reply.page(200, formPostPage(attempt.redirectUri(), fields));
        }
        // "Redirect URIs not configured with a path segment are returned with a trailing slash" (reply-url page).
        var uri = URI.create(attempt.redirectUri());
        var address = uri.getRawPath().isEmpty() ? attempt.redirectUri() + "/" : attempt.redirectUri();
        var joint = mode.equals("fragment") ? "#" : uri.getRawQuery() == null ? "?" : "&";
        // The final "#" is Microsoft's (MicrosoftDocs/azure-docs#114009); browsers keep it, so people paste it.
        return Reply.redirect(address + joint + form(fields) + (mode.equals("fragment") ? "" : "#"));
    }

    /**
     * Whether a redirect URI fits a registered one. Scheme, host, path and query must be equal, case included; for
     * loopback hosts the port is ignored ("Redirect URI restrictions and limitations", Localhost exceptions; RFC 8252
     * section 7.3). An empty path and "/" are the same address (RFC 3986 section 6.2.3, and that page returns one as
     * the other); beyond that a trailing slash counts.
     */
    static boolean matches(String registered, String requested) {
        try {
            var r = new URI(registered);
            var q = new URI(requested);
            var loopback = Set.of("localhost", "127.0.0.1").contains(String.valueOf(r.getHost()));
            return r.getScheme().equals(q.getScheme()) && String.valueOf(r.getHost()).equals(q.getHost())
                && (loopback || r.getPort() == q.getPort()) && q.getUserInfo() == null && q.getRawFragment() == null
                && pathOf(r).equals(pathOf(q)) && String.valueOf(r.getRawQuery()).equals(String.valueOf(q.getRawQuery()));
        } catch (URISyntaxException | NullPointerException e) {
            return false;
        }
    }

    private static String pathOf(URI uri) {
        return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    }

    // ------------------------------------------------------------------------------------------------ token

    private Reply token(Request request) throws Refusal {
        if (!request.method().equals("POST")) {
            throw new Refusal("invalid_request", 900561,
                "The endpoint only accepts POST requests. Received a " + request.method() + " request.");
        }
        checkTenant(request.tenant());
        var type = request.parameter("grant_type");
        if (type.isEmpty()) {
            throw Refusal.missing("grant_type");
        }
        if (!Set.of("authorization_code", "refresh_token", "device_code", "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code").contains(type)) {
            throw new Refusal("unsupported_grant_type", 70003,
                "The app requested an unsupported grant type '" + type + "'.");
        }
        var app = app(request);
        authenticate(request, app, type);
        return switch (type) {
            case "authorization_code" -> redeem(request, app);
            case "refresh_token" -> refresh(request, app);
            case "client_credentials" -> appOnly(request, app);
            default -> pollDevice(request, app);
        };
    }

    private void authenticate(Request request, App app, String grantType) throws Refusal {
        // OfflineIMAP sends an empty client_secret for public clients, which Entra takes for none.
        var basic = basic(request);
        var secret = basic == null ? request.parameter("client_secret") : basic.get(1);
        var assertion = request.parameter("client_assertion");
        if (app.isPublic() && !(secret.isEmpty() && assertion.isEmpty())) {
            throw new Refusal("invalid_client", 700025,
                "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
        }
        if (app.isPublic() && !grantType.equals("client_credentials")) {
            return;
        }
        if (secret.isEmpty() && assertion.isEmpty()) {
            throw new Refusal("invalid_client", 7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
        }
        if (!assertion.isEmpty()) {
            checkAssertion(request, app, assertion);
        } else if (!secret.equals(app.secret())) {
            throw new Refusal("invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in "
                + "the request is the client secret value, not the client secret ID, for a secret added to app '"
                + app.clientId() + "'.");
        }
    }

    /** Client id and secret in the header (RFC 6749 section 2.3.1), or null. */
    private List<String> basic(Request request) throws Refusal {
        var header = request.headers().getOrDefault("authorization", "");
        if (!header.startsWith("Basic ")) {
            return null;
        }
        try {
            var pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8).split(":", 2);
            return List.of(decode(pair[0]), decode(pair[1]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new Refusal("invalid_request", 9002313, "Invalid request. Request is malformed or invalid.");
        }
    }

    /** "Microsoft identity platform application authentication certificate credentials" and RFC 7523 section 3. */
    private void checkAssertion(Request request, App app, String assertion) throws Refusal {
        if (!request.parameter("client_assertion_type").equals("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")) {
            throw new Refusal("invalid_request", 900144,
                "The request body must contain the following parameter: 'client_assertion_type'.");
        }
        var parts = assertion.split("\\.", -1);
        String header;
        String claims;
        try {
            header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
            claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new Refusal("invalid_client", 50027, "JWT token is invalid or malformed.");
        }
        if (parts.length != 3 || claim(header, "alg").equals("none") || !header.contains("\"x5t")) {
            throw new Refusal("invalid_client", 50027, "JWT token is invalid or malformed.");
        }
        if (!claim(claims, "iss").equals(app.clientId()) || !claim(claims, "sub").equals(app.clientId())) {
            throw new Refusal("invalid_client", 700021,
                "Client assertion application identifier doesn't match 'client_id' parameter.");
        }
        var tenant = base() + "/" + request.tenant();
        if (!Set.of(tenant + "/oauth2/v2.0/token", tenant + "/v2.0").contains(claim(claims, "aud"))) {
            throw new Refusal("invalid_client", 700023, "Client assertion audience claim does not match Realm issuer.");
        }
        var expires = claim(claims, "exp");
        if (!expires.matches("\\d+") || Instant.ofEpochSecond(Long.parseLong(expires)).isBefore(now())) {
            throw new Refusal("invalid_client", 700024, "Client assertion is not within its valid time range.");
        }
        if (app.certificate() == null || !isSignedBy(app.certificate(), claim(header, "alg"), parts)) {
            throw new Refusal("invalid_client", 700027, "The certificate with identifier used to sign the client "
                + "assertion is not registered on application, or the signature is invalid.");
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, String algorithm, String[] parts) {
        try {
            var signature = Signature.getInstance(algorithm.equals("PS256") ? "RSASSA-PSS" : "SHA256withRSA");
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initVerify(certificate.getPublicKey());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private Reply redeem(Request request, App app) throws Refusal {
        var text = request.parameter("code");
        if (text.isEmpty()) {
            throw Refusal.missing("code");
        }
        var code = codes.get(text);
        if (code == null) {
            throw new Refusal("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.");
        }
        if (!code.grant().app().clientId().equals(app.clientId())) {
            throw new Refusal("invalid_grant", 70000, "Provided grant is invalid or malformed.");
        }
        if (redeemed.contains(text)) {
            throw new Refusal("invalid_grant", 54005, "OAuth2 Authorization code was already redeemed, please retry with "
                + "a new valid code or use an existing refresh token.");
        }
        if (code.grant().issued().plusSeconds(codeSeconds).isBefore(now())) {
            throw new Refusal("invalid_grant", 70008, "The provided authorization code or refresh token has expired due "
                + "to inactivity. Send a new interactive authorization request for this user and resource.");
        }
        if (!code.tenant().equals(request.tenant())) {
            throw new Refusal("invalid_grant", 700005, "The provided Authorization Code is intended to use against other "
                + "tenant, thus rejected.");
        }
        if (app.redirectUris().stream().noneMatch(r -> matches(r, request.parameter("redirect_uri")))) {
            throw new Refusal("invalid_client", 50011, "The redirect URI '" + request.parameter("redirect_uri")
                + "' specified in the request does not match the redirect URIs configured for the application '"
                + app.clientId() + "'.");
        }
        // Here even "" and "/" differ (PartnerCenterSamples/Reseller-Web-Application#73).
        if (!code.redirectUri().equals(request.parameter("redirect_uri"))) {
            throw new Refusal("invalid_client", 500112, "The reply address '" + request.parameter("redirect_uri")
                + "' does not match the reply address '" + code.redirectUri()
                + "' provided when requesting Authorization code.");
        }
        if (!provesKey(code, request.parameter("code_verifier"))) {
            throw new Refusal("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied in "
                + "the authorization request.");
        }
        var reply = issue(request, code.grant(), code.nonce(), code.grant().scopes().contains("offline_access"));
        redeemed.add(text);
        return reply;
    }

    /** RFC 7636 section 4.6; a verifier without a challenge is refused as RFC 9700 section 2.1.1 demands. */
    private static boolean provesKey(Code code, String verifier) {
        if (code.challenge().isEmpty()) {
            return verifier.isEmpty();
        }
        if (!verifier.matches("[A-Za-z0-9._~-]{43,128}")) {
            return false;
        }
        return code.challenge().equals(code.challengeMethod().equals("S256") ? sha256(verifier) : verifier);
    }

    private Reply refresh(Request request, App app) throws Refusal {
        var text = request.parameter("refresh_token");
        if (text.isEmpty()) {
            throw Refusal.missing("refresh_token");
        }
        var grant = refreshTokens.get(text);
        if (grant == null && !text.matches("(1\\.AX|M\\.C546_).{500,}")) {
            throw new Refusal("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.");
        }
        if (grant == null || !grant.app().clientId().equals(app.clientId())) {
            throw new Refusal("invalid_grant", 70000, "Provided grant is invalid or malformed.");
        }
        if (grant.issued().plusSeconds(refreshTokenSeconds).isBefore(now())) {
            throw new Refusal(400, "invalid_grant", 700082, "The refresh token has expired due to inactivity. The token was "
                + "issued on " + grant.issued() + " and was inactive for " + refreshTokenSeconds / 86400 + ".00:00:00.",
                "bad_token");
        }
        if (!revoked.getOrDefault(grant.user().name().toLowerCase(Locale.ROOT), Instant.MIN).isBefore(grant.issued())) {
            throw new Refusal(400, "invalid_grant", 50173, "The provided grant has expired due to it being revoked, a fresh "
                + "auth token is needed. The user might have changed or reset their password. The grant was issued on '"
                + grant.issued() + "' and the TokensValidFrom date (before which tokens are not valid) for this user is '"
                + revoked.get(grant.user().name().toLowerCase(Locale.ROOT)) + "'.", "bad_token");
        }
        checkAccount(grant.user(), request.tenant());
        return issue(request, grant, "", true);
    }

    private Reply appOnly(Request request, App app) throws Refusal {
        if (Set.of("common", "organizations", "consumers").contains(request.tenant())) {
            throw new Refusal("invalid_request", 50059, "No tenant-identifying information found in either the request or "
                + "implied by any provided credentials.");
        }
        if (request.parameter("scope").isBlank()) {
            throw Refusal.missing("scope");
        }
        // MSAL adds the OpenID scopes to every request; without a user they mean nothing.
        var scope = List.of(request.parameter("scope").strip().split("\\s+")).stream().filter(s -> !OPEN_ID.contains(s))
            .collect(Collectors.joining(" "));
        if (!scope.endsWith("/.default") || scope.contains(" ")) {
            throw new Refusal("invalid_scope", 1002012, "The provided value for scope " + scope + " is not valid. Client "
                + "credential flows must have a scope value with /.default suffixed to the resource identifier "
                + "(application ID URI).");
        }
        scopes(scope, app);
        var access = newAccessToken(null, app, scope.substring(0, scope.length() - "/.default".length()), app.roles());
        return Reply.json(200, tokenFields(access, ""));
    }

    private Reply issue(Request request, Grant grant, String nonce, boolean offline) throws Refusal {
        var asked = request.parameter("scope").isBlank() ? grant.scopes() : scopes(request.parameter("scope"), grant.app());
        var wanted = new LinkedHashSet<>(expand(asked));
        wanted.removeAll(OPEN_ID);
        if (wanted.isEmpty()) {
            wanted.addAll(expand(grant.scopes()));
            wanted.removeAll(OPEN_ID);
        }
        if (wanted.isEmpty()) {
            wanted.add(GRAPH + "/User.Read");
        }
        // Several resources in one request: the token is for the first ("OAuth 2.0 authorization code flow", scope).
        var resource = resource(wanted);
        wanted.removeIf(scope -> !scope.startsWith(resource + "/"));
        var given = consents.getOrDefault(consentKey(grant.user(), grant.app()), Set.of());
        if (!given.containsAll(wanted) && !wanted.equals(Set.of(GRAPH + "/User.Read"))) {
            throw grant.user().personal()
                ? new Refusal("invalid_grant", 70000, "The request was denied because one or more scopes requested are "
                    + "unauthorized or expired. The user must first sign in and grant the client application access to "
                    + "the requested scope.")
                : new Refusal(400, "invalid_grant", 65001, "The user or administrator has not consented to use the "
                    + "application with ID '" + grant.app().clientId() + "' named '" + grant.app().name() + "'. Send an "
                    + "interactive authorization request for this user and resource.", "consent_required");
        }
        var access = newAccessToken(grant.user(), grant.app(), resource, permissions(wanted));
        var fields = tokenFields(access, String.join(" ", wanted));
        if (offline) {
            fields.put("refresh_token", newRefreshToken(new Grant(grant.user(), grant.app(), grant.scopes(), now())));
        }
        if (grant.scopes().contains("openid") || asked.contains("openid")) {
            fields.put("id_token", idToken(grant, nonce));
        }
        if (request.parameter("client_info").equals("1")) {
            fields.put("client_info", clientInfo(grant.user()));
        }
        return Reply.json(200, fields);
    }

    private Map<String, Object> tokenFields(Access access, String scope) {
        var seconds = Duration.between(access.issued(), access.expires()).toSeconds();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("token_type", "Bearer");
        if (!scope.isEmpty()) {
            fields.put("scope", scope);
        }
        fields.put("expires_in", seconds);
        fields.put("ext_expires_in", seconds);
        fields.put("access_token", access.token());
        return fields;
    }

    // ------------------------------------------------------------------------------------------------ scopes

    private Set<String> scopes(String text, App app) throws Refusal {
        var scopes = new LinkedHashSet<String>();
        for (var scope : text.strip().split("\\s+")) {
            scopes.add(OPEN_ID.contains(scope) ? scope : checked(scope, app));
        }
        return scopes;
    }

    private String checked(String scope, App app) throws Refusal {
        var slash = scope.lastIndexOf('/');
        var resource = slash < 0 ? GRAPH : scope.substring(0, slash);
        var permission = scope.substring(slash + 1);
        if (permission.isEmpty() || !scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+")) {
            throw new Refusal("invalid_scope", 70011, "The provided request must include a 'scope' input parameter. The "
                + "provided value for the input parameter 'scope' is not valid. The scope " + scope + " is not valid.");
        }
        if (!resource.equals(GRAPH) && !resource.equals("https://ps.outlook.com") && !OUTLOOK.contains(resource)) {
            throw new Refusal("invalid_resource", 500011, "The resource principal named " + resource + " was not found in "
                + "the tenant named " + DOMAIN + ". This can happen if the application has not been installed by the "
                + "administrator of the tenant or consented to by any user in the tenant.");
        }
        if (OUTLOOK.contains(resource) && !OUTLOOK_PERMISSIONS.contains(permission)) {
            throw new Refusal(400, "invalid_client", 650053, "The application '" + app.name() + "' asked for scope '"
                + permission + "' that doesn't exist on the resource '" + resource + "'. Contact the app vendor.", "");
        }
        return resource + "/" + permission;
    }

    /** {@code .default} means what the registration lists: here IMAP, POP and SMTP. */
    private static Set<String> expand(Set<String> scopes) {
        var all = new LinkedHashSet<String>();
        for (var scope : scopes) {
            if (scope.endsWith("/.default")) {
                var resource = scope.substring(0, scope.lastIndexOf('/') + 1);
                all.addAll(List.of(resource + "IMAP.AccessAsUser.All", resource + "POP.AccessAsUser.All",
                    resource + "SMTP.Send"));
            } else {
                all.add(scope);
            }
        }
        return all;
    }

    private static Set<String> outlookScopes(String text) {
        return List.of(text.strip().split("\\s+")).stream()
            .map(s -> s.contains("/") || OPEN_ID.contains(s) ? s : "https://outlook.office.com/" + s)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String resource(Set<String> scopes) {
        var first = scopes.stream().filter(s -> !OPEN_ID.contains(s)).findFirst().orElse(GRAPH + "/User.Read");
        return first.substring(0, first.lastIndexOf('/'));
    }

    private static Set<String> permissions(Set<String> scopes) {
        return scopes.stream().filter(s -> !OPEN_ID.contains(s)).map(s -> s.substring(s.lastIndexOf('/') + 1))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String consentKey(User user, App app) {
        return user.name().toLowerCase(Locale.ROOT) + " " + app.clientId();
    }

    // ------------------------------------------------------------------------------------------------ tokens

    private Access newAccessToken(User user, App app, String resource, Set<String> permissions) {
        var issued = now();
        var seconds = accessTokenSeconds >= 0 ? accessTokenSeconds : 3600 + random.nextInt(1800);
        var expires = issued.plusSeconds(seconds);
        var token = user != null && user.personal() ? opaque("EwB4A8l6BAAU", 1500)
            : jwt(accessClaims(user, app, resource, permissions, issued, expires));
        var access = new Access(token, user, app, resource, Set.copyOf(permissions), issued, expires);
        accessTokens.put(token, access);
        secrets.add(token);
        return access;
    }

    /** The claims of Exchange Online's (version 1.0) tokens; see "Access token claims reference". */
    private Map<String, Object> accessClaims(User user, App app, String resource, Set<String> permissions,
                                             Instant issued, Instant expires) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("aud", resource);
        claims.put("iss", "https://sts.windows.net/" + TENANT + "/");
        claims.put("iat", issued.getEpochSecond());
        claims.put("nbf", issued.getEpochSecond());
        claims.put("exp", expires.getEpochSecond());
        if (user != null) {
            claims.put("acct", 0);
            claims.put("acr", "1");
        }
        claims.put("aio", opaque("AVQAq/8", 96));
        if (user != null) {
            claims.put("amr", List.of("pwd", "mfa"));
        }
        claims.put("app_displayname", app.name());
        claims.put("appid", app.clientId());
        claims.put("appidacr", app.isPublic() ? "0" : "1");
        claims.put("idtyp", user != null ? "user" : "app");
        claims.put("ipaddr", "127.0.0.1");
        if (user != null) {
            claims.put("login_hint", opaque("O.CiQ", 120));
            claims.put("name", user.name().substring(0, user.name().indexOf('@')));
        }
        claims.put("oid", user != null ? user.objectId()
            : UUID.nameUUIDFromBytes(app.clientId().getBytes(StandardCharsets.UTF_8)).toString());
        claims.put("puid", "10032001" + String.format("%08X", random.nextInt()));
        claims.put("rh", opaque("1.AXYAka3GpsNkL0uaUi9tHm0LEQIAAAAAAPEPzgAAAAAAAAB2AA.", 80));
        if (user != null) {
            claims.put("scp", String.join(" ", permissions));
        } else {
            claims.put("roles", List.copyOf(permissions));
        }
        claims.put("sid", UUID.randomUUID().toString());
        claims.put("sub", opaque("", 43));
        claims.put("tid", TENANT);
        if (user != null) {
            claims.put("unique_name", user.name());
            claims.put("upn", user.name());
        }
        claims.put("uti", opaque("", 22));
        claims.put("ver", "1.0");
        claims.put("wids", List.of("b79fbf4d-3ef9-4689-8143-76b194e85509"));
        claims.put("xms_ftd", opaque("", 64));
        return claims;
    }

    private String idToken(Grant grant, String nonce) {
        var user = grant.user();
        var issued = now();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("aud", grant.app().clientId());
        claims.put("iss", base() + "/" + user.tenant() + "/v2.0");
        claims.put("iat", issued.getEpochSecond());
        claims.put("nbf", issued.getEpochSecond());
        claims.put("exp", issued.plusSeconds(3600).getEpochSecond());
        claims.put("name", user.name().substring(0, user.name().indexOf('@')));
        if (!nonce.isEmpty()) {
            claims.put("nonce", nonce);
        }
        claims.put("oid", user.objectId());
        claims.put("preferred_username", user.name());
        claims.put("sub", sha256(user.name() + grant.app().clientId()));
        claims.put("tid", user.tenant());
        claims.put("uti", opaque("", 22));
        claims.put("ver", "2.0");
        var token = jwt(claims);
        secrets.add(token);
        return token;
    }

    private String jwt(Map<String, Object> claims) {
        var key = opaque("", 27);
        var header = new LinkedHashMap<String, Object>();
        header.put("typ", "JWT");
        header.put("nonce", opaque("", 43));
        header.put("alg", "RS256");
        header.put("x5t", key);
        header.put("kid", key);
        return base64(json(header)) + "." + base64(json(claims)) + "." + opaque("", 342);
    }

    private String newRefreshToken(Grant grant) {
        // Those of personal accounts hold "!" and "*", which a form must (or should) percent-encode.
        var token = grant.user().personal() ? opaque("M.C546_BAY.0.U.-Cn!x*", 700) + "$$"
            : opaque("1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABAwEAAAD", 1200 + random.nextInt(600));
        refreshTokens.put(token, grant);
        secrets.add(token);
        return token;
    }

    private static String clientInfo(User user) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("uid", user.objectId());
        fields.put("utid", user.tenant());
        return base64(json(fields));
    }

    /** Random base64url text of exactly {@code length} characters that begins with {@code prefix}. */
    private String opaque(String prefix, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        var text = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return text.substring(0, Math.max(length, prefix.length()));
    }

    // ------------------------------------------------------------------------------------------------ device flow

    private Reply deviceCode(Request request) throws Refusal {
        checkTenant(request.tenant());
        var app = app(request);
        if (request.parameter("scope").isBlank()) {
            throw Refusal.missing("scope");
        }
        var userCode = random.ints(9, 0, 31).mapToObj(i -> "" + "ABCDEFGHJKLMNPQRSTUVWXYZ2345679".charAt(i))
            .collect(Collectors.joining());
        var device = new Device(userCode, opaque("CAQABIQEAAAD", 220), app, scopes(request.parameter("scope"), app),
            now().plusSeconds(deviceSeconds));
        devices.put(device.deviceCode, device);
        secrets.add(device.deviceCode);
        var page = base() + "/common/oauth2/deviceauth";
        var fields = new LinkedHashMap<String, Object>();
        fields.put("user_code", device.userCode);
        fields.put("device_code", device.deviceCode);
        fields.put("verification_uri", page);
        fields.put("expires_in", deviceSeconds);
        fields.put("interval", deviceInterval);
        fields.put("message", "To sign in, use a web browser to open the page " + page + " and enter the code "
            + device.userCode + " to authenticate.");
        return Reply.json(200, fields);
    }

    private Reply pollDevice(Request request, App app) throws Refusal {
        var text = request.parameters().getOrDefault("device_code", request.parameter("code"));
        if (text.isEmpty()) {
            throw Refusal.missing("device_code");
        }
        var device = devices.get(text);
        if (device == null || !device.app.clientId().equals(app.clientId())) {
            throw new Refusal("bad_verification_code", 70018, "Bad verification code.");
        }
        if (device.redeemed) {
            throw new Refusal("invalid_grant", 54005, "OAuth2 Authorization code was already redeemed, please retry with a "
                + "new valid code or use an existing refresh token.");
        }
        if (device.declined) {
            // The page "device authorization grant" names the error; the number is not documented.
            throw new Refusal("authorization_declined", 65004, "User declined to consent to access the app.");
        }
        if (device.expires.isBefore(now())) {
            throw new Refusal("expired_token", 70020,
                "The provided value for the input parameter 'device_code' is not valid. This device code has expired.");
        }
        var early = device.polled.plusSeconds(deviceInterval).isAfter(now());
        device.polled = now();
        if (device.approvedBy == null) {
            throw slowDown && early ? new Refusal("slow_down", 0, "The client polls too often.")
                : new Refusal("authorization_pending", 70016,
                    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
        }
        var reply = issue(request, new Grant(device.approvedBy, app, device.scopes, now()), "",
            device.scopes.contains("offline_access"));
        device.redeemed = true;
        return reply;
    }

    /** {@code user} types the code into the verification page and accepts. */
    public synchronized void approve(String userCode, String user) {
        var device = device(userCode);
        device.approvedBy = user(user);
        consents.computeIfAbsent(consentKey(device.approvedBy, device.app), k -> new LinkedHashSet<>())
            .addAll(expand(device.scopes));
    }

    /** Somebody types the code into the verification page and declines. */
    public synchronized void decline(String userCode) {
        device(userCode).declined = true;
    }

    /** The user codes that wait for somebody, oldest first. */
    public synchronized List<String> pendingUserCodes() {
        return devices.values().stream().filter(d -> d.approvedBy == null && !d.declined).map(d -> d.userCode).toList();
    }

    private Device device(String userCode) {
        var wanted = userCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        return devices.values().stream().filter(d -> d.userCode.equals(wanted)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no such user code: " + userCode));
    }

    private Reply deviceAuth(Request request) {
        if (!request.method().equals("POST")) {
            return Reply.page(200, deviceCodePage(request.parameter("user_code"), ""));
        }
        Device device;
        try {
            device = device(request.parameter("otc"));
        } catch (IllegalArgumentException e) {
            return Reply.page(200, deviceCodePage("", "That code didn’t work. Check the code and try again (70018)."));
        }
        if (device.expires.isBefore(now()) || device.approvedBy != null || device.declined) {
            return Reply.page(200, deviceCodePage("", "That code has expired or was used. Ask for a new one (70019)."));
        }
        return Reply.page(200, deviceConfirmPage(device, ""));
    }

    private Reply deviceConfirm(Request request) throws Refusal {
        Device device;
        try {
            device = device(request.parameter("otc"));
        } catch (IllegalArgumentException e) {
            throw new Refusal("invalid_request", 70018, "Bad verification code.");
        }
        if (!request.parameter("acceptConsent").equals("true")) {
            decline(device.userCode);
            return Reply.page(200, page("You declined", "<p>You may close this window.</p>"));
        }
        var user = users.get(request.parameter("login").strip().toLowerCase(Locale.ROOT));
        if (user == null || !user.password().equals(request.parameter("passwd"))) {
            return Reply.page(200, deviceConfirmPage(device, "Your account or password is incorrect (50126)."));
        }
        approve(device.userCode, user.name());
        return Reply.page(200, page(device.app.name(), "<p>You have signed in to " + escape(device.app.name())
            + " on your device. You may now close this window.</p>"));
    }

    // ------------------------------------------------------------------------------------------------ metadata

    private Reply discovery(Request request) throws Refusal {
        if (request.parameter("authorization_endpoint").isEmpty()) {
            throw Refusal.missing("authorization_endpoint");
        }
        var fields = new LinkedHashMap<String, Object>();
        fields.put("tenant_discovery_endpoint", authority() + "/v2.0/.well-known/openid-configuration");
        fields.put("api-version", "1.1");
        fields.put("metadata", List.of(Map.of("preferred_network", "localhost:" + port(),
            "preferred_cache", "localhost:" + port(), "aliases", List.of("localhost:" + port()))));
        return Reply.json(200, fields);
    }

    private Reply openIdConfiguration(Request request) throws Refusal {
        checkTenant(request.tenant());
        var tenant = base() + "/" + request.tenant();
        var issuer = Set.of("common", "organizations").contains(request.tenant()) ? "{tenantid}"
            : request.tenant().equals("consumers") ? PERSONAL_TENANT
            : request.tenant().equals(DOMAIN) ? TENANT : request.tenant();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("token_endpoint", tenant + "/oauth2/v2.0/token");
        fields.put("token_endpoint_auth_methods_supported",
            List.of("client_secret_post", "private_key_jwt", "client_secret_basic"));
        fields.put("response_modes_supported", List.of("query", "fragment", "form_post"));
        fields.put("subject_types_supported", List.of("pairwise"));
        fields.put("response_types_supported", List.of("code"));
        fields.put("scopes_supported", List.of("openid", "profile", "email", "offline_access"));
        fields.put("issuer", base() + "/" + issuer + "/v2.0");
        fields.put("authorization_endpoint", tenant + "/oauth2/v2.0/authorize");
        fields.put("device_authorization_endpoint", tenant + "/oauth2/v2.0/devicecode");
        fields.put("tenant_region_scope", null);
        fields.put("cloud_instance_name", "localhost:" + port());
        return Reply.json(200, fields);
    }

    /**
     * RFC 7662, as Dovecot's oauth2 passdb asks: {@code introspection_mode} post (token in a form), auth (Bearer header)
     * or get (token at the end of the address). An active token is unexpired, meant for Outlook and a user's.
     */
    private Reply introspect(Request request) {
        var header = request.headers().getOrDefault("authorization", "");
        var token = header.startsWith("Bearer ") ? header.substring(7) : request.parameter("token");
        var access = access(token).filter(Access::isForOutlook).filter(a -> a.user() != null).orElse(null);
        if (access == null) {
            return Reply.json(200, Map.of("active", false));
        }
        var fields = new LinkedHashMap<String, Object>();
        fields.put("active", true);
        fields.put("username", access.user().name());
        fields.put("scope", access.permissions().stream().map(p -> access.audience() + "/" + p)
            .collect(Collectors.joining(" ")));
        fields.put("client_id", access.app().clientId());
        fields.put("token_type", "Bearer");
        fields.put("exp", access.expires().getEpochSecond());
        fields.put("aud", access.audience());
        return Reply.json(200, fields);
    }

    // ------------------------------------------------------------------------------------------------ checks

    private App app(Request request) throws Refusal {
        var basic = basic(request);
        var id = basic == null ? request.parameter("client_id") : basic.get(0);
        if (id.isEmpty()) {
            throw Refusal.missing("client_id");
        }
        var app = apps.get(id);
        if (app == null) {
            throw new Refusal("unauthorized_client", 700016, "Application with identifier '" + id + "' was not found in the "
                + "directory '" + DOMAIN + "'. This can happen if the application has not been installed by the "
                + "administrator of the tenant or consented to by any user in the tenant. You may have sent your "
                + "authentication request to the wrong tenant.");
        }
        return app;
    }

    private static void checkTenant(String tenant) throws Refusal {
        if (!Set.of("common", "organizations", "consumers", DOMAIN, TENANT, PERSONAL_TENANT).contains(tenant)) {
            // "invalid_tenant" is what the metadata answer; that the token endpoint says so too is a guess.
            throw new Refusal(400, "invalid_tenant", 90002, "Tenant '" + tenant + "' not found. Check to make sure you have the "
                + "correct tenant ID and are signing into the correct cloud. Check with your subscription "
                + "administrator, this may happen if there are no active subscriptions for the tenant.", "");
        }
    }

    private static void checkAccount(User user, String tenant) throws Refusal {
        var fits = switch (tenant) {
            case "common" -> true;
            case "consumers", PERSONAL_TENANT -> user.personal();
            default -> !user.personal();
        };
        if (!fits) {
            throw new Refusal("invalid_grant", 50020, "User account '" + user.name() + "' from identity provider '"
                + (user.personal() ? "live.com" : "https://sts.windows.net/" + TENANT + "/") + "' does not exist in "
                + "tenant '" + tenant + "' and cannot access the application in that tenant. The account needs to be "
                + "added as an external user in the tenant first. Sign out and sign in again with a different account.");
        }
    }

    private User user(String name) {
        return Optional.ofNullable(users.get(name.toLowerCase(Locale.ROOT)))
            .orElseThrow(() -> new IllegalArgumentException("no such user: " + name));
    }

    private Instant now() {
        return Instant.now().plus(timePassed);
    }

    // ------------------------------------------------------------------------------------------------ a browser

    /**
     * Does what a person in a browser does: opens the address, types name and password, accepts.
     *
     * @return where the browser is sent in the end, not followed; for {@code form_post} the form's address and fields
     * @throws IllegalStateException with the words on the page if it comes to an error page instead
     */
    public String signIn(String authorizeUrl, String user) {
        return browse(authorizeUrl, user, true);
    }

    /** The same, but the person presses Cancel on the consent page. */
    public String cancel(String authorizeUrl, String user) {
        return browse(authorizeUrl, user, false);
    }

    private String browse(String address, String user, boolean accept) {
        var account = user(user);
        var browser = HttpClient.newBuilder().sslContext(ca.trusting()).connectTimeout(Duration.ofSeconds(10)).build();
        var request = HttpRequest.newBuilder(URI.create(address)).GET();
        for (int pages = 0; pages < 5; pages++) {
            var response = load(browser, request.timeout(Duration.ofSeconds(30)).build());
            if (response.statusCode() == 302) {
                return response.headers().firstValue("Location").orElseThrow();
            }
            var html = response.body();
            var form = Pattern.compile("<form[^>]*action=\"([^\"]*)\"").matcher(html);
            if (!form.find()) {
                throw new IllegalStateException(text(html));
            }
            var fields = inputs(html);
            var action = unescape(form.group(1));
            if (fields.containsKey("passwd")) {
                if (html.contains("role=\"alert\"")) {
                    throw new IllegalStateException(text(html));
                }
                fields.put("login", account.name());
                fields.put("passwd", account.password());
            } else if (html.contains("name=\"acceptConsent\"")) {
                fields.put("acceptConsent", String.valueOf(accept));
            } else {
                return action + "?" + form(fields);
            }
            request = HttpRequest.newBuilder(URI.create(base()).resolve(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(fields)));
        }
        throw new IllegalStateException("the sign-in never came to an end");
    }

    private static HttpResponse<String> load(HttpClient browser, HttpRequest request) {
        try {
            return browser.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> inputs(String html) {
        var fields = new LinkedHashMap<String, String>();
        var inputs = Pattern.compile("<input[^>]* name=\"([^\"]+)\"[^>]*?(?: value=\"([^\"]*)\")?[^>]*>").matcher(html);
        while (inputs.find()) {
            fields.put(inputs.group(1), inputs.group(2) == null ? "" : unescape(inputs.group(2)));
        }
        return fields;
    }

    private static String text(String html) {
        return unescape(html.replaceAll("(?s)<(style|script|title).*?</\\1>", "").replaceAll("<[^>]+>", " ")
            .replaceAll("\\s+", " ").strip());
    }

    // ------------------------------------------------------------------------------------------------ pages

    // Enter presses a form's first button, so the affirmative one comes first and is only drawn last.
    private static final String STYLE = """
        body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center;
               background: #eef1f5; color: #1b1b1b; font: 16px/1.45 "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
        main { box-sizing: border-box; width: min(30rem, 94vw); margin: 2rem 0; padding: 2.5rem 2.75rem; background: #fff;
               border-radius: 4px; box-shadow: 0 2px 12px #0003; overflow-wrap: anywhere; }
        header { display: flex; align-items: center; gap: .6rem; color: #51565c; font-size: .9rem; font-weight: 600; }
        header i { width: 1.1rem; height: 1.1rem; border-radius: 3px; background: #2f6fab; }
        h1 { margin: 1.1rem 0 .9rem; font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
        h2 { margin: 1.6rem 0 .4rem; font-size: 1rem; }
        label { display: block; margin-top: 1rem; font-size: .9rem; color: #51565c; }
        input[type=text], input[type=password] { box-sizing: border-box; width: 100%; padding: .5rem 0; border: 0;
               border-bottom: 1px solid #6b7177; font: inherit; background: transparent; }
        input:focus { outline: 0; border-bottom: 2px solid #2f6fab; }
        .buttons { display: flex; flex-direction: row-reverse; gap: .6rem; margin-top: 2rem; }
        button { min-width: 7rem; padding: .55rem 1rem; border: 0; background: #d9dde2; color: inherit; font: inherit;
               cursor: pointer; }
        button.yes { background: #24598c; color: #fff; }
        button:focus-visible { outline: 2px solid #1b1b1b; outline-offset: 2px; }
        ul { padding-left: 1.2rem; } li { margin: .35rem 0; }
        .who { margin: 0; color: #51565c; }
        [role=alert] { color: #b0151e; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: 0; font-size: .88rem; }
        dt { color: #51565c; } dd { margin: 0; }
        footer { margin-top: 2.2rem; font-size: .8rem; color: #6b7177; }
        """;

    private static String page(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title) + "</title>"
            + "<meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">"
            + "<style>" + STYLE + "</style></head>\n<body><main><header><i></i>Test sign-in</header><h1>" + escape(title)
            + "</h1>\n" + body + "\n<footer>A stand-in for Microsoft 365. Nothing leaves this computer.</footer>"
            + "</main></body></html>\n";
    }

    private Reply signInPage(Attempt attempt, String complaint) {
        var flowToken = opaque("AQABIQEAAA", 60);
        attempts.put(flowToken, attempt);
        return Reply.page(200, page("Sign in", "<p class=\"who\">to continue to " + escape(attempt.app().name()) + "</p>"
            + "<form method=\"post\" action=\"/" + attempt.request().tenant() + "/login\">" + hidden("flowToken", flowToken)
            + credentials(attempt.request().parameter("login_hint"), complaint)
            + "<div class=\"buttons\"><button class=\"yes\">Sign in</button></div></form>"));
    }

    private static String consentPage(SignedIn signed, String flowToken) {
        var wishes = signed.attempt().scopes().stream().filter(s -> !s.equals("openid"))
            .map(s -> "<li>" + escape(meaning(s)) + "</li>").collect(Collectors.joining("\n"));
        return page("Permissions requested", "<p class=\"who\">" + escape(signed.user().name()) + "</p><p><b>"
            + escape(signed.attempt().app().name()) + "</b> would like to:</p><ul>" + wishes + "</ul>"
            + "<form method=\"post\" action=\"/common/Consent/Set\">" + hidden("flowToken", flowToken)
            + "<div class=\"buttons\"><button class=\"yes\" name=\"acceptConsent\" value=\"true\">Accept</button>"
            + "<button name=\"acceptConsent\" value=\"false\">Cancel</button></div></form>");
    }

    private static String meaning(String scope) {
        return switch (scope.substring(scope.lastIndexOf('/') + 1)) {
            case "IMAP.AccessAsUser.All" -> "Read and write access to your mail via IMAP";
            case "POP.AccessAsUser.All" -> "Read and write access to your mail via POP";
            case "SMTP.Send" -> "Send mail from your mailbox";
            case "offline_access" -> "Maintain access to data you have given it access to";
            case "profile" -> "View your basic profile";
            case "email" -> "View your email address";
            default -> scope;
        };
    }

    private static String deviceCodePage(String code, String complaint) {
        return page("Enter code to allow access", alert(complaint) + "<p>Once you enter the code displayed on your app or "
            + "device, it will have access to your account.</p><form method=\"post\" action=\"/common/oauth2/deviceauth\">"
            + "<label for=\"otc\">Code</label><input type=\"text\" id=\"otc\" name=\"otc\" autocomplete=\"off\" autofocus"
            + " value=\"" + escape(code) + "\"><div class=\"buttons\"><button class=\"yes\">Next</button></div></form>");
    }

    private static String deviceConfirmPage(Device device, String complaint) {
        return page("Are you trying to sign in to " + device.app.name() + "?", "<p>Only continue if you started this on "
            + "another device.</p><form method=\"post\" action=\"/common/oauth2/deviceauth/confirm\">"
            + hidden("otc", device.userCode) + credentials("", complaint)
            + "<div class=\"buttons\"><button class=\"yes\" name=\"acceptConsent\" value=\"true\">Continue</button>"
            + "<button name=\"acceptConsent\" value=\"false\">Cancel</button></div></form>");
    }

    private static String formPostPage(String address, Map<String, String> fields) {
        return "<!DOCTYPE html>\n<html><head><title>Working...</title></head><body><form method=\"POST\" name=\"hiddenform\""
            + " action=\"" + escape(address) + "\">" + fields.entrySet().stream()
                .map(f -> hidden(f.getKey(), f.getValue())).collect(Collectors.joining())
            + "<noscript><p>Script is disabled. Click Submit to continue.</p><input type=\"submit\" value=\"Submit\">"
            + "</noscript></form><script>document.forms[0].submit();</script></body></html>\n";
    }

    private static String credentials(String name, String complaint) {
        return alert(complaint) + "<label for=\"login\">Account</label><input type=\"text\" id=\"login\" name=\"login\""
            + " autocomplete=\"username\"" + (name.isEmpty() ? " autofocus" : "") + " value=\"" + escape(name) + "\">"
            + "<label for=\"passwd\">Password</label><input type=\"password\" id=\"passwd\" name=\"passwd\""
            + " autocomplete=\"off\"" + (name.isEmpty() ? "" : " autofocus") + ">";
    }

    private static String alert(String complaint) {
        return complaint.isEmpty() ? "" : "<p role=\"alert\">" + escape(complaint) + "</p>";
    }

    private static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + escape(name) + "\" value=\"" + escape(value) + "\">";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String unescape(String html) {
        return html.replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    }

    // ------------------------------------------------------------------------------------------------ encodings

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
            .map(f -> URLEncoder.encode(f.getKey(), StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(String text) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(e -> json(e.getKey()) + ":" + json(e.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(fake_login::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return value.toString().chars().mapToObj(c -> c == '"' || c == '\\' ? "\\" + (char) c
                : c < ' ' ? String.format("\\u%04x", c) : String.valueOf((char) c))
            .collect(Collectors.joining("", "\"", "\""));
    }

    /** A string or number out of a flat JSON object; enough for the claims of a client assertion. */
    private static String claim(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*(?:\"([^\"]*)\"|(\\d+))").matcher(json);
        return !found.find() ? "" : found.group(1) != null ? found.group(1).replace("\\/", "/") : found.group(2);
    }

    /** Stops serving; hanging answers are cut off. */
    @Override public void close() {
        servers.forEach(server -> server.stop(0));
        workers.shutdownNow();
    }
}
