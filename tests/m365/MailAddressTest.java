//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/ExitStatus.java
//SOURCES ../../m365/MailAddress.java
//SOURCES ../../m365/Problem.java

package m365;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Addresses of users, before they get near a file name or a server. */
class MailAddressTest {

    @Nested class An_address {

        @ParameterizedTest @ValueSource(strings = {"jan@uva.nl", "jan.de+lists@mail.uva.nl", "o'brien@uva.nl"})
        void of_the_usual_kind_is_accepted(String address) { assertEquals(address, MailAddress.checked(address)); }

        @ParameterizedTest
        @ValueSource(strings = {"jan", "@uva.nl", "jan@", "jan@uva.nl\u0001auth=Bearer x", "jan@uva.nl\r\nA LOGOUT",
            "../../etc/passwd@x/y", "-oProxyCommand=x", "jan@uva.nl,piet@uva.nl", "\"a b\"@uva.nl", ""})
        void that_could_leave_its_line_or_folder_is_refused(String address) {
            assertEquals(ExitStatus.USAGE, assertThrows(Problem.class, () -> MailAddress.checked(address)).status());
        }
    }
}
