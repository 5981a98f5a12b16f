package io.sshpool.demo.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A command's words, told apart: its name, options ({@code -l}, {@code -n 5}, {@code -5}) and operands. */
final class Arguments {

    private final List<String> words;
    private final List<String> operands = new ArrayList<>();
    private String options = "";
    private String number = "";

    Arguments(List<String> words) {
        this.words = List.copyOf(words);
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if ("-n".equals(word) && i + 1 < words.size()) {
                number = words.get(++i);
            } else if (word.matches("-n?\\d+")) {
                number = word.replaceFirst("-n?", "");
            } else if (word.length() > 1 && word.startsWith("-")) {
                options += word.substring(1);
            } else {
                operands.add(word);
            }
        }
    }

    String name() {
        return words.get(0);
    }

    /** The words as they were written. */
    List<String> words() {
        return words;
    }

    /** The whole command, with one space between words. */
    String line() {
        return String.join(" ", words);
    }

    boolean has(char option) {
        return options.indexOf(option) >= 0;
    }

    Optional<String> operand(int index) {
        return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
    }

    /** The number that an option gives. */
    int number(int otherwise) {
        return number.matches("\\d{1,6}") ? Integer.parseInt(number) : otherwise;
    }

    /** The first operand, if it is a number. */
    int count(int otherwise) {
        return operand(0)
                .filter(text -> text.matches("\\d{1,6}"))
                .map(Integer::parseInt)
                .orElse(otherwise);
    }
}
