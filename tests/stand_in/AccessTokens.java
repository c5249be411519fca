//SOURCES Access.java
//SOURCES App.java
//SOURCES Encodings.java
//SOURCES Jwt.java
//SOURCES Platform.java
//SOURCES Tenants.java
//SOURCES User.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The access tokens handed out; remembers what each is worth. */
final class AccessTokens {
    private final Platform platform;
    private final Map<String, Access> issued = new ConcurrentHashMap<>();
    private volatile int seconds = -1;

    AccessTokens(Platform platform) {
        this.platform = platform;
    }

    /** How long tokens issued from now on live; -1: 3600 to 5399 seconds at random, as Microsoft's do. */
    void seconds(int lifetime) {
        seconds = lifetime;
    }

    /** @param user null if the application acts for itself */
    Access issue(User user, App app, String resource, Set<String> permissions) {
        var now = platform.clock().now();
        var expires = now.plusSeconds(seconds >= 0 ? seconds : 3600 + Encodings.random(1800));
        var token = user != null && user.personal() ? Encodings.opaque("EwB4A8l6BAAU", 1500)
            : Jwt.of(claims(user, app, resource, permissions, now, expires));
        platform.secrets().add(token);
        var access = new Access(token, user, app, resource, Set.copyOf(permissions), now, expires);
        issued.put(token, access);
        return access;
    }

    /** What is known about an unexpired token; empty if it is expired or was never issued. */
    Optional<Access> find(String token) {
        return Optional.ofNullable(issued.get(token)).filter(a -> a.expires().isAfter(platform.clock().now()));
    }

    /** Ends every token issued so far. */
    void expireAll() {
        issued.replaceAll((token, access) -> access.expiredAt(platform.clock().now().minusSeconds(1)));
    }

    /** The claims of Exchange Online's (version 1.0) tokens; see "Access token claims reference". */
    private static Map<String, Object> claims(User user, App app, String resource, Set<String> permissions,
                                              Instant issued, Instant expires) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("aud", resource);
        claims.put("iss", "https://sts.windows.net/" + Tenants.WORK + "/");
        claims.put("iat", issued.getEpochSecond());
        claims.put("nbf", issued.getEpochSecond());
        claims.put("exp", expires.getEpochSecond());
        claims.put("aio", Encodings.opaque("AVQAq/8", 96));
        claims.put("app_displayname", app.name());
        claims.put("appid", app.clientId());
        claims.put("appidacr", app.isPublic() ? "0" : "1");
        claims.put("ipaddr", "127.0.0.1");
        claims.put("puid", "10032001" + String.format("%08X", Encodings.random(Integer.MAX_VALUE)));
        claims.put("rh", Encodings.opaque("1.AXYAka3GpsNkL0uaUi9tHm0LEQIAAAAAAPEPzgAAAAAAAAB2AA.", 80));
        claims.put("sid", UUID.randomUUID().toString());
        claims.put("sub", Encodings.opaque("", 43));
        claims.put("tid", Tenants.WORK);
        claims.put("uti", Encodings.opaque("", 22));
        claims.put("ver", "1.0");
        claims.put("wids", List.of("b79fbf4d-3ef9-4689-8143-76b194e85509"));
        claims.put("xms_ftd", Encodings.opaque("", 64));
        claims.putAll(user != null ? claimsOfUser(user, permissions) : claimsOfApp(app, permissions));
        return claims;
    }

    private static Map<String, Object> claimsOfUser(User user, Set<String> permissions) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("acct", 0);
        claims.put("acr", "1");
        claims.put("amr", List.of("pwd", "mfa"));
        claims.put("idtyp", "user");
        claims.put("login_hint", Encodings.opaque("O.CiQ", 120));
        claims.put("name", user.displayName());
        claims.put("oid", user.objectId());
        claims.put("scp", String.join(" ", permissions));
        claims.put("unique_name", user.name());
        claims.put("upn", user.name());
        return claims;
    }

    private static Map<String, Object> claimsOfApp(App app, Set<String> roles) {
        return Map.of("idtyp", "app", "oid", UUID.nameUUIDFromBytes(app.clientId().getBytes(UTF_8)).toString(),
            "roles", List.copyOf(roles));
    }
}
