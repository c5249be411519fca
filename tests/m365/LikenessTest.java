//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Explanation.java

package m365;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What nobody knows is like something all the same. */
class LikenessTest {

    private static List<String> nearest(String text) {
        return Likeness.nearest(text, 3).stream().map(Cause::id).toList();
    }

    private static Explanation explanation(String text) { return new Explanation(text, Map.of(), Map.of(), null); }

    @ParameterizedTest @CsvSource(delimiter = '|', value = {
        "message-too-large | the report with its 48 MB attachment is dropped, the attachment is larger than the limit",
        "account-without-mailbox | She has a licence for Teams only, and no mailbox was made for her account",
        "code-of-older-attempt | The address that was pasted belongs to another attempt than this one",
        "smtp-daily-limit | after some hundred recipients the mailbox reached a limit for today"})
    void finds_the_entry_that_is_worded_like_a_text(String cause, String text) {
        assertTrue(nearest(text).contains(cause), nearest(text).toString());
    }

    @ParameterizedTest @ValueSource(strings = {"", "\0", "ab", "My cat sat on the mat", "GET /index.html 200 OK"})
    void finds_nothing_where_next_to_nothing_is_shared(String text) { assertEquals(List.of(), nearest(text)); }

    @Test void names_no_last_resort() {
        var last = nearest("The IMAP server refused with words that are not in the list of this program.");
        assertFalse(last.isEmpty());
        assertTrue(last.stream().noneMatch(id -> id.startsWith("unknown-")), last.toString());
    }

    /** In nine languages: what words.md calls by one name is the same word. */
    @Test void knows_what_means_the_same() {
        var german = nearest("Unser Clientgeheimnis gilt so nicht: falsch");
        assertTrue(german.contains("secret-wrong"), german.toString());
    }

    @Test void is_told_of_what_nobody_knows_and_of_nothing_else() {
        var text = "the report with its 48 MB attachment is dropped, the attachment is larger than the limit";
        var unknown = explanation(text);
        assertFalse(unknown.known());
        assertTrue(unknown.text(80).contains("Worded like it, perhaps"), unknown.text(80));
        assertTrue(unknown.text(200).contains("[message-too-large]"), unknown.text(200));
        assertTrue(unknown.json().matches(".*\"perhaps\":\\[[^]]*\"message-too-large\".*"), unknown.json());
        assertTrue(explanation("AADSTS50011").json().contains("\"perhaps\":[]"));
        assertFalse(explanation("My cat sat on the mat").text(80).contains("Worded like it"));
    }
}
