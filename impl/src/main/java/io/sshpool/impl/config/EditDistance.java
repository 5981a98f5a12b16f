package io.sshpool.impl.config;

/** How many characters must be added, left out or replaced to make one text of another (Levenshtein). */
final class EditDistance {

    private EditDistance() {}

    /**
     * Counts, but no further than needed.
     *
     * @param bound from which on the exact number does not matter
     * @return the distance, or {@code bound} if it is not below that
     */
    static int between(String from, String to, int bound) {
        if (Math.abs(from.length() - to.length()) >= bound) {
            return bound;
        }
        int[] above = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return Math.min(above[to.length()], bound);
    }
}
