//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Page.java

package m365;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The page that the browser ends on. */
class PageTest {

    @Nested class The_last_page {

        @Test void shows_markup_as_text() {
            var html = new Page(200, "<b>", "\"><script>alert('1')</script>&").html();
            assertFalse(html.contains("<script") || html.contains("<b>"), html);
            assertTrue(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"), html);
        }

        @Test void brings_everything_with_it() {
            var html = new Page(200, "Signed in", "x").html();
            assertFalse(html.matches("(?s).*(https?:|src=|<link|@import|url\\().*"), html);
        }
    }
}
