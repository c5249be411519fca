//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Failures.java ../../m365/Foothold.java

package m365;

import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An expression is tried wherever it could match, and else mostly not. */
class FootholdTest {

    @ParameterizedTest(name = "{0} in {1}: {2}") @CsvSource(delimiter = '¦', value = {
        "login failed ¦ the login failed ¦ true", "login failed ¦ all is well ¦ false",
        "Login Failed ¦ login failed ¦ true", "abc|xyz ¦ _xyz_ ¦ true", "abc|xyz ¦ ab yz ¦ false",
        "abcd? ¦ abc ¦ true", "abcd* ¦ abc ¦ true", "abcd{0,3}e ¦ abce ¦ true", "abcd+ ¦ abc ¦ false",
        "(?:abc|xyz) ¦ nothing ¦ false", "(?:abc|xyz) ¦ xyz ¦ true", "(?:abc|x) ¦ nothing ¦ true",
        "(?:abc)?xyz ¦ xyz ¦ true", "ab(?:c|d) ¦ nothing ¦ true", "(?=abc).{3} ¦ nothing ¦ true",
        "(?!abc)xyz ¦ xyz ¦ true", "(?-i:ABC)|xyz ¦ abc ¦ true", "(?:abc|(?:def|ghi)x{0,2}) ¦ def ¦ true",
        "(?:abc){0,2}xyz ¦ xyz ¦ true", "5\\.7\\.139 ¦ 5.7.139 ¦ true", "5\\.7\\.139 ¦ 5x7x139 ¦ false",
        "a[|]bcd ¦ nothing ¦ false", "a\\|bcd ¦ nothing ¦ false", "[a-z&&[^abc]]xyz ¦ nothing ¦ false",
        "abc|x ¦ nothing ¦ true", "no\\b.{1,20}\\bmechanism ¦ no such mechanism ¦ true", "abc|^ ¦ nothing ¦ true"})
    void is_looked_for(String regex, String text, boolean worthTrying) {
        assertEquals(worthTrying, new Foothold(regex).in(text));
    }

    /** Each example against each expression that is known: half a million pairs. */
    @Test void is_in_every_text_that_an_expression_matches() {
        var expressions = new ArrayList<String>();
        for (var cause : Failures.all())
            for (var alternative : Condition.alternatives(cause))
                for (var condition : alternative)
                    if ("text line consequence frame".contains(condition.kind))
                        expressions.addAll(Foothold.split(condition.value));
        var footholds = expressions.stream().map(Foothold::new).toList();
        var patterns = expressions.stream().map(each -> Pattern.compile(each, Pattern.CASE_INSENSITIVE)).toList();
        int worthTrying = 0, matches = 0;
        for (var cause : Failures.all())
            for (var example : cause.examples()) {
                var text = Signal.inOneLine(example);
                for (int i = 0; i < patterns.size(); i++) {
                    boolean tried = footholds.get(i).in(text.toLowerCase(Locale.ROOT));
                    if (tried) worthTrying++;
                    if (!patterns.get(i).matcher(text).find()) continue;
                    matches++;
                    assertTrue(tried, patterns.get(i) + " matches " + text);
                }
            }
        assertTrue(matches > 1000, matches + " matches");
        assertTrue(worthTrying < 20 * matches, worthTrying + " tried for " + matches + " matches");
    }
}
