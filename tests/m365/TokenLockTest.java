//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/TokenStore.java
//SOURCES ../../m365/TokenStores.java
//SOURCES ../support/TestSettings.java

package m365;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static support.TestSettings.settings;

/** The lock that writers of the same tokens hold, between threads; twenty processes are in GetTokenProcessTest. */
class TokenLockTest {
    @TempDir Path folder;

    TokenStore store() {
        return TokenStores.of(settings("M365_TOKEN_FILE", folder.resolve("refresh_token").toString()), null);
    }

    @Nested class When_several_want_to_write {

        @Test void one_waits_for_the_other() throws Exception {
            var inside = new AtomicInteger();
            var mostInside = new AtomicInteger();
            var threads = Stream.generate(() -> new Thread(() -> store().locked(() -> {
                mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return inside.decrementAndGet();
            }))).limit(5).toList();
            threads.forEach(Thread::start);
            for (var thread : threads) thread.join();
            assertEquals(1, mostInside.get());
        }
    }
}
