//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/BoundedLines.java

package m365;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Whatever Angus Mail would make room for has come here first. */
class BoundedLinesTest {

    private static BoundedLines imap(String said) {
        return new BoundedLines(new ByteArrayInputStream(said.getBytes(ISO_8859_1)), MailProtocol.IMAP,
            new Server("mail.example", 993));
    }

    @Test void a_line_ends_as_Angus_Mail_expects_it_whatever_its_end_was() throws IOException {
        var lines = imap("* one\n* two\r\n* three");
        assertEquals("* one\r\n", lines.next());
        assertEquals("* two\r\n", lines.next());
        assertThrows(EOFException.class, lines::next);
    }

    @Test void a_literal_comes_with_its_line_and_may_hold_anything() throws IOException {
        var lines = imap("* LIST () {10}\r\na{999999\r\n}\r\n* next\r\n");
        assertEquals("* LIST () {10}\r\na{999999\r\n", lines.next());
    }

    /** Angus Mail looks back for the brace, also into the literal that came before. */
    @Test void a_literal_does_not_hide_the_beginning_of_a_larger_one() throws IOException {
        var lines = imap("* LIST () {5}\r\nab{2000000000}\r\n");
        assertEquals("* LIST () {5}\r\nab{20", lines.next());
        assertThrows(Problem.class, lines::next);
    }

    @ParameterizedTest @ValueSource(strings = {"{65537}", "{2147483648}", "{-1}", "{00000000005}",
        "{99999999999999999999}"}) void a_size_that_nobody_should_believe_is_refused(String size) {
        assertThrows(Problem.class, imap("* X " + size + "\r\n")::next);
    }

    @ParameterizedTest @ValueSource(strings = {"{}", "{5+}", "{x}", "}", "5}", "{5} ", "{0}"})
    void what_is_no_literal_to_Angus_Mail_is_none(String text) throws IOException {
        assertEquals("* X " + text + "\r\n", imap("* X " + text + "\r\n* next\r\n").next());
    }

    @Test void before_the_login_there_is_less_to_say_than_after_it() throws IOException {
        var much = "* LIST () \"/\" x\r\n".repeat(20_000);
        var lines = imap(much);
        assertThrows(Problem.class, () -> { while (true) lines.next(); });
        var more = imap(much);
        more.loggedIn();
        for (int i = 0; i < 20_000; i++) more.next();
    }
}
