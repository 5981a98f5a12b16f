package io.sshpool.impl.pool;

/** Text that somebody else controls, made fit for messages and logs. */
public final class Text {

    private Text() {}

    /**
     * Replaces control characters and those that hide text or turn it round, and cuts.
     *
     * @param text any text
     * @param longest how many characters to keep, fewer where the cut would halve one beyond the basic plane
     * @return printable text of one line
     */
    public static String printable(String text, int longest) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), longest) + 1);
        int i = 0;
        while (i < text.length()) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (i > longest) {
                return out.append('…').toString();
            }
            out.appendCodePoint(isHidden(character) ? '?' : character);
        }
        return out.toString();
    }

    private static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
