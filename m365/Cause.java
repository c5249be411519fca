package m365;

import java.util.List;

/**
 * What a failure means: one entry of failures/. Microsoft may change numbers and texts at any time; so whatever is not
 * known falls back to something more general, and in the end to {@code unknown-text}.
 *
 * @param id         never changes, programs may rely on it
 * @param places     where it shows up: page redirect token device imap smtp pop network local client
 * @param recognised how it is recognised, as {@link Recognition} reads it
 * @param act        what to do in one word: wait, sign-in, configuration, admin or none
 * @param what       what happened, in one sentence
 * @param why        the reasons, most likely first
 * @param steps      what to type or whom to ask; {@link Advice#fill} replaces what stands in braces
 * @param examples   what people really see
 */
public record Cause(String id, List<String> places, String recognised, String act, String what, List<String> why,
        List<String> steps, List<String> examples) { }
