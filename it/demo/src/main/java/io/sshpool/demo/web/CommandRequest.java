package io.sshpool.demo.web;

import jakarta.ws.rs.BadRequestException;

/**
 * What the page asks for.
 *
 * @param command shell text
 */
public record CommandRequest(String command) {

    /** Checks that there is something to run. */
    public CommandRequest {
        if (command == null || command.isBlank() || command.indexOf('\0') >= 0) {
            throw new BadRequestException("a command must not be empty");
        }
    }
}
