//SOURCES Access.java
//SOURCES App.java
//SOURCES LoginListener.java
//SOURCES LoginRooms.java
//SOURCES Platform.java
//SOURCES Reception.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES SampleTenant.java
//SOURCES ScriptedBrowser.java
//SOURCES Tenants.java
//SOURCES ThrowawayCa.java
//SOURCES User.java

package stand_in;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * An identity provider on loopback, laid out like the Microsoft identity platform ("Entra v2").
 *
 * <p>Built from Microsoft's pages "OAuth 2.0 authorization code flow", "device authorization grant", "client
 * credentials flow", "Redirect URI restrictions" and "Microsoft Entra authentication error codes", so that a client
 * which works here has a fair chance there. It signs nothing: access tokens are recognised because it remembers them.
 * Everything it was sent is in {@link #requests}, everything secret it handed out or saw in {@link #secrets}. One
 * request is answered at a time, and none while a test changes something.
 */
public final class FakeLogin implements AutoCloseable {
    /** Thunderbird's client id: a public client, like every desktop program. */
    public static final String PUBLIC_APP = SampleTenant.PUBLIC_APP;
    /** A confidential client that may also act without a user (client credentials). */
    public static final String CONFIDENTIAL_APP = SampleTenant.CONFIDENTIAL_APP;
    /** The secret of {@link #CONFIDENTIAL_APP}. */
    public static final String CONFIDENTIAL_SECRET = SampleTenant.CONFIDENTIAL_SECRET;
    /** The directory (tenant) id that all work accounts live in. */
    public static final String TENANT = Tenants.WORK;

    private final ThrowawayCa ca;
    private final LoginListener listener;
    private final LoginRooms rooms;
    private final Platform platform;
    private final Reception reception;
    private BiFunction<Request, String, String> lie = (request, body) -> body;
    private ScriptedBrowser browser;

    private FakeLogin(ThrowawayCa ca) {
        this.ca = ca;
        listener = new LoginListener(ca.server());
        rooms = new LoginRooms("https://localhost:" + listener.port());
        platform = rooms.platform;
        reception = new Reception(platform, rooms.errors, rooms.faults, this::answer);
    }

    /** Starts on a free port of 127.0.0.1 (and ::1 if the machine has it) with a certificate for {@code localhost}. */
    public static FakeLogin start(ThrowawayCa ca) {
        var login = new FakeLogin(ca);
        SampleTenant.addTo(login.platform.directory());
        login.listener.start(login.reception::serve);
        return login;
    }

    private synchronized Reply answer(Request request) {
        var reply = rooms.answer(request);
        return new Reply(reply.status(), reply.type(), reply.headers(), lie.apply(request, reply.body()));
    }

    // ---------------------------------------------------------------------------------------------- addresses

    /** The port, the same on 127.0.0.1 and ::1. */
    public int port() { return listener.port(); }

    /** {@code https://localhost:PORT}, without a final slash. */
    public String base() { return platform.base(); }

    /** {@code https://localhost:PORT/common}, what a client is configured with. */
    public String authority() { return base() + "/common"; }

    /** Where a mail server may ask what a token is worth (RFC 7662); the real provider has no such thing. */
    public String introspectionUrl() {
        return base() + "/introspect";
    }

    // ---------------------------------------------------------------------------------------------- apps and users

    /** Registers an application, or replaces the one with the same client id. */
    public FakeLogin add(App app) {
        platform.directory().add(app);
        return this;
    }

    /** Adds an account, or replaces the one of the same name. */
    public FakeLogin add(User user) {
        platform.directory().add(user);
        return this;
    }

    /** All accounts. */
    public Collection<User> users() {
        return platform.directory().users();
    }

    /** Revokes the sessions of a user, as a changed password does: refresh tokens issued before answer 50173. */
    public synchronized void revokeSessions(String user) {
        rooms.refreshTokens.revokeSessions(user);
    }

    /** Forgets what a user consented to: the next refresh answers 65001. */
    public synchronized void revokeConsent(String user) {
        platform.consents().revoke(user);
    }

    // ---------------------------------------------------------------------------------------------- lifetimes

    /** Access tokens issued from now on live so many seconds; -1: 3600 to 5399 at random, as Microsoft's do. */
    public void accessTokenSeconds(int seconds) {
        rooms.accessTokens.seconds(seconds);
    }

    /** Authorization codes issued from now on live so many seconds (Microsoft: about 600). */
    public void codeSeconds(int seconds) {
        rooms.codes.seconds(seconds);
    }

    /** Length of the authorization codes from now on, in characters; real ones have one to two thousand. */
    public void codeLength(int characters) {
        rooms.codes.length(characters);
    }

    /** Refresh tokens are good for so many seconds after they were issued (Microsoft: 90 days). */
    public void refreshTokenSeconds(int seconds) {
        rooms.refreshTokens.seconds(seconds);
    }

    /** Device codes issued from now on live so many seconds (Microsoft: 900) … */
    public void deviceSeconds(int seconds) {
        rooms.devices.seconds(seconds);
    }

    /** … and are to be polled every so many seconds (Microsoft: 5). */
    public void deviceInterval(int seconds) {
        rooms.devices.interval(seconds);
    }

    /** Answers too early polls with {@code slow_down} (RFC 8628 section 3.5); Microsoft does not list it, so off. */
    public void slowDown(boolean on) {
        rooms.devices.slowDown(on);
    }

    /** Moves the provider's clock ahead, so that 90 days pass in no time. */
    public void letTimePass(Duration duration) {
        platform.clock().letTimePass(duration);
    }

    /** Ends every access token issued so far; refresh tokens stay good. */
    public synchronized void expireAccessTokens() {
        rooms.accessTokens.expireAll();
    }

    // ---------------------------------------------------------------------------------------------- tokens

    /** The newest refresh token of a user. */
    public synchronized String refreshToken(String user) {
        return rooms.refreshTokens.newest(user);
    }

    /** Hands out a refresh token as if {@code user} had signed in with these scopes, given with or without resource. */
    public synchronized String issueRefreshToken(String user, String clientId, String scopes) {
        return rooms.issueRefreshToken(user, clientId, scopes, "organizations");
    }

    /** Hands out an access token for Outlook to {@code user} with these scopes, given with or without resource. */
    public synchronized String issueAccessToken(String user, String clientId, String scopes) {
        return rooms.issueAccessToken(user, clientId, scopes);
    }

    /** What is known about an unexpired access token; empty if it is expired or was never issued. */
    public Optional<Access> access(String token) {
        return rooms.accessTokens.find(token);
    }

    /**
     * Every secret handed out or seen: passwords, client secrets and assertions, codes, tokens, device codes, PKCE
     * verifiers. No program under test may print one unasked.
     */
    public Set<String> secrets() {
        return platform.secrets().all();
    }

    // ---------------------------------------------------------------------------------------------- what arrived

    /** Every request so far, in order of arrival. */
    public List<Request> requests() {
        return reception.requests();
    }

    /** The requests to one endpoint: authorize, login, consent, token, devicecode, deviceauth, discovery, … */
    public List<Request> requests(String endpoint) {
        return requests().stream().filter(r -> r.endpoint().equals(endpoint)).toList();
    }

    /** Forgets the requests so far (not the secrets). */
    public void forgetRequests() {
        reception.forgetRequests();
    }

    /** How many TLS connections were accepted. */
    public int connections() { return listener.connections(); }

    // ---------------------------------------------------------------------------------------------- faults

    /** Refuses the next request to an endpoint with one of Entra's error bodies (or, where it shows pages, a page). */
    public void failNext(String endpoint, int httpStatus, String error, int aadsts, String description) {
        failNext(endpoint, httpStatus, error, aadsts, description, "");
    }

    /**
     * The same with a {@code suberror}. The endpoint "redirect" stands for the end of a sign-in: the browser then comes
     * back with this error instead of a code.
     */
    public void failNext(String endpoint, int httpStatus, String error, int aadsts, String description,
                         String suberror) {
        rooms.faults.refuse(endpoint, new Refusal(httpStatus, error, aadsts, description, suberror));
    }

    /** Answers the next request to an endpoint with exactly this, whatever it asked. */
    public void answerNext(String endpoint, int httpStatus, Map<String, String> headers, String body) {
        rooms.faults.answer(endpoint, new Reply(httpStatus, null, headers, body));
    }

    /** Redirects the next request to an endpoint. */
    public void redirectNext(String endpoint, String location) {
        answerNext(endpoint, 302, Map.of("Location", location), "");
    }

    /** Reads the next request to an endpoint, says nothing for a while and hangs up. */
    public void hangNext(String endpoint, Duration silence) {
        rooms.faults.hang(endpoint, silence);
    }

    /** Sends the beginning of an answer to the next request, says nothing for a while and hangs up. */
    public void hangMidAnswerNext(String endpoint, Duration silence) {
        rooms.faults.hangMidAnswer(endpoint, silence);
    }

    /** Says something else than the truth from now on: what becomes of the body of each answer. */
    public synchronized void lie(BiFunction<Request, String, String> change) { lie = change; }

    // ---------------------------------------------------------------------------------------------- people

    /**
     * Does what a person in a browser does: opens the address, types name and password, accepts.
     *
     * @return where the browser is sent in the end, not followed; for {@code form_post} the form's address and fields
     * @throws IllegalStateException with the words on the page if it comes to an error page instead
     */
    public String signIn(String authorizeUrl, String user) {
        return browser().browse(authorizeUrl, platform.directory().knownUser(user), true);
    }

    /** The same, but the person presses Cancel on the consent page. */
    public String cancel(String authorizeUrl, String user) {
        return browser().browse(authorizeUrl, platform.directory().knownUser(user), false);
    }

    private synchronized ScriptedBrowser browser() {
        if (browser == null) {
            browser = new ScriptedBrowser(base(), ca.trusting());
        }
        return browser;
    }

    /** {@code user} types the code into the verification page and accepts. */
    public synchronized void approve(String userCode, String user) {
        rooms.devices.approve(rooms.devices.knownDevice(userCode), platform.directory().knownUser(user));
    }

    /** Somebody types the code into the verification page and declines. */
    public synchronized void decline(String userCode) {
        rooms.devices.knownDevice(userCode).declined = true;
    }

    /** The user codes that wait for somebody, oldest first. */
    public synchronized List<String> pendingUserCodes() {
        return rooms.devices.pendingUserCodes();
    }

    /** Stops serving; hanging answers are cut off. */
    @Override public void close() {
        listener.close();
    }
}
