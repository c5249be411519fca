package stand_in;

import java.util.List;

/** A message handed to SMTP. */
public record SentMessage(String from, List<String> to, String text) { }
