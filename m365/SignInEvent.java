//SOURCES Page.java
//SOURCES Redirect.java

package m365;

import java.util.concurrent.CompletableFuture;

/** What ends or disturbs the wait for the sign-in: the browser's return, or a line that a person pastes. */
sealed interface SignInEvent {

    /**
     * The browser's answer. It gets its page when the code has been redeemed, so that the page can tell the truth.
     *
     * @param certain whether it can come from nobody but this user
     */
    record Arrived(Redirect redirect, CompletableFuture<Page> page, boolean certain) implements SignInEvent { }

    record Pasted(String line) implements SignInEvent { }

    /** Shows {@code page} to the browser that came; who pasted has the terminal. */
    default void answer(Page page) {
        if (this instanceof Arrived arrived) arrived.page.complete(page);
    }
}
