package io.sshpool.impl.config;

/** How the text of a value is read. */
@FunctionalInterface
interface Form<T> {

    /**
     * Reads a value.
     *
     * @param text without surrounding blanks, not empty
     * @return the value
     * @throws IllegalArgumentException with the reason, to follow the key in a sentence
     */
    T parse(String text);
}
