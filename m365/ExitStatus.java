package m365;

/** Exit statuses, as mail tools use them (sysexits.h). */
public enum ExitStatus {
    FINE(0), USAGE(64), REFUSED(69), BUG(70), LATER(75), SIGN_IN(77), SETTINGS(78);

    /** What the process ends with. */
    public final int code;

    ExitStatus(int code) { this.code = code; }
}
