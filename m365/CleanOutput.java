//SOURCES Screen.java
//SOURCES Wrapping.java

package m365;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The one way by which text leaves for people: names, addresses and lines of servers may hold what a terminal obeys
 * (ECMA-48 control functions, C1 among them) or what turns a line around (Unicode's bidi controls), and each of those
 * becomes a space. Only line breaks and tabs pass. What is a secret is for others to know, and what is shown to a
 * terminal by the way, like a colour, for {@link Progress} and {@link MarkedLine}.
 */
public final class CleanOutput extends PrintStream {
    private final PrintStream raw;
    private final Screen screen;
    private final boolean talk;
    private volatile Runnable before = () -> { };

    /** Whatever is printed here appears in {@code raw}, in that stream's own encoding, at once. */
    public CleanOutput(PrintStream raw) { this(raw, new Screen(Map.of(), raw), false); }

    /** @param talk whether lines are for people, and broken at words where they are longer than the terminal is wide */
    CleanOutput(PrintStream raw, Screen screen, boolean talk) {
        super(new Cleaner(raw), true, UTF_8);
        this.raw = raw;
        this.screen = screen;
        this.talk = talk;
    }

    /** For our own words to a terminal, like backspace, which would not pass. */
    PrintStream raw() { return raw; }

    Screen screen() { return screen; }

    /** Lets {@code nextLine} be made clean before anything is printed. */
    void before(Runnable nextLine) { before = nextLine; }

    @Override public void print(String text) {
        before.run();
        super.print(talk ? fitting(text) : text);
    }

    private String fitting(String text) {
        return screen.isTerminal() ? Wrapping.fit(screen.columns(), text) : text;
    }

    /** Prints lines that are for people although they are the answer. */
    public void tell(String lines) { print(fitting(lines)); }

    /** How long a line for people may be; 80 columns where there is no terminal. */
    public int columns() { return screen.columns(); }

    /** Prints a paragraph for people, whose lines are made anew where the terminal is narrower than usual. */
    public void say(String paragraph) {
        print(columns() < Screen.USUAL_COLUMNS ? Wrapping.wrap(columns(), "", "", paragraph) : paragraph + "\n");
    }

    @Override public boolean checkError() { return super.checkError() | raw.checkError(); }

    /** Without what a terminal would obey. */
    static String clean(CharSequence text) {
        var clean = new StringBuilder(text.length());
        for (int at = 0, c; at < text.length(); at += Character.charCount(c)) {
            c = Character.codePointAt(text, at);
            clean.appendCodePoint(passes(c) ? c : ' ');
        }
        return clean.toString();
    }

    static boolean passes(int codePoint) {
        if (codePoint == '\n' || codePoint == '\t') return true;
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                Character.SURROGATE, Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    /** A character may come in several pieces: streams hand over bytes, not characters. */
    private static final class Cleaner extends OutputStream {
        private final PrintStream raw;
        private final CharsetDecoder decoder = UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer waiting = ByteBuffer.allocate(0);

        Cleaner(PrintStream raw) { this.raw = raw; }

        @Override public void write(int b) throws IOException { write(new byte[] {(byte) b}, 0, 1); }

        @Override public void write(byte[] bytes, int offset, int length) {
            var in = ByteBuffer.allocate(waiting.remaining() + length).put(waiting).put(bytes, offset, length).flip();
            var chars = CharBuffer.allocate(in.remaining() + 1);
            decoder.decode(in, chars, false);
            waiting = in;
            raw.print(clean(chars.flip().toString().replace("\r\n", "\n")));
        }

        @Override public void flush() { raw.flush(); }
    }
}
