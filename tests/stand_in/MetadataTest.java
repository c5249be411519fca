//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.field;

import org.junit.jupiter.api.Test;

/** What a client can learn beforehand. */
class MetadataTest extends AgainstFakeLogin {
    @Test void the_metadata_name_the_endpoints() throws Exception {
        var metadata = get(login.authority() + "/v2.0/.well-known/openid-configuration").body();
        assertEquals(login.authority() + "/oauth2/v2.0/token", field(metadata, "token_endpoint"));
        assertTrue(get(login.base() + "/common/discovery/instance?api-version=1.1&authorization_endpoint=x").body()
            .contains("\"tenant_discovery_endpoint\""));
    }
}
