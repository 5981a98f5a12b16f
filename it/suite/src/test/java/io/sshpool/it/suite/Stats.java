package io.sshpool.it.suite;

/** The pool's numbers, as the sample application tells them. */
record Stats(
        int total, int idle, int used, int waiting, int channels, int acquired, int reused, int created, int failures) {

    static Stats of(Client client) {
        String[] n = client.get("api/pool/stats").split(" ");
        return new Stats(at(n, 0), at(n, 1), at(n, 2), at(n, 3), at(n, 4), at(n, 5), at(n, 6), at(n, 7), at(n, 8));
    }

    private static int at(String[] numbers, int index) {
        return Integer.parseInt(numbers[index]);
    }
}
