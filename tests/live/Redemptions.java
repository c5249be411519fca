//SOURCES Answer.java Code.java Findings.java Provider.java

package live;

import java.io.IOException;
import m365.RandomText;

/** The assumptions about codes: what becomes of a wrong redirect, a wrong key, and a second use. */
public final class Redemptions {
    private final Provider provider;
    private final Findings findings;

    public Redemptions(Provider provider, Findings findings) {
        this.provider = provider;
        this.findings = findings;
    }

    /** The mistakes first, then as it should be. */
    public Answer afterMistakes(Code code) throws IOException {
        var moved = provider.token(code.but("redirect_uri", code.redirect().replace(":8745", ":8746")));
        findings.that("a redirect that differs from the first one, if only in its port, is AADSTS500112",
                moved.code() == 500112, moved.inShort());
        var keyless = provider.token(code.but("code_verifier", RandomText.of(32)));
        findings.that("PKCE is enforced: another verifier is AADSTS501481", keyless.refuses("invalid_grant", 501481),
                keyless.inShort());
        var redeemed = provider.token(code.fields());
        findings.that("a code survives such mistakes", redeemed.ok(), redeemed.inShort());
        return redeemed;
    }

    public Answer twice(Code code) throws IOException {
        var redeemed = provider.token(code.fields());
        findings.that("a code is redeemed with its verifier", redeemed.ok(), redeemed.inShort());
        var again = provider.token(code.fields());
        findings.that("a code used twice is AADSTS54005", again.refuses("invalid_grant", 54005), again.inShort());
        return redeemed;
    }
}
