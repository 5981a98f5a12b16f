package io.sshpool.impl.pool;

/** Text that somebody else controls, made fit for messages and logs. */
public final class Text {

    private Text() {}

    /**
     * Strips control characters and cuts.
     *
     * @param text any text
     * @param longest how many characters to keep
     * @return printable text of one line
     */
    public static String printable(String text, int longest) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), longest) + 1);
        for (int i = 0; i < text.length(); i++) {
            if (i == longest) {
                return out.append('…').toString();
            }
            char c = text.charAt(i);
            int type = Character.getType(c);
            boolean hidden = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            out.append(hidden ? '?' : c);
        }
        return out.toString();
    }
}
