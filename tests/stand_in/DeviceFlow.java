//SOURCES App.java
//SOURCES ClientAuthentication.java
//SOURCES Device.java
//SOURCES Encodings.java
//SOURCES Grant.java
//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES Scopes.java
//SOURCES Tenants.java
//SOURCES TokenIssuer.java
//SOURCES User.java

package stand_in;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Signing in with a code on another device ("device authorization grant", RFC 8628), without the pages for people. */
final class DeviceFlow {
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ2345679";

    private final Platform platform;
    private final ClientAuthentication clients;
    private final TokenIssuer tokens;
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private volatile int seconds = 900;
    private volatile int interval = 5;
    private volatile boolean slowDown;

    DeviceFlow(Platform platform, ClientAuthentication clients, TokenIssuer tokens) {
        this.platform = platform;
        this.clients = clients;
        this.tokens = tokens;
    }

    /** Device codes issued from now on live so many seconds (Microsoft: 900) … */
    void seconds(int lifetime) {
        seconds = lifetime;
    }

    /** … and are to be polled every so many seconds (Microsoft: 5). */
    void interval(int wait) {
        interval = wait;
    }

    /** Answers too early polls with {@code slow_down} (RFC 8628 section 3.5); Microsoft does not list it, so off. */
    void slowDown(boolean on) {
        slowDown = on;
    }

    /** The endpoint {@code devicecode}. */
    Reply start(Request request) throws Refusal {
        Tenants.check(request.tenant());
        var app = clients.app(request);
        if (request.parameter("scope").isBlank()) {
            throw Refusal.missing("scope");
        }
        var userCode = IntStream.range(0, 9)
            .mapToObj(i -> String.valueOf(LETTERS.charAt(Encodings.random(LETTERS.length()))))
            .collect(Collectors.joining());
        var device = new Device(userCode, platform.secrets().add(Encodings.opaque("CAQABIQEAAAD", 220)), app,
            Scopes.parse(request.parameter("scope"), app), platform.clock().now().plusSeconds(seconds));
        devices.put(device.deviceCode, device);
        var page = platform.base() + "/common/oauth2/deviceauth";
        var fields = new LinkedHashMap<String, Object>();
        fields.put("user_code", userCode);
        fields.put("device_code", device.deviceCode);
        fields.put("verification_uri", page);
        fields.put("expires_in", seconds);
        fields.put("interval", interval);
        fields.put("message", "To sign in, use a web browser to open the page " + page + " and enter the code "
            + userCode + " to authenticate.");
        return Reply.json(200, fields);
    }

    /** The device asks the token endpoint whether somebody has approved. */
    Reply poll(Request request, App app) throws Refusal {
        var text = request.parameters().getOrDefault("device_code", request.parameter("code"));
        if (text.isEmpty()) {
            throw Refusal.missing("device_code");
        }
        var device = devices.get(text);
        if (device == null || !device.app.clientId().equals(app.clientId())) {
            throw Refusal.badDeviceCode("bad_verification_code");
        }
        if (device.redeemed) {
            throw Refusal.alreadyRedeemed();
        }
        if (device.declined) {
            // The page "device authorization grant" names the error; the number is not documented.
            throw new Refusal("authorization_declined", 65004, "User declined to consent to access the app.");
        }
        var now = platform.clock().now();
        if (device.expires.isBefore(now)) {
            throw new Refusal("expired_token", 70020, "The provided value for the input parameter 'device_code' is "
                + "not valid. This device code has expired.");
        }
        var early = device.polled.plusSeconds(interval).isAfter(now);
        device.polled = now;
        if (device.approvedBy == null) {
            throw slowDown && early ? new Refusal("slow_down", 0, "The client polls too often.")
                : new Refusal("authorization_pending", 70016,
                    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
        }
        var reply = tokens.issue(request, new Grant(device.approvedBy, app, device.scopes, now), "",
            device.scopes.contains("offline_access"));
        device.redeemed = true;
        return reply;
    }

    /** The device that shows this code, however it is typed. */
    Optional<Device> device(String userCode) {
        var wanted = userCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        return devices.values().stream().filter(d -> d.userCode.equals(wanted)).findFirst();
    }

    /** The device that a test speaks of. */
    Device knownDevice(String userCode) {
        return device(userCode).orElseThrow(() -> new IllegalArgumentException("no such user code: " + userCode));
    }

    void approve(Device device, User user) {
        device.approvedBy = user;
        platform.consents().give(user, device.app, device.scopes);
    }

    /** The user codes that wait for somebody, oldest first. */
    List<String> pendingUserCodes() {
        return devices.values().stream().filter(Device::isPending).map(d -> d.userCode).toList();
    }
}
